//! `<threads.h>`. Handles and objects are those of `<pthread.h>`.

use super::{me, real_deadline, store_ok};
use crate::pthread::keys;
use crate::pthread::{Handle, cnd_t, create, detach, end_thread, join, mtx_t, pthread_attr_t};
use crate::rt::{CResult, Errno, Result, Threads, host, thread};
use crate::sync::{Condvar, Kind, Mutex};
use crate::time;
use crate::types::{c_int, c_uint, c_void, timespec};

const SUCCESS: c_int = 0;
const BUSY: c_int = 1;
const ERROR: c_int = 2;
const NOMEM: c_int = 3;
const TIMEDOUT: c_int = 4;

/// `mtx_recursive`.
const RECURSIVE: c_int = 1;
/// `mtx_timed`; every mutex is.
const TIMED: c_int = 2;

/// C23 7.28.1: `thrd_success` and its failures.
fn status<T>(result: Result<T>) -> c_int {
    match result {
        Ok(_) => SUCCESS,
        Err(Errno::BUSY) => BUSY,
        Err(Errno::NOMEM) => NOMEM,
        Err(Errno::TIMEDOUT) => TIMEDOUT,
        Err(_) => ERROR,
    }
}

/// C23 7.28.5.1. `thrd_nomem` when there is no room for the thread.
///
/// # Safety
/// `handle` is valid for writes; `start` takes `argument`.
#[export]
pub unsafe extern "C" fn thrd_create(
    handle: *mut Handle,
    start: unsafe extern "C" fn(*mut c_void) -> c_int,
    argument: *mut c_void,
) -> c_int {
    // SAFETY: on both CPUs an int comes back in the low half of the register of a pointer; `thrd_join` looks at that half only.
    let start: unsafe extern "C" fn(*mut c_void) -> *mut c_void = unsafe { core::mem::transmute(start) };
    // SAFETY: caller contract.
    let made = unsafe { create(handle, &pthread_attr_t::new(host()), start, argument) };
    status(made.map_err(|_| Errno::NOMEM))
}

/// C23 7.28.5.2.
#[export]
pub extern "C" fn thrd_current() -> Handle {
    core::ptr::from_ref(thread()).cast_mut()
}

/// C23 7.28.5.3.
///
/// # Safety
/// `thread` has been neither joined nor detached.
#[export]
pub unsafe extern "C" fn thrd_detach(thread: Handle) -> c_int {
    // SAFETY: caller contract.
    status(unsafe { detach(thread) })
}

/// C23 7.28.5.4.
#[export]
pub extern "C" fn thrd_equal(one: Handle, other: Handle) -> c_int {
    c_int::from(core::ptr::eq(one, other))
}

/// C23 7.28.5.5.
#[export]
pub extern "C" fn thrd_exit(result: c_int) -> ! {
    end_thread(result as usize as *mut c_void)
}

/// C23 7.28.5.6.
///
/// # Safety
/// `thread` has been neither joined nor detached; `result` is null or valid for writes.
#[export]
pub unsafe extern "C" fn thrd_join(thread: Handle, result: *mut c_int) -> c_int {
    // SAFETY: caller contract.
    let joined = unsafe { join(thread) };
    if let (Ok(value), false) = (joined, result.is_null()) {
        // SAFETY: caller contract.
        unsafe { result.write(value as usize as c_int) };
    }
    status(joined)
}

/// C23 7.28.5.7. -1 with the time left after a signal handler, -2 for a bad time.
///
/// # Safety
/// `duration` is valid for reads; `left` is null or valid for writes.
#[export]
pub unsafe extern "C" fn thrd_sleep(duration: *const timespec, left: *mut timespec) -> c_int {
    // SAFETY: caller contract.
    match unsafe { time::sleep_c(duration, left) } {
        Ok(()) => 0,
        Err(Errno::INTR) => -1,
        Err(_) => -2,
    }
}

/// C23 7.28.5.8.
#[export]
pub extern "C" fn thrd_yield() {
    host().yield_now();
}

/// C23 7.28.4.2. `thrd_error` for a type that does not exist.
///
/// # Safety
/// `mutex` is valid for writes.
#[export]
pub unsafe extern "C" fn mtx_init(mutex: *mut mtx_t, kind: c_int) -> c_int {
    let kind = match kind & !TIMED {
        0 => Kind::Normal,
        RECURSIVE => Kind::Recursive,
        _ => return ERROR,
    };
    // SAFETY: caller contract.
    unsafe { mtx_t::init(mutex, Mutex::new(kind, false)) };
    SUCCESS
}

/// C23 7.28.4.1. There is nothing to free.
#[export]
pub extern "C" fn mtx_destroy(_mutex: *mut mtx_t) {}

