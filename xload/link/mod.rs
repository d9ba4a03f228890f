//! Loads a program and its libraries, binds them together, starts and ends them.

mod dl;
mod init;
mod load;
mod lock;
mod mapping;
mod object;
mod relocate;
mod scope;
mod search;
#[cfg(test)]
mod tests;

use alloc::vec::Vec;
use core::sync::atomic::AtomicBool;

use loader_abi::Host;
use platform::Platform;
use spin::Once;

pub(crate) use init::Program;
pub(crate) use mapping::read_some;
pub(crate) use object::{Opened, base_name};
pub(crate) use search::{absolute, open, own_path};

use lock::{Lock, Turn};
use object::{Id, Object};
use search::Roots;

/// A symbol that the loader itself defines, and its address.
pub(crate) type Builtin = (&'static [u8], usize);

/// The loader of the process.
pub struct Linker<P: Platform + 'static> {
    pub(crate) platform: &'static P,
    /// The table that the guest sees as `xload_host`.
    pub(crate) host: Once<Host>,
    /// Held while files come or go, initialisers and finalisers included.
    turn: Turn<P>,
    /// Held for moments; never while code of the guest runs, except for the resolvers of indirect functions.
    state: Lock<P, State>,
    finalized: AtomicBool,
    /// The process ends: nothing is unloaded any more.
    ending: AtomicBool,
    /// Path of the program's file where the host's name for it is that of the loader.
    pub(crate) program: Once<Vec<u8>>,
}

impl<P: Platform> Linker<P> {
    /// A loader that has loaded nothing.
    #[must_use]
    pub const fn new(platform: &'static P) -> Self {
        Self {
            platform,
            host: Once::new(),
            turn: Turn::new(platform),
            state: Lock::new(platform, State::EMPTY),
            finalized: AtomicBool::new(false),
            ending: AtomicBool::new(false),
            program: Once::new(),
        }
    }
}

/// What is loaded.
pub(crate) struct State {
    /// By [`Id`]; `None` where a file was unloaded.
    objects: Vec<Option<Object>>,
    /// In load order, the program first.
    order: Vec<Id>,
    /// Files whose symbols all files see, in the order of the search.
    global: Vec<Id>,
    /// In the order in which initialisers ran.
    initialised: Vec<Id>,
    /// Symbols of the loader, `_xload`.
    builtins: Vec<Builtin>,
    roots: Roots,
    /// Files loaded so far.
    loaded: u64,
    /// Files unloaded so far.
    unloaded: u64,
    /// Calls a resolver of the guest; tests of broken files have another.
    resolver: fn(usize) -> usize,
}

impl State {
    const EMPTY: Self = Self {
        objects: Vec::new(),
        order: Vec::new(),
        global: Vec::new(),
        initialised: Vec::new(),
        builtins: Vec::new(),
        roots: Roots::EMPTY,
        loaded: 0,
        unloaded: 0,
        resolver: relocate::call_resolver,
    };

    fn get(&self, id: Id) -> Option<&Object> {
        self.objects.get(id)?.as_ref()
    }

    fn get_mut(&mut self, id: Id) -> Option<&mut Object> {
        self.objects.get_mut(id)?.as_mut()
    }

    /// The loaded files, in load order.
    fn loaded(&self) -> impl Iterator<Item = (Id, &Object)> {
        self.order.iter().filter_map(|id| Some((*id, self.get(*id)?)))
    }

    /// A file and its dependencies, breadth first.
    fn closure(&self, root: Id) -> Vec<Id> {
        let mut found = alloc::vec![root];
        let mut at = 0;
        while let Some(id) = found.get(at).copied() {
            for need in self.get(id).map_or(&[][..], |object| &object.needs) {
                if !found.contains(need) {
                    found.push(*need);
                }
            }
            at += 1;
        }
        found
    }

    /// The file in one of whose segments the address lies.
    fn object_at(&self, address: usize) -> Option<(Id, &Object)> {
        self.loaded().find(|(_, object)| object.own_address(address).is_some())
    }
}
