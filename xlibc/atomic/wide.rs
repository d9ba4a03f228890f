//! Objects of 16 bytes, aligned to 16, without a lock. Every operation is sequentially consistent.

use core::arch::asm;

use crate::rt::cpu;

/// Whether the CPU can do this: the same answer for the life of the process, as an object must not be changed in two ways.
pub(super) fn is_lock_free() -> bool {
    cpu::has(cpu::WIDE_EXCHANGE)
}

/// Stores `new` if `old` is there. Gives what was there.
///
/// # Safety
/// [`is_lock_free`], and `object` is valid for reads and writes of 16 bytes and aligned to them.
#[cfg(target_arch = "x86_64")]
pub(super) unsafe fn compare_exchange(object: *mut u128, old: u128, new: u128) -> u128 {
    let (mut low, mut high) = halves(old);
    let (new_low, new_high) = halves(new);
    // core's own function becomes a call of `__atomic_compare_exchange_16` where its caller lacks the feature.
    // SAFETY: caller contract. LLVM keeps rbx for itself, so the new low half is moved into it and back.
    unsafe {
        asm!(
            "xchg rsi, rbx",
            "lock cmpxchg16b xmmword ptr [rdi]",
            "mov rbx, rsi",
            in("rdi") object,
            inout("rsi") new_low => _,
            in("rcx") new_high,
            inout("rax") low,
            inout("rdx") high,
            options(nostack),
        );
    }
    whole(low, high)
}

/// As for x86_64. A load of a pair is only known to have happened at once when the store that follows it succeeds, so what was
/// read is written back where nothing new is to be stored.
#[cfg(target_arch = "aarch64")]
pub(super) unsafe fn compare_exchange(object: *mut u128, old: u128, new: u128) -> u128 {
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

/// The object's value. Where the CPU's moves are not known to happen at once, this writes the object as well.
///
/// # Safety
/// As for [`compare_exchange`]; where [`cpu::WIDE_MOVES`] is there, reads suffice.
pub(super) unsafe fn load(object: *mut u128) -> u128 {
    #[cfg(target_arch = "x86_64")]
    if cpu::has(cpu::WIDE_MOVES) {
        let value: core::arch::x86_64::__m128i;
        // SAFETY: caller contract; the CPU has AVX.
        unsafe {
            asm!("vmovdqa {value}, xmmword ptr [{object}]", object = in(reg) object, value = out(xmm_reg) value, options(nostack, preserves_flags));
            return core::mem::transmute::<core::arch::x86_64::__m128i, u128>(value);
        }
    }
    // SAFETY: caller contract.
    unsafe { compare_exchange(object, 0, 0) }
}

fn halves(value: u128) -> (u64, u64) {
    (value as u64, (value >> 64) as u64)
}

fn whole(low: u64, high: u64) -> u128 {
    u128::from(high) << 64 | u128::from(low)
}
