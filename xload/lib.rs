//! The ELF loader, generic over the platform: `elf` reads files, `link` maps and binds them, `start` runs them, `debug` shows them
//! to debuggers. An executable adds a platform, an entry point and a few lines (see [`run`]).

#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod crash;
#[cfg(test)]
#[path = "tests/damage/mod.rs"]
mod damage;
mod debug;
pub mod elf;
mod error;
mod exec;
mod files;
mod heap;
#[cfg(test)]
#[path = "tests/hosted/mod.rs"]
mod hosted;
mod link;
mod payload;
mod start;
mod trace;

pub use debug::{_dl_debug_state, _r_debug};
pub use error::{EXIT_CODE, Error};
pub use heap::Heap;
pub use link::Linker;
pub use payload::is_packed;
pub use start::{Process, ReadOnly, Start, TablePlace, panicked, run};
