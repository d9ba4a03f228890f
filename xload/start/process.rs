//! What a process is made of.

use loader_abi::Serve;
use platform::Platform;

use crate::link::Linker;

/// A process whose loader is a [`Linker`].
pub trait Process: Serve<Platform = Self::Host, Loader = Linker<Self::Host>> {
    /// The operating system.
    type Host: Platform + 'static;
}

impl<P: Platform + 'static, S: Serve<Platform = P, Loader = Linker<P>>> Process for S {
    type Host = P;
}
