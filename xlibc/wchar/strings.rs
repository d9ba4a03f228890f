//! Strings of wide characters.

use core::cmp::Ordering;

use crate::ctype::fold;
use crate::types::wchar_t;

/// Characters before the NUL, at most `limit`.
///
/// # Safety
/// `string` is readable up to its NUL or for `limit` characters.
pub unsafe fn length_within(string: *const wchar_t, limit: usize) -> usize {
    let mut length = 0;
    // SAFETY: caller contract: no NUL so far.
    while length < limit && unsafe { *string.add(length) } != 0 {
        length += 1;
    }
    length
}

/// Characters before the NUL.
///
/// # Safety
/// `string` is NUL-terminated.
#[inline]
pub unsafe fn length(string: *const wchar_t) -> usize {
    // SAFETY: caller contract.
    unsafe { length_within(string, usize::MAX) }
}

/// The characters of a string, without the NUL.
///
/// # Safety
/// `string` is NUL-terminated and not written for `'a`.
pub unsafe fn characters<'a>(string: *const wchar_t) -> &'a [wchar_t] {
    // SAFETY: caller contract.
    unsafe { core::slice::from_raw_parts(string, length(string)) }
}

/// `n` characters; accepts any pointer when `n` is 0.
///
/// # Safety
/// `n` characters are readable and not written for `'a`, unless `n` is 0.
pub unsafe fn slice<'a>(data: *const wchar_t, n: usize) -> &'a [wchar_t] {
    // SAFETY: caller contract.
    if n == 0 { &[] } else { unsafe { core::slice::from_raw_parts(data, n) } }
}

/// Compares two strings, `n` characters at most, each through `key`.
///
/// # Safety
/// Both are readable up to their NUL, the first difference or for `n` characters.
pub unsafe fn compare<K: Ord>(a: *const wchar_t, b: *const wchar_t, n: usize, key: impl Fn(wchar_t) -> K) -> Ordering {
    for at in 0..n {
        // SAFETY: no NUL and no difference so far.
        let (x, y) = unsafe { (*a.add(at), *b.add(at)) };
        let order = key(x).cmp(&key(y));
        if order.is_ne() || x == 0 {
            return order;
        }
    }
    Ordering::Equal
}

/// What case-insensitive comparison compares (POSIX.1-2024 `wcscasecmp`).
#[must_use]
pub fn folded(character: wchar_t) -> wchar_t {
    fold::lower(character as u32) as wchar_t
}

/// Index of the first `character` of a string or of its NUL.
///
/// # Safety
/// `string` is NUL-terminated.
pub unsafe fn find_or_end(string: *const wchar_t, character: wchar_t) -> usize {
    let mut at = 0;
    loop {
        // SAFETY: no NUL so far.
        let here = unsafe { *string.add(at) };
        if here == character || here == 0 {
            return at;
        }
        at += 1;
    }
}

/// Characters at the start of `string` of which each is in `set`, or each is not.
///
/// # Safety
/// `string` is NUL-terminated.
pub unsafe fn span(string: *const wchar_t, set: &[wchar_t], inside: bool) -> usize {
    let mut at = 0;
    loop {
        // SAFETY: no NUL so far.
        let here = unsafe { *string.add(at) };
        if here == 0 || set.contains(&here) != inside {
            return at;
        }
        at += 1;
    }
}

/// C23 7.31.4.6.7: the next token from `start`, or from `rest` if `start` is null. The character after it becomes NUL.
///
/// # Safety
/// `start`, or else `rest` if not null, is a writable NUL-terminated string.
pub unsafe fn token(start: *mut wchar_t, separators: &[wchar_t], rest: &mut *mut wchar_t) -> *mut wchar_t {
    let from = if start.is_null() { *rest } else { start };
    *rest = core::ptr::null_mut();
    if from.is_null() {
        return from;
    }
    // SAFETY: caller contract; spans stay inside the string.
    unsafe {
        let first = from.add(span(from, separators, true));
        if *first == 0 {
            return core::ptr::null_mut();
        }
        let end = first.add(span(first, separators, false));
        if *end != 0 {
            *end = 0;
            *rest = end.add(1);
        }
        first
    }
}
