//! Initialisation that happens once.

use platform::Platform;

use super::atomic::{AtomicU32, Ordering};
use super::futex;

const NEW: u32 = 0;
const RUNNING: u32 = 1;
const DONE: u32 = 2;
/// Running, and somebody may sleep on the word.
const WAITED: u32 = 3;

/// What [`Once::enter`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enter {
    /// The caller has to run the work, then call `leave`.
    Run,
    /// The work is done; what it wrote is visible.
    Done,
}

/// Whether something has been done: the ABI's `pthread_once_t` and `once_flag`.
#[derive(Debug, Default)]
#[repr(transparent)]
pub struct Once {
    word: AtomicU32,
}

impl Once {
    /// Nothing has been done.
    #[must_use]
    pub const fn new() -> Self {
        Self { word: AtomicU32::new(NEW) }
    }

    /// Finds out whether the caller is to do the work; waits while another thread does it.
    #[inline]
    pub fn enter(&self, host: &impl Platform) -> Enter {
        if self.word.load(Ordering::Acquire) == DONE { Enter::Done } else { self.enter_slow(host) }
    }

    #[cold]
    fn enter_slow(&self, host: &impl Platform) -> Enter {
        loop {
            match self.word.compare_exchange(NEW, RUNNING, Ordering::Acquire, Ordering::Acquire) {
                Ok(_) => return Enter::Run,
                Err(DONE) => return Enter::Done,
                Err(RUNNING) => {
                    let _ = self.word.compare_exchange(RUNNING, WAITED, Ordering::Relaxed, Ordering::Relaxed);
                }
                Err(_) => {
                    // Without a deadline nothing can fail.
                    let _ = futex::wait(host, &self.word, WAITED, None, false);
                }
            }
        }
    }

    /// Ends the work: `done`, or given up, and then the next caller does it.
    pub fn leave(&self, host: &impl Platform, done: bool) {
        let word = &raw const self.word;
        if self.word.swap(if done { DONE } else { NEW }, Ordering::Release) == WAITED {
            futex::wake(host, word, futex::ALL, false);
        }
    }
}
