//! What is loaded, for those who look at it from outside.

use platform::Platform;

use super::linker::Linker;
use super::lock::Guard;
use super::object::Object;
use super::state::State;

/// The loaded files, which stay as they are as long as somebody has this.
pub(crate) struct Files<'l, P: Platform + 'static>(Guard<'l, P, State>);

impl<P: Platform> Linker<P> {
    /// The loaded files; `None` where some come or go right now.
    pub(crate) fn files(&self) -> Option<Files<'_, P>> {
        self.state.try_lock().map(Files)
    }
}

impl<P: Platform> Files<'_, P> {
    /// The file in one of whose segments the address lies.
    pub(crate) fn at(&self, address: usize) -> Option<&Object> {
        self.0.object_at(address).map(|(_, object)| object)
    }
}

impl Object {
    /// The bytes from an address of the file to the end of its segment, where the program cannot write them.
    pub(crate) fn tail(&self, address: u64) -> Option<&[u8]> {
        let segment = self.layout.segment(address, 1).filter(|segment| segment.readable && !segment.writable)?;
        let length = (segment.address + segment.file_bytes).checked_sub(address)?;
        // SAFETY: the layout was checked: these bytes are mapped until the object is unloaded, and nobody writes them.
        Some(unsafe { core::slice::from_raw_parts(self.mapping.at(address) as *const u8, length as usize) })
    }

    /// The address in the file's own terms, when code lies there.
    pub(crate) fn own_code(&self, address: usize) -> Option<u64> {
        self.own_address(address).filter(|own| self.layout.is_code(*own))
    }
}
