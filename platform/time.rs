//! Clocks and sleeping.

use platform_operations::operations;

use crate::{Deadline, Errno, Result, Timespec};

/// Clocks and sleeping.
#[operations(time)]
pub trait Time: Sync {
    /// `clock_gettime`.
    #[slot(10)]
    fn clock(&self, clock: i32) -> Result<Timespec>;
    /// `clock_getres`.
    #[slot(73, optional)]
    fn clock_resolution(&self, clock: i32) -> Result<Timespec>;
    /// `clock_settime`.
    #[slot(74, optional)]
    fn set_clock(&self, clock: i32, time: Timespec) -> Result<()>;
    /// Sleeps until the deadline; `EINTR` when a signal handler ran.
    #[slot(75, optional, waits)]
    fn sleep(&self, deadline: Deadline) -> Result<()>;
}
