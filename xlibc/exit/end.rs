//! The end of the process.

use core::sync::atomic::{AtomicI32, AtomicU32, Ordering};

use super::handlers::Handlers;
use super::{hooks, thread_locals};
use crate::rt::{self, Futex, Modules, Process, Signals, abi, blocking};

/// `atexit` and `__cxa_atexit`.
pub static AT_EXIT: Handlers = Handlers::new();
/// `at_quick_exit`.
pub static AT_QUICK_EXIT: Handlers = Handlers::new();

/// Number of the thread that ends the process, 0 before.
static ENDING: AtomicI32 = AtomicI32::new(0);

/// Lets one thread end the process. Another one that wants to waits for that (POSIX.1-2024 `exit`); the same one, from a
/// handler (undefined in C), goes on with what is left.
fn claim() {
    let me = rt::thread().id.get();
    match ENDING.compare_exchange(0, me, Ordering::AcqRel, Ordering::Acquire) {
        Err(other) if other != me => {
            let forever = AtomicU32::new(0);
            loop {
                let _ = blocking(|| rt::host().futex_wait(&forever, 0, None, abi::futex::NO_INTERRUPT));
            }
        }
        _ => {}
    }
}

/// C23 7.24.4.4: handlers, then streams, then the host; for C++ the thread_local objects of this thread come before the statics
/// (C++23 [basic.start.term]), whose destructors are handlers, and the finalisers of all files after them.
pub fn exit(code: i32) -> ! {
    claim();
    // What another thread closes meanwhile stays: its code may be running here.
    rt::host().dl_keep();
    thread_locals::run_destructors(rt::thread());
    AT_EXIT.run_all();
    rt::host().finalize();
    // Finalisers may have registered more, and written.
    AT_EXIT.run_all();
    hooks::run();
    end(code)
}

/// Ends the process at once. A status has 8 bits on every host (POSIX.1-2024 `_exit`).
pub fn end(code: i32) -> ! {
    rt::host().exit(code & 0xff)
}

/// C23 7.24.4.7.
pub fn quick_exit(code: i32) -> ! {
    claim();
    // As for `exit`.
    rt::host().dl_keep();
    AT_QUICK_EXIT.run_all();
    end(code)
}

/// C23 7.24.4.1: SIGABRT, and when its handler returns, or it is blocked or ignored, its default action.
pub fn abort() -> ! {
    let host = rt::host();
    let _ = host.signal_mask(abi::signal::UNBLOCK, Some(1 << (abi::signal::ABRT - 1)));
    let _ = host.signal_send(host.process_id(), rt::thread().id.get(), abi::signal::ABRT);
    host.terminate(abi::signal::ABRT)
}
