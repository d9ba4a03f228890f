//! What the loader makes a table of.

use core::ffi::c_char;

use platform::Platform;

use crate::modules::Modules;

/// A platform and a loader that exist once in the process, so that plain functions reach them.
pub trait Serve: 'static {
    /// The operating system as the guest sees it.
    type Platform: Platform + 'static;
    /// The loader.
    type Modules: Modules + 'static;
    /// The one operating system.
    fn platform() -> &'static Self::Platform;
    /// The one loader.
    fn modules() -> &'static Self::Modules;
}

/// What a program is started with.
#[derive(Clone, Copy, Debug)]
pub struct ProcessStart {
    /// Number of arguments.
    pub argument_count: usize,
    /// The arguments and a null pointer, for the life of the process.
    pub arguments: *const *const c_char,
    /// The environment and a null pointer, for the life of the process.
    pub environment: *const *const c_char,
}
