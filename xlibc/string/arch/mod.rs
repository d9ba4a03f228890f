//! What the CPUs do each in their way: sixteen bytes at a time, and the loops of copying and filling.

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(target_arch = "aarch64")]
pub use aarch64::{Mask, Vector, Wide, blocks_ascending, blocks_descending, fill_wide};
#[cfg(target_arch = "x86_64")]
pub use x86_64::{Mask, Vector, Wide, blocks_ascending, blocks_descending, fill_wide};
