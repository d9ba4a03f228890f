//! Windows 10 and later on x86_64 as a platform: Win32 and the kernel's own requests, without the C runtime.
//!
//! [`pure`] holds what needs no Windows and is tested on any host; the rest calls Windows and is empty elsewhere.
//!
//! What differs from POSIX is said where it is done: paths in [`pure::path`], modes in `sys::file::facts`, locks in
//! `sys::file::record_locks`, memory in `sys::memory`, exit codes in [`pure::exit_code`], the environment in
//! [`pure::environment`], children in `sys::process::spawn`, signals in `sys::signal`.

#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod pure;

#[cfg(windows)]
mod sys;

#[cfg(windows)]
pub use sys::file::places::set_root;
#[cfg(windows)]
pub use sys::native::exit::{fatal, write_error};
#[cfg(windows)]
pub use sys::native::stack;
#[cfg(all(windows, feature = "injection"))]
pub use sys::native::{injection, many};
#[cfg(windows)]
pub use sys::process::crash::watch;
#[cfg(windows)]
pub use sys::process::start::{Strings, arguments, environment, run_main};

/// The Windows that runs this process. Each topic of [`platform::Platform`] is implemented in the file that does its work.
#[cfg(windows)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Windows;
