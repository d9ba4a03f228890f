//! The host table that the loader resolves at link time.

use super::Host;

#[cfg(not(test))]
mod imported {
    unsafe extern "C" {
        /// Pseudo-library `_xload`, see `loader_abi`.
        pub safe static xload_host: super::Host;
    }
}

/// The operating system.
#[cfg(not(test))]
#[inline]
pub fn host() -> &'static Host {
    &imported::xload_host
}

/// The operating system of unit tests: one in memory, per test thread.
#[cfg(test)]
pub fn host() -> &'static Host {
    platform_sim::table()
}
