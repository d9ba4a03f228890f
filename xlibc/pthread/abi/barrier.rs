//! `pthread_barrier_*`.

use super::store;
use crate::pthread::attributes::flag;
use crate::pthread::{pthread_barrier_t, pthread_barrierattr_t};
use crate::rt::{Errno, host};
use crate::sync::{Barrier, Serial};
use crate::types::{c_int, c_uint};

/// PTHREAD_BARRIER_SERIAL_THREAD of the ABI.
const SERIAL_THREAD: c_int = -1;

/// POSIX.1-2024. Attributes make a private barrier.
///
/// # Safety
/// `attributes` is valid for writes.
#[export]
pub unsafe extern "C" fn pthread_barrierattr_init(attributes: *mut pthread_barrierattr_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { store(attributes, pthread_barrierattr_t::default()) }
}

/// POSIX.1-2024. There is nothing to free.
#[export]
pub extern "C" fn pthread_barrierattr_destroy(_attributes: *mut pthread_barrierattr_t) -> c_int {
    0
}

/// POSIX.1-2024.
///
/// # Safety
/// `attributes` is initialised, `shared` valid for writes.
#[export]
pub unsafe extern "C" fn pthread_barrierattr_getpshared(
    attributes: *const pthread_barrierattr_t,
    shared: *mut c_int,
) -> c_int {
    // SAFETY: caller contract.
    unsafe { store(shared, (*attributes).bits as c_int) }
}

/// POSIX.1-2024. EINVAL for an unknown value.
///
/// # Safety
/// `attributes` is initialised.
#[export]
pub unsafe extern "C" fn pthread_barrierattr_setpshared(
    attributes: *mut pthread_barrierattr_t,
    shared: c_int,
) -> c_int {
    let Ok(shared) = flag(shared) else { return Errno::INVAL.number() };
    // SAFETY: caller contract.
    unsafe { (*attributes).bits = shared as u32 };
    0
}

/// POSIX.1-2024. EINVAL for no thread, or more than INT_MAX.
///
/// # Safety
/// `barrier` is valid for writes; `attributes` is null or initialised.
#[export]
pub unsafe extern "C" fn pthread_barrier_init(
    barrier: *mut pthread_barrier_t,
    attributes: *const pthread_barrierattr_t,
    threads: c_uint,
) -> c_int {
    if threads == 0 || threads > c_int::MAX as c_uint {
        return Errno::INVAL.number();
    }
    // SAFETY: caller contract.
    unsafe {
        let shared = attributes.as_ref().is_some_and(|attributes| attributes.bits != 0);
        pthread_barrier_t::init(barrier, Barrier::new(threads, shared));
    }
    0
}

/// POSIX.1-2024. EBUSY while threads wait; waits until those of the last round have left.
///
/// # Safety
/// `barrier` is initialised.
#[export]
pub unsafe extern "C" fn pthread_barrier_destroy(barrier: *mut pthread_barrier_t) -> c_int {
    // SAFETY: caller contract.
    if unsafe { pthread_barrier_t::from_c(barrier) }.destroy(host()) { 0 } else { Errno::BUSY.number() }
}

/// POSIX.1-2024. PTHREAD_BARRIER_SERIAL_THREAD for one of the threads, 0 for the others.
///
/// # Safety
/// `barrier` is initialised.
#[export]
pub unsafe extern "C" fn pthread_barrier_wait(barrier: *mut pthread_barrier_t) -> c_int {
    // SAFETY: caller contract.
    match unsafe { pthread_barrier_t::from_c(barrier) }.wait(host()) {
        Serial(true) => SERIAL_THREAD,
        Serial(false) => 0,
    }
}
