//! The lock of a stream: its owner may take it again (`flockfile`, POSIX.1-2024).

use crate::rt::{Futex, Threads, abi, blocking, host, thread};
use crate::sync::atomic::{AtomicU32, Ordering};

/// Somebody may sleep on the word.
const WAITERS: u32 = 1 << 31;
/// Somebody may sleep who gives up when stirred. Not the same mark: another waiter may set that again before this one sleeps.
const IMPATIENT: u32 = 1 << 30;
const MARKS: u32 = WAITERS | IMPATIENT;

/// Owner's thread number, 0 when free, and the marks.
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
            self.lock_taken(me, found, WAITERS, || false);
        }
    }

    /// Takes the lock, or gives up waiting once `gives_up` says so: asked before each wait, again after [`Self::stir`].
    pub fn lock_unless(&self, gives_up: impl Fn() -> bool) -> bool {
        let me = own_number();
        match self.word.compare_exchange(0, me, Ordering::Acquire, Ordering::Relaxed) {
            Ok(_) => true,
            Err(found) => self.lock_taken(me, found, MARKS, gives_up),
        }
    }

    /// Lets those who wait for the lock think again. Without the marks their word is another, so nobody falls asleep over it.
    pub fn stir(&self) {
        if self.word.fetch_and(!MARKS, Ordering::AcqRel) & MARKS != 0 {
            // Nothing to do about a failure: they sleep then as they did.
            let _ = host().futex_wake(&self.word, u32::MAX, false);
        }
    }

    #[cold]
    fn lock_taken(&self, me: u32, mut found: u32, marks: u32, gives_up: impl Fn() -> bool) -> bool {
        if found & !MARKS == me {
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
            let marked = found | marks;
            if found == marked || self.word.compare_exchange(found, marked, Ordering::AcqRel, Ordering::Relaxed).is_ok()
            {
                if gives_up() {
                    // Its mark is another's reason to sleep.
                    self.stir();
                    return false;
                }
                // Whatever ends the wait, the word decides.
                let _ = blocking(|| host().futex_wait(&self.word, marked, None, abi::futex::NO_INTERRUPT));
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
        self.word.load(Ordering::Relaxed) & !MARKS == own_number()
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
        let marks = self.word.swap(0, Ordering::Release) & MARKS;
        if marks != 0 {
            // The next owner does not know of those who may give up.
            let count = if marks & IMPATIENT != 0 { u32::MAX } else { 1 };
            // Nothing to do about a failure: the word is free already.
            let _ = host().futex_wake(&self.word, count, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::Semaphore;
    use Ordering::SeqCst;

    #[test]
    fn who_may_give_up_does_not_sleep_over_an_owner_that_reads() {
        for seed in 0..2000 {
            let (lock, reads, flushed) = (RecursiveLock::new(), AtomicU32::new(0), Semaphore::new(0, false));
            let flush = || {
                if lock.lock_unless(|| reads.load(SeqCst) != 0) {
                    lock.unlock();
                }
                flushed.post(host()).unwrap();
            };
            let read = || {
                lock.lock();
                reads.store(1, SeqCst);
                lock.stir();
                // What it reads comes after that.
                (0..2).for_each(|_| while flushed.wait(host(), None).is_err() {});
                lock.unlock();
            };
            let write = || {
                lock.lock();
                lock.unlock();
            };
            platform_sim::interleave(seed, &[&read, &flush, &flush, &write, &write]);
            assert_eq!(lock.word.load(SeqCst), 0);
        }
    }

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
