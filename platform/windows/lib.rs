//! Windows 10 and later on x86_64 as a platform: Win32 and the kernel's own requests, without the C runtime.
//!
//! [`pure`] holds what needs no Windows and is tested on any host; the rest calls Windows and is empty elsewhere.
//!
//! What differs from POSIX is said where it is done: paths in [`pure::path`], modes and owners in `sys::stat`, locks in
//! `sys::record_locks`, memory in `sys::memory`, exit codes in [`pure::exit_code`], the environment in
//! [`pure::environment`], children in `sys::spawn`, signals in `sys::signals`.

#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod pure;

#[cfg(windows)]
mod api;
#[cfg(windows)]
mod sys;

#[cfg(windows)]
pub use api::Windows;
#[cfg(windows)]
pub use sys::crash::watch;
#[cfg(windows)]
pub use sys::places::set_root;
#[cfg(windows)]
pub use sys::process::{fatal, write_error};
#[cfg(windows)]
pub use sys::start::{Strings, arguments, environment};
#[cfg(windows)]
pub use sys::thread::run_main;
