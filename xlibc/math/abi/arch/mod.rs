//! How `long double` travels.

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(target_arch = "aarch64")]
pub use aarch64::angle;
#[cfg(target_arch = "aarch64")]
pub(crate) use aarch64::{call, trampoline};
#[cfg(target_arch = "x86_64")]
pub(crate) use x86_64::{call, trampoline};
