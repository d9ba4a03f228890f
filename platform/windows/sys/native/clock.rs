//! Clocks.

use core::sync::atomic::{AtomicI64, Ordering};

use platform::abi::clock;
use platform::{Deadline, Errno, Result, Timespec};
use windows_sys::Win32::Foundation::{FILETIME, SYSTEMTIME};
use windows_sys::Win32::System::Performance::{QueryPerformanceCounter, QueryPerformanceFrequency};
use windows_sys::Win32::System::SystemInformation::{GetSystemTimePreciseAsFileTime, SetSystemTime};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, GetCurrentThread, GetProcessTimes, GetThreadTimes};
use windows_sys::Win32::System::Time::FileTimeToSystemTime;

use super::nt::last_error;
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

fn frequency() -> i64 {
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

/// `clock_gettime`.
pub fn get(clock: i32) -> Result<Timespec> {
    match clock {
        clock::REALTIME | clock::REALTIME_COARSE => Ok(realtime()),
        clock::MONOTONIC | clock::MONOTONIC_RAW | clock::MONOTONIC_COARSE | clock::BOOT_TIME => Ok(monotonic()),
        clock::PROCESS_CPU => {
            let (user, kernel) = process_times();
            Ok(file_time::duration(user + kernel))
        }
        clock::THREAD_CPU => {
            let (user, kernel) = thread_times();
            Ok(file_time::duration(user + kernel))
        }
        _ => Err(Errno::INVAL),
    }
}

/// `clock_getres`.
pub fn resolution(clock: i32) -> Result<Timespec> {
    let nanoseconds = match clock {
        clock::REALTIME | clock::REALTIME_COARSE => 100,
        clock::MONOTONIC | clock::MONOTONIC_RAW | clock::MONOTONIC_COARSE | clock::BOOT_TIME => {
            (1_000_000_000 / frequency()).max(1)
        }
        // Windows counts processor time in ticks of its scheduler's clock.
        clock::PROCESS_CPU | clock::THREAD_CPU => 15_625_000,
        _ => return Err(Errno::INVAL),
    };
    Ok(Timespec { seconds: 0, nanoseconds })
}

/// `clock_settime`; Windows sets milliseconds.
pub fn set(clock: i32, time: Timespec) -> Result<()> {
    if clock != clock::REALTIME || !(0..1_000_000_000).contains(&time.nanoseconds) {
        return Err(Errno::INVAL);
    }
    let units = file_time::from_timespec(time) as u64;
    let file_time = FILETIME { dwLowDateTime: units as u32, dwHighDateTime: (units >> 32) as u32 };
    let mut system = SYSTEMTIME::default();
    // SAFETY: structures of this frame.
    let done = unsafe { FileTimeToSystemTime(&file_time, &mut system) != 0 && SetSystemTime(&system) != 0 };
    if done { Ok(()) } else { Err(last_error()) }
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
