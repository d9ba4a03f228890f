//! The calls of the guest's code: for unwinders and debuggers the stack ends there, as what lies below is the loader's.

/// Calls the function at `code` with three arguments, of which it may take fewer; what it returns. The frame has no caller, by its
/// unwind information (`undefined`) and by the frame pointer (0).
///
/// # Safety
/// `code` is a function of the guest, and the arguments are what it takes.
#[cfg(target_arch = "x86_64")]
#[unsafe(naked)]
pub(super) unsafe extern "sysv64" fn call(first: usize, second: usize, third: usize, code: usize) -> usize {
    core::arch::naked_asm!(
        ".cfi_startproc",
        ".cfi_undefined rip",
        "push rbp",
        ".cfi_adjust_cfa_offset 8",
        "xor ebp, ebp",
        "call rcx",
        "pop rbp",
        ".cfi_adjust_cfa_offset -8",
        "ret",
        ".cfi_endproc",
    )
}

/// Calls the function at `code` with three arguments, of which it may take fewer; what it returns. The frame has no caller, by its
/// unwind information (`undefined`) and by the frame pointer (0).
///
/// # Safety
/// `code` is a function of the guest, and the arguments are what it takes.
#[cfg(target_arch = "aarch64")]
#[unsafe(naked)]
pub(super) unsafe extern "C" fn call(first: usize, second: usize, third: usize, code: usize) -> usize {
    core::arch::naked_asm!(
        ".cfi_startproc",
        ".cfi_undefined x30",
        "stp x29, x30, [sp, -16]!",
        ".cfi_adjust_cfa_offset 16",
        "mov x29, xzr",
        "blr x3",
        "ldp x29, x30, [sp], 16",
        ".cfi_adjust_cfa_offset -16",
        "ret",
        ".cfi_endproc",
    )
}
