//! `<nl_types.h>`: what C sees.

use core::ptr;

use super::catalog;
use crate::rt::{c_bytes, set_errno};
use crate::types::{c_char, c_int, c_void};

/// POSIX.1-2024. -1 with ENOENT where no such file is found, EINVAL for one that is no message catalog, or the error of reading it.
///
/// # Safety
/// `name` is NUL-terminated.
#[export]
pub unsafe extern "C" fn catopen(name: *const c_char, flag: c_int) -> *mut c_void {
    // SAFETY: caller contract.
    match catalog::open(unsafe { c_bytes(name) }, flag) {
        Ok(catalog) => catalog,
        Err(errno) => {
            set_errno(errno);
            ptr::without_provenance_mut(usize::MAX)
        }
    }
}

/// POSIX.1-2024. `default` with EBADF for an invalid catalog, ENOMSG where it has no such message.
///
/// # Safety
/// `descriptor` is a result of `catopen`, or null or -1.
#[export]
pub unsafe extern "C" fn catgets(
    descriptor: *mut c_void,
    set: c_int,
    message: c_int,
    default: *const c_char,
) -> *mut c_char {
    // SAFETY: caller contract.
    match unsafe { catalog::message(descriptor, set, message) } {
        Ok(text) => text.as_ptr().cast_mut(),
        Err(errno) => {
            set_errno(errno);
            default.cast_mut()
        }
    }
}

/// POSIX.1-2024. -1 with EBADF for an invalid catalog.
///
/// # Safety
/// `descriptor` is a result of `catopen` that is not closed, or null or -1.
#[export]
pub unsafe extern "C" fn catclose(descriptor: *mut c_void) -> c_int {
    // SAFETY: caller contract.
    match unsafe { catalog::close(descriptor) } {
        Ok(()) => 0,
        Err(errno) => {
            set_errno(errno);
            -1
        }
    }
}
