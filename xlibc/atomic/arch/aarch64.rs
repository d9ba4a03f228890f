//! Exclusive pairs of Armv8.

use core::arch::asm;

use super::{halves, whole};

/// Stores `new` if `old` is there. Gives what was there. A load of a pair is only known to have happened at once when the store that follows it succeeds, so what was
/// read is written back where nothing new is to be stored.
///
/// # Safety
/// `object` is valid for reads and writes of 16 bytes and aligned to them.
pub unsafe fn compare_exchange(object: *mut u128, old: u128, new: u128) -> u128 {
    let (old_low, old_high) = halves(old);
    let (new_low, new_high) = halves(new);
    let (low, high): (u64, u64);
    // SAFETY: caller contract.
    unsafe {
        asm!(
            "2:",
            "ldaxp {low}, {high}, [{object}]",
            "cmp {low}, {old_low}",
            "ccmp {high}, {old_high}, #0, eq",
            "csel {put_low}, {new_low}, {low}, eq",
            "csel {put_high}, {new_high}, {high}, eq",
            "stlxp {failed:w}, {put_low}, {put_high}, [{object}]",
            "cbnz {failed:w}, 2b",
            object = in(reg) object,
            old_low = in(reg) old_low,
            old_high = in(reg) old_high,
            new_low = in(reg) new_low,
            new_high = in(reg) new_high,
            low = out(reg) low,
            high = out(reg) high,
            put_low = out(reg) _,
            put_high = out(reg) _,
            failed = out(reg) _,
            options(nostack),
        );
    }
    whole(low, high)
}

/// The value, where a plain move is known to happen at once: nowhere.
///
/// # Safety
/// `object` is valid for reads of 16 bytes and aligned to them.
pub unsafe fn load_at_once(_object: *mut u128) -> Option<u128> {
    None
}
