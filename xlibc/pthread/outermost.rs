//! The call of a thread's function: for unwinders and debuggers the stack ends there, as what lies below is the loader's.

use crate::types::c_void;

/// A thread's work.
pub type Start = unsafe extern "C" fn(*mut c_void) -> *mut c_void;

/// `start(argument)`. Its own frame has no caller, by its unwind information (`undefined`) and by the frame pointer (0).
///
/// # Safety
/// That of `start`.
#[cfg(target_arch = "x86_64")]
#[unsafe(naked)]
pub(super) unsafe extern "C" fn call(argument: *mut c_void, start: Start) -> *mut c_void {
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

/// `start(argument)`. Its own frame has no caller, by its unwind information (`undefined`) and by the frame pointer (0).
///
/// # Safety
/// That of `start`.
#[cfg(target_arch = "aarch64")]
#[unsafe(naked)]
pub(super) unsafe extern "C" fn call(argument: *mut c_void, start: Start) -> *mut c_void {
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
