//! The guest's word of each thread, and the interrupt word that lies behind it.

use core::ptr::with_exposed_provenance;
use core::sync::atomic::{AtomicU32, Ordering};

use platform::{INTERRUPT_OFFSET, INTERRUPTED};

use super::thread_word::ThreadWord;

/// The slot.
pub static GUEST: ThreadWord = ThreadWord::new();

/// Whether the calling thread's interrupt word says that nothing may wait now.
pub fn is_interrupted() -> bool {
    let block = GUEST.get();
    if block == 0 {
        return false;
    }
    // SAFETY: the guest's contract: an aligned word lies there as long as the slot is not 0.
    let word = unsafe { &*with_exposed_provenance::<AtomicU32>(block + INTERRUPT_OFFSET) };
    word.load(Ordering::SeqCst) == INTERRUPTED
}
