//! `dlopen` and its family.

use alloc::vec::Vec;
use core::ffi::c_char;
use core::fmt::Display;
use core::sync::atomic::Ordering;

use loader_abi::{AddressInfo, Modules, ObjectInfo, ObjectList, Resolved};
use platform::{Errno, Platform, Result};

use super::linker::Linker;
use super::object::{Id, Object};
use super::scope::Target;
use super::state::State;
use crate::elf::{Name, Symbol};
use crate::error::{Error, Text};
use crate::trace::Topic;

/// RTLD_* of the C ABI. All binding is done at once, so RTLD_LAZY and RTLD_NOW are the same.
const NO_LOAD: u32 = 4;
const GLOBAL: u32 = 0x100;
const NO_DELETE: u32 = 0x1000;
/// Pseudo handles of `dlsym`.
const DEFAULT: usize = 0;
const NEXT: usize = usize::MAX;

/// Leaves a message for `dlerror`, NUL-terminated and cut off at the end of the buffer.
fn tell(message: &mut [u8], text: impl Display) {
    struct Cut<'m>(&'m mut [u8], usize);
    impl core::fmt::Write for Cut<'_> {
        fn write_str(&mut self, text: &str) -> core::fmt::Result {
            let room = self.0.get_mut(self.1..).unwrap_or_default();
            let length = text.len().min(room.len().saturating_sub(1));
            if let (Some(place), Some(text)) = (room.get_mut(..length), text.as_bytes().get(..length)) {
                place.copy_from_slice(text);
            }
            self.1 += length;
            Ok(())
        }
    }
    let mut cut = Cut(message, 0);
    // `Cut` takes everything.
    let _ = core::fmt::Write::write_fmt(&mut cut, format_args!("{text}"));
    if let Some(end) = cut.0.get_mut(cut.1) {
        *end = 0;
    }
}

/// What a symbol stands for.
enum Found {
    Address(usize),
    /// That is what this resolver chooses, and what calls it.
    Resolver(usize, fn(usize) -> usize),
}

impl State {
    fn by_handle(&self, handle: usize) -> Option<Id> {
        self.loaded().find(|(_, object)| object.handle() == handle).map(|(id, _)| id)
    }

    fn is_program(&self, id: Id) -> bool {
        self.order.first() == Some(&id)
    }

    /// The files in which code at `caller` looks for names: those of all, then its own group.
    fn scope_of(&self, caller: usize) -> Vec<Id> {
        let mut scope = self.global.clone();
        if let Some((id, object)) = self.object_at(caller)
            && !object.global
        {
            scope.extend(self.closure(id).into_iter().filter(|id| !self.global.contains(id)));
        }
        scope
    }

    /// What the name means to `dlsym`.
    fn symbol(&self, handle: usize, name: &[u8], caller: usize) -> core::result::Result<Target, Error> {
        let scope = match handle {
            DEFAULT => self.scope_of(caller),
            NEXT => {
                let (id, object) =
                    self.object_at(caller).ok_or_else(|| Error::new(b"RTLD_NEXT", "caller is in no loaded file"))?;
                let scope = if object.global { self.global.clone() } else { self.closure(id) };
                scope.into_iter().skip_while(|other| *other != id).skip(1).collect()
            }
            handle => {
                let id = self.by_handle(handle).ok_or_else(|| Error::new(b"dlsym", "invalid handle"))?;
                if self.is_program(id) { self.global.clone() } else { self.closure(id) }
            }
        };
        let missing = || {
            let file = match self.by_handle(handle).and_then(|id| self.get(id)) {
                Some(object) => object.name(),
                None => b"program",
            };
            Error::new(file, format_args!("undefined symbol {}", Text(name)))
        };
        let found = match self.find(&Name::new(name), scope) {
            Some((owner, symbol)) => Ok(Target::Symbol(owner, symbol)),
            None => self.builtin(name).map(Target::Address).ok_or_else(missing),
        };
        if self.trace.shows(Topic::Bindings) {
            let owner = match found {
                Ok(Target::Symbol(owner, _)) => self.base_name(owner),
                Ok(_) => Text(b"the loader"),
                Err(_) => Text(b"nothing"),
            };
            self.trace.say(Topic::Bindings, format_args!("{} of dlsym is of {owner}", Text(name)));
        }
        found
    }

    /// What `dlsym` gives.
    fn found(&self, owner: Id, symbol: Symbol<'_>) -> core::result::Result<Found, Error> {
        let name = self.get(owner).map_or(&b""[..], Object::name);
        if symbol.is_tls() {
            return Err(Error::new(name, "native thread-local storage is not supported"));
        }
        let address = self.address(owner, symbol)?;
        if !symbol.is_indirect() {
            return Ok(Found::Address(address));
        }
        if !self.is_code(address) {
            return Err(Error::new(name, "resolver of an indirect function is not in code"));
        }
        Ok(Found::Resolver(address, self.resolver))
    }
}

