//! Mutexes with the kinds of POSIX.

use platform::{Deadline, Errno, Platform, Result};

use super::Lock;
use super::atomic::{AtomicI32, AtomicU32, Ordering};

/// What a mutex does when its owner locks it again, and when others unlock it (POSIX.1-2024 `pthread_mutex_lock`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Kind {
    /// Waits for itself; unlocked by whoever asks.
    Normal = 0,
    /// Counts; only the owner unlocks.
    Recursive = 1,
    /// Refuses; only the owner unlocks.
    ErrorCheck = 2,
}

const KIND: u32 = 3;
const SHARED: u32 = 0x80;

/// A mutex. Owners are numbers that no two threads have at a time, never 0.
#[derive(Debug, Default)]
#[repr(C)]
pub struct Mutex {
    lock: Lock,
    /// [`Kind`] and `SHARED`.
    kind: AtomicU32,
    /// Who holds it; only kept for kinds that ask.
    owner: AtomicI32,
    /// Recursive: how often the owner has locked it beyond the first time.
    again: AtomicU32,
}

impl Mutex {
    /// A free mutex; `shared` when threads of other processes use it too.
    #[must_use]
    pub const fn new(kind: Kind, shared: bool) -> Self {
        Self {
            lock: Lock::new(),
            kind: AtomicU32::new(kind as u32 | if shared { SHARED } else { 0 }),
            owner: AtomicI32::new(0),
            again: AtomicU32::new(0),
        }
    }

    fn is_shared(&self) -> bool {
        self.kind.load(Ordering::Relaxed) & SHARED != 0
    }

    fn is_plain(&self) -> bool {
        self.kind.load(Ordering::Relaxed) & KIND == Kind::Normal as u32
    }

    /// Whether the thread holds it; always true for the kind that does not keep its owner.
    pub fn is_owner(&self, me: i32) -> bool {
        self.is_plain() || self.owner.load(Ordering::Relaxed) == me
    }

    /// Whether somebody holds it.
    pub fn is_held(&self) -> bool {
        self.lock.is_held()
    }

    /// Takes the mutex. `DEADLK` for an error-checking one that the thread holds, `AGAIN` when a recursive one is full,
    /// `TIMEDOUT`, and `INVAL` for a bad deadline if it would have waited.
    #[inline]
    pub fn lock(&self, host: &impl Platform, me: i32, deadline: Option<Deadline>) -> Result<()> {
        if self.kind.load(Ordering::Relaxed) == Kind::Normal as u32 && self.lock.try_lock() {
            return Ok(());
        }
        self.lock_slow(host, me, deadline)
    }

    #[cold]
    fn lock_slow(&self, host: &impl Platform, me: i32, deadline: Option<Deadline>) -> Result<()> {
        if !self.is_plain() {
            if self.owner.load(Ordering::Relaxed) == me {
                return self.lock_again(Errno::DEADLK);
            }
            if self.lock.try_lock() {
                self.owner.store(me, Ordering::Relaxed);
                return Ok(());
            }
        }
        self.lock.wait(host, deadline, self.is_shared())?;
        if !self.is_plain() {
            self.owner.store(me, Ordering::Relaxed);
        }
        Ok(())
    }

    /// The owner locks it once more.
    fn lock_again(&self, refusal: Errno) -> Result<()> {
        if self.kind.load(Ordering::Relaxed) & KIND != Kind::Recursive as u32 {
            return Err(refusal);
        }
        // Only the owner writes the count.
        let again = self.again.load(Ordering::Relaxed).checked_add(1).ok_or(Errno::AGAIN)?;
        self.again.store(again, Ordering::Relaxed);
        Ok(())
    }

    /// Takes the mutex when that needs no waiting; else `BUSY`.
    #[inline]
    pub fn try_lock(&self, me: i32) -> Result<()> {
        if self.is_plain() {
            return if self.lock.try_lock() { Ok(()) } else { Err(Errno::BUSY) };
        }
        if self.owner.load(Ordering::Relaxed) == me {
            return self.lock_again(Errno::BUSY);
        }
        if !self.lock.try_lock() {
            return Err(Errno::BUSY);
        }
        self.owner.store(me, Ordering::Relaxed);
        Ok(())
    }

    /// Frees the mutex, or undoes one of several locks. `PERM` when nobody holds it, or a kind that keeps its owner has another.
    #[inline]
    pub fn unlock(&self, host: &impl Platform, me: i32) -> Result<()> {
        let kind = self.kind.load(Ordering::Relaxed);
        if kind & KIND != Kind::Normal as u32 {
            if self.owner.load(Ordering::Relaxed) != me {
                return Err(Errno::PERM);
            }
            let again = self.again.load(Ordering::Relaxed);
            if again > 0 {
                self.again.store(again - 1, Ordering::Relaxed);
                return Ok(());
            }
            self.owner.store(0, Ordering::Relaxed);
        }
        if self.lock.unlock_shared(host, kind & SHARED != 0) { Ok(()) } else { Err(Errno::PERM) }
    }
}
