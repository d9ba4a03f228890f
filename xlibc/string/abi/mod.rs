//! `<string.h>`: what C sees. Copies of strings are in `abi/copies.rs`, `<strings.h>` in
//! `abi/legacy.rs`.

use core::ptr;

use super::{compare, copy, error_text, fill, scan, search, signal_text, span, version};
use crate::locale::locale_t;
use crate::rt::{CBytes, Errno, bytes};
use crate::types::{c_char, c_int, c_void, size_t};

pub mod copies;
pub mod legacy;

/// C23 7.28.2.1. Regions that overlap are copied as by `memmove`.
///
/// # Safety
/// `from` is readable and `to` writable for `n` bytes.
#[export]
pub unsafe extern "C" fn memcpy(to: *mut c_void, from: *const c_void, n: size_t) -> *mut c_void {
    // SAFETY: caller contract.
    unsafe { copy::copy(to.cast(), from.cast(), n) };
    to
}

/// C23 7.28.2.3.
///
/// # Safety
/// `from` is readable and `to` writable for `n` bytes.
#[export]
pub unsafe extern "C" fn memmove(to: *mut c_void, from: *const c_void, n: size_t) -> *mut c_void {
    // SAFETY: caller contract.
    unsafe { copy::copy(to.cast(), from.cast(), n) };
    to
}

/// GNU: `memcpy` that gives the end of the copy.
///
/// # Safety
/// `from` is readable and `to` writable for `n` bytes.
#[export]
pub unsafe extern "C" fn mempcpy(to: *mut c_void, from: *const c_void, n: size_t) -> *mut c_void {
    // SAFETY: caller contract.
    unsafe {
        copy::copy(to.cast(), from.cast(), n);
        to.byte_add(n)
    }
}

/// C23 7.28.2.2. The address after the copy of `stop`, or null if the first `n` bytes have none.
///
/// # Safety
/// `from` is readable up to the first `stop` or for `n` bytes; `to` is writable for as many.
#[export]
pub unsafe extern "C" fn memccpy(to: *mut c_void, from: *const c_void, stop: c_int, n: size_t) -> *mut c_void {
    // SAFETY: caller contract.
    unsafe {
        let place = scan::find(from.cast(), stop as u8, n);
        let taken = place.map_or(n, |place| place + 1);
        copy::copy(to.cast(), from.cast(), taken);
        if place.is_some() { to.byte_add(taken) } else { ptr::null_mut() }
    }
}

/// C23 7.28.6.1.
///
/// # Safety
/// `n` bytes at `to` are writable.
#[export]
pub unsafe extern "C" fn memset(to: *mut c_void, byte: c_int, n: size_t) -> *mut c_void {
    // SAFETY: caller contract.
    unsafe { fill::fill(to.cast(), byte as u8, n) };
    to
}

/// C23 7.28.6.2: a `memset` that is never optimised away.
///
/// # Safety
/// `n` bytes at `to` are writable.
#[export]
pub unsafe extern "C" fn explicit_bzero(to: *mut c_void, n: size_t) {
    // SAFETY: caller contract.
    unsafe { fill::erase(to.cast(), n) }
}

/// C23 7.28.4.1.
///
/// # Safety
/// Both are readable for `n` bytes.
#[export]
pub unsafe extern "C" fn memcmp(a: *const c_void, b: *const c_void, n: size_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { compare::memory(a.cast(), b.cast(), n) as c_int }
}

/// C23 7.28.5.1.
///
/// # Safety
/// Readable up to the first `byte` or for `n` bytes.
#[export]
pub unsafe extern "C" fn memchr(data: *const c_void, byte: c_int, n: size_t) -> *mut c_void {
    // SAFETY: caller contract.
    match unsafe { scan::find(data.cast(), byte as u8, n) } {
        // SAFETY: below `n`.
        Some(place) => unsafe { data.byte_add(place).cast_mut() },
        None => ptr::null_mut(),
    }
}

/// GNU: the last `byte`.
///
/// # Safety
/// `n` bytes at `data` are readable.
#[export]
pub unsafe extern "C" fn memrchr(data: *const c_void, byte: c_int, n: size_t) -> *mut c_void {
    // SAFETY: caller contract.
    match unsafe { scan::find_last(data.cast(), byte as u8, n) } {
        // SAFETY: below `n`.
        Some(place) => unsafe { data.byte_add(place).cast_mut() },
        None => ptr::null_mut(),
    }
}

