//! What the CPUs have each in their way: the order of fields.

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(target_arch = "aarch64")]
pub use aarch64::stat;
#[cfg(target_arch = "x86_64")]
pub use x86_64::stat;
