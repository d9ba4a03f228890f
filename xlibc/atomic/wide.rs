//! Objects of 16 bytes, aligned to 16, without a lock. Every operation is sequentially consistent.

pub(super) use super::arch::compare_exchange;
use super::arch::load_at_once;
use crate::rt::cpu;

/// Whether the CPU can do this: the same answer for the life of the process, as an object must not be changed in two ways.
pub(super) fn is_lock_free() -> bool {
    cpu::has(cpu::WIDE_EXCHANGE)
}

/// The object's value. Where the CPU's moves are not known to happen at once, this writes the object as well.
///
/// # Safety
/// As for [`compare_exchange`]; where [`cpu::WIDE_MOVES`] is there, reads suffice.
pub(super) unsafe fn load(object: *mut u128) -> u128 {
    // SAFETY: caller contract.
    if let Some(value) = unsafe { load_at_once(object) } {
        return value;
    }
    // SAFETY: caller contract.
    unsafe { compare_exchange(object, 0, 0) }
}
