//! `pthread_mutex_*` and `pthread_spin_*`.

use core::sync::atomic::{AtomicI32, Ordering};

use super::{me, real_deadline, store};
use crate::pthread::attributes::flag;
use crate::pthread::{pthread_mutex_t, pthread_mutexattr_t};
use crate::rt::{CResult, Errno, Threads, host};
use crate::sync::{Kind, Mutex};
use crate::types::{c_int, timespec};

const SHARED: u32 = 0x80;

/// POSIX.1-2024. Attributes make a normal private mutex.
///
/// # Safety
/// `attributes` is valid for writes.
#[export]
pub unsafe extern "C" fn pthread_mutexattr_init(attributes: *mut pthread_mutexattr_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { store(attributes, pthread_mutexattr_t::default()) }
}

/// POSIX.1-2024. There is nothing to free.
#[export]
pub extern "C" fn pthread_mutexattr_destroy(_attributes: *mut pthread_mutexattr_t) -> c_int {
    0
}

/// POSIX.1-2024.
///
/// # Safety
/// `attributes` is initialised, `kind` valid for writes.
#[export]
pub unsafe extern "C" fn pthread_mutexattr_gettype(attributes: *const pthread_mutexattr_t, kind: *mut c_int) -> c_int {
    // SAFETY: caller contract.
    unsafe { store(kind, ((*attributes).bits & !SHARED) as c_int) }
}

/// POSIX.1-2024. EINVAL for an unknown type.
///
/// # Safety
/// `attributes` is initialised.
#[export]
pub unsafe extern "C" fn pthread_mutexattr_settype(attributes: *mut pthread_mutexattr_t, kind: c_int) -> c_int {
    if !(0..=2).contains(&kind) {
        return Errno::INVAL.number();
    }
    // SAFETY: caller contract.
    unsafe { (*attributes).bits = (*attributes).bits & SHARED | kind as u32 };
    0
}

/// POSIX.1-2024.
///
/// # Safety
/// `attributes` is initialised, `shared` valid for writes.
#[export]
pub unsafe extern "C" fn pthread_mutexattr_getpshared(
    attributes: *const pthread_mutexattr_t,
    shared: *mut c_int,
) -> c_int {
    // SAFETY: caller contract.
    unsafe { store(shared, c_int::from((*attributes).bits & SHARED != 0)) }
}

/// POSIX.1-2024. EINVAL for an unknown value.
///
/// # Safety
/// `attributes` is initialised.
#[export]
pub unsafe extern "C" fn pthread_mutexattr_setpshared(attributes: *mut pthread_mutexattr_t, shared: c_int) -> c_int {
    let Ok(shared) = flag(shared) else { return Errno::INVAL.number() };
    // SAFETY: caller contract.
    unsafe { (*attributes).bits = (*attributes).bits & !SHARED | (shared as u32 * SHARED) };
    0
}

/// POSIX.1-2024.
///
/// # Safety
/// `mutex` is valid for writes; `attributes` is null or initialised.
#[export]
pub unsafe extern "C" fn pthread_mutex_init(
    mutex: *mut pthread_mutex_t,
    attributes: *const pthread_mutexattr_t,
) -> c_int {
    // SAFETY: caller contract.
    let bits = unsafe { attributes.as_ref() }.map_or(0, |attributes| attributes.bits);
    let kind = match bits & !SHARED {
        1 => Kind::Recursive,
        2 => Kind::ErrorCheck,
        _ => Kind::Normal,
    };
    // SAFETY: caller contract.
    unsafe { pthread_mutex_t::init(mutex, Mutex::new(kind, bits & SHARED != 0)) };
    0
}

/// POSIX.1-2024. EBUSY when it is locked.
///
/// # Safety
/// `mutex` is initialised.
#[export]
pub unsafe extern "C" fn pthread_mutex_destroy(mutex: *mut pthread_mutex_t) -> c_int {
    // SAFETY: caller contract.
    if unsafe { pthread_mutex_t::from_c(mutex) }.is_held() { Errno::BUSY.number() } else { 0 }
}

