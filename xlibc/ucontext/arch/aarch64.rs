//! aarch64: registers in `regs`, then the record of the floating-point state, as the kernel lays it out.

use core::arch::naked_asm;

use super::layout::ucontext_t;
use crate::types::c_int;
use crate::ucontext::context;

/// Writes what the caller goes on with into the context at `x0`; 0 is what it gets then.
macro_rules! save {
    () => {
        concat!(
            "stp xzr, xzr, [x0, #176]\n",
            "stp x19, x20, [x0, #336]\n",
            "stp x21, x22, [x0, #352]\n",
            "stp x23, x24, [x0, #368]\n",
            "stp x25, x26, [x0, #384]\n",
            "stp x27, x28, [x0, #400]\n",
            "stp x29, x30, [x0, #416]\n",
            "mov x9, sp\n",
            "stp x9, x30, [x0, #432]\n",
            "str xzr, [x0, #448]\n",
            // The record: FPSIMD_MAGIC and its size; behind it the end of the records.
            "mov w9, #0x8001\n",
            "movk w9, #0x4650, lsl #16\n",
            "mov w10, #528\n",
            "str w9, [x0, #464]\n",
            "str w10, [x0, #468]\n",
            "mrs x9, fpsr\n",
            "mrs x10, fpcr\n",
            "str w9, [x0, #472]\n",
            "str w10, [x0, #476]\n",
            "stp q8, q9, [x0, #608]\n",
            "stp q10, q11, [x0, #640]\n",
            "stp q12, q13, [x0, #672]\n",
            "stp q14, q15, [x0, #704]\n",
            "str xzr, [x0, #992]\n",
        )
    };
}

/// Goes on with the context at `x0`.
///
/// # Safety
/// It was saved by this file or made by [`context::make`], and its stack is there.
#[unsafe(naked)]
unsafe extern "C" fn resume() -> ! {
    naked_asm!(
        "ldr w9, [x0, #472]",
        "ldr w10, [x0, #476]",
        "msr fpsr, x9",
        "msr fpcr, x10",
        "ldp q8, q9, [x0, #608]",
        "ldp q10, q11, [x0, #640]",
        "ldp q12, q13, [x0, #672]",
        "ldp q14, q15, [x0, #704]",
        "ldp x19, x20, [x0, #336]",
        "ldp x21, x22, [x0, #352]",
        "ldp x23, x24, [x0, #368]",
        "ldp x25, x26, [x0, #384]",
        "ldp x27, x28, [x0, #400]",
        "ldp x29, x30, [x0, #416]",
        "ldp x9, x16, [x0, #432]",
        "mov sp, x9",
        "ldp x2, x3, [x0, #200]",
        "ldp x4, x5, [x0, #216]",
        "ldp x6, x7, [x0, #232]",
        "ldp x0, x1, [x0, #184]",
        "br x16",
    )
}

/// `getcontext`.
///
/// # Safety
/// The context is valid for writes.
#[unsafe(naked)]
pub unsafe extern "C" fn get(to: *mut ucontext_t) -> c_int {
    naked_asm!(save!(), "b {saved}", saved = sym context::saved)
}

/// Leaves the context at `x0`, null for none, and goes on with that at `x1`; -1 where it cannot.
///
/// # Safety
/// As [`context::leave`] and [`resume`].
#[unsafe(naked)]
unsafe extern "C" fn leave() -> c_int {
    naked_asm!(
        "stp x1, x30, [sp, #-16]!",
        "bl {leave}",
        "mov w9, w0",
        "ldp x0, x30, [sp], #16",
        "cbnz w9, 2f",
        "b {resume}",
        "2:",
        "mov w0, w9",
        "ret",
        leave = sym context::leave,
        resume = sym resume,
    )
}

/// `setcontext`.
///
/// # Safety
/// The context is valid, and so is its stack.
#[unsafe(naked)]
pub unsafe extern "C" fn set(to: *const ucontext_t) -> c_int {
    naked_asm!(
        "mov x1, x0",
        "mov x0, xzr",
        "b {leave}",
        leave = sym leave,
    )
}

/// `swapcontext`.
///
/// # Safety
/// As [`get`] and [`set`].
#[unsafe(naked)]
pub unsafe extern "C" fn swap(from: *mut ucontext_t, to: *const ucontext_t) -> c_int {
    naked_asm!(
        save!(),
        "b {leave}",
        leave = sym leave,
    )
}

/// `makecontext`: the arguments that follow the number of them are five registers, then words of the stack.
///
/// # Safety
/// As [`context::make`].
#[unsafe(naked)]
pub unsafe extern "C" fn with_arguments() {
    naked_asm!(
        "stp x29, x30, [sp, #-64]!",
        "stp x3, x4, [sp, #16]",
        "stp x5, x6, [sp, #32]",
        "str x7, [sp, #48]",
        "add x3, sp, #16",
        "add x4, sp, #64",
        "adrp x5, {ended}",
        "add x5, x5, :lo12:{ended}",
        "add x5, x5, #4",
        "bl {make}",
        "ldp x29, x30, [sp], #64",
        "ret",
        ended = sym ended,
        make = sym context::make::<5>,
    )
}

/// Where a context's function returns to.
#[unsafe(naked)]
unsafe extern "C" fn ended() {
    naked_asm!(
        // Exceptions look no further up. They look for the call, which would end before the return address.
        ".cfi_startproc",
        ".cfi_undefined x30",
        "nop",
        "mov x0, x19",
        "bl {end}",
        "b {resume}",
        ".cfi_endproc",
        end = sym context::end,
        resume = sym resume,
    )
}
