//! The calling thread.

use windows_sys::Win32::System::Threading::{GetCurrentThreadId, SwitchToThread};

/// The calling thread's number.
pub fn id() -> i32 {
    // SAFETY: no arguments.
    (unsafe { GetCurrentThreadId() }) as i32
}

/// `sched_yield`.
pub fn yield_now() {
    // SAFETY: no arguments.
    unsafe { SwitchToThread() };
}
