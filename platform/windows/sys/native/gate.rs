//! One thread at a time stops another; for the process's end, none.

use core::sync::atomic::{AtomicBool, Ordering};

use super::thread;

static GATE: AtomicBool = AtomicBool::new(false);

/// The right to stop a thread, until it is dropped.
pub struct Pass(());

/// Asks for the right; `None` while another thread has it, and when the process ends.
pub fn pass() -> Option<Pass> {
    // Made only where it is given: to drop one opens the gate.
    (!GATE.swap(true, Ordering::SeqCst)).then(|| Pass(()))
}

impl Drop for Pass {
    fn drop(&mut self) {
        GATE.store(false, Ordering::SeqCst);
    }
}

/// Keeps threads from being stopped any more: the process's end takes the stopping thread away, and under Wine the thread
/// that ends the process would stay stopped.
pub fn close() {
    for _ in 0..10_000 {
        if !GATE.swap(true, Ordering::SeqCst) {
            return;
        }
        thread::yield_now();
    }
}
