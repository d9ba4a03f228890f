//! What a process is made of.

use platform::Platform;

use crate::link::Linker;

/// A process: an operating system and a loader that exist once.
pub trait Process: 'static {
    /// The operating system.
    type Host: Platform + 'static;
    /// The one loader.
    fn linker() -> &'static Linker<Self::Host>;
    /// The one operating system.
    fn host() -> &'static Self::Host {
        Self::linker().platform
    }
}
