//! Reads ELF64 files for both CPUs. Nothing here trusts the file: every field is checked before it is used, and no input
//! makes a panic. Mapping, relocating and running is `link`'s business.

#![forbid(unsafe_code)]

mod dynamic;
mod fault;
mod frames;
#[cfg(any(test, fuzzing))]
pub mod fuzz;
mod header;
mod image;
mod relocation;
mod sections;
mod symbols;

pub use dynamic::{Dynamic, Table};
pub use fault::Fault;
pub use frames::{Caller, Read, Registers, caller_by_debug_frame, caller_by_header};
pub use header::{HEADER_BYTES, Header, Layout, Machine, OS_ABI, PROGRAM_HEADER_BYTES, Segment};
pub use image::Image;
pub use relocation::{Kind, relr_addresses};
pub use sections::Sections;
pub use symbols::{Name, Symbol, Symbols};

pub(crate) use object::LittleEndian as Le;
/// A relocation with addend, as the file has it.
pub type Rela = object::elf::Rela64<Le>;

/// What a reader of this module returns.
pub type Result<T> = core::result::Result<T, Fault>;

#[cfg(test)]
mod tests;
