//! The call of a thread's function: for unwinders and debuggers the stack ends there, as what lies below is the loader's.

use crate::types::c_void;

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(target_arch = "aarch64")]
pub use aarch64::{call, go_on};
#[cfg(target_arch = "x86_64")]
pub use x86_64::{call, go_on};

/// A thread's work.
pub type Start = unsafe extern "C" fn(*mut c_void) -> *mut c_void;
