//! Single bytes: C23 7.23.7, and their unlocked twins of POSIX.1-2024.

use super::super::file::File;
use super::super::registry::{STANDARD_INPUT, STANDARD_OUTPUT};
use super::{EOF, byte_or_eof, stream};
use crate::rt::{CResult, Result};
use crate::types::c_int;

#[inline]
fn put_result(byte: u8, result: Result<()>) -> c_int {
    result.map(|()| c_int::from(byte)).or_errno(EOF)
}

/// C23 7.23.7.1. `EBADF`, and the errors of `read`.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn fgetc(file: *mut File) -> c_int {
    // SAFETY: caller contract.
    byte_or_eof(unsafe { stream(file) }.input().get())
}

/// C23 7.23.7.5.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn getc(file: *mut File) -> c_int {
    // SAFETY: caller contract.
    byte_or_eof(unsafe { stream(file) }.input().get())
}

/// C23 7.23.7.6.
#[export]
pub extern "C" fn getchar() -> c_int {
    byte_or_eof(STANDARD_INPUT.input().get())
}

/// POSIX.1-2024.
///
/// # Safety
/// `file` is an open stream, locked by the caller.
#[export]
pub unsafe extern "C" fn getc_unlocked(file: *mut File) -> c_int {
    // SAFETY: caller contract.
    byte_or_eof(unsafe { stream(file).unlocked_input() }.get())
}

/// GNU.
///
/// # Safety
/// `file` is an open stream, locked by the caller.
#[export]
pub unsafe extern "C" fn fgetc_unlocked(file: *mut File) -> c_int {
    // SAFETY: caller contract.
    unsafe { getc_unlocked(file) }
}

/// POSIX.1-2024.
///
/// # Safety
/// Standard input is locked by the caller.
#[export]
pub unsafe extern "C" fn getchar_unlocked() -> c_int {
    // SAFETY: caller contract.
    byte_or_eof(unsafe { STANDARD_INPUT.unlocked_input() }.get())
}

/// C23 7.23.7.10: eight bytes at least can be pushed back. `EOF` for `EOF`, or without room.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn ungetc(byte: c_int, file: *mut File) -> c_int {
    if byte == EOF {
        return EOF;
    }
    // SAFETY: caller contract.
    let result = unsafe { stream(file) }.lock().unget(byte as u8);
    result.map(|fits| if fits { c_int::from(byte as u8) } else { EOF }).or_errno(EOF)
}

/// C23 7.23.7.3. `EBADF`, and the errors of `write`.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn fputc(byte: c_int, file: *mut File) -> c_int {
    // SAFETY: caller contract.
    put_result(byte as u8, unsafe { stream(file) }.output().put(byte as u8))
}

/// C23 7.23.7.7.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn putc(byte: c_int, file: *mut File) -> c_int {
    // SAFETY: caller contract.
    put_result(byte as u8, unsafe { stream(file) }.output().put(byte as u8))
}

/// C23 7.23.7.8.
#[export]
pub extern "C" fn putchar(byte: c_int) -> c_int {
    put_result(byte as u8, STANDARD_OUTPUT.output().put(byte as u8))
}

/// POSIX.1-2024.
///
/// # Safety
/// `file` is an open stream, locked by the caller.
#[export]
pub unsafe extern "C" fn putc_unlocked(byte: c_int, file: *mut File) -> c_int {
    // SAFETY: caller contract.
    put_result(byte as u8, unsafe { stream(file).unlocked_output() }.put(byte as u8))
}

/// GNU.
///
/// # Safety
/// `file` is an open stream, locked by the caller.
#[export]
pub unsafe extern "C" fn fputc_unlocked(byte: c_int, file: *mut File) -> c_int {
    // SAFETY: caller contract.
    unsafe { putc_unlocked(byte, file) }
}

/// POSIX.1-2024.
///
/// # Safety
/// Standard output is locked by the caller.
#[export]
pub unsafe extern "C" fn putchar_unlocked(byte: c_int) -> c_int {
    // SAFETY: caller contract.
    put_result(byte as u8, unsafe { STANDARD_OUTPUT.unlocked_output() }.put(byte as u8))
}

/// SVID: an `int` in the machine's order of bytes; `EOF` is also a value.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn getw(file: *mut File) -> c_int {
    let mut word = [0; 4];
    // SAFETY: caller contract.
    let transfer = unsafe { stream(file) }.input().read(&mut word);
    transfer.result().map(|count| if count == 4 { c_int::from_ne_bytes(word) } else { EOF }).or_errno(EOF)
}

/// SVID: the counterpart of `getw`; 0, or `EOF`.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn putw(word: c_int, file: *mut File) -> c_int {
    // SAFETY: caller contract.
    unsafe { stream(file) }.output().write(&word.to_ne_bytes()).result().map(|_| 0).or_errno(EOF)
}
