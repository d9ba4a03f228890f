//! Relocations.
//!
//! Names are looked up one after the other in the files of the scope. Measured (see docs of the project): from a few thousand
//! symbol relocations on, one merged hash table with lookups in batches wins; `State::bind` is the place for it.

use alloc::vec::Vec;
use core::sync::atomic::Ordering;

use platform::{Platform, abi};

use super::linker::Linker;
use super::object::{Id, Object};
use super::scope::{Scope, Target};
use super::state::State;
use crate::elf::{Kind, Le, Rela, Segment, Symbol, relr_addresses};
use crate::error::{Error, Text};

/// A word that waits for its resolver until everything else in all new files is in place.
pub(super) struct Indirect {
    place: *mut usize,
    resolver: usize,
    addend: i64,
}

/// A file being relocated.
struct Relocator<'r> {
    state: &'r State,
    id: Id,
    object: &'r Object,
    scope: &'r Scope,
    /// The segment that was written last.
    segment: Segment,
    /// First address behind the headers.
    headers_end: u64,
    /// The last symbol and what it means: the linker sorts references to the same symbol together.
    last: Option<(u32, Target)>,
    indirect: &'r mut Vec<Indirect>,
    uses: Uses,
}

/// What a file uses of others.
#[derive(Default)]
struct Uses {
    /// Files whose symbols it uses.
    binds: Vec<Id>,
    /// Files with a symbol that may exist once only, so that they stay.
    unique: Vec<Id>,
}

/// Relocates a file, but for what waits for resolvers; what it uses of others.
fn relocate_file(
    state: &State,
    id: Id,
    object: &Object,
    scope: &Scope,
    indirect: &mut Vec<Indirect>,
) -> Result<Uses, Error> {
    let segment = Segment {
        offset: 0,
        address: 0,
        file_bytes: 0,
        memory_bytes: 0,
        readable: false,
        writable: false,
        executable: false,
    };
    let headers_end = object.layout.headers_end(object.program_headers.1);
    let mut relocator =
        Relocator { headers_end, state, id, object, scope, segment, last: None, indirect, uses: Uses::default() };
    let mut behind = 0;
    for address in relr_addresses(object.dynamic.relr) {
        if address < behind {
            return Err(relocator.error(format_args!("packed relocations are out of order ({address:#x})")));
        }
        relocator.relative_in_place(address)?;
        behind = address + 8;
    }
    for relocation in object.dynamic.relocations.iter().chain(object.dynamic.plt) {
        relocator.apply(relocation)?;
    }
    Ok(relocator.uses)
}

