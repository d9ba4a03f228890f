//! `pthread_once`: the part around the callback, which may throw. The call itself is `c/once.c`.

use core::cell::Cell;

use crate::rt;
use crate::sync::{Enter, Once};
use crate::types::{c_int, c_void};

/// A call that runs, in the frame of the C function; the thread keeps a list of them.
#[repr(C)]
#[derive(Debug)]
pub struct Running {
    once: Cell<*const Once>,
    outer: Cell<*mut c_void>,
}

/// 1: the caller has to run the function, then call `xlibc_once_leave`. 0: it has been run.
///
/// # Safety
/// `once` is valid; `running` stays valid until the matching `leave`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xlibc_once_enter(once: *const Once, running: *const Running) -> c_int {
    // SAFETY: caller contract.
    let (word, running) = unsafe { (&*once, &*running) };
    let thread = rt::thread();
    // SAFETY: the frames of all calls in the list are still there.
    if unsafe { is_in(thread.onces.get(), once) } {
        rt::fatal(&["pthread_once: called again by the function that it runs"]);
    }
    match word.enter(rt::host()) {
        Enter::Done => 0,
        Enter::Run => {
            running.once.set(once);
            running.outer.set(thread.onces.replace(core::ptr::from_ref(running).cast_mut().cast()));
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
        if core::ptr::eq(running.once.get(), once) {
            return true;
        }
        at = running.outer.get().cast();
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
        thread.onces.set((*running).outer.get());
        (*(*running).once.get()).leave(rt::host(), done != 0);
    }
}

// `call_once` returns nothing, so what `pthread_once` returns does not matter to it.
crate::export_c!(pthread_once => xlibc_pthread_once);
crate::export_c!(call_once => xlibc_pthread_once);
