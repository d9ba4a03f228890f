//! Clocks.

use core::sync::atomic::{AtomicI64, Ordering};

use platform::abi::clock;
use platform::{Deadline, Errno, Result, Timespec};
use windows_sys::Win32::Foundation::FILETIME;
use windows_sys::Win32::System::Performance::{QueryPerformanceCounter, QueryPerformanceFrequency};
use windows_sys::Win32::System::SystemInformation::GetSystemTimePreciseAsFileTime;
use windows_sys::Win32::System::Threading::{GetCurrentProcess, GetCurrentThread, GetProcessTimes, GetThreadTimes};

use crate::pure::file_time;

const fn units(time: FILETIME) -> u64 {
    (time.dwHighDateTime as u64) << 32 | time.dwLowDateTime as u64
}

/// The time of day.
pub fn realtime() -> Timespec {
    let mut now = FILETIME::default();
    // SAFETY: one structure is written.
    unsafe { GetSystemTimePreciseAsFileTime(&mut now) };
    file_time::to_timespec(units(now) as i64)
}

/// Steps of [`monotonic`]'s clock in a second.
pub fn frequency() -> i64 {
    static FREQUENCY: AtomicI64 = AtomicI64::new(0);
    let known = FREQUENCY.load(Ordering::Relaxed);
    if known != 0 {
        return known;
    }
    let mut found = 0;
    // SAFETY: one word is written. It cannot fail since Windows XP.
    unsafe { QueryPerformanceFrequency(&mut found) };
    let found = found.max(1);
    FREQUENCY.store(found, Ordering::Relaxed);
    found
}

/// Time since the system started.
pub fn monotonic() -> Timespec {
    let mut count = 0;
    // SAFETY: one word is written.
    unsafe { QueryPerformanceCounter(&mut count) };
    let frequency = frequency();
    Timespec {
        seconds: count / frequency,
        nanoseconds: (i128::from(count % frequency) * 1_000_000_000 / i128::from(frequency)) as i64,
    }
}

/// User and kernel time, in units of 100 ns.
pub fn process_times() -> (u64, u64) {
    let [mut made, mut ended, mut kernel, mut user] = [FILETIME::default(); 4];
    // SAFETY: four structures are written.
    unsafe { GetProcessTimes(GetCurrentProcess(), &mut made, &mut ended, &mut kernel, &mut user) };
    (units(user), units(kernel))
}

/// As [`process_times`] for the calling thread.
pub fn thread_times() -> (u64, u64) {
    let [mut made, mut ended, mut kernel, mut user] = [FILETIME::default(); 4];
    // SAFETY: four structures are written.
    unsafe { GetThreadTimes(GetCurrentThread(), &mut made, &mut ended, &mut kernel, &mut user) };
    (units(user), units(kernel))
}

/// Nanoseconds until a deadline, 0 when it has passed; `EINVAL` for a clock that cannot be waited for.
pub fn remaining_ns(deadline: &Deadline) -> Result<u64> {
    let now = match deadline.clock {
        clock::REALTIME => realtime(),
        clock::MONOTONIC | clock::BOOT_TIME => monotonic(),
        _ => return Err(Errno::INVAL),
    };
    Ok(deadline.time.saturating_ns_since(now))
}
