//! Sleeping, and what is left of it after a signal.

use crate::rt::{self, Errno, Platform, Result, abi::clock, blocking};
use crate::types::timespec;
use platform::{Deadline, Timespec};

/// Sleeps for a while, by a clock. `INTR` after a signal handler, with the time left; `INVAL` for an invalid duration.
pub fn sleep_for(host: &impl Platform, clock: i32, duration: Timespec) -> (Result<()>, Timespec) {
    let none = Timespec::default();
    if duration.seconds < 0 || !duration.is_normalized() {
        return (Err(Errno::INVAL), none);
    }
    let now = match host.clock(clock) {
        Ok(now) => now,
        Err(errno) => return (Err(errno), none),
    };
    let sum = now.saturating_add_ns(duration.nanoseconds as u64);
    let time = Timespec { seconds: sum.seconds.saturating_add(duration.seconds), ..sum };
    let result = blocking(|| host.sleep(Deadline { clock, time }));
    let left = match (result, host.clock(clock)) {
        (Err(Errno::INTR), Ok(now)) => difference(time, now),
        _ => none,
    };
    (result, left)
}

/// Sleeps until a time of a clock; a time that has passed is no error.
pub fn sleep_until(host: &impl Platform, clock: i32, time: Timespec) -> Result<()> {
    if !time.is_normalized() {
        return Err(Errno::INVAL);
    }
    if time.seconds < 0 {
        // No clock shows less than zero; an unknown one is still an error.
        return host.clock(clock).map(drop);
    }
    blocking(|| host.sleep(Deadline { clock, time }))
}

/// `later - earlier`, not below zero.
fn difference(later: Timespec, earlier: Timespec) -> Timespec {
    let borrow = later.nanoseconds < earlier.nanoseconds;
    let seconds = later.seconds.saturating_sub(earlier.seconds) - i64::from(borrow);
    if seconds < 0 {
        return Timespec::default();
    }
    let nanoseconds = later.nanoseconds - earlier.nanoseconds + if borrow { 1_000_000_000 } else { 0 };
    Timespec { seconds, nanoseconds }
}

/// `nanosleep` and `thrd_sleep`: the time left is stored only after a signal.
///
/// # Safety
/// `duration` is valid for reads; `left` is null or valid for writes, and may be the same object.
pub unsafe fn sleep_c(duration: *const timespec, left: *mut timespec) -> Result<()> {
    // SAFETY: caller contract.
    let timespec { tv_sec, tv_nsec } = unsafe { *duration };
    let duration = Timespec { seconds: tv_sec, nanoseconds: tv_nsec };
    let (result, rest) = sleep_for(rt::host(), clock::MONOTONIC, duration);
    if result == Err(Errno::INTR) && !left.is_null() {
        // SAFETY: caller contract.
        unsafe { left.write(timespec { tv_sec: rest.seconds, tv_nsec: rest.nanoseconds }) };
    }
    result
}
