//! Clocks, which sleeping moves.

use platform::abi::clock;
use platform::{Deadline, Errno, Result, Time, Timespec};

use crate::slot::is_interrupted;
use crate::system::System;

impl Time for System {
    fn clock(&self, id: i32) -> Result<Timespec> {
        let state = self.enter();
        match id {
            clock::REALTIME | clock::REALTIME_COARSE => Ok(self.real_time(state.slept_ns)),
            clock::MONOTONIC..=clock::MONOTONIC_RAW | clock::MONOTONIC_COARSE | clock::BOOT_TIME => {
                Ok(Timespec::default().saturating_add_ns(self.elapsed(state.slept_ns)))
            }
            _ => Err(Errno::INVAL),
        }
    }
    fn clock_resolution(&self, id: i32) -> Result<Timespec> {
        self.clock(id).map(|_| Timespec { seconds: 0, nanoseconds: 1 })
    }
    fn set_clock(&self, _clock: i32, _time: Timespec) -> Result<()> {
        Err(Errno::PERM)
    }
    fn sleep(&self, deadline: Deadline) -> Result<()> {
        if !matches!(deadline.clock, clock::REALTIME | clock::MONOTONIC) {
            return Err(Errno::INVAL);
        }
        let now = self.clock(deadline.clock)?;
        if is_interrupted() {
            return Err(Errno::INTR);
        }
        self.state().slept_ns += deadline.time.saturating_ns_since(now);
        Ok(())
    }
}
