//! What runs at the end of a thread: `pthread_cleanup_push` handlers and C++ thread_local destructors.

use crate::malloc;
use crate::rt::{Errno, Result, Thread};
use crate::types::c_void;

/// A function with one argument.
pub type Handler = unsafe extern "C" fn(*mut c_void);

/// `struct __ptcb` of the ABI: lies in the frame of who pushed it.
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

/// A registered destructor of a thread_local object; an object of the allocator.
struct Destructor {
    function: Handler,
    object: *mut c_void,
    next: *mut Destructor,
}

/// Registers the destructor of an object that ends with the thread (Itanium C++ ABI, as extended for C++11). `NOMEM`.
pub fn at_thread_end(thread: &Thread, function: Handler, object: *mut c_void) -> Result<()> {
    let place = malloc::allocate(size_of::<Destructor>()).cast::<Destructor>();
    if place.is_null() {
        return Err(Errno::NOMEM);
    }
    let next = thread.destructors.get().cast();
    // SAFETY: a new object of that size.
    unsafe { place.write(Destructor { function, object, next }) };
    thread.destructors.set(place.cast());
    Ok(())
}

/// Runs the destructors, latest first, also those that are registered meanwhile.
pub fn run_destructors(thread: &Thread) {
    loop {
        let place = thread.destructors.get().cast::<Destructor>();
        if place.is_null() {
            return;
        }
        // SAFETY: members of the list are live objects made above, and this one leaves the list.
        unsafe {
            let Destructor { function, object, next } = place.read();
            thread.destructors.set(next.cast());
            malloc::release(place.cast());
            function(object);
        }
    }
}
