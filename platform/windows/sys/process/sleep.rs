//! Sleeping.

use platform::{Deadline, Errno, Result};
use windows_sys::Win32::System::Threading::{
    CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, CreateWaitableTimerExW, INFINITE, SetWaitableTimer, TIMER_ALL_ACCESS,
    WaitForSingleObjectEx,
};

use crate::sys::native::clock::remaining_ns;
use crate::sys::native::nt::{Handle, last_error};
use crate::sys::signal::delivery;

/// Sleeps until the deadline; `EINTR` when a signal handler ran.
pub fn sleep(deadline: Deadline) -> Result<()> {
    // SAFETY: no pointers but null ones. Before Windows 10 1803 there is no fine timer.
    let timer = unsafe {
        let fine = CreateWaitableTimerExW(
            core::ptr::null(),
            core::ptr::null(),
            CREATE_WAITABLE_TIMER_HIGH_RESOLUTION,
            TIMER_ALL_ACCESS,
        );
        let any = |raw| Handle::own(raw);
        any(fine)
            .or_else(|| any(CreateWaitableTimerExW(core::ptr::null(), core::ptr::null(), 0, TIMER_ALL_ACCESS)))
            .ok_or(Errno::NOMEM)?
    };
    loop {
        delivery::interrupted_always()?;
        let left = remaining_ns(&deadline)?;
        if left == 0 {
            return Ok(());
        }
        // Relative, in units of 100 ns, rounded up; a day at most, as the time of day may be set meanwhile.
        let due = -(left.div_ceil(100).min(864_000_000_000) as i64);
        // SAFETY: one word is read. Alertable: a signal for this thread ends the wait.
        unsafe {
            if SetWaitableTimer(timer.raw(), &due, 0, None, core::ptr::null(), 0) == 0 {
                return Err(last_error());
            }
            WaitForSingleObjectEx(timer.raw(), INFINITE, 1);
        }
    }
}
