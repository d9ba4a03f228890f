//! Locks over futex words.

use core::cell::UnsafeCell;
use core::ops::{Deref, DerefMut};
use core::sync::atomic::{AtomicI32, AtomicU32, AtomicUsize, Ordering};

use platform::{Platform, abi};

const FREE: u32 = 0;
const HELD: u32 = 1;
const AWAITED: u32 = 2;

/// A futex word as a lock (Drepper, "Futexes are tricky", 2011, the second mutex).
struct Word(AtomicU32);

impl Word {
    fn try_lock(&self) -> bool {
        self.0.compare_exchange(FREE, HELD, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    fn lock<P: Platform>(&self, platform: &P) {
        if !self.try_lock() {
            while self.0.swap(AWAITED, Ordering::Acquire) != FREE {
                // Whatever ends the sleep, the word is tested again.
                let _ = platform.futex_wait(&self.0, AWAITED, None, abi::futex::NO_INTERRUPT);
            }
        }
    }

    fn unlock<P: Platform>(&self, platform: &P) {
        if self.0.swap(FREE, Ordering::Release) == AWAITED {
            // Nobody to wake is no error.
            let _ = platform.futex_wake(&self.0, 1, false);
        }
    }
}

/// A value that one thread uses at a time.
pub(crate) struct Lock<P: 'static, T> {
    platform: &'static P,
    word: Word,
    value: UnsafeCell<T>,
}

// SAFETY: the value is reached through the lock only.
unsafe impl<P: Sync, T: Send> Sync for Lock<P, T> {}

impl<P: Platform, T> Lock<P, T> {
    pub(crate) const fn new(platform: &'static P, value: T) -> Self {
        Self { platform, word: Word(AtomicU32::new(FREE)), value: UnsafeCell::new(value) }
    }

    /// The value where it is free now.
    pub(crate) fn try_lock(&self) -> Option<Guard<'_, P, T>> {
        self.word.try_lock().then(|| Guard(self))
    }

    /// Waits until the value is free.
    pub(crate) fn lock(&self) -> Guard<'_, P, T> {
        self.word.lock(self.platform);
        Guard(self)
    }
}

/// Access to the value of a [`Lock`].
pub(crate) struct Guard<'l, P: Platform + 'static, T>(&'l Lock<P, T>);

impl<P: Platform, T> Deref for Guard<'_, P, T> {
    type Target = T;
    fn deref(&self) -> &T {
        // SAFETY: this thread holds the lock.
        unsafe { &*self.0.value.get() }
    }
}

impl<P: Platform, T> DerefMut for Guard<'_, P, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: this thread holds the lock, and the guard is borrowed once.
        unsafe { &mut *self.0.value.get() }
    }
}

impl<P: Platform, T> Drop for Guard<'_, P, T> {
    fn drop(&mut self) {
        self.0.word.unlock(self.0.platform);
    }
}

/// A lock that its holder may take again: an initialiser that `dlopen` runs may call `dlopen`.
pub(crate) struct Turn<P: 'static> {
    platform: &'static P,
    word: Word,
    /// Thread id of the holder, 0 when free.
    owner: AtomicI32,
    depth: AtomicUsize,
}

impl<P: Platform> Turn<P> {
    pub(crate) const fn new(platform: &'static P) -> Self {
        Self { platform, word: Word(AtomicU32::new(FREE)), owner: AtomicI32::new(0), depth: AtomicUsize::new(0) }
    }

    /// Waits until no other thread holds it.
    pub(crate) fn take(&self) -> Held<'_, P> {
        let me = self.platform.thread_id();
        // Only this thread stores its own id, so the answer cannot change meanwhile.
        if self.owner.load(Ordering::Relaxed) != me {
            self.word.lock(self.platform);
            self.owner.store(me, Ordering::Relaxed);
        }
        self.depth.fetch_add(1, Ordering::Relaxed);
        Held(self)
    }
}

/// Proof that this thread holds a [`Turn`].
pub(crate) struct Held<'t, P: Platform + 'static>(&'t Turn<P>);

impl<P: Platform> Drop for Held<'_, P> {
    fn drop(&mut self) {
        if self.0.depth.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.0.owner.store(0, Ordering::Relaxed);
            self.0.word.unlock(self.0.platform);
        }
    }
}
