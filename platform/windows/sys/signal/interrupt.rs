//! Interruptions: a thread is told to look at its interrupt word.
//!
//! What waits for a handle does so alertably, and looks at the word before: an APC that was queued in between ends the wait as soon as it
//! begins. Futexes and synchronous requests have nothing that stays: a wake or a cancellation that comes a moment too early is lost. So
//! such a wait is marked before the thread looks, and whoever interrupts repeats until the thread has looked again.

use platform::{Errno, Result};

use super::task;
use crate::sys::native::{clock, slot, thread, timer};

/// `thread_interrupt`.
pub fn send(id: i32) -> Result<()> {
    /// Tries before the first pause.
    const EAGER: u32 = 10;
    /// A request that cannot be cancelled ends some day, and the thread looks then.
    const WHILE_NS: u64 = 10_000_000_000;
    let target = task::find(id).ok_or(Errno::SRCH)?;
    if target.handle.is_none() {
        return Ok(());
    }
    target.tell();
    target.end_wait();
    let begin = clock::monotonic();
    let mut attempt = 0;
    while target.may_have_missed() {
        target.end_marked_wait();
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
