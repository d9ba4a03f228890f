//! Barriers.

use core::sync::atomic::{AtomicU32, Ordering};

use platform::Platform;

use super::futex;

/// Set in `inside` by who wants to reuse the memory.
const LEAVING: u32 = 1 << 31;

/// Whether a thread is the one that the barrier distinguishes (`PTHREAD_BARRIER_SERIAL_THREAD`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Serial(pub bool);

/// A barrier for a fixed number of threads.
#[derive(Debug, Default)]
#[repr(C)]
pub struct Barrier {
    threads: u32,
    shared: u32,
    /// Threads of the present round that have come.
    arrived: AtomicU32,
    /// Number of the round.
    round: AtomicU32,
    /// Threads inside `wait`: one of them may destroy the barrier while the others are still on their way out.
    inside: AtomicU32,
}

impl Barrier {
    /// A barrier for so many threads, at least one.
    #[must_use]
    pub const fn new(threads: u32, shared: bool) -> Self {
        Self {
            threads,
            shared: shared as u32,
            arrived: AtomicU32::new(0),
            round: AtomicU32::new(0),
            inside: AtomicU32::new(0),
        }
    }

    /// Waits until all threads have come.
    pub fn wait(&self, host: &impl Platform) -> Serial {
        let shared = self.shared != 0;
        self.inside.fetch_add(1, Ordering::SeqCst);
        let round = self.round.load(Ordering::SeqCst);
        let serial = self.arrived.fetch_add(1, Ordering::SeqCst) + 1 == self.threads;
        if serial {
            // Before the round moves on: threads of the next one count from zero.
            self.arrived.store(0, Ordering::SeqCst);
            self.round.fetch_add(1, Ordering::SeqCst);
            futex::wake(host, &self.round, futex::ALL, shared);
        } else {
            while self.round.load(Ordering::SeqCst) == round {
                let _ = futex::wait(host, &self.round, round, None, shared);
            }
        }
        let inside = &raw const self.inside;
        // The last look at the object: `destroy` may return right after.
        if self.inside.fetch_sub(1, Ordering::SeqCst) == LEAVING + 1 {
            futex::wake(host, inside, futex::ALL, shared);
        }
        Serial(serial)
    }

    /// Waits until the threads of the last round have left; false, and nothing happens, when some wait for others to come.
    pub fn destroy(&self, host: &impl Platform) -> bool {
        if self.arrived.load(Ordering::SeqCst) != 0 {
            return false;
        }
        if self.inside.fetch_or(LEAVING, Ordering::SeqCst) != 0 {
            loop {
                let inside = self.inside.load(Ordering::SeqCst);
                if inside == LEAVING {
                    break;
                }
                let _ = futex::wait(host, &self.inside, inside, None, self.shared != 0);
            }
        }
        self.inside.store(0, Ordering::Release);
        true
    }
}
