//! `<time.h>`: broken-down time.

use core::cell::UnsafeCell;

use crate::rt::{CResult, Errno, Result};
use crate::time::calendar::{from_seconds, tm, to_seconds};
use crate::time::local;
use crate::types::time_t;

/// What `gmtime` and `localtime` point to.
struct Static(UnsafeCell<tm>);
// SAFETY: C23 7.29.3.1: calls of the functions without `_r` that run at once are the program's error.
unsafe impl Sync for Static {}
static SHARED: Static = Static(UnsafeCell::new(tm::EPOCH));

/// Stores a time, or reports that its year does not fit.
///
/// # Safety
/// `out` is valid for one write.
unsafe fn store(out: *mut tm, time: Option<tm>) -> *mut tm {
    let Some(time) = time else { return crate::rt::or_null(Err(Errno::OVERFLOW)) };
    // SAFETY: caller contract.
    unsafe { out.write(time) };
    out
}

/// C23 7.29.3.3. EOVERFLOW when the year does not fit.
///
/// # Safety
/// `seconds` is valid for reads; the result holds until the next call of a function of this kind.
#[export]
pub unsafe extern "C" fn gmtime(seconds: *const time_t) -> *mut tm {
    // SAFETY: caller contract.
    unsafe { gmtime_r(seconds, SHARED.0.get()) }
}

/// C23 7.29.3.3. EOVERFLOW when the year does not fit.
///
/// # Safety
/// `seconds` is valid for reads, `out` for writes.
#[export]
pub unsafe extern "C" fn gmtime_r(seconds: *const time_t, out: *mut tm) -> *mut tm {
    // SAFETY: caller contract.
    unsafe { store(out, from_seconds(*seconds)) }
}

/// C23 7.29.3.4. EOVERFLOW when the year does not fit.
///
/// # Safety
/// `seconds` is valid for reads; the result holds until the next call of a function of this kind.
#[export]
pub unsafe extern "C" fn localtime(seconds: *const time_t) -> *mut tm {
    // SAFETY: caller contract.
    unsafe { store(SHARED.0.get(), local::local_anew(*seconds)) }
}

/// C23 7.29.3.4. EOVERFLOW when the year does not fit. `tzset` or `setenv` tell it of another TZ.
///
/// # Safety
/// `seconds` is valid for reads, `out` for writes.
#[export]
pub unsafe extern "C" fn localtime_r(seconds: *const time_t, out: *mut tm) -> *mut tm {
    // SAFETY: caller contract.
    unsafe { store(out, local::local(*seconds)) }
}

/// C23 7.29.2.3. -1 with EOVERFLOW when the year does not fit, and then `*time` stays.
///
/// # Safety
/// `time` is valid for reads and writes.
#[export]
pub unsafe extern "C" fn mktime(time: *mut tm) -> time_t {
    // SAFETY: caller contract.
    let made = local::normalise(unsafe { &*time });
    // SAFETY: caller contract.
    unsafe { normalised(time, made) }
}

/// C23 7.29.2.4. Like [`mktime`] for UTC.
///
/// # Safety
/// `time` is valid for reads and writes.
#[export]
pub unsafe extern "C" fn timegm(time: *mut tm) -> time_t {
    // SAFETY: caller contract.
    let seconds = to_seconds(unsafe { &*time });
    let made = from_seconds(seconds).map(|made| (seconds, made));
    // SAFETY: caller contract.
    unsafe { normalised(time, made) }
}

/// # Safety
/// `time` is valid for writes.
unsafe fn normalised(time: *mut tm, made: Option<(i64, tm)>) -> time_t {
    let result: Result<(i64, tm)> = made.ok_or(Errno::OVERFLOW);
    if let Ok((_, made)) = result {
        // SAFETY: caller contract.
        unsafe { time.write(made) };
    }
    result.map(|(seconds, _)| seconds).or_errno(-1)
}

/// POSIX.1-2024. Sets `tzname`, `timezone` and `daylight` by TZ.
#[export]
pub extern "C" fn tzset() {
    local::update();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rt::thread;

    #[test]
    fn years_that_do_not_fit_are_eoverflow() {
        let mut out = tm::EPOCH;
        for seconds in [i64::MAX, i64::MIN, 67_768_036_191_676_800] {
            thread().errno.set(0);
            // SAFETY: valid objects.
            let result = unsafe { gmtime_r(&raw const seconds, &raw mut out) };
            assert_eq!((result.is_null(), thread().errno.get()), (true, 75), "{seconds}");
        }
        let mut late = tm { tm_year: i32::MAX, tm_mon: 12, ..tm::EPOCH };
        thread().errno.set(0);
        // SAFETY: valid objects.
        assert_eq!((unsafe { timegm(&raw mut late) }, thread().errno.get(), late.tm_mon), (-1, 75, 12));
        // One second before the epoch is no error.
        let mut before = tm { tm_sec: -1, ..tm::EPOCH };
        thread().errno.set(0);
        // SAFETY: valid objects.
        assert_eq!((unsafe { timegm(&raw mut before) }, thread().errno.get(), before.tm_year), (-1, 0, 69));
    }
}
