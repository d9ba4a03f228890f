//! What the CPUs do each in their way: sixteen bytes at once.

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(target_arch = "aarch64")]
pub use aarch64::{compare_exchange, load_at_once};
#[cfg(target_arch = "x86_64")]
pub use x86_64::{compare_exchange, load_at_once};

fn halves(value: u128) -> (u64, u64) {
    (value as u64, (value >> 64) as u64)
}

fn whole(low: u64, high: u64) -> u128 {
    u128::from(high) << 64 | u128::from(low)
}
