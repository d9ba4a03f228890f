//! Wide strings: what C sees.

use core::ptr;

use crate::locale::locale_t;
use crate::rt::{heap, or_null};
use crate::string::{copy, search, two_way};
use crate::types::{c_int, size_t, wchar_t};
use crate::wchar::strings::{characters, compare, find_or_end, folded, length, length_within, slice, span, token};
use crate::wchar::width;

const BYTES: usize = size_of::<wchar_t>();

/// C23 7.31.4.6.8.
///
/// # Safety
/// `string` is NUL-terminated.
#[export]
pub unsafe extern "C" fn wcslen(string: *const wchar_t) -> size_t {
    // SAFETY: caller contract.
    unsafe { length(string) }
}

/// POSIX.1-2024.
///
/// # Safety
/// `string` is readable up to its NUL or for `n` characters.
#[export]
pub unsafe extern "C" fn wcsnlen(string: *const wchar_t, n: size_t) -> size_t {
    // SAFETY: caller contract.
    unsafe { length_within(string, n) }
}

/// C23 7.31.4.2.1.
///
/// # Safety
/// `from` is NUL-terminated; `to` has room for it and does not overlap it.
#[export]
pub unsafe extern "C" fn wcscpy(to: *mut wchar_t, from: *const wchar_t) -> *mut wchar_t {
    // SAFETY: caller contract.
    unsafe { copy::copy(to.cast(), from.cast(), (length(from) + 1) * BYTES) };
    to
}

/// POSIX.1-2024: `wcscpy` that gives the NUL of the copy.
///
/// # Safety
/// `from` is NUL-terminated; `to` has room for it and does not overlap it.
#[export]
pub unsafe extern "C" fn wcpcpy(to: *mut wchar_t, from: *const wchar_t) -> *mut wchar_t {
    // SAFETY: caller contract.
    unsafe {
        let n = length(from);
        copy::copy(to.cast(), from.cast(), (n + 1) * BYTES);
        to.add(n)
    }
}

/// POSIX.1-2024: `wcsncpy` that gives the first NUL of the copy, or its end.
///
/// # Safety
/// `from` is readable up to its NUL or for `n` characters; `to` is writable for `n`.
#[export]
pub unsafe extern "C" fn wcpncpy(to: *mut wchar_t, from: *const wchar_t, n: size_t) -> *mut wchar_t {
    // SAFETY: caller contract.
    unsafe {
        let taken = length_within(from, n);
        copy::copy(to.cast(), from.cast(), taken * BYTES);
        to.add(taken).write_bytes(0, n - taken);
        to.add(taken)
    }
}

/// C23 7.31.4.2.2. What is left of `n` characters becomes NUL; there is none if `from` has `n` or more.
///
/// # Safety
/// `from` is readable up to its NUL or for `n` characters; `to` is writable for `n`.
#[export]
pub unsafe extern "C" fn wcsncpy(to: *mut wchar_t, from: *const wchar_t, n: size_t) -> *mut wchar_t {
    // SAFETY: caller contract.
    unsafe { wcpncpy(to, from, n) };
    to
}

/// C23 7.31.4.3.1.
///
/// # Safety
/// Both are NUL-terminated; `to` has room for both and does not overlap `from`.
#[export]
pub unsafe extern "C" fn wcscat(to: *mut wchar_t, from: *const wchar_t) -> *mut wchar_t {
    // SAFETY: caller contract.
    unsafe { copy::copy(to.add(length(to)).cast(), from.cast(), (length(from) + 1) * BYTES) };
    to
}

/// C23 7.31.4.3.2. Always adds a NUL.
///
/// # Safety
/// `to` is NUL-terminated with room for `n` more characters and a NUL; `from` is readable up to its NUL or for `n`.
#[export]
pub unsafe extern "C" fn wcsncat(to: *mut wchar_t, from: *const wchar_t, n: size_t) -> *mut wchar_t {
    // SAFETY: caller contract.
    unsafe {
        let end = to.add(length(to));
        let taken = length_within(from, n);
        copy::copy(end.cast(), from.cast(), taken * BYTES);
        end.add(taken).write(0);
    }
    to
}

/// POSIX.1-2024. Null with ENOMEM.
///
/// # Safety
/// `string` is NUL-terminated.
#[export]
pub unsafe extern "C" fn wcsdup(string: *const wchar_t) -> *mut wchar_t {
    // SAFETY: caller contract.
    let bytes = (unsafe { length(string) } + 1) * BYTES;
    or_null(heap::allocate(bytes).map(|copied| {
        // SAFETY: caller contract; the copy has room for the NUL.
        unsafe { copy::copy(copied, string.cast(), bytes) };
        copied.cast()
    }))
}

/// C23 7.31.4.4.1. The order of `wchar_t`.
///
/// # Safety
/// Both are NUL-terminated.
#[export]
pub unsafe extern "C" fn wcscmp(a: *const wchar_t, b: *const wchar_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { compare(a, b, usize::MAX, |c| c) as c_int }
}

