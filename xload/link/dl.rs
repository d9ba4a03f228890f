//! `dlopen` and its family.

use alloc::vec::Vec;
use core::ffi::c_char;
use core::fmt::Display;
use core::sync::atomic::Ordering;

use loader_abi::{AddressInfo, Modules, ObjectInfo, Resolved};
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

    /// The address that `dlsym` gives.
    fn resolved(&self, owner: Id, symbol: Symbol<'_>) -> core::result::Result<usize, Error> {
        let name = self.get(owner).map_or(&b""[..], Object::name);
        if symbol.is_tls() {
            return Err(Error::new(name, "native thread-local storage is not supported"));
        }
        let address = self.address(owner, symbol)?;
        if !symbol.is_indirect() {
            return Ok(address);
        }
        if !self.is_code(address) {
            return Err(Error::new(name, "resolver of an indirect function is not in code"));
        }
        Ok((self.resolver)(address))
    }
}

impl<P: Platform> Linker<P> {
    /// Finds or loads the file for `dlopen`; its number.
    fn open(&self, state: &mut State, path: &[u8], flags: u32, caller: usize) -> core::result::Result<Id, Error> {
        if let Some(found) = state.named(path) {
            return Ok(found);
        }
        let needer = state.object_at(caller).map(|(id, _)| id);
        let file = self.search(state, needer, path).map_err(|errno| match errno {
            Errno::NOENT => Error::new(path, "library not found"),
            errno => Error::new(path, format_args!("cannot be opened: {errno:?}")),
        })?;
        let found = state.same(&file);
        if found.is_some() || flags & NO_LOAD != 0 {
            // The descriptor was only looked at.
            let _ = self.platform.close(file.fd);
            return found.ok_or_else(|| Error::new(path, "not loaded"));
        }
        self.load_group(state, file)
    }
}

impl<P: Platform> Modules for Linker<P> {
    fn dl_open(&self, path: Option<&[u8]>, flags: u32, caller: usize, message: &mut [u8]) -> Result<usize> {
        let _turn = self.turn.take();
        let (handle, order) = {
            let mut state = self.state.lock();
            let found = match path {
                None => state.order.first().copied().ok_or_else(|| Error::new(b"program", "not loaded")),
                Some(path) => self.open(&mut state, path, flags, caller),
            };
            let id = found.map_err(|error| {
                tell(message, &error);
                Errno::NOENT
            })?;
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
        self.initialise(&order);
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
        if !self.ending.load(Ordering::Acquire) {
            self.collect();
        }
        Ok(())
    }

    fn dl_symbol(&self, handle: usize, name: &[u8], caller: usize, message: &mut [u8]) -> Result<Resolved> {
        let state = self.state.lock();
        let found = state.symbol(handle, name, caller).and_then(|target| match target {
            Target::Symbol(owner, symbol) => state.resolved(owner, symbol),
            Target::Address(address) => Ok(address),
            Target::Nothing => Ok(0),
        });
        found.map(|address| Resolved { address }).map_err(|error| {
            tell(message, &error);
            Errno::NOENT
        })
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
        Some(ObjectInfo {
            base: object.mapping.bias,
            name: object.path.as_ptr(),
            program_headers: object.program_headers.0 as *const u8,
            program_header_count: object.program_headers.1,
            loaded: state.loaded,
            unloaded: state.unloaded,
            tls_module: 0,
            tls_data: core::ptr::null(),
        })
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
