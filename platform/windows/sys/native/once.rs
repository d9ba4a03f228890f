//! A value that is found out when it is first needed.

use alloc::boxed::Box;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

use super::sync::Mutex;

/// Empty at first; once set it stays.
pub struct Once<T> {
    value: AtomicPtr<T>,
    setting: Mutex<()>,
}

impl<T: Send + Sync> Once<T> {
    /// Not known yet.
    pub const fn new() -> Self {
        Self { value: AtomicPtr::new(null_mut()), setting: Mutex::new(()) }
    }

    /// Known from the start.
    pub fn of(value: T) -> Self {
        Self { value: AtomicPtr::new(Box::into_raw(Box::new(value))), setting: Mutex::new(()) }
    }

    /// The value, if it is known.
    pub fn known(&self) -> Option<&T> {
        // SAFETY: null or a box that stays until `self` is dropped.
        unsafe { self.value.load(Ordering::Acquire).as_ref() }
    }

    /// The value; one thread finds it out, others wait for it.
    pub fn get(&self, find: impl FnOnce() -> T) -> &T {
        if let Some(value) = self.known() {
            return value;
        }
        let _setting = self.setting.lock();
        if self.known().is_none() {
            self.value.store(Box::into_raw(Box::new(find())), Ordering::Release);
        }
        // SAFETY: a box that stays until `self` is dropped.
        unsafe { &*self.value.load(Ordering::Acquire) }
    }
}

impl<T: Send + Sync> Default for Once<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Drop for Once<T> {
    fn drop(&mut self) {
        let value = *self.value.get_mut();
        if !value.is_null() {
            // SAFETY: a box of ours, which nobody else uses any more.
            drop(unsafe { Box::from_raw(value) });
        }
    }
}
