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