/// C23 7.31.4.4.3.
///
/// # Safety
/// Both are readable up to their NUL, the first difference or for `n` characters.
#[export]
pub unsafe extern "C" fn wcsncmp(a: *const wchar_t, b: *const wchar_t, n: size_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { compare(a, b, n, |c| c) as c_int }
}

/// C23 7.31.4.4.2. Code points, in every locale.
///
/// # Safety
/// Both are NUL-terminated.
#[export]
pub unsafe extern "C" fn wcscoll(a: *const wchar_t, b: *const wchar_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { compare(a, b, usize::MAX, |c| c) as c_int }
}

/// POSIX.1-2024; see [`wcscoll`].
///
/// # Safety
/// Both are NUL-terminated.
#[export]
pub unsafe extern "C" fn wcscoll_l(a: *const wchar_t, b: *const wchar_t, _locale: locale_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { compare(a, b, usize::MAX, |c| c) as c_int }
}

/// C23 7.31.4.4.4. The identity, see [`wcscoll`]. Where the result is `n` or more, `to` is left alone.
///
/// # Safety
/// `from` is NUL-terminated; `to` is writable for `n` characters.
#[export]
pub unsafe extern "C" fn wcsxfrm(to: *mut wchar_t, from: *const wchar_t, n: size_t) -> size_t {
    // SAFETY: caller contract; the copy and its NUL fit where they are made.
    unsafe {
        let taken = length(from);
        if taken < n {
            copy::copy(to.cast(), from.cast(), (taken + 1) * BYTES);
        }
        taken
    }
}

/// POSIX.1-2024; see [`wcsxfrm`].
///
/// # Safety
/// `from` is NUL-terminated; `to` is writable for `n` characters.
#[export]
pub unsafe extern "C" fn wcsxfrm_l(to: *mut wchar_t, from: *const wchar_t, n: size_t, _locale: locale_t) -> size_t {
    // SAFETY: caller contract.
    unsafe { wcsxfrm(to, from, n) }
}

/// POSIX.1-2024. Unicode's lower case, in every locale.
///
/// # Safety
/// Both are NUL-terminated.
#[export]
pub unsafe extern "C" fn wcscasecmp(a: *const wchar_t, b: *const wchar_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { compare(a, b, usize::MAX, folded) as c_int }
}

/// POSIX.1-2024; see [`wcscasecmp`].
///
/// # Safety
/// Both are NUL-terminated.
#[export]
pub unsafe extern "C" fn wcscasecmp_l(a: *const wchar_t, b: *const wchar_t, _locale: locale_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { compare(a, b, usize::MAX, folded) as c_int }
}

/// POSIX.1-2024; see [`wcscasecmp`].
///
/// # Safety
/// Both are readable up to their NUL, the first difference or for `n` characters.
#[export]
pub unsafe extern "C" fn wcsncasecmp(a: *const wchar_t, b: *const wchar_t, n: size_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { compare(a, b, n, folded) as c_int }
}

/// POSIX.1-2024; see [`wcscasecmp`].
///
/// # Safety
/// Both are readable up to their NUL, the first difference or for `n` characters.
#[export]
pub unsafe extern "C" fn wcsncasecmp_l(a: *const wchar_t, b: *const wchar_t, n: size_t, _locale: locale_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { compare(a, b, n, folded) as c_int }
}

/// C23 7.31.4.6.1.
///
/// # Safety
/// `string` is NUL-terminated.
#[export]
pub unsafe extern "C" fn wcschr(string: *const wchar_t, character: wchar_t) -> *mut wchar_t {
    // SAFETY: caller contract; the place lies in the string, its NUL included.
    unsafe {
        let place = string.add(find_or_end(string, character));
        if *place == character { place.cast_mut() } else { ptr::null_mut() }
    }
}

/// C23 7.31.4.6.4.
///
/// # Safety
/// `string` is NUL-terminated.
#[export]
pub unsafe extern "C" fn wcsrchr(string: *const wchar_t, character: wchar_t) -> *mut wchar_t {
    // SAFETY: caller contract; the NUL is part of the slice.
    unsafe {
        let all = slice(string, length(string) + 1);
        all.iter().rposition(|here| *here == character).map_or(ptr::null_mut(), |place| string.add(place).cast_mut())
    }
}

/// C23 7.31.4.6.5.
///
/// # Safety
/// Both are NUL-terminated.
#[export]
pub unsafe extern "C" fn wcsspn(string: *const wchar_t, set: *const wchar_t) -> size_t {
    // SAFETY: caller contract.
    unsafe { span(string, characters(set), true) }
}

/// C23 7.31.4.6.2.
///
/// # Safety
/// Both are NUL-terminated.
#[export]
pub unsafe extern "C" fn wcscspn(string: *const wchar_t, set: *const wchar_t) -> size_t {
    // SAFETY: caller contract.
    unsafe { span(string, characters(set), false) }
}

