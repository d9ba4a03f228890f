//! `pthread_once`: the part around the callback, which may throw. The call itself is `c/once.c`.

use super::cleanup::{self, Cleanup};
use crate::rt::{self, Thread};
use crate::sync::{Enter, Once};
use crate::types::{c_int, c_void};

/// A call that runs, in the frame of the C function; the thread keeps a list of them.
#[repr(C)]
#[derive(Debug)]
pub struct Running {
    /// Gives the call up when the function ends the thread.
    cleanup: Cleanup,
    once: *const Once,
    outer: *mut c_void,
}

/// 1: the caller has to run the function, then call `xlibc_once_leave`. 0: it has been run.
///
/// # Safety
/// `once` is valid; `running` is valid for writes until the matching `leave`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xlibc_once_enter(once: *const Once, running: *mut Running) -> c_int {
    let thread = rt::thread();
    // SAFETY: the frames of all calls in the list are still there.
    if unsafe { is_in(thread.onces.get(), once) } {
        rt::fatal(&["pthread_once: called again by the function that it runs"]);
    }
    // SAFETY: caller contract.
    match unsafe { &*once }.enter(rt::host()) {
        Enter::Done => 0,
        Enter::Run => {
            let outer = thread.onces.replace(running.cast());
            // SAFETY: caller contract.
            unsafe {
                (&raw mut (*running).once).write(once);
                (&raw mut (*running).outer).write(outer);
                cleanup::push(thread, &raw mut (*running).cleanup, give_up, running.cast());
            }
            1
        }
    }
}

/// Whether a call of the list runs for `once`: the thread would wait for itself.
///
/// # Safety
/// `list` is null or the address of a [`Running`] whose frame is still there, and so on.
unsafe fn is_in(list: *mut c_void, once: *const Once) -> bool {
    let mut at = list.cast::<Running>();
    // SAFETY: caller contract.
    while let Some(running) = unsafe { at.as_ref() } {
        if core::ptr::eq(running.once, once) {
            return true;
        }
        at = running.outer.cast();
    }
    false
}

/// Ends the innermost call of the thread: with `done` 0 the function has thrown, and the next caller runs it again.
#[unsafe(no_mangle)]
pub extern "C" fn xlibc_once_leave(done: c_int) {
    let thread = rt::thread();
    let running = thread.onces.get().cast::<Running>();
    if running.is_null() {
        return;
    }
    // SAFETY: the contract of `enter`: the frames of all calls in the list are still there.
    unsafe {
        cleanup::pop(thread, &raw mut (*running).cleanup, false);
        end(thread, running, done != 0);
    }
}

/// The function has called `pthread_exit`. As POSIX.1-2024 says of one that is cancelled: as if it had never been called.
unsafe extern "C" fn give_up(running: *mut c_void) {
    // SAFETY: `enter` registered this with its frame, which is still there.
    unsafe { end(rt::thread(), running.cast(), false) };
}

/// # Safety
/// `running` is the thread's innermost call, and its frame still there.
unsafe fn end(thread: &Thread, running: *mut Running, done: bool) {
    // SAFETY: caller contract.
    unsafe {
        thread.onces.set((*running).outer);
        (*(*running).once).leave(rt::host(), done);
    }
}

// `call_once` returns nothing, so what `pthread_once` returns does not matter to it.
crate::export_c!(pthread_once => xlibc_pthread_once);
crate::export_c!(call_once => xlibc_pthread_once);