impl<P: Platform> Linker<P> {
    /// Finds or loads the file for `dlopen`; its number. The caller holds the turn.
    fn open(&self, path: Option<&[u8]>, flags: u32, caller: usize) -> core::result::Result<Id, Error> {
        let mut state = self.state.lock();
        let Some(path) = path else {
            return state.order.first().copied().ok_or_else(|| Error::new(b"program", "not loaded"));
        };
        let mut found = state.named(path);
        if found.is_none() {
            let needer = state.object_at(caller).map(|(id, _)| id);
            let file = self.search(&mut state, needer, path).map_err(|errno| match errno {
                Errno::NOENT => Error::new(path, "library not found"),
                errno => Error::new(path, format_args!("cannot be opened: {errno:?}")),
            })?;
            found = state.same(&file);
            let resolving = self.resolving.load(Ordering::Relaxed);
            if found.is_none() && flags & NO_LOAD == 0 && !resolving {
                return self.load_group(state, file);
            }
            // The descriptor was only looked at.
            let _ = self.platform.close(file.fd);
            if found.is_none() && flags & NO_LOAD == 0 {
                return Err(Error::new(path, "cannot be loaded by the resolver of an indirect function"));
            }
        }
        let id = found.ok_or_else(|| Error::new(path, "not loaded"))?;
        match state.get(id) {
            Some(object) if object.bound => Ok(id),
            // Its own resolver, or one of those loaded with it, asks for it.
            _ => Err(Error::new(path, "is being loaded")),
        }
    }
}

impl<P: Platform> Modules for Linker<P> {
    fn dl_open(&self, path: Option<&[u8]>, flags: u32, caller: usize, message: &mut [u8]) -> Result<usize> {
        let _turn = self.turn.take();
        let id = self.open(path, flags, caller).map_err(|error| {
            tell(message, &error);
            Errno::NOENT
        })?;
        let (handle, order) = {
            let mut state = self.state.lock();
            if flags & GLOBAL != 0 {
                for id in state.closure(id) {
                    if !state.global.contains(&id) {
                        state.global.push(id);
                    }
                    if let Some(object) = state.get_mut(id) {
                        object.global = true;
                    }
                }
            }
            let Some(object) = state.get_mut(id) else { return Err(Errno::NOENT) };
            object.handles += 1;
            object.pinned |= flags & NO_DELETE != 0;
            (object.handle(), state.bottom_up(id))
        };
        // What a resolver opens was there before: who loaded it initialises it.
        if !self.resolving.load(Ordering::Relaxed) {
            self.initialise(&order);
        }
        Ok(handle)
    }

    fn dl_close(&self, handle: usize, message: &mut [u8]) -> Result<()> {
        let _turn = self.turn.take();
        {
            let mut state = self.state.lock();
            let object = state.by_handle(handle).and_then(|id| state.get_mut(id)).filter(|object| object.handles > 0);
            let Some(object) = object else {
                tell(message, "dlclose: invalid handle");
                return Err(Errno::INVAL);
            };
            object.handles -= 1;
        }
        // Files that are being loaded have no handle yet; a later call finds what is unused now.
        if !self.ending.load(Ordering::Acquire) && !self.resolving.load(Ordering::Relaxed) {
            self.collect();
        }
        Ok(())
    }

    fn dl_symbol(&self, handle: usize, name: &[u8], caller: usize, message: &mut [u8]) -> Result<Resolved> {
        let found = {
            let state = self.state.lock();
            state.symbol(handle, name, caller).and_then(|target| match target {
                Target::Symbol(owner, symbol) => state.found(owner, symbol),
                Target::Address(address) => Ok(Found::Address(address)),
                Target::Nothing => Ok(Found::Address(0)),
            })
        };
        match found {
            // Code of the guest, which may use the loader: it is called with the state free.
            Ok(Found::Resolver(resolver, call)) => Ok(Resolved { address: call(resolver) }),
            Ok(Found::Address(address)) => Ok(Resolved { address }),
            Err(error) => {
                tell(message, &error);
                Err(Errno::NOENT)
            }
        }
    }

    fn dl_address(&self, address: usize) -> Option<AddressInfo> {
        let state = self.state.lock();
        let (id, object) = state.object_at(address)?;
        let symbols = &object.dynamic.symbols;
        let symbol = symbols.at(object.own_address(address)?);
        Some(AddressInfo {
            file_name: object.path.as_ptr(),
            base: object.mapping.at(object.layout.start()),
            // Names of the string table end with a NUL.
            symbol_name: symbol
                .and_then(|symbol| symbols.name(symbol).ok())
                .map_or(core::ptr::null(), |name| name.as_ptr().cast::<c_char>()),
            symbol: symbol.and_then(|symbol| state.address(id, symbol).ok()).unwrap_or(0),
        })
    }

    fn dl_object(&self, index: usize) -> Option<ObjectInfo> {
        let state = self.state.lock();
        let (_, object) = state.loaded().nth(index)?;
        Some(ObjectInfo { loaded: state.loaded, unloaded: state.unloaded, ..object.info() })
    }

    fn dl_objects(&self) -> Result<ObjectList> {
        Ok(self.read_list())
    }

    fn dl_release(&self, list: usize) -> Result<()> {
        self.release_list(list)
    }

    fn finalize(&self) {
        self.finalize_all();
    }

    fn dl_pin(&self, address: usize) {
        let mut state = self.state.lock();
        let id = state.object_at(address).map(|(id, _)| id);
        if let Some(object) = id.and_then(|id| state.get_mut(id)) {
            object.pinned = true;
        }
    }

    fn dl_keep(&self) {
        self.ending.store(true, Ordering::Release);
        // Who unloads files now has not seen that.
        drop(self.turn.take());
    }
}

impl<P: Platform> Linker<P> {
    /// The program's file, as an absolute path, where the host takes the loader for it.
    pub(crate) fn program_path(&self) -> Option<&[u8]> {
        self.program.get().map(Vec::as_slice)
    }
}
