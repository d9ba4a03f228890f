//! The slot of a thread, and the interrupt word of the block that it points to.

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};

use platform::{INTERRUPT_OFFSET, INTERRUPTED};

thread_local! {
    /// This thread's slot (`Platform::set_thread_slot`).
    pub(crate) static SLOT: Cell<usize> = const { Cell::new(0) };
}

/// The calling thread's slot, as guest code would read it from a register.
#[must_use]
pub fn slot() -> usize {
    SLOT.get()
}

/// Address of the calling thread's interrupt word, 0 where it has none.
pub(crate) fn interrupt_word() -> usize {
    match SLOT.get() {
        0 => 0,
        block => block + INTERRUPT_OFFSET,
    }
}

/// Whether the interrupt word at this address, if it is one, is set.
pub(crate) fn is_set(word: usize) -> bool {
    // SAFETY: the contract of the slot: a block with an interrupt word, that lives as long as the slot has its address, and so while
    // its thread is in the host.
    word != 0 && unsafe { &*(word as *const AtomicU32) }.load(Ordering::SeqCst) == INTERRUPTED
}

/// Whether the calling thread's interrupt word is set.
pub(crate) fn is_interrupted() -> bool {
    is_set(interrupt_word())
}
