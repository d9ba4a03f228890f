//! What the CPUs have each in their way: numbers of `syscall`.

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(target_arch = "aarch64")]
pub use aarch64::{FUTEX, GETRANDOM, GETTID, RT_SIGPROCMASK};
#[cfg(target_arch = "x86_64")]
pub use x86_64::{FUTEX, GETRANDOM, GETTID, RT_SIGPROCMASK};
