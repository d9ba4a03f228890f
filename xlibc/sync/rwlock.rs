//! Read-write locks. Readers come in while others read, so that a thread may read-lock again (POSIX.1-2024
//! `pthread_rwlock_rdlock` allows it without a priority rule).

use platform::{Deadline, Errno, Platform, Result};

use super::atomic::{AtomicI32, AtomicU32, Ordering};
use super::futex;

/// Somebody may sleep on the word.
const WAITED: u32 = 1 << 31;
/// Held for writing; smaller numbers count readers.
const WRITER: u32 = WAITED - 1;

/// A read-write lock.
#[derive(Debug, Default)]
#[repr(C)]
pub struct RwLock {
    word: AtomicU32,
    shared: AtomicU32,
    /// Who holds it for writing, 0 for nobody.
    writer: AtomicI32,
}

impl RwLock {
    /// A free lock; `shared` when threads of other processes use it too.
    #[must_use]
    pub const fn new(shared: bool) -> Self {
        Self { word: AtomicU32::new(0), shared: AtomicU32::new(shared as u32), writer: AtomicI32::new(0) }
    }

    /// Whether somebody holds it.
    pub fn is_held(&self) -> bool {
        self.word.load(Ordering::Relaxed) & !WAITED != 0
    }

    fn is_shared(&self) -> bool {
        self.shared.load(Ordering::Relaxed) != 0
    }

    /// Takes a read lock when no writer holds it: else `BUSY`; `AGAIN` with more readers than can be counted.
    pub fn try_read(&self) -> Result<()> {
        let mut word = self.word.load(Ordering::Relaxed);
        loop {
            match word & !WAITED {
                WRITER => return Err(Errno::BUSY),
                readers if readers + 1 == WRITER => return Err(Errno::AGAIN),
                _ => {}
            }
            match self.word.compare_exchange_weak(word, word + 1, Ordering::Acquire, Ordering::Relaxed) {
                Ok(_) => return Ok(()),
                Err(now) => word = now,
            }
        }
    }

    /// Takes the lock for writing when nobody holds it; else `BUSY`.
    pub fn try_write(&self, me: i32) -> Result<()> {
        let word = self.word.load(Ordering::Relaxed);
        let free = word & !WAITED == 0;
        if !free || self.word.compare_exchange(word, word | WRITER, Ordering::Acquire, Ordering::Relaxed).is_err() {
            return Err(Errno::BUSY);
        }
        self.writer.store(me, Ordering::Relaxed);
        Ok(())
    }

    /// Takes a read lock. `DEADLK` when the thread writes, `AGAIN`, `TIMEDOUT`, `INVAL` for a bad deadline.
    pub fn read(&self, host: &impl Platform, me: i32, deadline: Option<Deadline>) -> Result<()> {
        self.wait(host, me, deadline, |lock| lock.try_read(), |holders| holders == WRITER)
    }

    /// Takes the lock for writing. `DEADLK` when the thread writes already, `TIMEDOUT`, `INVAL` for a bad deadline.
    pub fn write(&self, host: &impl Platform, me: i32, deadline: Option<Deadline>) -> Result<()> {
        self.wait(host, me, deadline, |lock| lock.try_write(me), |holders| holders != 0)
    }

    fn wait(
        &self,
        host: &impl Platform,
        me: i32,
        deadline: Option<Deadline>,
        attempt: impl Fn(&Self) -> Result<()>,
        is_kept_out_by: impl Fn(u32) -> bool,
    ) -> Result<()> {
        for _ in 0..futex::SPINS {
            match attempt(self) {
                Err(Errno::BUSY) => core::hint::spin_loop(),
                result => return result,
            }
            if self.word.load(Ordering::Relaxed) & WAITED != 0 {
                break;
            }
        }
        if self.writer.load(Ordering::Relaxed) == me {
            return Err(Errno::DEADLK);
        }
        loop {
            match attempt(self) {
                Err(Errno::BUSY) => {}
                result => return result,
            }
            // Other holders than at the attempt may let it in: nobody would wake a reader whom only readers hold up.
            let word = self.word.load(Ordering::Relaxed);
            if !is_kept_out_by(word & !WAITED) {
                continue;
            }
            let marked = word | WAITED;
            if word == marked || self.word.compare_exchange(word, marked, Ordering::Relaxed, Ordering::Relaxed).is_ok()
            {
                futex::wait(host, &self.word, marked, deadline, self.is_shared())?;
            }
        }
    }

    /// Gives back one lock of either sort. `PERM` when nobody holds one, or another thread writes.
    pub fn unlock(&self, host: &impl Platform, me: i32) -> Result<()> {
        let (address, shared) = (&raw const self.word, self.is_shared());
        let mut word = self.word.load(Ordering::Relaxed);
        let was = loop {
            let left = match word & !WAITED {
                WRITER if self.writer.load(Ordering::Relaxed) == me => {
                    self.writer.store(0, Ordering::Relaxed);
                    // Others can only set the mark meanwhile.
                    break self.word.swap(0, Ordering::Release);
                }
                0 | WRITER => return Err(Errno::PERM),
                1 => 0,
                _ => word - 1,
            };
            match self.word.compare_exchange_weak(word, left, Ordering::Release, Ordering::Relaxed) {
                Ok(_) if left == 0 => break word,
                Ok(_) => return Ok(()),
                Err(now) => word = now,
            }
        };
        if was & WAITED != 0 {
            // All: the first may be a reader, and others of its kind can come in with it.
            futex::wake(host, address, futex::ALL, shared);
        }
        Ok(())
    }
}
