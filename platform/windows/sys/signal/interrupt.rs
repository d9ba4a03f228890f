//! Interruptions: a thread is told to look at its interrupt word.
//!
//! What waits for a handle does so alertably, and looks at the word before: an APC that was queued in between ends the wait as soon as it
//! begins. Futexes and synchronous requests have nothing that stays: a wake or a cancellation that comes a moment too early is lost. So
//! such a wait is marked before the thread looks, and whoever interrupts repeats until the thread has looked again.

use platform::{Errno, Result};
use windows_sys::Win32::System::IO::CancelSynchronousIo;
use windows_sys::Win32::System::Threading::{QueueUserAPC, WakeByAddressAll};

use super::task;
use crate::sys::native::{clock, slot, thread, timer};

/// `thread_interrupt`.
pub fn send(id: i32) -> Result<()> {
    /// Tries before the first pause.
    const EAGER: u32 = 10;
    /// A request that cannot be cancelled ends some day, and the thread looks then.
    const WHILE_NS: u64 = 10_000_000_000;
    let target = task::find(id).ok_or(Errno::SRCH)?;
    let Some(handle) = &target.handle else { return Ok(()) };
    extern "system" fn nothing(_: usize) {}
    target.tell();
    // SAFETY: the function does nothing; it only ends an alertable wait.
    unsafe { QueueUserAPC(Some(nothing), handle.raw(), 0) };
    let begin = clock::monotonic();
    let mut attempt = 0;
    while target.may_have_missed() {
        let address = target.waited_on();
        // SAFETY: an address is only compared; cancelling touches requests that were marked for it.
        unsafe {
            if address != 0 {
                WakeByAddressAll(address as *const core::ffi::c_void);
            } else if target.is_in_request() {
                CancelSynchronousIo(handle.raw());
            }
        }
        attempt += 1;
        if attempt <= EAGER {
            thread::yield_now();
        } else if clock::monotonic().saturating_ns_since(begin) > WHILE_NS {
            break;
        } else {
            timer::pause(1);
        }
    }
    Ok(())
}

/// `EINTR` when the calling thread's interrupt word says so.
pub fn check() -> Result<()> {
    task::current().looks();
    if slot::is_interrupted() { Err(Errno::INTR) } else { Ok(()) }
}