/// POSIX.1-2024. Linear in `n + m` at worst.
///
/// # Safety
/// `haystack` is readable for `n` bytes, `needle` for `m`.
#[export]
pub unsafe extern "C" fn memmem(haystack: *const c_void, n: size_t, needle: *const c_void, m: size_t) -> *mut c_void {
    // SAFETY: caller contract.
    match unsafe { search::in_bytes(bytes(haystack.cast(), n), bytes(needle.cast(), m)) } {
        // SAFETY: at most `n`.
        Some(place) => unsafe { haystack.byte_add(place).cast_mut() },
        None => ptr::null_mut(),
    }
}

/// C23 7.28.6.4.
///
/// # Safety
/// `string` is NUL-terminated.
#[export]
pub unsafe extern "C" fn strlen(string: *const c_char) -> size_t {
    // SAFETY: caller contract.
    unsafe { scan::length(string.cast()) }
}

/// C23 7.28.6.5.
///
/// # Safety
/// `string` is readable up to its NUL or for `n` bytes.
#[export]
pub unsafe extern "C" fn strnlen(string: *const c_char, n: size_t) -> size_t {
    // SAFETY: caller contract.
    unsafe { scan::length_within(string.cast(), n) }
}

/// C23 7.28.5.2.
///
/// # Safety
/// `string` is NUL-terminated.
#[export]
pub unsafe extern "C" fn strchr(string: *const c_char, byte: c_int) -> *mut c_char {
    // SAFETY: caller contract; the place lies in the string, its NUL included.
    unsafe {
        let place = scan::find_or_end(string.cast(), byte as u8);
        if *place == byte as u8 { place.cast_mut().cast() } else { ptr::null_mut() }
    }
}

/// POSIX.1-2024 has no such function; GNU: `strchr` that gives the NUL where `byte` is absent.
///
/// # Safety
/// `string` is NUL-terminated.
#[export]
pub unsafe extern "C" fn strchrnul(string: *const c_char, byte: c_int) -> *mut c_char {
    // SAFETY: caller contract.
    unsafe { scan::find_or_end(string.cast(), byte as u8).cast_mut().cast() }
}

/// C23 7.28.5.5.
///
/// # Safety
/// `string` is NUL-terminated.
#[export]
pub unsafe extern "C" fn strrchr(string: *const c_char, byte: c_int) -> *mut c_char {
    // SAFETY: caller contract.
    unsafe { scan::find_last_in_string(string.cast(), byte as u8).cast_mut().cast() }
}

/// C23 7.28.4.2.
///
/// # Safety
/// Both are NUL-terminated.
#[export]
pub unsafe extern "C" fn strcmp(a: *const c_char, b: *const c_char) -> c_int {
    // SAFETY: caller contract.
    unsafe { compare::strings(a.cast(), b.cast()) as c_int }
}

/// C23 7.28.4.4.
///
/// # Safety
/// Both are readable up to their NUL, the first difference or for `n` bytes.
#[export]
pub unsafe extern "C" fn strncmp(a: *const c_char, b: *const c_char, n: size_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { compare::strings_within(a.cast(), b.cast(), n) as c_int }
}

/// C23 7.28.4.3. Every locale here collates by byte: POSIX for "C" and "POSIX"; code points for "C.UTF-8", and UTF-8 keeps their order.
///
/// # Safety
/// Both are NUL-terminated.
#[export]
pub unsafe extern "C" fn strcoll(a: *const c_char, b: *const c_char) -> c_int {
    // SAFETY: caller contract.
    unsafe { compare::strings(a.cast(), b.cast()) as c_int }
}

/// POSIX.1-2024; see [`strcoll`].
///
/// # Safety
/// Both are NUL-terminated.
#[export]
pub unsafe extern "C" fn strcoll_l(a: *const c_char, b: *const c_char, _locale: locale_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { compare::strings(a.cast(), b.cast()) as c_int }
}

/// GNU: order of version numbers.
///
/// # Safety
/// Both are NUL-terminated.
#[export]
pub unsafe extern "C" fn strverscmp(a: *const c_char, b: *const c_char) -> c_int {
    // SAFETY: caller contract.
    unsafe { version::compare(CBytes::new(a), CBytes::new(b)) as c_int }
}

/// C23 7.28.5.6.
///
/// # Safety
/// Both are NUL-terminated.
#[export]
pub unsafe extern "C" fn strspn(string: *const c_char, set: *const c_char) -> size_t {
    // SAFETY: caller contract.
    unsafe { span::inside(string.cast(), set.cast()) }
}

/// C23 7.28.5.3.
///
/// # Safety
/// Both are NUL-terminated.
#[export]
pub unsafe extern "C" fn strcspn(string: *const c_char, set: *const c_char) -> size_t {
    // SAFETY: caller contract.
    unsafe { span::outside(string.cast(), set.cast()) }
}

