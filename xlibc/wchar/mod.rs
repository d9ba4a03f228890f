//! `<wchar.h>` without its I/O, `<uchar.h>`.

pub mod abi;
pub mod convert;
#[cfg(any(test, fuzzing))]
pub mod fuzz;
pub mod multibyte;
pub mod strings;
pub mod width;