/// C23 7.31.4.6.3.
///
/// # Safety
/// Both are NUL-terminated.
#[export]
pub unsafe extern "C" fn wcspbrk(string: *const wchar_t, set: *const wchar_t) -> *mut wchar_t {
    // SAFETY: caller contract.
    unsafe {
        let place = string.add(span(string, characters(set), false));
        if *place == 0 { ptr::null_mut() } else { place.cast_mut() }
    }
}

/// C23 7.31.4.6.6. Linear at worst.
///
/// # Safety
/// Both are NUL-terminated.
#[export]
pub unsafe extern "C" fn wcsstr(haystack: *const wchar_t, needle: *const wchar_t) -> *mut wchar_t {
    // SAFETY: caller contract.
    unsafe {
        if *needle == 0 {
            return haystack.cast_mut();
        }
        let start = haystack.add(find_or_end(haystack, *needle));
        let Some(needle) = search::needle_for(start, needle, |at, n| length_within(at, n)) else {
            return ptr::null_mut();
        };
        search::in_windows(
            start,
            needle.len(),
            |at, n| length_within(at, n),
            |window| two_way::find(window, needle, |c| c),
        )
        .map_or(ptr::null_mut(), |place| start.add(place).cast_mut())
    }
}

/// POSIX issue 6: `wcsstr`.
///
/// # Safety
/// Both are NUL-terminated.
#[export]
pub unsafe extern "C" fn wcswcs(haystack: *const wchar_t, needle: *const wchar_t) -> *mut wchar_t {
    // SAFETY: caller contract.
    unsafe { wcsstr(haystack, needle) }
}

/// C23 7.31.4.6.7.
///
/// # Safety
/// `string`, or else `*rest` if not null, is writable and NUL-terminated; `separators` is NUL-terminated.
#[export]
pub unsafe extern "C" fn wcstok(
    string: *mut wchar_t,
    separators: *const wchar_t,
    rest: *mut *mut wchar_t,
) -> *mut wchar_t {
    // SAFETY: caller contract.
    unsafe { token(string, characters(separators), &mut *rest) }
}

/// POSIX.1-2024. -1 for a character that does not print.
#[export]
pub extern "C" fn wcwidth(character: wchar_t) -> c_int {
    width::of(character as u32).map_or(-1, |columns| columns as c_int)
}

/// POSIX.1-2024. -1 if a character does not print, or the sum exceeds INT_MAX.
///
/// # Safety
/// `string` is readable up to its NUL or for `n` characters.
#[export]
pub unsafe extern "C" fn wcswidth(string: *const wchar_t, n: size_t) -> c_int {
    // SAFETY: caller contract.
    let text = unsafe { slice(string, length_within(string, n)) };
    text.iter()
        .try_fold(0, |sum: c_int, character| sum.checked_add(width::of(*character as u32)? as c_int))
        .unwrap_or(-1)
}

/// C23 7.31.4.6.9.
///
/// # Safety
/// Readable up to the first `character` or for `n` characters.
#[export]
pub unsafe extern "C" fn wmemchr(data: *const wchar_t, character: wchar_t, n: size_t) -> *mut wchar_t {
    for at in 0..n {
        // SAFETY: caller contract: not found so far.
        unsafe {
            if *data.add(at) == character {
                return data.add(at).cast_mut();
            }
        }
    }
    ptr::null_mut()
}

/// C23 7.31.4.4.5.
///
/// # Safety
/// Both are readable for `n` characters.
#[export]
pub unsafe extern "C" fn wmemcmp(a: *const wchar_t, b: *const wchar_t, n: size_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { slice(a, n).cmp(slice(b, n)) as c_int }
}

/// C23 7.31.4.2.3.
///
/// # Safety
/// `from` is readable and `to` writable for `n` characters.
#[export]
pub unsafe extern "C" fn wmemcpy(to: *mut wchar_t, from: *const wchar_t, n: size_t) -> *mut wchar_t {
    // SAFETY: caller contract.
    unsafe { copy::copy(to.cast(), from.cast(), n * BYTES) };
    to
}

/// C23 7.31.4.2.4.
///
/// # Safety
/// `from` is readable and `to` writable for `n` characters.
#[export]
pub unsafe extern "C" fn wmemmove(to: *mut wchar_t, from: *const wchar_t, n: size_t) -> *mut wchar_t {
    // SAFETY: caller contract.
    unsafe { copy::copy(to.cast(), from.cast(), n * BYTES) };
    to
}

/// C23 7.31.4.6.10.
///
/// # Safety
/// `n` characters at `to` are writable.
#[export]
pub unsafe extern "C" fn wmemset(to: *mut wchar_t, character: wchar_t, n: size_t) -> *mut wchar_t {
    for at in 0..n {
        // SAFETY: caller contract.
        unsafe { to.add(at).write(character) };
    }
    to
}
