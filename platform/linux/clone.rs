//! `clone`, for threads and children.

/// `clone`: the child starts on `stack`, where it finds a function and its argument; it must not return.
///
/// # Safety
/// `stack` is the 16-byte aligned end of a stack that the child alone uses, with the two words above it readable.
#[cfg(target_arch = "x86_64")]
#[unsafe(naked)]
pub(crate) unsafe extern "sysv64" fn clone(flags: usize, stack: usize, thread_pointer: usize) -> isize {
    // Kernel: rdi flags, rsi stack, rdx parent_tid, r10 child_tid, r8 tls. The child pops function and argument and
    // calls with the alignment that the ABI wants; rbp 0 ends backtraces.
    core::arch::naked_asm!(
        "mov r8, rdx",
        "xor edx, edx",
        "xor r10d, r10d",
        "mov eax, 56",
        "syscall",
        "test eax, eax",
        "jnz 2f",
        "xor ebp, ebp",
        "mov rax, [rsp]",
        "mov rdi, [rsp + 8]",
        "call rax",
        "ud2",
        "2: ret",
    )
}

/// `clone`: the child starts on `stack`, where it finds a function and its argument; it must not return.
///
/// # Safety
/// `stack` is the 16-byte aligned end of a stack that the child alone uses, with the two words above it readable.
#[cfg(target_arch = "aarch64")]
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn clone(flags: usize, stack: usize, thread_pointer: usize) -> isize {
    // Kernel: x0 flags, x1 stack, x2 parent_tid, x3 tls, x4 child_tid. fp and lr 0 end backtraces.
    core::arch::naked_asm!(
        "mov x3, x2",
        "mov x2, xzr",
        "mov x4, xzr",
        "mov x8, 220",
        "svc 0",
        "cbnz x0, 2f",
        "mov x29, xzr",
        "mov x30, xzr",
        "ldp x1, x0, [sp]",
        "blr x1",
        "brk 1",
        "2: ret",
    )
}

/// Puts what `clone`'s child runs at the end of its stack; gives the stack pointer.
///
/// # Safety
/// 16 bytes below `end` are writable.
pub(crate) unsafe fn seed(end: usize, function: usize, argument: usize) -> usize {
    let stack = (end - 16) & !15;
    let words = core::ptr::with_exposed_provenance_mut::<usize>(stack);
    // SAFETY: caller contract.
    unsafe {
        words.write(function);
        words.add(1).write(argument);
    }
    stack
}
