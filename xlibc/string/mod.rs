//! `<string.h>`, `<strings.h>`.
//!
//! The kernels never contain a loop that a compiler recognises as `memcpy`, `memset` or `strlen`: blocks are moved by assembly, and
//! what is scanned is scanned sixteen bytes at a time. So no function here can end up calling itself.

pub mod abi;
mod arch;
pub mod compare;
pub mod copy;
pub mod error_text;
pub mod fill;
mod mask;
pub mod scan;
pub mod search;
pub mod signal_text;
pub mod span;
pub mod two_way;
mod vector;
pub mod version;
