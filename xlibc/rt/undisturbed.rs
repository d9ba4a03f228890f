//! Work that no signal handler may interrupt.

use super::{Signals, abi, host};

/// Runs the work with all signals blocked; it gets the mask before. For locks that a handler takes, too: one that came while its
/// own thread holds the lock would wait for ever.
pub fn undisturbed<R>(work: impl FnOnce(u64) -> R) -> R {
    let set_mask = |mask| host().signal_mask(abi::signal::SET_MASK, Some(mask));
    // A host without signals has no mask.
    let before = set_mask(u64::MAX).unwrap_or(0);
    let result = work(before);
    let _ = set_mask(before);
    result
}