/// C23 7.28.5.4.
///
/// # Safety
/// Both are NUL-terminated.
#[export]
pub unsafe extern "C" fn strpbrk(string: *const c_char, set: *const c_char) -> *mut c_char {
    // SAFETY: caller contract.
    unsafe {
        let place = string.add(span::outside(string.cast(), set.cast()));
        if *place == 0 { ptr::null_mut() } else { place.cast_mut() }
    }
}

/// C23 7.28.5.7. Linear at worst.
///
/// # Safety
/// Both are NUL-terminated.
#[export]
pub unsafe extern "C" fn strstr(haystack: *const c_char, needle: *const c_char) -> *mut c_char {
    // SAFETY: caller contract.
    match unsafe { search::in_string(haystack.cast(), needle.cast()) } {
        // SAFETY: inside the haystack, its NUL included.
        Some(place) => unsafe { haystack.add(place).cast_mut() },
        None => ptr::null_mut(),
    }
}

/// GNU: `strstr` without regard to the case of ASCII letters. Linear at worst.
///
/// # Safety
/// Both are NUL-terminated.
#[export]
pub unsafe extern "C" fn strcasestr(haystack: *const c_char, needle: *const c_char) -> *mut c_char {
    // SAFETY: caller contract.
    match unsafe { search::in_string_folded(haystack.cast(), needle.cast()) } {
        // SAFETY: inside the haystack, its NUL included.
        Some(place) => unsafe { haystack.add(place).cast_mut() },
        None => ptr::null_mut(),
    }
}

/// C23 7.28.5.8. Where the string is, is kept in one place for all threads; `strtok_r` keeps it with the caller.
///
/// # Safety
/// `string`, or else the string of the call before, is writable and NUL-terminated; no other thread calls.
#[export]
pub unsafe extern "C" fn strtok(string: *mut c_char, separators: *const c_char) -> *mut c_char {
    static REST: core::sync::atomic::AtomicPtr<u8> = core::sync::atomic::AtomicPtr::new(ptr::null_mut());
    let mut rest = REST.load(core::sync::atomic::Ordering::Relaxed);
    // SAFETY: caller contract.
    let token = unsafe { span::token(string.cast(), separators.cast(), &mut rest) };
    REST.store(rest, core::sync::atomic::Ordering::Relaxed);
    token.cast()
}

/// POSIX.1-2024.
///
/// # Safety
/// `string`, or else `*rest` if not null, is writable and NUL-terminated; `separators` is NUL-terminated.
#[export]
pub unsafe extern "C" fn strtok_r(
    string: *mut c_char,
    separators: *const c_char,
    rest: *mut *mut c_char,
) -> *mut c_char {
    // SAFETY: caller contract.
    unsafe { span::token(string.cast(), separators.cast(), &mut *rest.cast()).cast() }
}

/// BSD: the next field, which may be empty; null at the end.
///
/// # Safety
/// `*rest` is null or a writable NUL-terminated string; `separators` is NUL-terminated.
#[export]
pub unsafe extern "C" fn strsep(rest: *mut *mut c_char, separators: *const c_char) -> *mut c_char {
    // SAFETY: caller contract.
    unsafe { span::field(&mut *rest.cast(), separators.cast()).cast() }
}

/// C23 7.28.6.3. Never fails; the text is constant. The same in every locale.
#[export]
pub extern "C" fn strerror(number: c_int) -> *mut c_char {
    error_text::text(number).as_ptr().cast_mut()
}

/// POSIX.1-2024; see [`strerror`].
#[export]
pub extern "C" fn strerror_l(number: c_int, _locale: locale_t) -> *mut c_char {
    strerror(number)
}

/// POSIX.1-2024. EINVAL for a number that is no error (the text says so), ERANGE where `n` bytes are too few (what fits is there, with
/// a NUL). The error is the result; errno stays.
///
/// # Safety
/// `buffer` is writable for `n` bytes.
#[export]
pub unsafe extern "C" fn strerror_r(number: c_int, buffer: *mut c_char, n: size_t) -> c_int {
    let text = error_text::of(number);
    // SAFETY: caller contract; a C string.
    let length = unsafe { copies::strlcpy(buffer, text.unwrap_or(error_text::UNKNOWN).as_ptr(), n) };
    match text {
        _ if length >= n => Errno::RANGE.number(),
        None => Errno::INVAL.number(),
        Some(_) => 0,
    }
}

/// POSIX.1-2024. The text is constant.
#[export]
pub extern "C" fn strsignal(signal: c_int) -> *mut c_char {
    signal_text::of(signal).as_ptr().cast_mut()
}

#[cfg(test)]
mod tests;
