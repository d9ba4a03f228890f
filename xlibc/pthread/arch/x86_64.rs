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
        ".cfi_undefined rip",
        "push rbp",
        ".cfi_adjust_cfa_offset 8",
        "xor ebp, ebp",
        "call rsi",
        "pop rbp",
        ".cfi_adjust_cfa_offset -8",
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
        ".cfi_undefined rip",
        "mov rsp, rdi",
        "xor ebp, ebp",
        "call rsi",
        "ud2",
        ".cfi_endproc",
    )
}
