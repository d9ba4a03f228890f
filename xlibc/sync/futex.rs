//! The two requests that everything here is made of.

use super::atomic::AtomicU32;
use crate::rt::blocking;
use platform::abi::futex::{NO_INTERRUPT, SHARED};
use platform::{Deadline, Errno, Platform, Result};

/// How often a waiter looks at a word before it asks the host to sleep. Critical sections are mostly shorter than a sleep.
/// Under a schedule (unit tests) each look is a step.
pub(super) const SPINS: u32 = if cfg!(test) { 1 } else { 100 };

/// Sleeps while `word` holds `expected`. `Ok` means: look again (also after a signal). Fails with `TIMEDOUT`, or with `INVAL`
/// for an invalid deadline.
pub(super) fn wait(
    host: &impl Platform,
    word: &AtomicU32,
    expected: u32,
    deadline: Option<Deadline>,
    shared: bool,
) -> Result<()> {
    match wait_interruptible(host, word, expected, deadline, shared) {
        Err(Errno::INTR) => Ok(()),
        result => result,
    }
}

/// Like [`wait`], and fails with `INTR` when a signal handler ran.
pub(super) fn wait_interruptible(
    host: &impl Platform,
    word: &AtomicU32,
    expected: u32,
    deadline: Option<Deadline>,
    shared: bool,
) -> Result<()> {
    if let Some(at) = deadline {
        if !at.time.is_normalized() {
            return Err(Errno::INVAL);
        }
        // Clocks never show less than zero, and hosts refuse such times.
        if at.time.seconds < 0 {
            return Err(Errno::TIMEDOUT);
        }
    }
    let flags = if shared { SHARED } else { 0 } | NO_INTERRUPT;
    match blocking(|| host.futex_wait(word, expected, deadline, flags)) {
        Err(errno @ (Errno::TIMEDOUT | Errno::INVAL | Errno::INTR)) => Err(errno),
        _ => Ok(()),
    }
}

/// Wakes up to `count` sleepers. Takes an address, not a reference: the word may be gone once it was released.
pub(super) fn wake(host: &impl Platform, word: *const AtomicU32, count: u32, shared: bool) {
    // SAFETY: hosts use the address as a key only and never read the word, so it may have been freed meanwhile.
    let _ = host.futex_wake(unsafe { &*word }, count, shared);
}

/// All sleepers.
pub(super) const ALL: u32 = i32::MAX as u32;
