//! Clocks and sleeping, as the guest asks for them.

use platform::abi::clock;
use platform::{Deadline, Errno, Result, Time, Timespec};
use windows_sys::Win32::Foundation::{FILETIME, SYSTEMTIME};
use windows_sys::Win32::System::SystemInformation::SetSystemTime;
use windows_sys::Win32::System::Time::FileTimeToSystemTime;

use crate::Windows;
use crate::pure::file_time;
use crate::sys::native::clock::{frequency, monotonic, process_times, realtime, remaining_ns, thread_times};
use crate::sys::native::nt::last_error;
use crate::sys::native::timer::Timer;
use crate::sys::signal::delivery;

impl Time for Windows {
    /// `clock_gettime`.
    fn clock(&self, clock: i32) -> Result<Timespec> {
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
    fn clock_resolution(&self, clock: i32) -> Result<Timespec> {
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
    fn set_clock(&self, clock: i32, time: Timespec) -> Result<()> {
        if clock != clock::REALTIME || !time.is_normalized() {
            return Err(Errno::INVAL);
        }
        let units = file_time::from_timespec(time) as u64;
        let file_time = FILETIME { dwLowDateTime: units as u32, dwHighDateTime: (units >> 32) as u32 };
        let mut system = SYSTEMTIME::default();
        // SAFETY: structures of this frame.
        let done = unsafe { FileTimeToSystemTime(&file_time, &mut system) != 0 && SetSystemTime(&system) != 0 };
        if done { Ok(()) } else { Err(last_error()) }
    }

    /// Sleeps until the deadline; `EINTR` when a signal handler ran.
    fn sleep(&self, deadline: Deadline) -> Result<()> {
        loop {
            // No timer is open here: a handler may not come back.
            delivery::interrupted_always()?;
            let left = remaining_ns(&deadline)?;
            if left == 0 {
                return Ok(());
            }
            if !Timer::new().ok_or(Errno::NOMEM)?.wait(left) {
                return Err(last_error());
            }
        }
    }
}
