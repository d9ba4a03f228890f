//! C++ thread_local objects, which end with their thread; those of the thread that calls `exit` end there.

use crate::malloc;
use crate::rt::{Errno, Result, Thread};
use crate::types::c_void;

/// Ends an object.
pub type Destructor = unsafe extern "C" fn(*mut c_void);

/// A registered destructor of a thread_local object; an object of the allocator.
struct Registered {
    function: Destructor,
    object: *mut c_void,
    next: *mut Destructor,
}

/// Registers the destructor of an object that ends with the thread (Itanium C++ ABI, as extended for C++11). `NOMEM`.
pub fn at_thread_end(thread: &Thread, function: Destructor, object: *mut c_void) -> Result<()> {
    let place = malloc::allocate(size_of::<Registered>()).cast::<Registered>();
    if place.is_null() {
        return Err(Errno::NOMEM);
    }
    let next = thread.destructors.get().cast();
    // SAFETY: a new object of that size.
    unsafe { place.write(Registered { function, object, next }) };
    thread.destructors.set(place.cast());
    Ok(())
}

/// Runs the destructors, latest first, also those that are registered meanwhile.
pub fn run_destructors(thread: &Thread) {
    loop {
        let place = thread.destructors.get().cast::<Registered>();
        if place.is_null() {
            return;
        }
        // SAFETY: members of the list are live objects made above, and this one leaves the list.
        unsafe {
            let Registered { function, object, next } = place.read();
            thread.destructors.set(next.cast());
            malloc::release(place.cast());
            function(object);
        }
    }
}
