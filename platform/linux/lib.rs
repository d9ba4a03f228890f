//! Linux as a platform: system calls without a C library, on x86_64 and aarch64. No heap but in `exec` and `spawn`.
//!
//! Calls go through rustix's raw backend; `sys` has the few that it lacks. The clock is read through the vDSO.

#![no_std]

extern crate alloc;

mod blocking;
mod clone;
mod control;
pub mod crash;
mod executed;
mod files;
mod futex;
mod identity;
mod interrupted;
mod memory;
mod names;
mod netlink;
mod network;
mod process;
mod random;
mod report_stack;
mod signals;
pub mod start;
mod sys;
mod threads;
mod time;
mod waiting;

pub use executed::open_executed;

/// The operating system. Needs threads that [`program!`] or [`platform::Threads::thread_create`] made. Each topic of
/// [`platform::Platform`] is implemented in the file that does its work.
#[derive(Clone, Copy, Debug, Default)]
pub struct Linux;
