//! The atomics of `core`, for code whose interleavings are explored: each access is a step of the calling thread's run. They are
//! the plain ones on every other thread.

use std::ops::Deref;
pub use std::sync::atomic::Ordering;

use crate::choices::Exchange;
use crate::schedule::{Access, fails_for_no_reason, hold_back, step_at};

macro_rules! atomic {
    ($($name:ident($value:ty))*) => {$(
        /// The atomic of this name in `core`.
        #[derive(Debug, Default)]
        #[repr(transparent)]
        pub struct $name(std::sync::atomic::$name);

        /// For the host, which takes the plain one.
        impl Deref for $name {
            type Target = std::sync::atomic::$name;
            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        #[expect(missing_docs, reason = "they are those of `core`")]
        impl $name {
            #[must_use]
            pub const fn new(value: $value) -> Self {
                Self(std::sync::atomic::$name::new(value))
            }
            pub fn load(&self, order: Ordering) -> $value {
                self.step(Access::Plain).load(order)
            }
            pub fn store(&self, value: $value, order: Ordering) {
                self.step(Access::Plain).store(value, order);
            }
            pub fn swap(&self, value: $value, order: Ordering) -> $value {
                self.step(Access::Exchange).swap(value, order)
            }
            pub fn fetch_add(&self, value: $value, order: Ordering) -> $value {
                self.step(Access::Exchange).fetch_add(value, order)
            }
            pub fn fetch_sub(&self, value: $value, order: Ordering) -> $value {
                self.step(Access::Exchange).fetch_sub(value, order)
            }
            pub fn fetch_or(&self, value: $value, order: Ordering) -> $value {
                self.step(Access::Exchange).fetch_or(value, order)
            }
            pub fn compare_exchange(
                &self,
                from: $value,
                to: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                self.exchange_step(from).compare_exchange(from, to, success, failure)
            }
            pub fn compare_exchange_weak(
                &self,
                from: $value,
                to: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                let plain = self.exchange_step(from);
                if fails_for_no_reason() {
                    return Err(plain.load(failure));
                }
                plain.compare_exchange_weak(from, to, success, failure)
            }
            fn exchange_step(&self, from: $value) -> &std::sync::atomic::$name {
                fn is(address: usize, value: u64) -> bool {
                    let atomic = address as *const std::sync::atomic::$name;
                    // SAFETY: the thread that is going to exchange has a reference.
                    unsafe { &*atomic }.load(Ordering::SeqCst) as u64 == value
                }
                hold_back(Exchange { address: self.as_ptr().addr(), from: from as u64, is });
                self.step(Access::Exchange)
            }
            fn step(&self, access: Access) -> &std::sync::atomic::$name {
                step_at(self.as_ptr().addr(), access);
                &self.0
            }
        }
    )*};
}

atomic!(AtomicI32(i32) AtomicU32(u32) AtomicU64(u64));
