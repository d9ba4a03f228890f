//! The lock of the library's own data: no owner, no kinds, 4 bytes.

use core::cell::UnsafeCell;

use platform::{Deadline, Platform, Result};

use super::atomic::{AtomicU32, Ordering};
use super::futex;

const FREE: u32 = 0;
const HELD: u32 = 1;
/// Held, and somebody may sleep on the word.
const CONTENDED: u32 = 2;

/// Three states in one futex word (U. Drepper, "Futexes Are Tricky", 2004, third mutex).
#[derive(Debug, Default)]
#[repr(transparent)]
pub struct Lock {
    word: AtomicU32,
}

impl Lock {
    /// A word as a lock; 0 is free.
    #[must_use]
    pub fn of(word: &core::sync::atomic::AtomicU32) -> &Self {
        // SAFETY: `repr(transparent)`.
        unsafe { &*core::ptr::from_ref(word).cast() }
    }

    /// A free lock.
    #[must_use]
    pub const fn new() -> Self {
        Self { word: AtomicU32::new(FREE) }
    }

    /// Whether somebody holds it.
    pub fn is_held(&self) -> bool {
        self.word.load(Ordering::Relaxed) != FREE
    }

    /// Takes the lock when it is free.
    #[inline]
    pub fn try_lock(&self) -> bool {
        self.word.compare_exchange(FREE, HELD, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    /// Takes the lock.
    #[inline]
    pub fn lock(&self, host: &impl Platform) {
        if !self.try_lock() {
            // Without a deadline there is nothing that can fail.
            let _ = self.wait(host, None, false);
        }
    }

    /// Takes the lock, or fails with `TIMEDOUT` (`INVAL` for a bad deadline, if it would have waited).
    #[cold]
    pub fn wait(&self, host: &impl Platform, deadline: Option<Deadline>, shared: bool) -> Result<()> {
        for _ in 0..futex::SPINS {
            match self.word.load(Ordering::Relaxed) {
                FREE if self.try_lock() => return Ok(()),
                CONTENDED => break,
                _ => core::hint::spin_loop(),
            }
        }
        // Who has slept takes the lock as contended: it cannot know whether it was the only sleeper.
        while self.word.swap(CONTENDED, Ordering::Acquire) != FREE {
            if let Err(errno) = futex::wait(host, &self.word, CONTENDED, deadline, shared) {
                // A wake that comes together with the deadline must not be lost: one more try, marked for the next owner.
                return if self.word.swap(CONTENDED, Ordering::Acquire) == FREE { Ok(()) } else { Err(errno) };
            }
        }
        Ok(())
    }

    /// Frees the lock.
    #[inline]
    pub fn unlock(&self, host: &impl Platform) {
        self.unlock_shared(host, false);
    }

    /// Frees the lock; `shared` when other processes may wait for it. False: nobody held it.
    #[inline]
    pub fn unlock_shared(&self, host: &impl Platform, shared: bool) -> bool {
        let word = &raw const self.word;
        let was = self.word.swap(FREE, Ordering::Release);
        if was == CONTENDED {
            futex::wake(host, word, 1, shared);
        }
        was != FREE
    }
}

/// A value that only the holder of its lock touches.
#[derive(Debug, Default)]
pub struct Locked<T> {
    lock: Lock,
    value: UnsafeCell<T>,
}

// SAFETY: `with` gives the value to one thread at a time.
unsafe impl<T: Send> Sync for Locked<T> {}

impl<T> Locked<T> {
    /// A free lock around a value.
    pub const fn new(value: T) -> Self {
        Self { lock: Lock::new(), value: UnsafeCell::new(value) }
    }

    /// Runs `work` on the value unless somebody uses it.
    pub fn try_with<R>(&self, host: &impl Platform, work: impl FnOnce(&mut T) -> R) -> Option<R> {
        if !self.lock.try_lock() {
            return None;
        }
        // SAFETY: the lock is held, so no other reference exists.
        let result = work(unsafe { &mut *self.value.get() });
        self.lock.unlock(host);
        Some(result)
    }

    /// Runs `work` on the value. Not reentrant.
    #[inline]
    pub fn with<R>(&self, host: &impl Platform, work: impl FnOnce(&mut T) -> R) -> R {
        self.lock.lock(host);
        // SAFETY: the lock is held, so no other reference exists.
        let result = work(unsafe { &mut *self.value.get() });
        self.lock.unlock(host);
        result
    }
}