impl Relocator<'_> {
    fn error(&self, what: impl core::fmt::Display) -> Error {
        Error::new(self.object.name(), what)
    }

    /// The place of `bytes` at `address`, which must be writable.
    #[inline]
    fn place(&mut self, address: u64, bytes: u64) -> Result<*mut u8, Error> {
        if !self.segment.contains(address, bytes) {
            self.segment = *self
                .object
                .layout
                .segment(address, bytes)
                .filter(|segment| segment.writable)
                .ok_or_else(|| self.error(format_args!("relocation outside writable memory ({address:#x})")))?;
        }
        Ok(self.object.mapping.at(address) as *mut u8)
    }

    #[inline]
    fn write(&mut self, address: u64, value: usize) -> Result<(), Error> {
        let place = self.place(address, 8)?.cast::<usize>();
        // SAFETY: eight bytes of the file's writable memory.
        unsafe { place.write_unaligned(value) };
        Ok(())
    }

    /// The word at `at` gets what the resolver chooses, later.
    fn wait_for(&mut self, resolver: usize, at: u64, addend: i64) -> Result<(), Error> {
        if !self.state.is_code(resolver) {
            return Err(self.error("resolver of an indirect function is not in code"));
        }
        let place = self.place(at, 8)?.cast();
        self.indirect.push(Indirect { place, resolver, addend });
        Ok(())
    }

    /// B + the word that is there.
    #[inline]
    fn relative_in_place(&mut self, address: u64) -> Result<(), Error> {
        let place = self.place(address, 8)?.cast::<usize>();
        // SAFETY: eight bytes of the file's writable memory.
        let own = unsafe { place.read_unaligned() } as u64;
        // Where the addend is what lies there, linkers put one there; and data points to what follows the headers.
        if address + 8 > self.segment.address + self.segment.file_bytes || own < self.headers_end {
            return Err(self.error(format_args!("packed relocation of what is no pointer ({own:#x} at {address:#x})")));
        }
        let moved = self.moved(own, address)?;
        // SAFETY: as above.
        unsafe { place.write_unaligned(moved) };
        Ok(())
    }

    /// Where an address of the file is now, for the relocation at `at`.
    #[inline]
    fn moved(&self, address: u64, at: u64) -> Result<usize, Error> {
        if self.object.layout.reaches(address) {
            return Ok(self.object.mapping.at(address));
        }
        Err(self.error(format_args!("relocation at {at:#x} points outside the file ({address:#x})")))
    }

    fn apply(&mut self, relocation: &Rela) -> Result<(), Error> {
        let (index, kind) = Kind::read(relocation);
        let (at, addend) = (relocation.r_offset.get(Le), relocation.r_addend.get(Le));
        match kind {
            Kind::Relative => {
                let address = self.moved(addend as u64, at)?;
                self.write(at, address)
            }
            Kind::Absolute => self.reference(at, index, addend),
            Kind::Slot => self.reference(at, index, 0),
            Kind::None => Ok(()),
            Kind::Indirect => {
                let resolver = self.moved(addend as u64, at)?;
                self.wait_for(resolver, at, 0)
            }
            Kind::Copy => self.copy(at, index),
            Kind::Size => {
                let bytes = match self.target(index)? {
                    Target::Symbol(_, symbol) => symbol.bytes(),
                    _ => 0,
                };
                self.write(at, (bytes as usize).wrapping_add_signed(addend as isize))
            }
            Kind::Tls => Err(self.error(format_args!(
                "native thread-local storage is not supported{}: compile with distx, or with -femulated-tls",
                self.naming(index)
            ))),
            Kind::Unknown(number) => {
                Err(self.error(format_args!("relocation type {number} is not supported{}", self.naming(index))))
            }
        }
    }

    /// ` (symbol)` for a message, where there is one.
    fn naming(&self, index: u32) -> impl core::fmt::Display {
        let symbols = &self.object.dynamic.symbols;
        let name = symbols.get(index).and_then(|symbol| symbols.name(symbol)).unwrap_or_default();
        core::fmt::from_fn(move |f| if name.is_empty() { Ok(()) } else { write!(f, " (symbol {})", Text(name)) })
    }

    fn target(&mut self, index: u32) -> Result<Target, Error> {
        if let Some((last, target)) = self.last
            && last == index
        {
            return Ok(target);
        }
        let target = self.state.bind((self.id, self.object), index, self.scope, false)?;
        self.note(target);
        self.last = Some((index, target));
        Ok(target)
    }

    /// Remembers whose symbol is used.
    fn note(&mut self, target: Target) {
        let Target::Symbol(owner, symbol) = target else { return };
        if owner != self.id && !self.uses.binds.contains(&owner) {
            self.uses.binds.push(owner);
        }
        if symbol.is_unique() && !self.uses.unique.contains(&owner) {
            self.uses.unique.push(owner);
        }
    }

    /// S + A.
    fn reference(&mut self, at: u64, index: u32, addend: i64) -> Result<(), Error> {
        let address = match self.target(index)? {
            Target::Nothing => 0,
            Target::Address(address) => address,
            Target::Symbol(_, symbol) if symbol.is_tls() => {
                return Err(self.error(format_args!("reference to native thread-local storage{}", self.naming(index))));
            }
            Target::Symbol(owner, symbol) => {
                let address = self.state.address(owner, symbol)?;
                if symbol.is_indirect() {
                    return self.wait_for(address, at, addend);
                }
                let own = symbol.value().wrapping_add_signed(addend);
                let reaches = |owner: &Object| symbol.is_absolute() || owner.layout.reaches(own);
                if addend != 0 && !self.state.get(owner).is_some_and(reaches) {
                    return Err(self.error(format_args!(
                        "relocation at {at:#x} points outside the file of its symbol{}",
                        self.naming(index)
                    )));
                }
                address
            }
        };
        self.write(at, address.wrapping_add_signed(addend as isize))
    }

    /// The program's own copy of a library's object.
    fn copy(&mut self, at: u64, index: u32) -> Result<(), Error> {
        let target = self.state.bind((self.id, self.object), index, self.scope, true)?;
        self.note(target);
        let wanted = self.object.dynamic.symbols.get(index).map_or(0, |symbol| symbol.bytes());
        let (from, bytes) = match target {
            Target::Symbol(owner, symbol) if !symbol.is_absolute() => {
                let bytes = wanted.min(symbol.bytes());
                let readable = self
                    .state
                    .get(owner)
                    .and_then(|owner| owner.layout.segment(symbol.value(), bytes).filter(|segment| segment.readable));
                if readable.is_none() {
                    return Err(self.error(format_args!("object to copy is out of range{}", self.naming(index))));
                }
                (self.state.address(owner, symbol)?, bytes)
            }
            _ => return Err(self.error(format_args!("nothing to copy{}", self.naming(index)))),
        };
        let place = self.place(at, bytes)?;
        // SAFETY: both ranges were checked to lie in mapped memory of two different files.
        unsafe { core::ptr::copy_nonoverlapping(from as *const u8, place, bytes as usize) };
        Ok(())
    }
}

