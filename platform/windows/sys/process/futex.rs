//! Futexes over `WaitOnAddress`. It knows the process's own threads only: a word in memory shared with other processes wakes
//! waiters of this process, and a waiter for others looks again every few milliseconds.

use core::sync::atomic::{AtomicU32, Ordering};

use platform::abi::futex::{NO_INTERRUPT, SHARED};
use platform::{Deadline, Errno, Futex, Result};
use windows_sys::Win32::System::Threading::{INFINITE, WaitOnAddress, WakeByAddressAll, WakeByAddressSingle};

use crate::Windows;
use crate::sys::native::{clock, timer};
use crate::sys::signal::{delivery, task};

/// How long a waiter on a shared word trusts that no other process woke it.
const SHARED_POLL_MS: u64 = 5;

impl Futex for Windows {
    fn futex_wait(&self, word: &AtomicU32, expected: u32, deadline: Option<Deadline>, flags: u32) -> Result<()> {
        let task = task::current();
        task.wait_on(word.as_ptr() as usize);
        let result = wait_registered(word, expected, deadline, flags);
        task.wait_on(0);
        result
    }

    /// Windows does not tell how many there were.
    fn futex_wake(&self, word: &AtomicU32, count: u32, _shared: bool) -> Result<usize> {
        // SAFETY: only the address counts.
        unsafe {
            match count {
                0 => {}
                1 => WakeByAddressSingle(word.as_ptr().cast()),
                // Waking too many is allowed: waiters test again.
                _ => WakeByAddressAll(word.as_ptr().cast()),
            }
        }
        Ok(0)
    }
}

/// Delivers signals and looks at the interrupt word, where that counts.
fn look(flags: u32) -> Result<()> {
    match flags & NO_INTERRUPT {
        0 => delivery::interrupted_always(),
        _ => {
            // Whoever interrupts need not wake it again.
            task::current().looks();
            delivery::handled()
        }
    }
}

fn wait_registered(word: &AtomicU32, expected: u32, deadline: Option<Deadline>, flags: u32) -> Result<()> {
    let mut first = true;
    loop {
        if word.load(Ordering::SeqCst) != expected {
            return if first { Err(Errno::AGAIN) } else { Ok(()) };
        }
        look(flags)?;
        let mut milliseconds = u64::from(INFINITE);
        let mut ticks = None;
        if let Some(deadline) = &deadline {
            let left = clock::remaining_ns(deadline)?;
            if left == 0 {
                return Err(Errno::TIMEDOUT);
            }
            let part;
            (part, ticks) = timer::part(left);
            // Rounded up: waking early would only mean another turn. The largest value means for ever.
            milliseconds = part.div_ceil(1_000_000).min(u64::from(INFINITE) - 1);
        }
        if flags & SHARED != 0 {
            milliseconds = milliseconds.min(SHARED_POLL_MS);
        }
        // SAFETY: both words live during the call and have the size given.
        let woken = unsafe {
            WaitOnAddress(word.as_ptr().cast(), (&raw const expected).cast(), size_of::<u32>(), milliseconds as u32)
        };
        // Before handlers run, which may not come back.
        drop(ticks);
        if woken != 0 {
            // A wake, a change of the word, or a signal for this thread.
            return look(flags);
        }
        first = false;
    }
}
