//! What the CPUs do each in their way: the floating-point environment, and rounding by its mode.

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(target_arch = "aarch64")]
pub use aarch64::{
    Environment, Flags, clear, lrint, lrintf, lround, raise, raised, rint, rintf, rounding, set_rounding,
};
#[cfg(target_arch = "x86_64")]
pub use x86_64::{
    Environment, Flags, clear, lrint, lrintf, lround, raise, raised, rint, rintf, rounding, set_rounding,
};
