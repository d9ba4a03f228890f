//! Stacks for the handler of `crash`, one for each thread: the thread's own may be what has no room.

use core::sync::atomic::{AtomicBool, Ordering};

use platform::ReportStack;

use crate::sys::{call, kernel};

/// Bytes of one.
const BYTES: usize = size_of::<ReportStack>();

/// Threads get one.
static WANTED: AtomicBool = AtomicBool::new(false);

/// Bytes that a new thread needs for one: 0 where nothing is reported.
pub(crate) fn bytes() -> usize {
    if WANTED.load(Ordering::Relaxed) { BYTES } else { 0 }
}

/// Gives the calling thread its own, and new threads theirs from now on.
///
/// # Safety
/// `low` is the start of as much memory as a [`ReportStack`] has, which is this thread's own as long as it runs.
pub(crate) unsafe fn adopt(low: usize) {
    /// `stack_t`.
    #[repr(C)]
    struct Place {
        low: usize,
        flags: usize,
        bytes: usize,
    }
    WANTED.store(true, Ordering::Relaxed);
    let place = Place { low, flags: 0, bytes: BYTES };
    // SAFETY: caller contract. Without it a stack overflow ends the process unreported.
    let _ = unsafe { call(kernel::__NR_sigaltstack, [core::ptr::from_ref(&place).expose_provenance(), 0]) };
}
