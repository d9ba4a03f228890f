//! What the `distx` driver knows about program files: targets, flags, link command, post-link step.
//!
//! `xtask` builds libc.so and libc++ with the same functions, so a flag is written down once.
#![forbid(unsafe_code)]

pub mod driver;
#[cfg(test)]
#[path = "../../fuzz/drive.rs"]
mod fuzz;
pub mod hardening;
pub mod link;
pub mod options;
pub mod portable_paths;
pub mod postlink;
pub mod runtimes;
pub mod target;
pub mod tools;
