//! What C sees of `<stdio.h>`, the I/O of `<wchar.h>`, `<stdio_ext.h>` and `<err.h>`.

pub mod bytes;
pub mod errors;
pub mod extensions;
pub mod open;
pub mod print;
pub mod scan;
pub mod state;
pub mod text;
pub mod wide;

use super::file::File;
use crate::rt::{CResult, Result};
use crate::types::c_int;

/// `EOF`.
const EOF: c_int = -1;

/// The `FILE` that C means.
///
/// # Safety
/// `file` is an open stream.
#[inline]
unsafe fn stream<'a>(file: *mut File) -> &'a File {
    // SAFETY: caller contract.
    unsafe { &*file }
}

/// The byte, or `EOF`, with errno set if there was an error.
#[inline]
fn byte_or_eof(result: Result<Option<u8>>) -> c_int {
    match result {
        Ok(Some(byte)) => c_int::from(byte),
        Ok(None) => EOF,
        Err(errno) => Err(errno).or_errno(EOF),
    }
}
