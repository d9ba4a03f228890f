//! `pthread_cond_*`.

use super::{deadline, me, store};
use crate::pthread::attributes::flag;
use crate::pthread::{pthread_cond_t, pthread_condattr_t, pthread_mutex_t};
use crate::rt::{CResult, Errno, abi::clock, host};
use crate::sync::Condvar;
use crate::types::{c_int, clockid_t, timespec};

const SHARED: u32 = 1 << 31;

/// POSIX.1-2024. Attributes make a private condition variable with times of CLOCK_REALTIME.
///
/// # Safety
/// `attributes` is valid for writes.
#[export]
pub unsafe extern "C" fn pthread_condattr_init(attributes: *mut pthread_condattr_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { store(attributes, pthread_condattr_t::default()) }
}

/// POSIX.1-2024. There is nothing to free.
#[export]
pub extern "C" fn pthread_condattr_destroy(_attributes: *mut pthread_condattr_t) -> c_int {
    0
}

/// POSIX.1-2024.
///
/// # Safety
/// `attributes` is initialised, `clock` valid for writes.
#[export]
pub unsafe extern "C" fn pthread_condattr_getclock(
    attributes: *const pthread_condattr_t,
    clock: *mut clockid_t,
) -> c_int {
    // SAFETY: caller contract.
    unsafe { store(clock, ((*attributes).bits & !SHARED) as c_int) }
}

/// POSIX.1-2024. EINVAL for other clocks than CLOCK_REALTIME and CLOCK_MONOTONIC.
///
/// # Safety
/// `attributes` is initialised.
#[export]
pub unsafe extern "C" fn pthread_condattr_setclock(attributes: *mut pthread_condattr_t, clock: clockid_t) -> c_int {
    if clock != clock::REALTIME && clock != clock::MONOTONIC {
        return Errno::INVAL.number();
    }
    // SAFETY: caller contract.
    unsafe { (*attributes).bits = (*attributes).bits & SHARED | clock as u32 };
    0
}

/// POSIX.1-2024.
///
/// # Safety
/// `attributes` is initialised, `shared` valid for writes.
#[export]
pub unsafe extern "C" fn pthread_condattr_getpshared(
    attributes: *const pthread_condattr_t,
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
pub unsafe extern "C" fn pthread_condattr_setpshared(attributes: *mut pthread_condattr_t, shared: c_int) -> c_int {
    let Ok(shared) = flag(shared) else { return Errno::INVAL.number() };
    // SAFETY: caller contract.
    unsafe { (*attributes).bits = (*attributes).bits & !SHARED | (shared as u32 * SHARED) };
    0
}

/// POSIX.1-2024.
///
/// # Safety
/// `condvar` is valid for writes; `attributes` is null or initialised.
#[export]
pub unsafe extern "C" fn pthread_cond_init(
    condvar: *mut pthread_cond_t,
    attributes: *const pthread_condattr_t,
) -> c_int {
    // SAFETY: caller contract.
    unsafe {
        let bits = attributes.as_ref().map_or(0, |attributes| attributes.bits);
        pthread_cond_t::init(condvar, Condvar::new((bits & !SHARED) as i32, bits & SHARED != 0));
    }
    0
}

/// POSIX.1-2024. Waits until threads that were woken have left.
///
/// # Safety
/// `condvar` is initialised, and no thread is blocked on it.
#[export]
pub unsafe extern "C" fn pthread_cond_destroy(condvar: *mut pthread_cond_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { pthread_cond_t::from_c(condvar) }.destroy(host());
    0
}

/// POSIX.1-2024.
///
/// # Safety
/// `condvar` is initialised.
#[export]
pub unsafe extern "C" fn pthread_cond_signal(condvar: *mut pthread_cond_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { pthread_cond_t::from_c(condvar) }.signal(host());
    0
}

/// POSIX.1-2024.
///
/// # Safety
/// `condvar` is initialised.
#[export]
pub unsafe extern "C" fn pthread_cond_broadcast(condvar: *mut pthread_cond_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { pthread_cond_t::from_c(condvar) }.broadcast(host());
    0
}

/// POSIX.1-2024. EPERM when an error-checking or recursive mutex is not the thread's.
///
/// # Safety
/// Both objects are initialised, and the thread holds the mutex.
#[export]
pub unsafe extern "C" fn pthread_cond_wait(condvar: *mut pthread_cond_t, mutex: *mut pthread_mutex_t) -> c_int {
    // SAFETY: caller contract.
    let (condvar, mutex) = unsafe { (pthread_cond_t::from_c(condvar), pthread_mutex_t::from_c(mutex)) };
    condvar.wait(host(), mutex, me(), None).error_number()
}

/// POSIX.1-2024. The time is one of the clock in the attributes. ETIMEDOUT with the mutex held; EINVAL for a bad time; EPERM
/// as above.
///
/// # Safety
/// Both objects are initialised, the thread holds the mutex, `time` is valid for reads.
#[export]
pub unsafe extern "C" fn pthread_cond_timedwait(
    condvar: *mut pthread_cond_t,
    mutex: *mut pthread_mutex_t,
    time: *const timespec,
) -> c_int {
    // SAFETY: caller contract.
    let (condvar, mutex) = unsafe { (pthread_cond_t::from_c(condvar), pthread_mutex_t::from_c(mutex)) };
    // SAFETY: caller contract.
    let deadline = unsafe { deadline(condvar.clock(), time) };
    condvar.wait(host(), mutex, me(), deadline).error_number()
}
