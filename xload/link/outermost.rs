//! The call of `main` and of initialisers: for unwinders and debuggers the stack ends there, as what lies below is the loader's.

use core::ffi::c_char;

use loader_abi::guest_fn;

/// `main`, an initialiser: all get the arguments and the environment.
pub(super) type Main = guest_fn!(fn(i32, *const *const c_char, *const *const c_char) -> i32);

/// `main(count, arguments, environment)`. Its own frame has no caller, by its unwind information (`undefined`) and by the frame
/// pointer (0).
///
/// # Safety
/// That of `main`.
#[cfg(target_arch = "x86_64")]
#[unsafe(naked)]
pub(super) unsafe extern "sysv64" fn call(
    count: i32,
    arguments: *const *const c_char,
    environment: *const *const c_char,
    main: Main,
) -> i32 {
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

/// `main(count, arguments, environment)`. Its own frame has no caller, by its unwind information (`undefined`) and by the frame
/// pointer (0).
///
/// # Safety
/// That of `main`.
#[cfg(target_arch = "aarch64")]
#[unsafe(naked)]
pub(super) unsafe extern "C" fn call(
    count: i32,
    arguments: *const *const c_char,
    environment: *const *const c_char,
    main: Main,
) -> i32 {
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
