//! The atomics that the locks are made of. In unit tests an access is a step of a schedule (`platform_sim::interleave`).

#[cfg(not(test))]
pub use core::sync::atomic::{AtomicI32, AtomicU32, AtomicU64, Ordering};

#[cfg(test)]
pub use platform_sim::atomic::{AtomicI32, AtomicU32, AtomicU64, Ordering};
