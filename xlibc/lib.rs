//! A complete C library without an operating system in it: what it needs of one comes through the host table.
//!
//! `text` and `sync` are engines, `rt` is what every area stands on, and each area keeps what C sees in its `abi.rs`.
//! Dependencies point down only: area -> text, sync -> rt -> platform, loader_abi.

#![cfg_attr(not(any(test, fuzzing)), no_std)]
// `wchar_t` and `char` have other types on the other CPU, where the same conversions do something.
#![cfg_attr(target_arch = "aarch64", allow(clippy::unnecessary_cast, clippy::useless_conversion))]

extern crate alloc;
// `#[export]`, in every file.
#[macro_use]
extern crate xlibc_export;

pub mod atomic;
pub mod ctype;
pub mod dl;
pub mod environment;
pub mod exit;
pub mod fortify;
pub mod fs;
#[cfg(test)]
#[path = "../fuzz/drive.rs"]
mod fuzz;
pub mod locale;
pub mod malloc;
pub mod math;
pub mod memory;
pub mod messages;
pub mod net;
pub mod process;
pub mod pthread;
pub mod random;
pub mod rt;
pub mod setjmp;
pub mod signal;
pub mod stdio;
pub mod stdlib;
pub mod string;
pub mod sync;
pub mod system;
pub mod text;
pub mod time;
pub mod types;
pub mod ucontext;
pub mod wchar;
