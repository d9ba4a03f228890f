//! The loaded files.

use alloc::vec::Vec;

use super::object::{Id, Object};
use super::outermost::call_resolver;
use super::search::Roots;
use crate::trace::Trace;

/// A symbol that the loader itself defines, and its address.
pub(crate) type Builtin = (&'static [u8], usize);

/// What is loaded.
pub(crate) struct State {
    /// By [`Id`]; `None` where a file was unloaded.
    pub(super) objects: Vec<Option<Object>>,
    /// In load order, the program first.
    pub(super) order: Vec<Id>,
    /// Files whose symbols all files see, in the order of the search.
    pub(super) global: Vec<Id>,
    /// In the order in which initialisers ran.
    pub(super) initialised: Vec<Id>,
    /// Symbols of the loader, `_xload`.
    pub(super) builtins: Vec<Builtin>,
    pub(super) roots: Roots,
    /// The folders of `LD_LIBRARY_PATH`, absolute.
    pub(super) library_path: Vec<Vec<u8>>,
    /// Files loaded so far.
    pub(super) loaded: u64,
    /// Files unloaded so far.
    pub(super) unloaded: u64,
    /// What is shown of all this.
    pub(super) trace: Trace,
    /// Calls a resolver of the guest; tests of broken files have another.
    pub(super) resolver: fn(usize) -> usize,
}

impl State {
    pub(super) const EMPTY: Self = Self {
        objects: Vec::new(),
        order: Vec::new(),
        global: Vec::new(),
        initialised: Vec::new(),
        builtins: Vec::new(),
        roots: Roots::EMPTY,
        library_path: Vec::new(),
        loaded: 0,
        unloaded: 0,
        trace: Trace::OFF,
        resolver: call_resolver,
    };

    pub(super) fn get(&self, id: Id) -> Option<&Object> {
        self.objects.get(id)?.as_ref()
    }

    pub(super) fn get_mut(&mut self, id: Id) -> Option<&mut Object> {
        self.objects.get_mut(id)?.as_mut()
    }

    /// The loaded files, in load order.
    pub(super) fn loaded(&self) -> impl Iterator<Item = (Id, &Object)> {
        self.order.iter().filter_map(|id| Some((*id, self.get(*id)?)))
    }

    /// A file and its dependencies, breadth first.
    pub(super) fn closure(&self, root: Id) -> Vec<Id> {
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
    pub(super) fn object_at(&self, address: usize) -> Option<(Id, &Object)> {
        self.loaded().find(|(_, object)| object.own_address(address).is_some())
    }
}
