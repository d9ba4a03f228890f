//! x86_64: registers in `gregs`, in the order of `REG_*`; of the floating-point state its environment.

use core::arch::naked_asm;

use super::layout::ucontext_t;
use crate::types::c_int;
use crate::ucontext::context;

/// Writes what the caller goes on with into the context at `rdi`; 0 is what it gets then.
macro_rules! save {
    () => {
        concat!(
            "mov [rdi + 40], r8\n",
            "mov [rdi + 48], r9\n",
            "mov [rdi + 72], r12\n",
            "mov [rdi + 80], r13\n",
            "mov [rdi + 88], r14\n",
            "mov [rdi + 96], r15\n",
            "mov [rdi + 104], rdi\n",
            "mov [rdi + 112], rsi\n",
            "mov [rdi + 120], rbp\n",
            "mov [rdi + 128], rbx\n",
            "mov [rdi + 136], rdx\n",
            "mov qword ptr [rdi + 144], 0\n",
            "mov [rdi + 152], rcx\n",
            // After the return.
            "lea rax, [rsp + 8]\n",
            "mov [rdi + 160], rax\n",
            "mov rax, [rsp]\n",
            "mov [rdi + 168], rax\n",
            "mov qword ptr [rdi + 176], 0x202\n",
            "lea rax, [rdi + 424]\n",
            "mov [rdi + 224], rax\n",
            "fnstcw [rdi + 424]\n",
            "stmxcsr [rdi + 448]\n",
            // It masks all exceptions, so it is loaded again.
            "fnstenv [rdi + 488]\n",
            "fldenv [rdi + 488]\n",
        )
    };
}

/// Goes on with the context at `rdi`.
///
/// # Safety
/// It was saved by this file or made by [`context::make`], and its stack is there.
#[unsafe(naked)]
unsafe extern "C" fn resume() -> ! {
    naked_asm!(
        "fldenv [rdi + 488]",
        "ldmxcsr [rdi + 448]",
        "mov r8, [rdi + 40]",
        "mov r9, [rdi + 48]",
        "mov r12, [rdi + 72]",
        "mov r13, [rdi + 80]",
        "mov r14, [rdi + 88]",
        "mov r15, [rdi + 96]",
        "mov rsi, [rdi + 112]",
        "mov rbp, [rdi + 120]",
        "mov rbx, [rdi + 128]",
        "mov rdx, [rdi + 136]",
        "mov rcx, [rdi + 152]",
        "mov rsp, [rdi + 160]",
        "mov r11, [rdi + 168]",
        "mov rdi, [rdi + 104]",
        "xor eax, eax",
        "jmp r11",
    )
}

/// `getcontext`.
///
/// # Safety
/// The context is valid for writes.
#[unsafe(naked)]
pub unsafe extern "C" fn get(to: *mut ucontext_t) -> c_int {
    naked_asm!(save!(), "jmp {saved}", saved = sym context::saved)
}

/// Leaves the context at `rdi`, null for none, and goes on with that at `rsi`; -1 where it cannot.
///
/// # Safety
/// As [`context::leave`] and [`resume`].
#[unsafe(naked)]
unsafe extern "C" fn leave() -> c_int {
    naked_asm!(
        "push rsi",
        "call {leave}",
        "pop rdi",
        "test eax, eax",
        "jz {resume}",
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
        "mov rsi, rdi",
        "xor edi, edi",
        "jmp {leave}",
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
        "jmp {leave}",
        leave = sym leave,
    )
}

/// `makecontext`: the arguments that follow the number of them are three registers, then words of the stack.
///
/// # Safety
/// As [`context::make`].
#[unsafe(naked)]
pub unsafe extern "C" fn with_arguments() {
    naked_asm!(
        "push r9",
        "push r8",
        "push rcx",
        "mov rcx, rsp",
        "lea r8, [rsp + 32]",
        "lea r9, [rip + {ended} + 1]",
        "call {make}",
        "add rsp, 24",
        "ret",
        ended = sym ended,
        make = sym context::make::<3>,
    )
}

/// Where a context's function returns to.
#[unsafe(naked)]
unsafe extern "C" fn ended() {
    naked_asm!(
        // Exceptions look no further up. They look for the call, which would end before the return address.
        ".cfi_startproc",
        ".cfi_undefined rip",
        "nop",
        "mov rdi, rbx",
        "call {end}",
        "mov rdi, rax",
        "jmp {resume}",
        ".cfi_endproc",
        end = sym context::end,
        resume = sym resume,
    )
}
