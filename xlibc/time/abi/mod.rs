//! `<time.h>`: clocks and sleeping.

pub mod calendar;
pub mod text;

use super::{sleep_c, sleep_for, sleep_until};
use crate::rt::{CResult, Errno, Result, abi::clock, host};
use crate::types::{c_int, c_uint, c_void, clock_t, clockid_t, time_t, timespec, timeval};
use platform::{Time, Timespec};

/// CLOCKS_PER_SEC of the ABI.
const CLOCKS_PER_SEC: i64 = 1_000_000;
/// TIMER_ABSTIME of the ABI.
const ABSOLUTE: c_int = 1;
/// TIME_UTC of the ABI.
const TIME_UTC: c_int = 1;

fn to_c(time: Timespec) -> timespec {
    timespec { tv_sec: time.seconds, tv_nsec: time.nanoseconds }
}

/// Stores an answer if there is one and somebody wants it.
///
/// # Safety
/// `out` is null or valid for one write.
unsafe fn store<T>(out: *mut T, value: Result<T>) -> Result<()> {
    let value = value?;
    if !out.is_null() {
        // SAFETY: caller contract.
        unsafe { out.write(value) };
    }
    Ok(())
}

/// C23 7.29.2.1. Microseconds of processor time; -1 where the host cannot tell.
#[export]
pub extern "C" fn clock() -> clock_t {
    match host().clock(clock::PROCESS_CPU) {
        Ok(time) => time.seconds.saturating_mul(CLOCKS_PER_SEC).saturating_add(time.nanoseconds / 1000),
        Err(_) => -1,
    }
}

/// C23 7.29.2.6.
///
/// # Safety
/// `out` is null or valid for one write.
#[export]
pub unsafe extern "C" fn time(out: *mut time_t) -> time_t {
    let now = host().clock(clock::REALTIME).map(|now| now.seconds);
    // SAFETY: caller contract.
    if unsafe { store(out, now) }.is_err() {
        return -1;
    }
    now.or_errno(-1)
}

/// POSIX.1-2024. EINVAL for an unknown clock.
///
/// # Safety
/// `out` is valid for one write.
#[export]
pub unsafe extern "C" fn clock_gettime(clock: clockid_t, out: *mut timespec) -> c_int {
    // SAFETY: caller contract.
    unsafe { store(out, host().clock(clock).map(to_c)) }.or_minus_one()
}

/// POSIX.1-2024. EINVAL for an unknown clock.
///
/// # Safety
/// `out` is null or valid for one write.
#[export]
pub unsafe extern "C" fn clock_getres(clock: clockid_t, out: *mut timespec) -> c_int {
    // SAFETY: caller contract.
    unsafe { store(out, host().clock_resolution(clock).map(to_c)) }.or_minus_one()
}

/// POSIX.1-2024. EINVAL for an unknown clock, one that cannot be set, or an invalid time; EPERM.
///
/// # Safety
/// `time` is valid for reads.
#[export]
pub unsafe extern "C" fn clock_settime(clock: clockid_t, time: *const timespec) -> c_int {
    // SAFETY: caller contract.
    let timespec { tv_sec, tv_nsec } = unsafe { *time };
    if !(0..1_000_000_000).contains(&tv_nsec) {
        return Result::<()>::Err(Errno::INVAL).or_minus_one();
    }
    host().set_clock(clock, Timespec { seconds: tv_sec, nanoseconds: tv_nsec }).or_minus_one()
}

/// C23 7.29.2.7. 0 for an unknown base.
///
/// # Safety
/// `out` is valid for one write.
#[export]
pub unsafe extern "C" fn timespec_get(out: *mut timespec, base: c_int) -> c_int {
    if base != TIME_UTC {
        return 0;
    }
    // SAFETY: caller contract.
    match unsafe { store(out, host().clock(clock::REALTIME).map(to_c)) } {
        Ok(()) => base,
        Err(_) => 0,
    }
}

/// POSIX.1-2017. The second argument has no meaning any more.
///
/// # Safety
/// `out` is null or valid for one write.
#[export]
pub unsafe extern "C" fn gettimeofday(out: *mut timeval, _zone: *mut c_void) -> c_int {
    let now = host().clock(clock::REALTIME);
    let now = now.map(|now| timeval { tv_sec: now.seconds, tv_usec: now.nanoseconds / 1000 });
    // SAFETY: caller contract.
    unsafe { store(out, now) }.or_minus_one()
}

/// POSIX.1-2024. EINTR after a signal handler, with the time left; EINVAL for an invalid duration.
///
/// # Safety
/// `duration` is valid for reads; `left` is null or valid for writes.
#[export]
pub unsafe extern "C" fn nanosleep(duration: *const timespec, left: *mut timespec) -> c_int {
    // SAFETY: caller contract.
    unsafe { sleep_c(duration, left) }.or_minus_one()
}

