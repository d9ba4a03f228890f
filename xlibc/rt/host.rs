//! The host table that the loader resolves at link time.

use super::Host;
use crate::rt::Facts;

#[cfg(not(any(test, fuzzing)))]
mod imported {
    unsafe extern "C" {
        /// Pseudo-library `_xload`, see `loader_abi`.
        pub safe static xload_host: super::Host;
    }
}

/// The operating system.
#[cfg(not(any(test, fuzzing)))]
#[inline]
pub fn host() -> &'static Host {
    &imported::xload_host
}

/// A number of bytes made up to whole pages.
pub fn whole_pages(bytes: usize) -> usize {
    // A page of 0 bytes does not exist, and needs no way to fail.
    bytes.next_multiple_of(host().page_bytes().max(1))
}

/// The operating system of unit tests: one in memory, per test thread.
#[cfg(any(test, fuzzing))]
pub fn host() -> &'static Host {
    platform_sim::table()
}
