//! The lock of a stream: its owner may take it again (`flockfile`, POSIX.1-2024).

use core::sync::atomic::{AtomicU32, Ordering};

use crate::rt::{Futex, Threads, blocking, host, thread};

/// Somebody may sleep on the word.
const WAITERS: u32 = 1 << 31;

/// Owner's thread number, 0 when free, and [`WAITERS`].
#[derive(Debug, Default)]
pub struct RecursiveLock {
    word: AtomicU32,
    /// Times the owner holds the lock beyond the first; only the owner touches it.
    again: AtomicU32,
}

fn own_number() -> u32 {
    let id = thread().id.get();
    if id == 0 { host().thread_id() as u32 } else { id as u32 }
}

impl RecursiveLock {
    /// A free lock.
    #[must_use]
    pub const fn new() -> Self {
        Self { word: AtomicU32::new(0), again: AtomicU32::new(0) }
    }

    /// Takes the lock; waits while another thread has it.
    #[inline]
    pub fn lock(&self) {
        let me = own_number();
        if let Err(found) = self.word.compare_exchange(0, me, Ordering::Acquire, Ordering::Relaxed) {
            self.lock_taken(me, found, || false);
        }
    }

    /// Takes the lock, or gives up waiting once `gives_up` says so: asked before each wait, again after [`Self::stir`].
    pub fn lock_unless(&self, gives_up: impl Fn() -> bool) -> bool {
        let me = own_number();
        match self.word.compare_exchange(0, me, Ordering::Acquire, Ordering::Relaxed) {
            Ok(_) => true,
            Err(found) => self.lock_taken(me, found, gives_up),
        }
    }

    /// Lets those who wait for the lock think again. Without the mark their word is another, so nobody falls asleep over it.
    pub fn stir(&self) {
        if self.word.fetch_and(!WAITERS, Ordering::AcqRel) & WAITERS != 0 {
            // Nothing to do about a failure: they sleep then as they did.
            let _ = host().futex_wake(&self.word, u32::MAX, false);
        }
    }

    #[cold]
    fn lock_taken(&self, me: u32, mut found: u32, gives_up: impl Fn() -> bool) -> bool {
        if found & !WAITERS == me {
            self.again.store(self.again.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
            return true;
        }
        loop {
            if found == 0 {
                // Others may wait besides this thread, so the mark stays.
                match self.word.compare_exchange(0, me | WAITERS, Ordering::Acquire, Ordering::Relaxed) {
                    Ok(_) => return true,
                    Err(now) => found = now,
                }
                continue;
            }
            let marked = found | WAITERS;
            if found == marked || self.word.compare_exchange(found, marked, Ordering::AcqRel, Ordering::Relaxed).is_ok()
            {
                if gives_up() {
                    return false;
                }
                // Whatever ends the wait, the word decides.
                let _ = blocking(|| host().futex_wait(&self.word, marked, None, false));
            }
            found = self.word.load(Ordering::Relaxed);
        }
    }

    /// Takes the lock if no other thread has it.
    pub fn try_lock(&self) -> bool {
        if self.try_lock_free() {
            return true;
        }
        let mine = self.is_own();
        if mine {
            self.again.store(self.again.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        }
        mine
    }

    /// Takes the lock if nobody has it, this thread included.
    pub fn try_lock_free(&self) -> bool {
        self.word.compare_exchange(0, own_number(), Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    /// Whether this thread has it.
    fn is_own(&self) -> bool {
        self.word.load(Ordering::Relaxed) & !WAITERS == own_number()
    }

    /// Gives back one `lock` of this thread; nothing happens if it has none.
    pub fn unlock_own(&self) {
        if self.is_own() {
            self.unlock();
        }
    }

    /// Gives back every `lock` of this thread.
    pub fn release(&self) {
        if self.is_own() {
            self.again.store(0, Ordering::Relaxed);
            self.unlock();
        }
    }

    /// Gives back one `lock` of this thread, which has one.
    #[inline]
    pub fn unlock(&self) {
        let again = self.again.load(Ordering::Relaxed);
        if again != 0 {
            self.again.store(again - 1, Ordering::Relaxed);
            return;
        }
        if self.word.swap(0, Ordering::Release) & WAITERS != 0 {
            // Nothing to do about a failure: the word is free already.
            let _ = host().futex_wake(&self.word, 1, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owner_may_take_it_again() {
        let lock = RecursiveLock::new();
        lock.lock();
        lock.lock();
        assert!(lock.try_lock());
        assert!(!lock.try_lock_free());
        for _ in 0..3 {
            assert_ne!(lock.word.load(Ordering::Relaxed), 0);
            lock.unlock();
        }
        assert_eq!(lock.word.load(Ordering::Relaxed), 0);
        lock.release();
        lock.lock();
        lock.lock();
        lock.release();
        assert!(lock.try_lock_free());
        lock.unlock();
        assert_eq!(lock.word.load(Ordering::Relaxed), 0);
    }
}
