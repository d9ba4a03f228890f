//! Objects of any size and alignment, under one of a few locks.

use core::ptr::{copy_nonoverlapping, swap_nonoverlapping};

use crate::rt::{Platform, bytes};
use crate::sync::Lock;

const LOCKS: usize = 64;
/// Neighbours in an array shall not wait for each other more often than chance has it.
static TABLE: [Lock; LOCKS] = [const { Lock::new() }; LOCKS];

/// Runs `work` while no other operation of this file touches the object. Not for signal handlers, whose thread may hold the lock.
fn locked<R>(host: &impl Platform, object: *const u8, work: impl FnOnce() -> R) -> R {
    // Fibonacci hashing (Knuth, TAOCP 6.4): the upper bits of the product depend on all of the address.
    let hash = (object.addr() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - LOCKS.ilog2());
    let lock = TABLE.get(hash as usize);
    // The hash has as many values as there are locks.
    lock.inspect(|lock| lock.lock(host));
    let result = work();
    lock.inspect(|lock| lock.unlock(host));
    result
}

/// Copies the object to `value`.
///
/// # Safety
/// Both are valid for `size` bytes and do not overlap; as for all of this file.
pub(super) unsafe fn load(host: &impl Platform, size: usize, object: *const u8, value: *mut u8) {
    // SAFETY: caller contract.
    locked(host, object, || unsafe { copy_nonoverlapping(object, value, size) });
}

/// Copies `value` to the object.
///
/// # Safety
/// As for [`load`].
pub(super) unsafe fn store(host: &impl Platform, size: usize, object: *mut u8, value: *const u8) {
    // SAFETY: caller contract.
    locked(host, object, || unsafe { copy_nonoverlapping(value, object, size) });
}

/// Copies `value` to the object and what was there to `old`, which may be where `value` is.
///
/// # Safety
/// As for [`load`].
pub(super) unsafe fn exchange(host: &impl Platform, size: usize, object: *mut u8, value: *const u8, old: *mut u8) {
    locked(host, object, || {
        // SAFETY: caller contract; with `value` in its place, `old` is swapped as a whole.
        unsafe {
            core::ptr::copy(value, old, size);
            swap_nonoverlapping(object, old, size);
        }
    });
}

/// Copies `desired` to the object if that equals `expected`, else the object to `expected`. Bytes are compared, padding too.
///
/// # Safety
/// As for [`load`], for each of the three.
pub(super) unsafe fn compare_exchange(
    host: &impl Platform,
    size: usize,
    object: *mut u8,
    expected: *mut u8,
    desired: *const u8,
) -> bool {
    locked(host, object, || {
        // SAFETY: caller contract.
        unsafe {
            let is_equal = bytes(object, size) == bytes(expected, size);
            let (from, to) = if is_equal { (desired, object) } else { (object.cast_const(), expected) };
            copy_nonoverlapping(from, to, size);
            is_equal
        }
    })
}
