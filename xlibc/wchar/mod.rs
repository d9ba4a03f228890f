//! `<wchar.h>` without its I/O, `<uchar.h>`.

pub mod abi;
pub mod convert;
pub mod multibyte;
pub mod strings;
pub mod width;
