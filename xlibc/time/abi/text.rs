//! `<time.h>` and `<wchar.h>`: times as text.

use core::cell::UnsafeCell;

use crate::locale::locale_t;
use crate::rt::{self, CBytes, Errno, Result, c_bytes};
use crate::time::calendar::tm;
use crate::time::format::{Extra, format};
use crate::time::{local, names, parse};
use crate::types::{c_char, size_t, time_t, wchar_t};

/// Room of `asctime` (C23 7.29.3.1): 26 bytes.
const ASCTIME: usize = 26;

/// What `asctime` and `ctime` point to.
struct Static(UnsafeCell<[c_char; ASCTIME]>);
// SAFETY: C23 7.29.3.1: calls of the functions without `_r` that run at once are the program's error.
unsafe impl Sync for Static {}
static SHARED: Static = Static(UnsafeCell::new([0; ASCTIME]));

/// Writes a time into `room` places with a terminator; the number of units before that, or `None` when there is no room.
///
/// # Safety
/// `out` is valid for `room` writes.
unsafe fn write<T: From<u8>>(
    out: *mut T,
    room: usize,
    units: impl Iterator<Item = u32>,
    time: &tm,
    from_unit: fn(u32) -> T,
) -> Option<usize> {
    let mut used = 0;
    let extra = Extra { zone: names::known_name(time.tm_zone), seconds: local::seconds };
    let mut put = |unit| {
        if used + 1 >= room {
            return false;
        }
        // SAFETY: inside the room.
        unsafe { out.add(used).write(from_unit(unit)) };
        used += 1;
        true
    };
    let whole = format(time, extra, units, &mut put);
    if whole.is_none() || room == 0 {
        return None;
    }
    // SAFETY: `put` left one place.
    unsafe { out.add(used).write(T::from(0)) };
    Some(used)
}

/// C23 7.29.3.5. 0 when there is no room.
///
/// # Safety
/// `out` is valid for `room` writes; `form` is a string; `time` is valid for reads.
#[export]
pub unsafe extern "C" fn strftime(out: *mut c_char, room: size_t, form: *const c_char, time: *const tm) -> size_t {
    // SAFETY: caller contract.
    unsafe { write(out.cast::<u8>(), room, CBytes::new(form).map(u32::from), &*time, |unit| unit as u8) }.unwrap_or(0)
}

/// POSIX.1-2024. All locales have the words of the C locale.
///
/// # Safety
/// As for [`strftime`].
#[export]
pub unsafe extern "C" fn strftime_l(
    out: *mut c_char,
    room: size_t,
    form: *const c_char,
    time: *const tm,
    _locale: locale_t,
) -> size_t {
    // SAFETY: caller contract.
    unsafe { strftime(out, room, form, time) }
}

/// C23 7.31.5.1. 0 when there is no room.
///
/// # Safety
/// `out` is valid for `room` writes; `form` is a wide string; `time` is valid for reads.
#[export]
pub unsafe extern "C" fn wcsftime(out: *mut wchar_t, room: size_t, form: *const wchar_t, time: *const tm) -> size_t {
    let mut at = form;
    let units = core::iter::from_fn(move || {
        // SAFETY: caller contract: the walk ends at the terminator.
        let unit = unsafe { *at } as u32;
        if unit == 0 {
            return None;
        }
        at = at.wrapping_add(1);
        Some(unit)
    });
    // SAFETY: caller contract.
    unsafe { write(out, room, units, &*time, |unit| unit as wchar_t) }.unwrap_or(0)
}

/// POSIX.1-2024 names `strftime_l` only; this is its wide twin. All locales have the words of the C locale.
///
/// # Safety
/// As for [`wcsftime`].
#[export]
pub unsafe extern "C" fn wcsftime_l(
    out: *mut wchar_t,
    room: size_t,
    form: *const wchar_t,
    time: *const tm,
    _locale: locale_t,
) -> size_t {
    // SAFETY: caller contract.
    unsafe { wcsftime(out, room, form, time) }
}

