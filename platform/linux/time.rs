//! Clocks.

use platform::abi::clock;
use platform::{Deadline, Errno, Result, Time, Timespec};
use rustix::time::{ClockId, clock_gettime};

use crate::Linux;
use crate::blocking::blocking;
use crate::files::filled;
use crate::sys::{call, int, kernel};

fn ours_time(time: rustix::time::Timespec) -> Timespec {
    Timespec { seconds: time.tv_sec, nanoseconds: time.tv_nsec }
}

impl Time for Linux {
    /// Through the vDSO for the clocks that rustix knows; the clocks of other processes and threads ask the kernel.
    fn clock(&self, id: i32) -> Result<Timespec> {
        let known = match id {
            clock::REALTIME => ClockId::Realtime,
            clock::MONOTONIC => ClockId::Monotonic,
            clock::PROCESS_CPU => ClockId::ProcessCPUTime,
            clock::THREAD_CPU => ClockId::ThreadCPUTime,
            clock::MONOTONIC_RAW => ClockId::MonotonicRaw,
            clock::REALTIME_COARSE => ClockId::RealtimeCoarse,
            clock::MONOTONIC_COARSE => ClockId::MonotonicCoarse,
            _ => return filled(kernel::__NR_clock_gettime, |out| [int(id), out]).map(ours_time),
        };
        Ok(ours_time(clock_gettime(known)))
    }

    fn clock_resolution(&self, id: i32) -> Result<Timespec> {
        filled(kernel::__NR_clock_getres, |out| [int(id), out]).map(ours_time)
    }

    fn set_clock(&self, id: i32, time: Timespec) -> Result<()> {
        let time = rustix::time::Timespec { tv_sec: time.seconds, tv_nsec: time.nanoseconds };
        // SAFETY: the time is readable.
        unsafe { call(kernel::__NR_clock_settime, [int(id), (&raw const time).expose_provenance()]) }.map(drop)
    }

    fn sleep(&self, deadline: Deadline) -> Result<()> {
        let (clock::REALTIME | clock::MONOTONIC) = deadline.clock else { return Err(Errno::INVAL) };
        let Timespec { seconds, nanoseconds } = deadline.time;
        if seconds < 0 {
            // Passed; the kernel would refuse it.
            return Ok(());
        }
        let until = rustix::time::Timespec { tv_sec: seconds, tv_nsec: nanoseconds };
        let until = (&raw const until).expose_provenance();
        let arguments = [int(deadline.clock), kernel::TIMER_ABSTIME as usize, until, 0];
        // SAFETY: the time is readable.
        unsafe { blocking(kernel::__NR_clock_nanosleep, arguments) }.map(drop)
    }
}
