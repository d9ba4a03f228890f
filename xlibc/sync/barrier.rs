//! Barriers.

use platform::Platform;

use super::atomic::{AtomicU32, AtomicU64, Ordering};
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
    /// Upper half: number of the round. Lower half: threads that have come in it. One word, as more threads may use a barrier
    /// than it counts: one that comes late must be of the next round, and stay counted.
    state: AtomicU64,
    /// Threads inside `wait`: one of them may destroy the barrier while the others are still on their way out.
    inside: AtomicU32,
}

impl Barrier {
    /// A barrier for so many threads, at least one.
    #[must_use]
    pub const fn new(threads: u32, shared: bool) -> Self {
        Self { threads, shared: shared as u32, state: AtomicU64::new(0), inside: AtomicU32::new(0) }
    }

    /// Waits until all threads have come.
    pub fn wait(&self, host: &impl Platform) -> Serial {
        let shared = self.shared != 0;
        self.inside.fetch_add(1, Ordering::SeqCst);
        let mut state = self.state.load(Ordering::Relaxed);
        let serial = loop {
            let is_last = arrived(state) + 1 == self.threads;
            let next = if is_last { u64::from(round(state).wrapping_add(1)) << 32 } else { state + 1 };
            match self.state.compare_exchange_weak(state, next, Ordering::SeqCst, Ordering::Relaxed) {
                Ok(_) => break is_last,
                Err(now) => state = now,
            }
        };
        if serial {
            futex::wake(host, self.round_word(), futex::ALL, shared);
        } else {
            let mine = round(state);
            while round(self.state.load(Ordering::SeqCst)) == mine {
                let _ = futex::wait(host, self.round_word(), mine, None, shared);
            }
        }
        let inside = &raw const self.inside;
        // The last look at the object: `destroy` may return right after.
        if self.inside.fetch_sub(1, Ordering::SeqCst) == LEAVING + 1 {
            futex::wake(host, inside, futex::ALL, shared);
        }
        Serial(serial)
    }

    /// What waiters sleep on.
    fn round_word(&self) -> &AtomicU32 {
        const { assert!(cfg!(target_endian = "little")) };
        // SAFETY: the upper half of the word. Hosts read it, nobody writes it by this address.
        unsafe { &*(&raw const self.state).cast::<AtomicU32>().add(1) }
    }

    /// Waits until the threads of the last round have left; false, and nothing happens, when some wait for others to come.
    pub fn destroy(&self, host: &impl Platform) -> bool {
        if arrived(self.state.load(Ordering::SeqCst)) != 0 {
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

fn round(state: u64) -> u32 {
    (state >> 32) as u32
}

fn arrived(state: u64) -> u32 {
    state as u32
}
