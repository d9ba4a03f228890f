//! Objects of the ABI: their sizes are frozen, what lies inside is ours. Zero bytes are every type's initial state.

use crate::sync::{Barrier, Condvar, Mutex, RwLock, Semaphore};
use crate::types::c_int;

macro_rules! object {
    ($(#[$meta:meta])* $name:ident($inner:ty): $size:literal, $align:literal) => {
        $(#[$meta])*
        #[repr(C, align($align))]
        #[derive(Debug)]
        pub struct $name {
            inner: $inner,
            rest: [u32; ($size - size_of::<$inner>()) / 4],
        }

        const _: () = assert!(size_of::<$name>() == $size && align_of::<$name>() == $align);

        impl $name {
            /// What C's object holds.
            ///
            /// # Safety
            /// `object` is valid for `'a`; all its fields are atomics or never written after initialisation.
            #[inline]
            pub unsafe fn from_c<'a>(object: *const Self) -> &'a $inner {
                // SAFETY: caller contract.
                unsafe { &(*object).inner }
            }

            /// Makes C's object hold this.
            ///
            /// # Safety
            /// `object` is valid for writes and used by nobody.
            #[inline]
            pub unsafe fn init(object: *mut Self, inner: $inner) {
                // SAFETY: caller contract.
                unsafe { (&raw mut (*object).inner).write(inner) };
            }
        }
    };
}

object! {
    /// `pthread_mutex_t` and `mtx_t`.
    pthread_mutex_t(Mutex): 40, 8
}
object! {
    /// `pthread_cond_t` and `cnd_t`.
    pthread_cond_t(Condvar): 48, 8
}
/// C23 7.28.1.
#[expect(non_camel_case_types, reason = "C's name")]
pub type mtx_t = pthread_mutex_t;
/// C23 7.28.1.
#[expect(non_camel_case_types, reason = "C's name")]
pub type cnd_t = pthread_cond_t;
object! {
    /// `pthread_rwlock_t`.
    pthread_rwlock_t(RwLock): 56, 8
}
object! {
    /// `pthread_barrier_t`.
    pthread_barrier_t(Barrier): 32, 8
}
object! {
    /// `sem_t`.
    sem_t(Semaphore): 32, 4
}

/// `pthread_attr_t`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
#[expect(missing_docs, reason = "the fields are POSIX's attributes")]
pub struct pthread_attr_t {
    pub stack_bytes: usize,
    pub guard_bytes: usize,
    /// End of the stack, 0 when the attributes describe no thread.
    pub stack_end: usize,
    pub detach: c_int,
    pub inherit: c_int,
    pub policy: c_int,
    pub priority: c_int,
    pub rest: [u64; 2],
}

/// `pthread_mutexattr_t`: the kind, and 128 for shared.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
#[expect(missing_docs, reason = "see above")]
pub struct pthread_mutexattr_t {
    pub bits: u32,
}

/// `pthread_condattr_t`: the clock, and 1 << 31 for shared.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
#[expect(missing_docs, reason = "see above")]
pub struct pthread_condattr_t {
    pub bits: u32,
}

/// `pthread_rwlockattr_t`: 1 for shared.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
#[expect(missing_docs, reason = "see above")]
pub struct pthread_rwlockattr_t {
    pub bits: [u32; 2],
}

/// `pthread_barrierattr_t`: 1 for shared.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
#[expect(missing_docs, reason = "see above")]
pub struct pthread_barrierattr_t {
    pub bits: u32,
}

const _: () = assert!(size_of::<pthread_attr_t>() == 56 && align_of::<pthread_attr_t>() == 8);
const _: () = assert!(size_of::<pthread_mutexattr_t>() == 4 && size_of::<pthread_condattr_t>() == 4);
const _: () = assert!(size_of::<pthread_rwlockattr_t>() == 8 && size_of::<pthread_barrierattr_t>() == 4);
