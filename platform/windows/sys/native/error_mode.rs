//! Message boxes of Windows: off for this process, whose faults are signals, but not for the programs of Windows that it starts.

use core::sync::atomic::{AtomicU32, Ordering};

use windows_sys::Win32::System::Diagnostics::Debug::{SEM_FAILCRITICALERRORS, SEM_NOGPFAULTERRORBOX, SetErrorMode};

const OFF: u32 = SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX;
/// As the process was started.
static INHERITED: AtomicU32 = AtomicU32::new(0);

/// Turns them off.
pub fn turn_boxes_off() {
    // SAFETY: no pointers.
    INHERITED.store(unsafe { SetErrorMode(OFF) }, Ordering::Relaxed);
}

/// Starts a child, which gets the mode that this process was started with.
pub fn as_inherited<T>(start: impl FnOnce() -> T) -> T {
    // SAFETY: no pointers.
    unsafe { SetErrorMode(INHERITED.load(Ordering::Relaxed)) };
    let started = start();
    // SAFETY: as above.
    unsafe { SetErrorMode(OFF) };
    started
}
