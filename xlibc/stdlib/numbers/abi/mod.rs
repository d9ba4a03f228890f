//! `<stdlib.h>`, `<inttypes.h>`: strings as numbers (C23 7.24.1, 7.8.2.3).

pub mod wide;

use super::{Parsed, double, long_double, long_double_result, signed, single, unsigned};
use crate::locale::locale_t;
use crate::rt::{CBytes, Errno, set_errno};
use crate::types::{c_char, c_double, c_float, c_int, c_long, c_longlong, c_ulong, c_ulonglong, intmax_t, uintmax_t};

/// Stores the end, notes `ERANGE`, gives the value; zero with `EINVAL` where there is none for a wrong base.
///
/// # Safety
/// `used` characters lie at `text`; `end` is null or valid for a write.
#[inline]
pub(super) unsafe fn finish<T: Default, C>(parsed: Option<Parsed<T>>, text: *const C, end: *mut *mut C) -> T {
    let used = parsed.as_ref().map_or(0, |parsed| parsed.used);
    if !end.is_null() {
        // SAFETY: caller contract.
        unsafe { end.write(text.add(used).cast_mut()) };
    }
    match parsed {
        Some(parsed) => {
            if parsed.out_of_range {
                set_errno(Errno::RANGE);
            }
            parsed.value
        }
        None => {
            set_errno(Errno::INVAL);
            T::default()
        }
    }
}

/// C23 7.24.1.7. Clamps to `LONG_MIN` or `LONG_MAX` with `ERANGE`; `EINVAL` for a base outside 0, 2..=36.
///
/// # Safety
/// `text` is a string; `end` is null or valid for a write.
#[export]
pub unsafe extern "C" fn strtol(text: *const c_char, end: *mut *mut c_char, base: c_int) -> c_long {
    // SAFETY: caller contract.
    unsafe { finish(signed(CBytes::new(text), base), text, end) }
}

/// C23 7.24.1.7.
///
/// # Safety
/// As for `strtol`.
#[export]
pub unsafe extern "C" fn strtoll(text: *const c_char, end: *mut *mut c_char, base: c_int) -> c_longlong {
    // SAFETY: caller contract.
    unsafe { strtol(text, end, base) }
}

/// C23 7.8.2.3.
///
/// # Safety
/// As for `strtol`.
#[export]
pub unsafe extern "C" fn strtoimax(text: *const c_char, end: *mut *mut c_char, base: c_int) -> intmax_t {
    // SAFETY: caller contract.
    unsafe { strtol(text, end, base) }
}

/// C23 7.24.1.7. Clamps to `ULONG_MAX` with `ERANGE`; `EINVAL` for a base outside 0, 2..=36.
///
/// # Safety
/// As for `strtol`.
#[export]
pub unsafe extern "C" fn strtoul(text: *const c_char, end: *mut *mut c_char, base: c_int) -> c_ulong {
    // SAFETY: caller contract.
    unsafe { finish(unsigned(CBytes::new(text), base), text, end) }
}

/// C23 7.24.1.7.
///
/// # Safety
/// As for `strtol`.
#[export]
pub unsafe extern "C" fn strtoull(text: *const c_char, end: *mut *mut c_char, base: c_int) -> c_ulonglong {
    // SAFETY: caller contract.
    unsafe { strtoul(text, end, base) }
}

/// C23 7.8.2.3.
///
/// # Safety
/// As for `strtol`.
#[export]
pub unsafe extern "C" fn strtoumax(text: *const c_char, end: *mut *mut c_char, base: c_int) -> uintmax_t {
    // SAFETY: caller contract.
    unsafe { strtoul(text, end, base) }
}

/// C23 7.24.1.2.
///
/// # Safety
/// `text` is a string.
#[export]
pub unsafe extern "C" fn atoi(text: *const c_char) -> c_int {
    // SAFETY: caller contract. What does not fit is undefined in C; here it is cut off.
    unsafe { atol(text) as c_int }
}

/// C23 7.24.1.2.
///
/// # Safety
/// `text` is a string.
#[export]
pub unsafe extern "C" fn atol(text: *const c_char) -> c_long {
    // SAFETY: caller contract. ato* leave errno alone.
    signed(unsafe { CBytes::new(text) }, 10).map_or(0, |parsed| parsed.value)
}

