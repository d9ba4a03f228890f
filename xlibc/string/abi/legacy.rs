//! `<strings.h>` and `swab`: what C sees.

use crate::locale::locale_t;
use crate::string::{compare, copy, fill, scan};
use crate::types::{c_char, c_int, c_long, c_longlong, c_void, size_t, ssize_t};

/// POSIX issue 6; compilers emit it for `memcmp` whose order nobody asks for.
///
/// # Safety
/// Both are readable for `n` bytes.
#[export]
pub unsafe extern "C" fn bcmp(a: *const c_void, b: *const c_void, n: size_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { compare::memory(a.cast(), b.cast(), n) as c_int }
}

/// POSIX issue 6: `memmove` with the source first.
///
/// # Safety
/// `from` is readable and `to` writable for `n` bytes.
#[export]
pub unsafe extern "C" fn bcopy(from: *const c_void, to: *mut c_void, n: size_t) {
    // SAFETY: caller contract.
    unsafe { copy::copy(to.cast(), from.cast(), n) }
}

/// POSIX issue 6.
///
/// # Safety
/// `n` bytes at `to` are writable.
#[export]
pub unsafe extern "C" fn bzero(to: *mut c_void, n: size_t) {
    // SAFETY: caller contract.
    unsafe { fill::fill(to.cast(), 0, n) }
}

/// POSIX.1-2024. Number of the lowest bit set, counted from 1; 0 for 0.
#[export]
pub extern "C" fn ffs(value: c_int) -> c_int {
    if value == 0 { 0 } else { value.trailing_zeros() as c_int + 1 }
}

/// POSIX.1-2024. Number of the lowest bit set, counted from 1; 0 for 0.
#[export]
pub extern "C" fn ffsl(value: c_long) -> c_int {
    if value == 0 { 0 } else { value.trailing_zeros() as c_int + 1 }
}

/// POSIX.1-2024. Number of the lowest bit set, counted from 1; 0 for 0.
#[export]
pub extern "C" fn ffsll(value: c_longlong) -> c_int {
    if value == 0 { 0 } else { value.trailing_zeros() as c_int + 1 }
}

/// POSIX issue 6: `strchr`.
///
/// # Safety
/// `string` is NUL-terminated.
#[export]
pub unsafe extern "C" fn index(string: *const c_char, byte: c_int) -> *mut c_char {
    // SAFETY: caller contract; the place lies in the string, its NUL included.
    unsafe {
        let place = scan::find_or_end(string.cast(), byte as u8);
        if *place == byte as u8 { place.cast_mut().cast() } else { core::ptr::null_mut() }
    }
}

/// POSIX issue 6: `strrchr`.
///
/// # Safety
/// `string` is NUL-terminated.
#[export]
pub unsafe extern "C" fn rindex(string: *const c_char, byte: c_int) -> *mut c_char {
    // SAFETY: caller contract.
    unsafe { scan::find_last_in_string(string.cast(), byte as u8).cast_mut().cast() }
}

/// POSIX.1-2024. The letters of ASCII, in every locale: no other letter has one byte.
///
/// # Safety
/// Both are NUL-terminated.
#[export]
pub unsafe extern "C" fn strcasecmp(a: *const c_char, b: *const c_char) -> c_int {
    // SAFETY: caller contract.
    unsafe { compare::strings_folded(a.cast(), b.cast(), usize::MAX) as c_int }
}

/// POSIX.1-2024; see [`strcasecmp`].
///
/// # Safety
/// Both are NUL-terminated.
#[export]
pub unsafe extern "C" fn strcasecmp_l(a: *const c_char, b: *const c_char, _locale: locale_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { compare::strings_folded(a.cast(), b.cast(), usize::MAX) as c_int }
}

/// POSIX.1-2024; see [`strcasecmp`].
///
/// # Safety
/// Both are readable up to their NUL, the first difference or for `n` bytes.
#[export]
pub unsafe extern "C" fn strncasecmp(a: *const c_char, b: *const c_char, n: size_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { compare::strings_folded(a.cast(), b.cast(), n) as c_int }
}

/// POSIX.1-2024; see [`strcasecmp`].
///
/// # Safety
/// Both are readable up to their NUL, the first difference or for `n` bytes.
#[export]
pub unsafe extern "C" fn strncasecmp_l(a: *const c_char, b: *const c_char, n: size_t, _locale: locale_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { compare::strings_folded(a.cast(), b.cast(), n) as c_int }
}

/// POSIX.1-2024 `<unistd.h>`. An odd last byte is not copied; nothing is for a negative `n`.
///
/// # Safety
/// `from` is readable and `to` writable for `n` bytes; they do not overlap.
#[export]
pub unsafe extern "C" fn swab(from: *const c_void, to: *mut c_void, n: ssize_t) {
    // SAFETY: caller contract.
    unsafe { copy::swap_pairs(to.cast(), from.cast(), usize::try_from(n).unwrap_or(0)) }
}
