//! Keeps the list that `dl_iterate_phdr` goes through as the loaded files are.

use alloc::vec::Vec;

use loader_abi::ObjectList;
use platform::{Platform, Result};

use super::linker::Linker;
use super::object::Id;
use super::state::State;
use super::versions::{Unloaded, Version};

impl<P: Platform> Linker<P> {
    /// The list as it is now, for a reader, who gives it back to [`Linker::release_list`].
    pub(super) fn read_list(&self) -> ObjectList {
        loop {
            if let Some(list) = self.versions.lock().read() {
                return list;
            }
            let state = self.state.lock();
            let mut versions = self.versions.lock();
            if versions.is_empty() {
                versions.put(Version::new(&state));
            }
        }
    }

    /// Takes back what [`Linker::read_list`] gave.
    pub(super) fn release_list(&self, list: usize) -> Result<()> {
        let unused = {
            let mut versions = self.versions.lock();
            versions.release(list)?;
            versions.unused()
        };
        self.unmap(unused);
        Ok(())
    }

    /// Shows readers to come what is loaded now.
    pub(super) fn show(&self, state: &State) {
        self.show_without(state, Vec::new());
    }

    /// Forgets files, and gives back their memory once no reader can use it.
    pub(super) fn remove(&self, state: &mut State, ids: &[Id]) {
        let take = |id: &Id| state.take(*id).map(|object| Unloaded { object, number: state.unloaded });
        let gone = ids.iter().filter_map(take).collect();
        self.show_without(state, gone);
    }

    fn show_without(&self, state: &State, gone: Vec<Unloaded>) {
        let unused = {
            let mut versions = self.versions.lock();
            if !versions.is_empty() {
                versions.put(Version::new(state));
            }
            versions.keep(gone);
            versions.unused()
        };
        self.unmap(unused);
    }

    fn unmap(&self, files: Vec<Unloaded>) {
        for file in files {
            let mapping = file.object.mapping;
            // What cannot be unmapped stays as dead memory.
            let _ = self.platform.unmap(mapping.address, mapping.length);
        }
    }
}
