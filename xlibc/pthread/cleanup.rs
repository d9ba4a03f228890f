//! Handlers of `pthread_cleanup_push`.

use crate::rt::Thread;
use crate::types::c_void;

/// A function with one argument.
pub type Handler = unsafe extern "C" fn(*mut c_void);

/// `struct __ptcb` of the ABI: lies in the frame of who pushed it.
#[doc(alias = "struct __ptcb")]
#[repr(C)]
#[derive(Debug)]
pub struct Cleanup {
    function: Option<Handler>,
    argument: *mut c_void,
    next: *mut Cleanup,
}

const _: () = assert!(size_of::<Cleanup>() == 24);

/// Registers a handler.
///
/// # Safety
/// `cleanup` is valid for writes, and stays until it is popped or the thread ends.
pub unsafe fn push(thread: &Thread, cleanup: *mut Cleanup, function: Handler, argument: *mut c_void) {
    let next = thread.cleanups.get().cast();
    // SAFETY: caller contract.
    unsafe { cleanup.write(Cleanup { function: Some(function), argument, next }) };
    thread.cleanups.set(cleanup.cast());
}

/// Removes the handler registered last, and runs it if wanted.
///
/// # Safety
/// `cleanup` is that handler's.
pub unsafe fn pop(thread: &Thread, cleanup: *mut Cleanup, run: bool) {
    // SAFETY: caller contract.
    let Cleanup { function, argument, next } = unsafe { cleanup.read() };
    thread.cleanups.set(next.cast());
    if let (true, Some(function)) = (run, function) {
        // SAFETY: the contract of `push`: the function takes this argument.
        unsafe { function(argument) };
    }
}

/// Runs the handlers that are left, latest first.
pub fn run_handlers(thread: &Thread) {
    loop {
        let cleanup = thread.cleanups.get().cast::<Cleanup>();
        if cleanup.is_null() {
            return;
        }
        // SAFETY: the contract of `push`: it is still there.
        unsafe { pop(thread, cleanup, true) };
    }
}