/// POSIX.1-2024. Null where text and format part.
///
/// # Safety
/// `text` and `form` are strings; `time` is valid for reads and writes.
#[export]
pub unsafe extern "C" fn strptime(text: *const c_char, form: *const c_char, time: *mut tm) -> *mut c_char {
    // SAFETY: caller contract.
    let used = unsafe { parse::parse(c_bytes(text), c_bytes(form), &mut *time, local::local) };
    match used {
        // SAFETY: not past the end of the string.
        Some(used) => unsafe { text.add(used).cast_mut() },
        None => core::ptr::null_mut(),
    }
}

/// C23 7.29.3.1. Null with EOVERFLOW when the text is longer than 25 bytes (undefined in C).
///
/// # Safety
/// `time` is valid for reads; the result holds until the next call of a function of this kind.
#[export]
pub unsafe extern "C" fn asctime(time: *const tm) -> *mut c_char {
    // SAFETY: caller contract.
    unsafe { asctime_r(time, SHARED.0.get().cast()) }
}

/// POSIX.1-2017. Null with EOVERFLOW when the text is longer than 25 bytes.
///
/// # Safety
/// `time` is valid for reads, `out` for 26 writes.
#[export]
pub unsafe extern "C" fn asctime_r(time: *const tm, out: *mut c_char) -> *mut c_char {
    // C23 gives the words with fields of fixed widths, and the year as it is.
    let form = b"%a %b %e %H:%M:%S %-Y\n".iter().copied().map(u32::from);
    // SAFETY: caller contract.
    let used = unsafe { write(out.cast::<u8>(), ASCTIME, form, &*time, |unit| unit as u8) };
    let result: Result<*mut c_char> = used.map(|_| out).ok_or(Errno::OVERFLOW);
    rt::or_null(result)
}

/// C23 7.29.3.2. Null with EOVERFLOW.
///
/// # Safety
/// `seconds` is valid for reads; the result holds until the next call of a function of this kind.
#[export]
pub unsafe extern "C" fn ctime(seconds: *const time_t) -> *mut c_char {
    // SAFETY: caller contract.
    unsafe { ctime_r(seconds, SHARED.0.get().cast()) }
}

/// POSIX.1-2017. Null with EOVERFLOW.
///
/// # Safety
/// `seconds` is valid for reads, `out` for 26 writes.
#[export]
pub unsafe extern "C" fn ctime_r(seconds: *const time_t, out: *mut c_char) -> *mut c_char {
    // SAFETY: caller contract.
    match local::local(unsafe { *seconds }) {
        // SAFETY: caller contract.
        Some(time) => unsafe { asctime_r(&raw const time, out) },
        None => rt::or_null(Err(Errno::OVERFLOW)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rt::thread;

    #[test]
    fn the_room_counts_the_terminator() {
        let mut out = [1; 8];
        for (room, expected) in [(0, 0), (1, 0), (4, 0), (5, 4), (8, 4)] {
            // SAFETY: valid objects.
            let used = unsafe { strftime(out.as_mut_ptr(), room, c"%Y".as_ptr(), &tm::EPOCH) };
            assert_eq!(used, expected, "{room}");
        }
        assert_eq!(out[4..], [0, 1, 1, 1]);
        let form = [0x25, 0x6d, 0x1F600, 0];
        let mut wide = [9; 8];
        // SAFETY: valid objects.
        assert_eq!(unsafe { wcsftime(wide.as_mut_ptr(), 8, form.as_ptr(), &tm::EPOCH) }, 3);
        assert_eq!(wide, [0x30, 0x31, 0x1F600, 0, 9, 9, 9, 9]);
    }

    #[test]
    fn asctime_has_its_fixed_form() {
        let mut out = [0; ASCTIME];
        // SAFETY: valid objects.
        let text = |time: tm, out: &mut [c_char; ASCTIME]| unsafe {
            asctime_r(&raw const time, out.as_mut_ptr()).cast_const().as_ref().map(|first| c_bytes(first).to_vec())
        };
        assert_eq!(text(tm::EPOCH, &mut out).as_deref(), Some(b"Thu Jan  1 00:00:00 1970\n".as_slice()));
        thread().errno.set(0);
        assert_eq!((text(tm { tm_year: 8100, ..tm::EPOCH }, &mut out), thread().errno.get()), (None, 75));
    }
}
