//! x86_64: registers in `gregs`, in the order of `REG_*`; of the floating-point state its environment.

use core::arch::naked_asm;
use core::mem::offset_of;

use crate::types::{c_int, sigset_t, stack_t};
use crate::ucontext::context::{self, Call};

/// `mcontext_t`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct mcontext_t {
    gregs: [i64; 23],
    fpregs: usize,
    reserved: [u64; 8],
}

/// POSIX.1-2001 `ucontext_t`.
#[derive(Clone, Copy, Debug)]
#[doc(alias = "struct ucontext")]
#[repr(C)]
pub struct ucontext_t {
    pub(crate) uc_flags: u64,
    pub(crate) uc_link: *mut ucontext_t,
    pub(crate) uc_stack: stack_t,
    uc_mcontext: mcontext_t,
    pub(crate) uc_sigmask: sigset_t,
    /// As FXSAVE lays it out; behind the control words is the image of FNSTENV, which keeps the exceptions of x87 too.
    fpregs_mem: [u64; 64],
}

// The numbers that stand in the code below.
const _: () = {
    assert!(size_of::<ucontext_t>() == 936 && offset_of!(ucontext_t, uc_mcontext) == 40);
    assert!(40 + offset_of!(mcontext_t, fpregs) == 224);
    assert!(offset_of!(ucontext_t, uc_sigmask) == 296 && offset_of!(ucontext_t, fpregs_mem) == 424);
};

/// Places in `gregs`.
mod register {
    pub const R8: usize = 0;
    pub const R9: usize = 1;
    pub const RDI: usize = 8;
    pub const RSI: usize = 9;
    pub const RBP: usize = 10;
    pub const RBX: usize = 11;
    pub const RDX: usize = 12;
    pub const RCX: usize = 14;
    pub const RSP: usize = 15;
    pub const RIP: usize = 16;
}

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
/// It was saved by this file or made by [`make`], and its stack is there.
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

/// `setcontext`.
///
/// # Safety
/// The context is valid, and so is its stack.
#[unsafe(naked)]
pub unsafe extern "C" fn set(to: *const ucontext_t) -> c_int {
    naked_asm!(
        "push rdi",
        "mov rsi, rdi",
        "xor edi, edi",
        "call {leave}",
        "pop rdi",
        "test eax, eax",
        "jz {resume}",
        "ret",
        leave = sym context::leave,
        resume = sym resume,
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
        "call {make}",
        "add rsp, 24",
        "ret",
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
        "ud2",
        ".cfi_endproc",
        end = sym context::end,
    )
}

/// Lets the context begin with a call.
///
/// # Safety
/// `uc_stack` is writable and large enough for the arguments.
pub unsafe fn make(context: &mut ucontext_t, call: Call<'_>) {
    use register::{R8, R9, RBP, RBX, RCX, RDI, RDX, RIP, RSI, RSP};
    let end = (context.uc_stack.ss_sp as usize).wrapping_add(context.uc_stack.ss_size);
    let (registers, words) = (call.arguments.clone().take(6), call.arguments.skip(6));
    let low = end.wrapping_sub(8 * words.clone().count()) & !15;
    let frame = core::ptr::with_exposed_provenance_mut::<u64>(low.wrapping_sub(8));
    // SAFETY: caller contract.
    unsafe {
        frame.write((ended as *const ()).addr() as u64 + 1);
        for (at, word) in words.enumerate() {
            frame.wrapping_add(1 + at).write(word);
        }
    }
    let gregs = &mut context.uc_mcontext.gregs;
    for (at, value) in [RDI, RSI, RDX, RCX, R8, R9].into_iter().zip(registers) {
        if let Some(register) = gregs.get_mut(at) {
            *register = value as i64;
        }
    }
    gregs[RIP] = call.function as i64;
    gregs[RSP] = frame.addr() as i64;
    gregs[RBX] = context.uc_link.expose_provenance() as i64;
    gregs[RBP] = 0;
}
