//! `<stdlib.h>`: the end of the process; and what C++ registers for it and for the end of a thread.
#![allow(non_snake_case, reason = "C's names")]

use super::end::{self, AT_EXIT, AT_QUICK_EXIT};
use super::handlers::Handler;
use super::thread_locals;
use crate::rt::{CResult, Modules, host, thread};
use crate::types::{c_int, c_void};

/// C23 7.24.4.2. -1 with ENOMEM. In a library that is unloaded the function runs then.
#[export]
pub extern "C" fn atexit(function: extern "C" fn()) -> c_int {
    AT_EXIT.add(Handler::Plain(function)).or_minus_one()
}

/// C23 7.24.4.3. -1 with ENOMEM.
#[export]
pub extern "C" fn at_quick_exit(function: extern "C" fn()) -> c_int {
    AT_QUICK_EXIT.add(Handler::Plain(function)).or_minus_one()
}

/// Itanium C++ ABI 3.3.6.3: registers a destructor; -1 with ENOMEM.
#[export]
pub extern "C" fn __cxa_atexit(
    function: unsafe extern "C" fn(*mut c_void),
    argument: *mut c_void,
    dso: *mut c_void,
) -> c_int {
    AT_EXIT.add(Handler::Object(function, argument as usize, dso as usize)).or_minus_one()
}

/// Itanium C++ ABI 3.3.6.3: runs what the file of `dso` registered, for null all. Any address inside the file will do. What it
/// registered for `quick_exit` does not run any more.
#[export]
pub extern "C" fn __cxa_finalize(dso: *mut c_void) {
    if dso.is_null() {
        AT_EXIT.run_all();
    } else {
        AT_EXIT.run_of(dso as usize);
        AT_QUICK_EXIT.forget_of(dso as usize);
    }
}

/// Destructor of a C++ thread_local object; -1 without memory. The file that `dso` lies in is not unloaded any more, so that
/// the destructor is there when the thread ends.
#[export]
pub extern "C" fn __cxa_thread_atexit_impl(
    function: thread_locals::Destructor,
    object: *mut c_void,
    dso: *mut c_void,
) -> c_int {
    host().dl_pin(dso.addr());
    thread_locals::at_thread_end(thread(), function, object).or_minus_one()
}

/// C23 7.24.4.4.
#[export]
pub extern "C" fn exit(code: c_int) -> ! {
    end::exit(code)
}

/// C23 7.24.4.7.
#[export]
pub extern "C" fn quick_exit(code: c_int) -> ! {
    end::quick_exit(code)
}

/// C23 7.24.4.5.
#[export]
pub extern "C" fn _Exit(code: c_int) -> ! {
    end::end(code)
}

/// POSIX.1-2024.
#[export]
pub extern "C" fn _exit(code: c_int) -> ! {
    end::end(code)
}

/// C23 7.24.4.1.
#[export]
pub extern "C" fn abort() -> ! {
    end::abort()
}
