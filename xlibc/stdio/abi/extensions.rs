//! `<stdio_ext.h>` (Solaris, glibc).

use super::super::file::File;
use super::super::registry;
use super::super::stream::Direction;
use super::stream;
use crate::types::{c_int, size_t};

/// Size of the buffer in bytes.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn __fbufsize(file: *mut File) -> size_t {
    // SAFETY: caller contract.
    unsafe { stream(file) }.lock().buffer_bytes()
}

/// Whether it sends by line.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn __flbf(file: *mut File) -> c_int {
    // SAFETY: caller contract.
    c_int::from(unsafe { stream(file) }.lock().by_line)
}

/// Bytes that wait to be written.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn __fpending(file: *mut File) -> size_t {
    // SAFETY: caller contract.
    unsafe { stream(file) }.lock().pending().len()
}

/// Forgets what the buffer holds.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn __fpurge(file: *mut File) -> c_int {
    // SAFETY: caller contract.
    unsafe { stream(file) }.lock().forget();
    0
}

/// Whether input is allowed.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn __freadable(file: *mut File) -> c_int {
    // SAFETY: caller contract.
    c_int::from(unsafe { stream(file) }.lock().readable)
}

/// Whether output is allowed.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn __fwritable(file: *mut File) -> c_int {
    // SAFETY: caller contract.
    c_int::from(unsafe { stream(file) }.lock().writable)
}

/// Whether it is for input only, or the last request was for input.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn __freading(file: *mut File) -> c_int {
    // SAFETY: caller contract.
    let stream = unsafe { stream(file) }.lock();
    c_int::from(!stream.writable || stream.direction == Direction::Reading)
}

/// Whether it is for output only, or the last request was for output.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn __fwriting(file: *mut File) -> c_int {
    // SAFETY: caller contract.
    let stream = unsafe { stream(file) }.lock();
    c_int::from(!stream.readable || stream.direction == Direction::Writing)
}

const INTERNAL: c_int = 1;
const BY_CALLER: c_int = 2;

/// Who locks: 1 the functions, 2 the caller; 0 only asks. What held before.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn __fsetlocking(file: *mut File, kind: c_int) -> c_int {
    let wanted = match kind {
        INTERNAL => Some(false),
        BY_CALLER => Some(true),
        _ => None,
    };
    // SAFETY: caller contract.
    if unsafe { stream(file) }.locking_by_caller(wanted) { BY_CALLER } else { INTERNAL }
}

/// Sends the output of all streams that send by line.
#[export]
pub extern "C" fn _flushlbf() {
    // The streams note their errors themselves.
    let _ = registry::flush_by_line();
}
