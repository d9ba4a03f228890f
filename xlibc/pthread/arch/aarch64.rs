//! A frame without a caller.

use crate::types::c_void;

use super::Start;

/// `start(argument)`. Its own frame has no caller, by its unwind information (`undefined`) and by the frame pointer (0).
///
/// # Safety
/// That of `start`.
#[unsafe(naked)]
pub unsafe extern "C" fn call(argument: *mut c_void, start: Start) -> *mut c_void {
    core::arch::naked_asm!(
        ".cfi_startproc",
        ".cfi_undefined x30",
        "stp x29, x30, [sp, -16]!",
        ".cfi_adjust_cfa_offset 16",
        "mov x29, xzr",
        "blr x1",
        "ldp x29, x30, [sp], 16",
        ".cfi_adjust_cfa_offset -16",
        "ret",
        ".cfi_endproc",
    )
}

/// Calls the function on another stack, whose upper end is `stack`.
///
/// # Safety
/// `stack` is the end of writable memory, a multiple of 16.
#[unsafe(naked)]
pub unsafe extern "C" fn go_on(stack: usize, function: extern "C" fn() -> !) -> ! {
    core::arch::naked_asm!(
        ".cfi_startproc",
        ".cfi_undefined x30",
        "mov sp, x0",
        "mov x29, xzr",
        "blr x1",
        "brk #1",
        ".cfi_endproc",
    )
}
