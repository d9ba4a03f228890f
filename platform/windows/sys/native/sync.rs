//! A lock over SRWLOCK: two words, no allocation, usable before anything is set up.

use core::cell::UnsafeCell;
use core::ops::{Deref, DerefMut};
use core::sync::atomic::{AtomicI32, Ordering};

use windows_sys::Win32::System::Threading::{
    AcquireSRWLockExclusive, ReleaseSRWLockExclusive, SRWLOCK, SRWLOCK_INIT, TryAcquireSRWLockExclusive,
};

use super::thread;

/// A value that one thread at a time uses.
pub struct Mutex<T> {
    lock: UnsafeCell<SRWLOCK>,
    /// The number of the thread that has the value, or 0.
    holder: AtomicI32,
    value: UnsafeCell<T>,
}

// SAFETY: the lock gives the value to one thread at a time.
unsafe impl<T: Send> Sync for Mutex<T> {}
// SAFETY: a lock that nobody holds may move with its value.
unsafe impl<T: Send> Send for Mutex<T> {}

impl<T> Mutex<T> {
    /// Makes an open lock.
    pub const fn new(value: T) -> Self {
        Self { lock: UnsafeCell::new(SRWLOCK_INIT), holder: AtomicI32::new(0), value: UnsafeCell::new(value) }
    }

    /// Waits for the value. A thread that holds it must not ask again.
    pub fn lock(&self) -> Guard<'_, T> {
        // SAFETY: an initialised SRWLOCK that does not move while it is borrowed.
        unsafe { AcquireSRWLockExclusive(self.lock.get()) };
        self.taken()
    }

    /// The value, unless a thread holds it.
    pub fn try_lock(&self) -> Option<Guard<'_, T>> {
        // SAFETY: as above.
        (unsafe { TryAcquireSRWLockExclusive(self.lock.get()) }).then(|| self.taken())
    }

    /// Whether the calling thread has the value: a handler of exceptions may have interrupted it anywhere.
    pub fn is_mine(&self) -> bool {
        self.holder.load(Ordering::Relaxed) == thread::id()
    }

    fn taken(&self) -> Guard<'_, T> {
        self.holder.store(thread::id(), Ordering::Relaxed);
        Guard(self)
    }
}

impl<T: Default> Default for Mutex<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

/// The value, until it is dropped.
pub struct Guard<'a, T>(&'a Mutex<T>);

impl<T> Deref for Guard<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        // SAFETY: this guard holds the lock.
        unsafe { &*self.0.value.get() }
    }
}

impl<T> DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: this guard holds the lock.
        unsafe { &mut *self.0.value.get() }
    }
}

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        self.0.holder.store(0, Ordering::Relaxed);
        // SAFETY: this guard holds the lock.
        unsafe { ReleaseSRWLockExclusive(self.0.lock.get()) };
    }
}