/// POSIX.1-2024. EDEADLK (error-checking, held by the thread), EAGAIN (recursive, locked 2^32 times).
///
/// # Safety
/// `mutex` is initialised.
#[export]
pub unsafe extern "C" fn pthread_mutex_lock(mutex: *mut pthread_mutex_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { pthread_mutex_t::from_c(mutex) }.lock(host(), me(), None).error_number()
}

/// POSIX.1-2024. EBUSY when it is locked, by the thread too unless the mutex is recursive; EAGAIN as above.
///
/// # Safety
/// `mutex` is initialised.
#[export]
pub unsafe extern "C" fn pthread_mutex_trylock(mutex: *mut pthread_mutex_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { pthread_mutex_t::from_c(mutex) }.try_lock(me()).error_number()
}

/// POSIX.1-2024. ETIMEDOUT; EINVAL for a bad time if it has to wait; EDEADLK and EAGAIN as above.
///
/// # Safety
/// `mutex` is initialised, `time` valid for reads.
#[export]
pub unsafe extern "C" fn pthread_mutex_timedlock(mutex: *mut pthread_mutex_t, time: *const timespec) -> c_int {
    // SAFETY: caller contract.
    let (mutex, deadline) = unsafe { (pthread_mutex_t::from_c(mutex), real_deadline(time)) };
    mutex.lock(host(), me(), deadline).error_number()
}

/// POSIX.1-2024. EPERM when nobody holds it, or an error-checking or recursive one is not the thread's.
///
/// # Safety
/// `mutex` is initialised.
#[export]
pub unsafe extern "C" fn pthread_mutex_unlock(mutex: *mut pthread_mutex_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { pthread_mutex_t::from_c(mutex) }.unlock(host(), me()).error_number()
}

/// POSIX.1-2024. A spin lock needs nothing to be shared.
///
/// # Safety
/// `lock` is valid for writes.
#[export]
pub unsafe extern "C" fn pthread_spin_init(lock: *mut c_int, _shared: c_int) -> c_int {
    // SAFETY: caller contract.
    unsafe { store(lock, 0) }
}

/// POSIX.1-2024. There is nothing to free.
#[export]
pub extern "C" fn pthread_spin_destroy(_lock: *mut c_int) -> c_int {
    0
}

/// POSIX.1-2024. Lets other threads run when it takes long: the holder may have no processor.
///
/// # Safety
/// `lock` is initialised.
#[export]
pub unsafe extern "C" fn pthread_spin_lock(lock: *mut c_int) -> c_int {
    let mut looks = 0_u32;
    // SAFETY: caller contract.
    while unsafe { pthread_spin_trylock(lock) } != 0 {
        looks = looks.wrapping_add(1);
        if looks.is_multiple_of(256) {
            host().yield_now();
        } else {
            core::hint::spin_loop();
        }
    }
    0
}

/// POSIX.1-2024. EBUSY when it is locked.
///
/// # Safety
/// `lock` is initialised.
#[export]
pub unsafe extern "C" fn pthread_spin_trylock(lock: *mut c_int) -> c_int {
    // SAFETY: caller contract.
    let word = unsafe { AtomicI32::from_ptr(lock) };
    let free = word.load(Ordering::Relaxed) == 0 && word.swap(1, Ordering::Acquire) == 0;
    if free { 0 } else { Errno::BUSY.number() }
}

/// POSIX.1-2024.
///
/// # Safety
/// `lock` is held by the thread.
#[export]
pub unsafe extern "C" fn pthread_spin_unlock(lock: *mut c_int) -> c_int {
    // SAFETY: caller contract.
    unsafe { AtomicI32::from_ptr(lock) }.store(0, Ordering::Release);
    0
}