/// C23 7.24.1.2.
///
/// # Safety
/// `text` is a string.
#[export]
pub unsafe extern "C" fn atoll(text: *const c_char) -> c_longlong {
    // SAFETY: caller contract.
    unsafe { atol(text) }
}

/// C23 7.24.1.1.
///
/// # Safety
/// `text` is a string.
#[export]
pub unsafe extern "C" fn atof(text: *const c_char) -> c_double {
    // SAFETY: caller contract.
    double(unsafe { CBytes::new(text) }).value
}

/// C23 7.24.1.5. `HUGE_VAL` or what is left of a tiny number, with `ERANGE`.
///
/// # Safety
/// As for `strtol`.
#[export]
pub unsafe extern "C" fn strtod(text: *const c_char, end: *mut *mut c_char) -> c_double {
    // SAFETY: caller contract.
    unsafe { finish(Some(double(CBytes::new(text))), text, end) }
}

/// C23 7.24.1.5. Rounded once.
///
/// # Safety
/// As for `strtol`.
#[export]
pub unsafe extern "C" fn strtof(text: *const c_char, end: *mut *mut c_char) -> c_float {
    // SAFETY: caller contract.
    unsafe { finish(Some(single(CBytes::new(text))), text, end) }
}

/// GNU: no locale of ours writes numbers another way.
///
/// # Safety
/// As for `strtol`.
#[export]
pub unsafe extern "C" fn strtod_l(text: *const c_char, end: *mut *mut c_char, _locale: locale_t) -> c_double {
    // SAFETY: caller contract.
    unsafe { strtod(text, end) }
}

/// GNU.
///
/// # Safety
/// As for `strtol`.
#[export]
pub unsafe extern "C" fn strtof_l(text: *const c_char, end: *mut *mut c_char, _locale: locale_t) -> c_float {
    // SAFETY: caller contract.
    unsafe { strtof(text, end) }
}

/// # Safety
/// As for `strtol`; `out` is valid for a write.
#[cfg_attr(any(test, fuzzing), expect(dead_code, reason = "called by assembly that tests do not have"))]
unsafe extern "C" fn long_double_at(text: *const c_char, end: *mut *mut c_char, out: *mut u128) {
    // SAFETY: caller contract.
    unsafe { out.write(finish(Some(long_double(CBytes::new(text))), text, end)) };
}

long_double_result!(strtold => long_double_at, strtold_l => long_double_at);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rt::thread;

    fn errno_after<T>(work: impl FnOnce() -> T) -> (T, i32) {
        thread().errno.set(0);
        let value = work();
        (value, thread().errno.get())
    }

    #[test]
    fn value_end_and_errno_of_strtol() {
        for (text, base, value, used, errno) in [
            (c" \t\n-12x", 10, -12, 6, 0),
            (c"  ", 10, 0, 0, 0),
            (c"  +", 10, 0, 0, 0),
            (c"99999999999999999999", 10, i64::MAX, 20, 34),
            (c"-99999999999999999999", 10, i64::MIN, 21, 34),
            (c"12", 1, 0, 0, 22),
            (c"0x", 0, 0, 1, 0),
        ] {
            let mut end = core::ptr::null_mut();
            // SAFETY: strings and a valid place.
            let result = errno_after(|| unsafe { strtol(text.as_ptr(), &raw mut end, base) });
            assert_eq!(result, (value, errno), "{text:?}");
            assert_eq!(end.cast_const(), text.as_ptr().wrapping_add(used), "{text:?}");
        }
    }

    #[test]
    fn value_end_and_errno_of_strtod() {
        for (text, value, used, errno) in [
            (c" 1.5e1", 15.0, 6, 0),
            (c"1e999", f64::INFINITY, 5, 34),
            (c"-1e-999", -0.0, 7, 34),
            (c"1e", 1.0, 1, 0),
            (c" .", 0.0, 0, 0),
        ] {
            let mut end = core::ptr::null_mut();
            // SAFETY: strings and a valid place.
            let result = errno_after(|| unsafe { strtod(text.as_ptr(), &raw mut end) });
            assert_eq!(result, (value, errno), "{text:?}");
            assert_eq!(end.cast_const(), text.as_ptr().wrapping_add(used), "{text:?}");
        }
        // SAFETY: strings.
        let result = errno_after(|| unsafe { (atoi(c"  42".as_ptr()), atof(c"1e999".as_ptr())) });
        assert_eq!(result, ((42, f64::INFINITY), 0));
    }
}
