//! Threads, keys, signals of threads, and what compilers call at the end of threads.

use super::store_ok;
use crate::pthread::cleanup::{self, Cleanup};
use crate::pthread::{Handle, create, detach, end_thread, join, keys, kill, pthread_attr_t};
use crate::rt::{CResult, Errno, Result, Signals, Threads, abi, host, thread};
use crate::types::{c_int, c_uint, c_void, sigset_t};

/// POSIX.1-2024. EAGAIN when there is no room for the thread.
///
/// # Safety
/// `handle` is valid for writes, `attributes` is null or initialised, `start` takes `argument`.
#[export]
pub unsafe extern "C" fn pthread_create(
    handle: *mut Handle,
    attributes: *const pthread_attr_t,
    start: unsafe extern "C" fn(*mut c_void) -> *mut c_void,
    argument: *mut c_void,
) -> c_int {
    // SAFETY: caller contract.
    let attributes = unsafe { attributes.as_ref() }.copied().unwrap_or_else(|| pthread_attr_t::new(host()));
    // SAFETY: caller contract.
    unsafe { create(handle, &attributes, start, argument) }.error_number()
}

/// POSIX.1-2024. EDEADLK for oneself, EINVAL for a detached thread, ESRCH for one that is gone.
///
/// # Safety
/// `thread` came from this library; `result` is null or valid for writes.
#[export]
pub unsafe extern "C" fn pthread_join(thread: Handle, result: *mut *mut c_void) -> c_int {
    // SAFETY: caller contract.
    let joined = unsafe { join(thread) };
    if let (Ok(value), false) = (joined, result.is_null()) {
        // SAFETY: caller contract.
        unsafe { result.write(value) };
    }
    joined.error_number()
}

/// POSIX.1-2024. EINVAL when it is detached already, ESRCH when it is gone.
///
/// # Safety
/// `thread` came from this library.
#[export]
pub unsafe extern "C" fn pthread_detach(thread: Handle) -> c_int {
    // SAFETY: caller contract.
    unsafe { detach(thread) }.error_number()
}

/// POSIX.1-2024. Does not unwind the stack.
#[export]
pub extern "C" fn pthread_exit(result: *mut c_void) -> ! {
    end_thread(result)
}

/// POSIX.1-2024.
#[export]
pub extern "C" fn pthread_self() -> Handle {
    core::ptr::from_ref(thread()).cast_mut()
}

/// POSIX.1-2024.
#[export]
pub extern "C" fn pthread_equal(one: Handle, other: Handle) -> c_int {
    c_int::from(core::ptr::eq(one, other))
}

/// POSIX.1-2024. EINVAL for a signal that does not exist, ESRCH for a thread that is gone.
///
/// # Safety
/// `thread` came from this library.
#[export]
pub unsafe extern "C" fn pthread_kill(thread: Handle, signal: c_int) -> c_int {
    // SAFETY: caller contract.
    unsafe { kill(thread, signal) }.error_number()
}

/// POSIX.1-2024. EINVAL for an unknown `how` with a set.
///
/// # Safety
/// `set` is null or valid for reads, `old` null or valid for writes.
#[export]
pub unsafe extern "C" fn pthread_sigmask(how: c_int, set: *const sigset_t, old: *mut sigset_t) -> c_int {
    // SAFETY: caller contract.
    let mask = unsafe { set.as_ref() }.map(|set| set.bits[0]);
    if mask.is_some() && !(0..=2).contains(&how) {
        return Errno::INVAL.number();
    }
    let before = host().signal_mask(how as u32, mask);
    if let (Ok(before), false) = (before, old.is_null()) {
        let mut bits = [0; 16];
        bits[0] = before;
        // SAFETY: caller contract.
        unsafe { old.write(sigset_t { bits }) };
    }
    before.error_number()
}

/// POSIX.1-2024. EAGAIN when PTHREAD_KEYS_MAX keys exist.
///
/// # Safety
/// `key` is valid for writes; `destructor` takes the values that will be set.
#[export]
pub unsafe extern "C" fn pthread_key_create(key: *mut c_uint, destructor: Option<keys::Destructor>) -> c_int {
    // SAFETY: caller contract.
    unsafe { store_ok(key, keys::create(destructor).map(|key| key as c_uint)) }.error_number()
}

/// POSIX.1-2024. EINVAL for an unknown key.
#[export]
pub extern "C" fn pthread_key_delete(key: c_uint) -> c_int {
    keys::delete(key as usize).error_number()
}

/// POSIX.1-2024.
#[export]
pub extern "C" fn pthread_getspecific(key: c_uint) -> *mut c_void {
    keys::get(thread(), key as usize)
}

/// POSIX.1-2024. EINVAL for an unknown key.
#[export]
pub extern "C" fn pthread_setspecific(key: c_uint, value: *const c_void) -> c_int {
    keys::set(thread(), key as usize, value.cast_mut()).error_number()
}

/// What `pthread_cleanup_push` expands to.
///
/// # Safety
/// `place` is valid until the matching pop; `function` takes `argument`.
#[export]
pub unsafe extern "C" fn _pthread_cleanup_push(place: *mut Cleanup, function: cleanup::Handler, argument: *mut c_void) {
    // SAFETY: caller contract.
    unsafe { cleanup::push(thread(), place, function, argument) };
}

/// What `pthread_cleanup_pop` expands to.
///
/// # Safety
/// `place` is the one pushed last.
#[export]
pub unsafe extern "C" fn _pthread_cleanup_pop(place: *mut Cleanup, run: c_int) {
    // SAFETY: caller contract.
    unsafe { cleanup::pop(thread(), place, run != 0) };
}

/// POSIX.1-2024.
#[export]
pub extern "C" fn sched_yield() -> c_int {
    host().yield_now();
    0
}

/// Highest and lowest priority of a policy of Linux.
fn priorities(policy: c_int) -> Result<(i32, i32)> {
    match policy {
        // SCHED_OTHER, SCHED_BATCH, SCHED_IDLE, SCHED_DEADLINE.
        0 | 3 | 5 | 6 => Ok((0, 0)),
        // SCHED_FIFO, SCHED_RR.
        1 | 2 => Ok((99, 1)),
        _ => Err(Errno::INVAL),
    }
}

/// POSIX.1-2024. EINVAL for an unknown policy.
#[export]
pub extern "C" fn sched_get_priority_max(policy: c_int) -> c_int {
    priorities(policy).map(|(highest, _)| highest).or_minus_one()
}

/// POSIX.1-2024. EINVAL for an unknown policy.
#[export]
pub extern "C" fn sched_get_priority_min(policy: c_int) -> c_int {
    priorities(policy).map(|(_, lowest)| lowest).or_minus_one()
}

const _: () = assert!(abi::signal::BLOCK == 0 && abi::signal::UNBLOCK == 1 && abi::signal::SET_MASK == 2);
