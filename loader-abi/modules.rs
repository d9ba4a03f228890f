//! What the loader itself does for the C library.

use platform::{Errno, Result};
use platform_operations::operations;

use crate::info::{AddressInfo, ObjectInfo, ObjectList, Resolved};

/// The files that are loaded. A failure leaves its text in `message`, NUL-terminated, for `dlerror`.
#[operations(modules)]
pub trait Modules: Sync {
    /// `dlopen`: a handle. `path` is `None` for the program itself; `caller` an address in the calling file.
    #[slot(24)]
    fn dl_open(&self, path: Option<&[u8]>, flags: u32, caller: usize, message: &mut [u8]) -> Result<usize>;
    /// `dlclose`.
    #[slot(25)]
    fn dl_close(&self, handle: usize, message: &mut [u8]) -> Result<()>;
    /// `dlsym`: the symbol's address; `handle` 0 is RTLD_DEFAULT, `usize::MAX` RTLD_NEXT.
    #[slot(26)]
    fn dl_symbol(&self, handle: usize, name: &[u8], caller: usize, message: &mut [u8]) -> Result<Resolved>;
    /// `dladdr`; `None` when the address lies in no loaded file.
    #[slot(27)]
    fn dl_address(&self, address: usize) -> Option<AddressInfo>;
    /// The loaded file with this number, in load order; `None` past the last.
    #[slot(28)]
    fn dl_object(&self, index: usize) -> Option<ObjectInfo>;
    /// Runs the finalisers of all loaded files, last initialised first; once. Other threads that load or unload files wait from then
    /// on until the process ends.
    #[slot(29)]
    fn finalize(&self);
    /// Keeps the file that the address lies in, and what it needs, until the process ends. Waits for no `dlopen`.
    #[slot(30)]
    fn dl_pin(&self, address: usize);
    /// Keeps all files that are loaded now or later: the process ends. Waits for other threads' `dl_open` and `dl_close`.
    #[slot(31)]
    fn dl_keep(&self);
    /// The files that are loaded now. They and the list stay in memory, whatever is unloaded meanwhile, until [`dl_release`] gets the
    /// list back. Waits for no code that `dl_open` runs.
    ///
    /// [`dl_release`]: Modules::dl_release
    #[slot(89, optional)]
    fn dl_objects(&self) -> Result<ObjectList>;
    /// Gives a list of `dl_objects` back, by its address.
    #[slot(90, optional)]
    fn dl_release(&self, list: usize) -> Result<()>;
}
