//! Counting semaphores.

use platform::{Deadline, Errno, Platform, Result};

use super::atomic::{AtomicU32, Ordering};
use super::futex;

/// Somebody may sleep on the word. It lies in the word itself: who posts must not look at the object again, as the thread
/// that it lets through may destroy it. Waiters set it, only posts clear it.
const WAITED: u32 = 1 << 31;
/// SEM_VALUE_MAX of the ABI.
pub const VALUE_MAX: u32 = WAITED - 1;

/// A semaphore.
#[derive(Debug, Default)]
#[repr(C)]
pub struct Semaphore {
    word: AtomicU32,
    /// Threads that wait.
    waiters: AtomicU32,
    shared: u32,
}

impl Semaphore {
    /// A semaphore with a value of at most [`VALUE_MAX`].
    #[must_use]
    pub const fn new(value: u32, shared: bool) -> Self {
        Self { word: AtomicU32::new(value), waiters: AtomicU32::new(0), shared: shared as u32 }
    }

    /// The value now.
    pub fn value(&self) -> u32 {
        self.word.load(Ordering::SeqCst) & VALUE_MAX
    }

    /// Whether threads wait for it.
    pub fn is_waited_for(&self) -> bool {
        self.waiters.load(Ordering::SeqCst) != 0
    }

    /// Adds one. `OVERFLOW` at the limit. May be called in a signal handler.
    pub fn post(&self, host: &impl Platform) -> Result<()> {
        let (address, shared) = (&raw const self.word, self.shared != 0);
        let mut word = self.word.load(Ordering::Relaxed);
        let woken = loop {
            if word & VALUE_MAX == VALUE_MAX {
                return Err(Errno::OVERFLOW);
            }
            // Read before the exchange, after which the object may be gone. Others may come and go meanwhile, so who clears the
            // mark wakes all: those that find nothing set it again.
            let several = self.waiters.load(Ordering::Relaxed) > 1;
            let (more, woken) = if several { (word + 1, 1) } else { ((word & !WAITED) + 1, futex::ALL) };
            match self.word.compare_exchange_weak(word, more, Ordering::SeqCst, Ordering::Relaxed) {
                Ok(_) => break woken,
                Err(now) => word = now,
            }
        };
        if word & WAITED != 0 {
            futex::wake(host, address, woken, shared);
        }
        Ok(())
    }

    /// Takes one; `AGAIN` when there is none.
    pub fn try_wait(&self) -> Result<()> {
        let mut word = self.word.load(Ordering::Relaxed);
        while word & VALUE_MAX != 0 {
            match self.word.compare_exchange_weak(word, word - 1, Ordering::SeqCst, Ordering::Relaxed) {
                Ok(_) => return Ok(()),
                Err(now) => word = now,
            }
        }
        Err(Errno::AGAIN)
    }

    /// Takes one, waiting for it. `INTR` when a signal handler ran, `TIMEDOUT`, `INVAL` for a bad deadline.
    pub fn wait(&self, host: &impl Platform, deadline: Option<Deadline>) -> Result<()> {
        for _ in 0..futex::SPINS {
            if self.try_wait().is_ok() {
                return Ok(());
            }
            if self.word.load(Ordering::Relaxed) & WAITED != 0 {
                break;
            }
            core::hint::spin_loop();
        }
        self.waiters.fetch_add(1, Ordering::SeqCst);
        let result = self.wait_counted(host, deadline);
        self.waiters.fetch_sub(1, Ordering::SeqCst);
        result
    }

    fn wait_counted(&self, host: &impl Platform, deadline: Option<Deadline>) -> Result<()> {
        while self.try_wait().is_err() {
            match self.word.compare_exchange(0, WAITED, Ordering::SeqCst, Ordering::Relaxed) {
                Ok(_) | Err(WAITED) => {}
                Err(_) => continue,
            }
            let woken = futex::wait_interruptible(host, &self.word, WAITED, deadline, self.shared != 0);
            if let Err(errno) = woken {
                // A wake that comes together with the deadline was perhaps the only one for a value that is there now.
                return self.try_wait().map_err(|_| errno);
            }
        }
        Ok(())
    }
}
