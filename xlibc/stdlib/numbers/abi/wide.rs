//! `<wchar.h>`, `<inttypes.h>`: wide strings as numbers (C23 7.31.4.1, 7.8.2.4).

use crate::stdlib::numbers::abi::finish;
use crate::stdlib::numbers::{CWide, double, long_double, long_double_result, signed, single, unsigned};
use crate::types::{c_double, c_float, c_int, c_long, c_longlong, c_ulong, c_ulonglong, intmax_t, uintmax_t, wchar_t};

/// C23 7.31.4.1.3. Clamps to `LONG_MIN` or `LONG_MAX` with `ERANGE`; `EINVAL` for a base outside 0, 2..=36.
///
/// # Safety
/// `text` is a wide string; `end` is null or valid for a write.
#[export]
pub unsafe extern "C" fn wcstol(text: *const wchar_t, end: *mut *mut wchar_t, base: c_int) -> c_long {
    // SAFETY: caller contract.
    unsafe { finish(signed(CWide::new(text), base), text, end) }
}

/// C23 7.31.4.1.3.
///
/// # Safety
/// As for `wcstol`.
#[export]
pub unsafe extern "C" fn wcstoll(text: *const wchar_t, end: *mut *mut wchar_t, base: c_int) -> c_longlong {
    // SAFETY: caller contract.
    unsafe { wcstol(text, end, base) }
}

/// C23 7.8.2.4.
///
/// # Safety
/// As for `wcstol`.
#[export]
pub unsafe extern "C" fn wcstoimax(text: *const wchar_t, end: *mut *mut wchar_t, base: c_int) -> intmax_t {
    // SAFETY: caller contract.
    unsafe { wcstol(text, end, base) }
}

/// C23 7.31.4.1.3. Clamps to `ULONG_MAX` with `ERANGE`.
///
/// # Safety
/// As for `wcstol`.
#[export]
pub unsafe extern "C" fn wcstoul(text: *const wchar_t, end: *mut *mut wchar_t, base: c_int) -> c_ulong {
    // SAFETY: caller contract.
    unsafe { finish(unsigned(CWide::new(text), base), text, end) }
}

/// C23 7.31.4.1.3.
///
/// # Safety
/// As for `wcstol`.
#[export]
pub unsafe extern "C" fn wcstoull(text: *const wchar_t, end: *mut *mut wchar_t, base: c_int) -> c_ulonglong {
    // SAFETY: caller contract.
    unsafe { wcstoul(text, end, base) }
}

/// C23 7.8.2.4.
///
/// # Safety
/// As for `wcstol`.
#[export]
pub unsafe extern "C" fn wcstoumax(text: *const wchar_t, end: *mut *mut wchar_t, base: c_int) -> uintmax_t {
    // SAFETY: caller contract.
    unsafe { wcstoul(text, end, base) }
}

/// C23 7.31.4.1.2. `ERANGE`.
///
/// # Safety
/// As for `wcstol`.
#[export]
pub unsafe extern "C" fn wcstod(text: *const wchar_t, end: *mut *mut wchar_t) -> c_double {
    // SAFETY: caller contract.
    unsafe { finish(Some(double(CWide::new(text))), text, end) }
}

/// C23 7.31.4.1.2. `ERANGE`.
///
/// # Safety
/// As for `wcstol`.
#[export]
pub unsafe extern "C" fn wcstof(text: *const wchar_t, end: *mut *mut wchar_t) -> c_float {
    // SAFETY: caller contract.
    unsafe { finish(Some(single(CWide::new(text))), text, end) }
}

/// # Safety
/// As for `wcstol`; `out` is valid for a write.
#[cfg_attr(any(test, fuzzing), expect(dead_code, reason = "called by assembly that tests do not have"))]
unsafe extern "C" fn long_double_at(text: *const wchar_t, end: *mut *mut wchar_t, out: *mut u128) {
    // SAFETY: caller contract.
    unsafe { out.write(finish(Some(long_double(CWide::new(text))), text, end)) };
}

long_double_result!(wcstold => long_double_at);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_numbers_are_as_narrow_ones() {
        let text: Vec<wchar_t> = "\u{2003} -0x1.8p1, 12\0".chars().map(|character| character as wchar_t).collect();
        let mut end = core::ptr::null_mut();
        // SAFETY: a wide string and a valid place.
        unsafe {
            assert_eq!(wcstod(text.as_ptr(), &raw mut end), -3.0);
            assert_eq!(end.cast_const(), text.as_ptr().add(10));
            assert_eq!(wcstol(end.add(1), &raw mut end, 0), 12);
            assert_eq!(*end, 0);
        }
    }
}
