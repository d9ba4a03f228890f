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

/// Calls the resolver of an indirect function: the address that it chooses. The ABI of aarch64 gives it the CPU's features, in a
/// register and (marked by bit 62) as a list; the loader knows none, so that the baseline is chosen. That of x86_64 gives it
/// nothing.
pub(crate) fn call_resolver(resolver: usize) -> usize {
    let features = [24_u64, 0, 0];
    // SAFETY: the address was checked to lie in code; what the code does is the program's business.
    unsafe { call(1 << 62, features.as_ptr().expose_provenance(), 0, resolver) }
}

/// Whether the address lies in [`call`].
pub(crate) fn is_outermost(address: usize) -> bool {
    /// No more than its instructions take.
    const BYTES: usize = 32;
    address.wrapping_sub(call as *const () as usize) < BYTES
}
