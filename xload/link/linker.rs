//! The loader as one object.

use alloc::vec::Vec;
use core::sync::atomic::AtomicBool;

use loader_abi::Host;
use platform::Platform;
use spin::Once;

use super::lock::{Lock, Turn};
use super::state::State;
use super::versions::Versions;
use crate::payload::Payload;

/// The loader of the process.
pub struct Linker<P: Platform + 'static> {
    pub(crate) platform: &'static P,
    /// The table that the guest sees as `xload_host`.
    pub(crate) host: Once<&'static Host>,
    /// Held while files come or go, initialisers and finalisers included.
    pub(super) turn: Turn<P>,
    /// Held for moments, and while files are read and bound; never while code of the guest runs.
    pub(super) state: Lock<P, State>,
    /// Held for moments; taken after `state` by who needs both.
    pub(super) versions: Lock<P, Versions>,
    /// The holder of the turn is calling the resolvers of files that it loads.
    pub(super) resolving: AtomicBool,
    pub(super) finalized: AtomicBool,
    /// The process ends: nothing is unloaded any more.
    pub(super) ending: AtomicBool,
    /// Path of the program's file where the host's name for it is that of the loader.
    pub(crate) program: Once<Vec<u8>>,
    /// What the loader's own file holds, where it is packed.
    pub(crate) payload: Once<Payload>,
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
            versions: Lock::new(platform, Versions::EMPTY),
            resolving: AtomicBool::new(false),
            finalized: AtomicBool::new(false),
            ending: AtomicBool::new(false),
            program: Once::new(),
            payload: Once::new(),
        }
    }
}
