//! `cmpxchg16b`, and moves of AVX.

use core::arch::asm;

use super::{halves, whole};
use crate::rt::cpu;

/// Stores `new` if `old` is there. Gives what was there.
///
/// # Safety
/// The CPU has cmpxchg16b, and `object` is valid for reads and writes of 16 bytes and aligned to them.
pub unsafe fn compare_exchange(object: *mut u128, old: u128, new: u128) -> u128 {
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

/// The value, where a plain move is known to happen at once.
///
/// # Safety
/// `object` is valid for reads of 16 bytes and aligned to them.
pub unsafe fn load_at_once(object: *mut u128) -> Option<u128> {
    if !cpu::has(cpu::WIDE_MOVES) {
        return None;
    }
    let value: core::arch::x86_64::__m128i;
    // SAFETY: caller contract; the CPU has AVX.
    unsafe {
        asm!("vmovdqa {value}, xmmword ptr [{object}]", object = in(reg) object, value = out(xmm_reg) value, options(nostack, preserves_flags));
        Some(core::mem::transmute::<core::arch::x86_64::__m128i, u128>(value))
    }
}
