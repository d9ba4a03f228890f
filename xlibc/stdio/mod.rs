//! `<stdio.h>`, the I/O of `<wchar.h>`, `<err.h>`.

pub mod abi;
mod arch;
pub mod file;
pub mod format;
#[cfg(any(test, fuzzing))]
pub mod fuzz;
mod input;
mod lock;
mod memory;
mod message;
mod mode;
mod open;
mod output;
mod registry;
pub mod scan;
mod scan_input;
mod scan_text;
mod sink;
mod source;
mod stream;
mod temporary;
mod text;
pub mod va_list;
mod wide;
mod writer;

#[cfg(test)]
mod stream_tests;