impl State {
    /// Where a symbol of that file is; for an indirect function its resolver. Only an absolute symbol leads out of its file.
    pub(crate) fn address(&self, owner: Id, symbol: Symbol<'_>) -> Result<usize, Error> {
        let value = symbol.value();
        let Some(owner) = self.get(owner).filter(|_| !symbol.is_absolute()) else { return Ok(value as usize) };
        let (lies_within, what) = if symbol.is_function() {
            (owner.layout.is_code(value), "a function outside its file's code")
        } else {
            (owner.layout.reaches(value), "outside its file")
        };
        if lies_within {
            return Ok(owner.mapping.at(value));
        }
        let name = owner.dynamic.symbols.name(symbol).unwrap_or_default();
        Err(Error::new(owner.name(), format_args!("symbol {} is {what} ({value:#x})", Text(name))))
    }

    /// Whether the address lies in code of a loaded file.
    pub(crate) fn is_code(&self, address: usize) -> bool {
        self.objects
            .iter()
            .flatten()
            .any(|object| object.own_address(address).is_some_and(|own| object.layout.is_code(own)))
    }
}

/// Relocates new files, dependencies first; what waits for resolvers, in the same order.
pub(super) fn relocate(state: &mut State, new: &[Id], scope: &[Id]) -> Result<Vec<Indirect>, Error> {
    let scope = state.scope(scope);
    let mut indirect = Vec::new();
    for &id in new {
        let Some(object) = state.get(id) else { continue };
        let uses = relocate_file(state, id, object, &scope, &mut indirect)?;
        if let Some(object) = state.get_mut(id) {
            object.binds = uses.binds;
        }
        for id in uses.unique {
            if let Some(object) = state.get_mut(id) {
                object.pinned = true;
            }
        }
    }
    Ok(indirect)
}

impl<P: Platform> Linker<P> {
    /// Calls the resolvers. They may use the loader; what they must not do, load files, is refused meanwhile.
    pub(super) fn resolve(&self, indirect: &[Indirect], resolver: fn(usize) -> usize) {
        let _turn = self.turn.take();
        self.resolving.store(true, Ordering::Relaxed);
        for word in indirect {
            let chosen = resolver(word.resolver).wrapping_add_signed(word.addend as isize);
            // SAFETY: eight bytes of a file's writable memory, checked by `wait_for`. The file is new, so nobody else uses it, and
            // who has the turn alone unloads files.
            unsafe { word.place.write_unaligned(chosen) };
        }
        self.resolving.store(false, Ordering::Relaxed);
    }

    /// Takes away the right to write what only relocation writes, and looks whether the files can be initialised.
    pub(super) fn finish(&self, state: &mut State, new: &[Id]) -> Result<(), Error> {
        for &id in new {
            if let Some(object) = state.get_mut(id) {
                self.protect_relro(object)?;
                object.bound = true;
            }
        }
        new.iter().try_for_each(|id| state.check_initialisers(*id))
    }

    fn protect_relro(&self, object: &Object) -> Result<(), Error> {
        let Some(range) = &object.layout.relro else { return Ok(()) };
        // The end is rounded down: what shares the last page stays writable.
        let page = self.platform.page_bytes() as u64;
        let (start, end) = (range.start & !(page - 1), range.end & !(page - 1));
        if end <= start {
            return Ok(());
        }
        self.platform
            .protect(object.mapping.at(start), (end - start) as usize, abi::protection::READ)
            .map_err(|errno| Error::new(object.name(), format_args!("cannot be protected after relocation: {errno:?}")))
    }
}
