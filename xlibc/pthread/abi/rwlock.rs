//! `pthread_rwlock_*`.

use super::{me, real_deadline, store};
use crate::pthread::attributes::flag;
use crate::pthread::{pthread_rwlock_t, pthread_rwlockattr_t};
use crate::rt::{CResult, Errno, host};
use crate::sync::RwLock;
use crate::types::{c_int, timespec};

/// POSIX.1-2024. Attributes make a private lock.
///
/// # Safety
/// `attributes` is valid for writes.
#[export]
pub unsafe extern "C" fn pthread_rwlockattr_init(attributes: *mut pthread_rwlockattr_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { store(attributes, pthread_rwlockattr_t::default()) }
}

/// POSIX.1-2024. There is nothing to free.
#[export]
pub extern "C" fn pthread_rwlockattr_destroy(_attributes: *mut pthread_rwlockattr_t) -> c_int {
    0
}

/// POSIX.1-2024.
///
/// # Safety
/// `attributes` is initialised, `shared` valid for writes.
#[export]
pub unsafe extern "C" fn pthread_rwlockattr_getpshared(
    attributes: *const pthread_rwlockattr_t,
    shared: *mut c_int,
) -> c_int {
    // SAFETY: caller contract.
    unsafe { store(shared, (*attributes).bits[0] as c_int) }
}

/// POSIX.1-2024. EINVAL for an unknown value.
///
/// # Safety
/// `attributes` is initialised.
#[export]
pub unsafe extern "C" fn pthread_rwlockattr_setpshared(attributes: *mut pthread_rwlockattr_t, shared: c_int) -> c_int {
    let Ok(shared) = flag(shared) else { return Errno::INVAL.number() };
    // SAFETY: caller contract.
    unsafe { (*attributes).bits[0] = shared as u32 };
    0
}

/// POSIX.1-2024.
///
/// # Safety
/// `lock` is valid for writes; `attributes` is null or initialised.
#[export]
pub unsafe extern "C" fn pthread_rwlock_init(
    lock: *mut pthread_rwlock_t,
    attributes: *const pthread_rwlockattr_t,
) -> c_int {
    // SAFETY: caller contract.
    unsafe {
        let shared = attributes.as_ref().is_some_and(|attributes| attributes.bits[0] != 0);
        pthread_rwlock_t::init(lock, RwLock::new(shared));
    }
    0
}

/// POSIX.1-2024. EBUSY when it is locked.
///
/// # Safety
/// `lock` is initialised.
#[export]
pub unsafe extern "C" fn pthread_rwlock_destroy(lock: *mut pthread_rwlock_t) -> c_int {
    // SAFETY: caller contract.
    if unsafe { pthread_rwlock_t::from_c(lock) }.is_held() { Errno::BUSY.number() } else { 0 }
}

/// POSIX.1-2024. EDEADLK when the thread holds it for writing; EAGAIN with too many readers.
///
/// # Safety
/// `lock` is initialised.
#[export]
pub unsafe extern "C" fn pthread_rwlock_rdlock(lock: *mut pthread_rwlock_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { pthread_rwlock_t::from_c(lock) }.read(host(), me(), None).error_number()
}

/// POSIX.1-2024. EBUSY when it is held for writing; EAGAIN with too many readers.
///
/// # Safety
/// `lock` is initialised.
#[export]
pub unsafe extern "C" fn pthread_rwlock_tryrdlock(lock: *mut pthread_rwlock_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { pthread_rwlock_t::from_c(lock) }.try_read().error_number()
}

/// POSIX.1-2024. ETIMEDOUT; EINVAL for a bad time if it has to wait; EDEADLK and EAGAIN as above.
///
/// # Safety
/// `lock` is initialised, `time` valid for reads.
#[export]
pub unsafe extern "C" fn pthread_rwlock_timedrdlock(lock: *mut pthread_rwlock_t, time: *const timespec) -> c_int {
    // SAFETY: caller contract.
    let (lock, deadline) = unsafe { (pthread_rwlock_t::from_c(lock), real_deadline(time)) };
    lock.read(host(), me(), deadline).error_number()
}

/// POSIX.1-2024. EDEADLK when the thread holds it for writing.
///
/// # Safety
/// `lock` is initialised.
#[export]
pub unsafe extern "C" fn pthread_rwlock_wrlock(lock: *mut pthread_rwlock_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { pthread_rwlock_t::from_c(lock) }.write(host(), me(), None).error_number()
}

/// POSIX.1-2024. EBUSY when it is held.
///
/// # Safety
/// `lock` is initialised.
#[export]
pub unsafe extern "C" fn pthread_rwlock_trywrlock(lock: *mut pthread_rwlock_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { pthread_rwlock_t::from_c(lock) }.try_write(me()).error_number()
}

/// POSIX.1-2024. ETIMEDOUT; EINVAL for a bad time if it has to wait; EDEADLK as above.
///
/// # Safety
/// `lock` is initialised, `time` valid for reads.
#[export]
pub unsafe extern "C" fn pthread_rwlock_timedwrlock(lock: *mut pthread_rwlock_t, time: *const timespec) -> c_int {
    // SAFETY: caller contract.
    let (lock, deadline) = unsafe { (pthread_rwlock_t::from_c(lock), real_deadline(time)) };
    lock.write(host(), me(), deadline).error_number()
}

/// POSIX.1-2024. EPERM when nobody holds it, or another thread for writing.
///
/// # Safety
/// `lock` is initialised.
#[export]
pub unsafe extern "C" fn pthread_rwlock_unlock(lock: *mut pthread_rwlock_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { pthread_rwlock_t::from_c(lock) }.unlock(host(), me()).error_number()
}
