//! `<semaphore.h>`.

use super::{real_deadline, store};
use crate::pthread::sem_t;
use crate::rt::{CResult, Errno, Result, host};
use crate::sync::{Semaphore, VALUE_MAX};
use crate::types::{c_int, c_uint, timespec};

/// POSIX.1-2024. EINVAL for a value above SEM_VALUE_MAX.
///
/// # Safety
/// `semaphore` is valid for writes.
#[export]
pub unsafe extern "C" fn sem_init(semaphore: *mut sem_t, shared: c_int, value: c_uint) -> c_int {
    if value > VALUE_MAX {
        return Result::<()>::Err(Errno::INVAL).or_minus_one();
    }
    // SAFETY: caller contract.
    unsafe { sem_t::init(semaphore, Semaphore::new(value, shared != 0)) };
    0
}

/// POSIX.1-2024. EBUSY while threads wait.
///
/// # Safety
/// `semaphore` is initialised.
#[export]
pub unsafe extern "C" fn sem_destroy(semaphore: *mut sem_t) -> c_int {
    // SAFETY: caller contract.
    let is_waited_for = unsafe { sem_t::from_c(semaphore) }.is_waited_for();
    if is_waited_for { Err(Errno::BUSY) } else { Ok(()) }.or_minus_one()
}

/// POSIX.1-2024. Never negative.
///
/// # Safety
/// `semaphore` is initialised, `value` valid for writes.
#[export]
pub unsafe extern "C" fn sem_getvalue(semaphore: *mut sem_t, value: *mut c_int) -> c_int {
    // SAFETY: caller contract.
    unsafe { store(value, sem_t::from_c(semaphore).value() as c_int) }
}

/// POSIX.1-2024. EOVERFLOW at SEM_VALUE_MAX.
///
/// # Safety
/// `semaphore` is initialised.
#[export]
pub unsafe extern "C" fn sem_post(semaphore: *mut sem_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { sem_t::from_c(semaphore) }.post(host()).or_minus_one()
}

/// POSIX.1-2024. EINTR after a signal handler.
///
/// # Safety
/// `semaphore` is initialised.
#[export]
pub unsafe extern "C" fn sem_wait(semaphore: *mut sem_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { sem_t::from_c(semaphore) }.wait(host(), None).or_minus_one()
}

/// POSIX.1-2024. EAGAIN when the value is 0.
///
/// # Safety
/// `semaphore` is initialised.
#[export]
pub unsafe extern "C" fn sem_trywait(semaphore: *mut sem_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { sem_t::from_c(semaphore) }.try_wait().or_minus_one()
}

/// POSIX.1-2024. ETIMEDOUT; EINTR after a signal handler; EINVAL for a bad time if it has to wait.
///
/// # Safety
/// `semaphore` is initialised, `time` valid for reads.
#[export]
pub unsafe extern "C" fn sem_timedwait(semaphore: *mut sem_t, time: *const timespec) -> c_int {
    // SAFETY: caller contract.
    let (semaphore, deadline) = unsafe { (sem_t::from_c(semaphore), real_deadline(time)) };
    semaphore.wait(host(), deadline).or_minus_one()
}
