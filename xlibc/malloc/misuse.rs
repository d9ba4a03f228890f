//! The end of a process that misuses the heap.

use crate::rt;

/// The end of a process that gave a function an invalid pointer, or wrote past the end of an object.
#[cold]
pub(super) fn stop_at(caller: &str, problem: &str) -> ! {
    rt::fatal(&[caller, ": ", problem])
}

/// The end of a process whose heap was written to where nobody may.
#[cold]
pub(super) fn corrupt(problem: &str) -> ! {
    rt::fatal(&["malloc: the heap is corrupt (", problem, ")"])
}