/// C23 7.28.4.3.
///
/// # Safety
/// `mutex` is initialised.
#[export]
pub unsafe extern "C" fn mtx_lock(mutex: *mut mtx_t) -> c_int {
    // SAFETY: caller contract.
    status(unsafe { mtx_t::from_c(mutex) }.lock(host(), me(), None))
}

/// C23 7.28.4.4. `thrd_timedout`.
///
/// # Safety
/// `mutex` is initialised; `time` is valid for reads.
#[export]
pub unsafe extern "C" fn mtx_timedlock(mutex: *mut mtx_t, time: *const timespec) -> c_int {
    // SAFETY: caller contract.
    let (mutex, deadline) = unsafe { (mtx_t::from_c(mutex), real_deadline(time)) };
    status(mutex.lock(host(), me(), deadline))
}

/// C23 7.28.4.5. `thrd_busy`.
///
/// # Safety
/// `mutex` is initialised.
#[export]
pub unsafe extern "C" fn mtx_trylock(mutex: *mut mtx_t) -> c_int {
    // SAFETY: caller contract.
    status(unsafe { mtx_t::from_c(mutex) }.try_lock(me()))
}

/// C23 7.28.4.6.
///
/// # Safety
/// `mutex` is held by the thread.
#[export]
pub unsafe extern "C" fn mtx_unlock(mutex: *mut mtx_t) -> c_int {
    // SAFETY: caller contract.
    status(unsafe { mtx_t::from_c(mutex) }.unlock(host(), me()))
}

/// C23 7.28.3.3.
///
/// # Safety
/// `condvar` is valid for writes.
#[export]
pub unsafe extern "C" fn cnd_init(condvar: *mut cnd_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { cnd_t::init(condvar, Condvar::default()) };
    SUCCESS
}

/// C23 7.28.3.2.
///
/// # Safety
/// `condvar` is initialised, and no thread is blocked on it.
#[export]
pub unsafe extern "C" fn cnd_destroy(condvar: *mut cnd_t) {
    // SAFETY: caller contract.
    unsafe { cnd_t::from_c(condvar) }.destroy(host());
}

/// C23 7.28.3.4.
///
/// # Safety
/// `condvar` is initialised.
#[export]
pub unsafe extern "C" fn cnd_signal(condvar: *mut cnd_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { cnd_t::from_c(condvar) }.signal(host());
    SUCCESS
}

/// C23 7.28.3.1.
///
/// # Safety
/// `condvar` is initialised.
#[export]
pub unsafe extern "C" fn cnd_broadcast(condvar: *mut cnd_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { cnd_t::from_c(condvar) }.broadcast(host());
    SUCCESS
}

/// C23 7.28.3.6.
///
/// # Safety
/// Both objects are initialised, and the thread holds the mutex.
#[export]
pub unsafe extern "C" fn cnd_wait(condvar: *mut cnd_t, mutex: *mut mtx_t) -> c_int {
    // SAFETY: caller contract.
    let (condvar, mutex) = unsafe { (cnd_t::from_c(condvar), mtx_t::from_c(mutex)) };
    status(condvar.wait(host(), mutex, me(), None))
}

/// C23 7.28.3.5. `thrd_timedout`.
///
/// # Safety
/// Both objects are initialised, the thread holds the mutex, `time` is valid for reads.
#[export]
pub unsafe extern "C" fn cnd_timedwait(condvar: *mut cnd_t, mutex: *mut mtx_t, time: *const timespec) -> c_int {
    // SAFETY: caller contract.
    let (condvar, mutex) = unsafe { (cnd_t::from_c(condvar), mtx_t::from_c(mutex)) };
    // SAFETY: caller contract.
    status(condvar.wait(host(), mutex, me(), unsafe { real_deadline(time) }))
}

/// C23 7.28.6.1.
///
/// # Safety
/// `key` is valid for writes; `destructor` takes the values that will be set.
#[export]
pub unsafe extern "C" fn tss_create(key: *mut c_uint, destructor: Option<keys::Destructor>) -> c_int {
    // SAFETY: caller contract.
    status(unsafe { store_ok(key, keys::create(destructor).map(|key| key as c_uint)) })
}

/// C23 7.28.6.2.
#[export]
pub extern "C" fn tss_delete(key: c_uint) {
    let _ = keys::delete(key as usize).error_number();
}

/// C23 7.28.6.3.
#[export]
pub extern "C" fn tss_get(key: c_uint) -> *mut c_void {
    keys::get(thread(), key as usize)
}

/// C23 7.28.6.4.
#[export]
pub extern "C" fn tss_set(key: c_uint, value: *mut c_void) -> c_int {
    status(keys::set(thread(), key as usize, value))
}
