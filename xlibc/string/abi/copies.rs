//! Strings that are copied, appended and transformed: what C sees.

use crate::locale::locale_t;
use crate::rt::{Result, heap, or_null};
use crate::string::{copy, fill, scan};
use crate::types::{c_char, size_t};

/// C23 7.28.4.5. The identity, see [`strcoll`](super::strcoll). Where the result is `n` or more, `to` is left alone.
///
/// # Safety
/// `from` is NUL-terminated; `to` is writable for `n` bytes.
#[export]
pub unsafe extern "C" fn strxfrm(to: *mut c_char, from: *const c_char, n: size_t) -> size_t {
    // SAFETY: caller contract; the copy and its NUL fit where they are made.
    unsafe {
        let length = scan::length(from.cast());
        if length < n {
            copy::copy(to.cast(), from.cast(), length + 1);
        }
        length
    }
}

/// POSIX.1-2024; see [`strxfrm`].
///
/// # Safety
/// `from` is NUL-terminated; `to` is writable for `n` bytes.
#[export]
pub unsafe extern "C" fn strxfrm_l(to: *mut c_char, from: *const c_char, n: size_t, _locale: locale_t) -> size_t {
    // SAFETY: caller contract.
    unsafe { strxfrm(to, from, n) }
}

/// C23 7.28.2.4.
///
/// # Safety
/// `from` is NUL-terminated; `to` has room for it and does not overlap it.
#[export]
pub unsafe extern "C" fn strcpy(to: *mut c_char, from: *const c_char) -> *mut c_char {
    // SAFETY: caller contract.
    unsafe { copy::copy(to.cast(), from.cast(), scan::length(from.cast()) + 1) };
    to
}

/// POSIX.1-2024: `strcpy` that gives the NUL of the copy.
///
/// # Safety
/// `from` is NUL-terminated; `to` has room for it and does not overlap it.
#[export]
pub unsafe extern "C" fn stpcpy(to: *mut c_char, from: *const c_char) -> *mut c_char {
    // SAFETY: caller contract.
    unsafe {
        let length = scan::length(from.cast());
        copy::copy(to.cast(), from.cast(), length + 1);
        to.add(length)
    }
}

/// POSIX.1-2024: `strncpy` that gives the first NUL of the copy, or its end.
///
/// # Safety
/// `from` is readable up to its NUL or for `n` bytes; `to` is writable for `n` bytes.
#[export]
pub unsafe extern "C" fn stpncpy(to: *mut c_char, from: *const c_char, n: size_t) -> *mut c_char {
    // SAFETY: caller contract.
    unsafe {
        let length = scan::length_within(from.cast(), n);
        copy::copy(to.cast(), from.cast(), length);
        fill::fill(to.add(length).cast(), 0, n - length);
        to.add(length)
    }
}

/// C23 7.28.2.5. What is left of `n` bytes becomes NUL; there is none if `from` has `n` bytes or more.
///
/// # Safety
/// `from` is readable up to its NUL or for `n` bytes; `to` is writable for `n` bytes.
#[export]
pub unsafe extern "C" fn strncpy(to: *mut c_char, from: *const c_char, n: size_t) -> *mut c_char {
    // SAFETY: caller contract.
    unsafe { stpncpy(to, from, n) };
    to
}

/// POSIX.1-2024: copies what fits into `n` bytes with a NUL. The length of `from`; `n` or more says that it did not fit.
///
/// # Safety
/// `from` is NUL-terminated; `to` is writable for `n` bytes.
#[export]
pub unsafe extern "C" fn strlcpy(to: *mut c_char, from: *const c_char, n: size_t) -> size_t {
    // SAFETY: caller contract.
    unsafe {
        let length = scan::length(from.cast());
        if n > 0 {
            let taken = length.min(n - 1);
            copy::copy(to.cast(), from.cast(), taken);
            to.add(taken).write(0);
        }
        length
    }
}

/// C23 7.28.3.1.
///
/// # Safety
/// Both are NUL-terminated; `to` has room for both and does not overlap `from`.
#[export]
pub unsafe extern "C" fn strcat(to: *mut c_char, from: *const c_char) -> *mut c_char {
    // SAFETY: caller contract.
    unsafe { copy::copy(to.add(scan::length(to.cast())).cast(), from.cast(), scan::length(from.cast()) + 1) };
    to
}

/// C23 7.28.3.2. Always adds a NUL.
///
/// # Safety
/// `to` is NUL-terminated with room for `n` more bytes and a NUL; `from` is readable up to its NUL or for `n` bytes.
#[export]
pub unsafe extern "C" fn strncat(to: *mut c_char, from: *const c_char, n: size_t) -> *mut c_char {
    // SAFETY: caller contract.
    unsafe {
        let end = to.add(scan::length(to.cast()));
        let length = scan::length_within(from.cast(), n);
        copy::copy(end.cast(), from.cast(), length);
        end.add(length).write(0);
    }
    to
}

/// POSIX.1-2024: appends what fits into `n` bytes. The length it tried to make; `n` or more says that it did not fit.
///
/// # Safety
/// `from` is NUL-terminated; `to` is writable for `n` bytes.
#[export]
pub unsafe extern "C" fn strlcat(to: *mut c_char, from: *const c_char, n: size_t) -> size_t {
    // SAFETY: caller contract; with no NUL in `n` bytes nothing is written.
    unsafe {
        let length = scan::length_within(to.cast(), n);
        length + if length == n { scan::length(from.cast()) } else { strlcpy(to.add(length), from, n - length) }
    }
}

/// The first `length` bytes of a string and a NUL, in memory from `malloc`; `ENOMEM`.
///
/// # Safety
/// `string` is readable for `length` bytes.
unsafe fn duplicate(string: *const c_char, length: usize) -> Result<*mut c_char> {
    let copied: *mut c_char = heap::allocate(length + 1)?.cast();
    // SAFETY: caller contract; the copy has `length + 1` bytes.
    unsafe {
        copy::copy(copied.cast(), string.cast(), length);
        copied.add(length).write(0);
    }
    Ok(copied)
}

/// C23 7.28.6.6. Null with ENOMEM.
///
/// # Safety
/// `string` is NUL-terminated.
#[export]
pub unsafe extern "C" fn strdup(string: *const c_char) -> *mut c_char {
    // SAFETY: caller contract.
    or_null(unsafe { duplicate(string, scan::length(string.cast())) })
}

/// C23 7.28.6.7. Null with ENOMEM.
///
/// # Safety
/// `string` is readable up to its NUL or for `n` bytes.
#[export]
pub unsafe extern "C" fn strndup(string: *const c_char, n: size_t) -> *mut c_char {
    // SAFETY: caller contract.
    or_null(unsafe { duplicate(string, scan::length_within(string.cast(), n)) })
}