/// POSIX.1-2024; returns the error. EINTR, with the time left of a relative sleep; EINVAL for an invalid time, an unknown clock
/// or the thread's processor time; ENOTSUP for other clocks than CLOCK_REALTIME and CLOCK_MONOTONIC.
///
/// # Safety
/// `time` is valid for reads; `left` is null or valid for writes.
#[export]
pub unsafe extern "C" fn clock_nanosleep(
    clock: clockid_t,
    flags: c_int,
    time: *const timespec,
    left: *mut timespec,
) -> c_int {
    if clock == clock::THREAD_CPU || host().clock(clock).is_err() {
        return Errno::INVAL.number();
    }
    if clock != clock::REALTIME && clock != clock::MONOTONIC {
        return Errno::OPNOTSUPP.number();
    }
    // SAFETY: caller contract.
    let timespec { tv_sec, tv_nsec } = unsafe { *time };
    let time = Timespec { seconds: tv_sec, nanoseconds: tv_nsec };
    if flags & ABSOLUTE != 0 {
        return sleep_until(host(), clock, time).error_number();
    }
    // POSIX.1-2024: setting CLOCK_REALTIME does not change a relative sleep.
    let (result, rest) = sleep_for(host(), clock::MONOTONIC, time);
    if result == Err(Errno::INTR) {
        // SAFETY: caller contract.
        let _ = unsafe { store(left, Ok(to_c(rest))) };
    }
    result.error_number()
}

/// POSIX.1-2024. The seconds left after a signal handler, rounded up.
#[export]
pub extern "C" fn sleep(seconds: c_uint) -> c_uint {
    let duration = Timespec { seconds: seconds.into(), nanoseconds: 0 };
    match sleep_for(host(), clock::MONOTONIC, duration) {
        (Err(Errno::INTR), left) => left.seconds as c_uint + c_uint::from(left.nanoseconds > 0),
        (Err(_), _) => seconds,
        (Ok(()), _) => 0,
    }
}

/// POSIX.1-2001, without its limit of a second. EINTR.
#[export]
pub extern "C" fn usleep(microseconds: c_uint) -> c_int {
    let microseconds = i64::from(microseconds);
    let nanoseconds = microseconds % 1_000_000 * 1000;
    let duration = Timespec { seconds: microseconds / 1_000_000, nanoseconds };
    sleep_for(host(), clock::MONOTONIC, duration).0.or_minus_one()
}

/// C23 7.29.2.2.
#[export]
pub extern "C" fn difftime(later: time_t, earlier: time_t) -> f64 {
    // Exact until the one rounding, also where the difference does not fit time_t.
    (i128::from(later) - i128::from(earlier)) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rt::thread;

    #[test]
    fn sleeping_moves_the_clock_and_tells_what_is_left() {
        let now = || host().clock(clock::MONOTONIC).unwrap();
        let before = now();
        let second = timespec { tv_sec: 1000, tv_nsec: 5 };
        // SAFETY: valid objects.
        assert_eq!(unsafe { nanosleep(&raw const second, core::ptr::null_mut()) }, 0);
        assert!(now().seconds >= before.seconds + 1000);
        platform_sim::sim().hook.fail_always("sleep", 0, Errno::INTR);
        let mut left = timespec::default();
        // SAFETY: valid objects.
        assert_eq!((unsafe { nanosleep(&raw const second, &raw mut left) }, thread().errno.get()), (-1, 4));
        assert!(left.tv_sec == 999 || left.tv_sec == 1000);
        assert_eq!(sleep(7), 7);
        platform_sim::sim().hook.heal("sleep");
        assert_eq!((sleep(7), usleep(1_500_000)), (0, 0));
    }

    #[test]
    fn wrong_times_and_clocks_are_refused() {
        let null = core::ptr::null_mut();
        let table = [
            (clock::REALTIME, 0, -1, 0, 22),
            (clock::REALTIME, 0, 0, 1_000_000_000, 22),
            (clock::REALTIME, 1, 5, -1, 22),
            (clock::REALTIME, 1, -5, 0, 0),
            (clock::MONOTONIC, 1, 0, 0, 0),
            (clock::THREAD_CPU, 0, 0, 0, 22),
            (clock::BOOT_TIME, 0, 0, 0, 95),
            (99, 0, 0, 0, 22),
        ];
        for (clock, flags, tv_sec, tv_nsec, expected) in table {
            let time = timespec { tv_sec, tv_nsec };
            // SAFETY: valid objects.
            assert_eq!(unsafe { clock_nanosleep(clock, flags, &raw const time, null) }, expected, "{clock} {time:?}");
        }
        assert_eq!(difftime(i64::MAX, i64::MIN), 18_446_744_073_709_551_615.0);
        // SAFETY: valid objects.
        assert_eq!(unsafe { timespec_get(&mut timespec::default(), 2) }, 0);
    }
}
