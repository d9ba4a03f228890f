//! `<setjmp.h>`: what C sees. `setjmp` keeps what a call preserves: callee-saved registers, stack pointer and return address. The
//! floating-point environment stays as it is at the jump (C23 7.13.2.1 asks for no more), and so does the signal mask, except with
//! `sigsetjmp`.

use core::arch::naked_asm;

use crate::rt::{Signals, abi, host};
use crate::types::c_int;

/// Registers in `__jb`.
#[cfg(target_arch = "x86_64")]
const REGISTERS: usize = 8;
#[cfg(target_arch = "aarch64")]
const REGISTERS: usize = 22;

/// `struct __jmp_buf_tag`.
#[doc(alias = "struct __jmp_buf_tag")]
#[derive(Debug, Default)]
#[repr(C)]
pub struct JumpBuffer {
    registers: [u64; REGISTERS],
    /// Not 0: `mask` is restored at the jump.
    masked: u64,
    mask: [u64; 16],
}

#[cfg(target_arch = "x86_64")]
const _: () = assert!(size_of::<JumpBuffer>() == 200 && core::mem::offset_of!(JumpBuffer, masked) == 64);
#[cfg(target_arch = "aarch64")]
const _: () = assert!(size_of::<JumpBuffer>() == 312 && core::mem::offset_of!(JumpBuffer, masked) == 176);

/// Notes the signal mask for `sigsetjmp`. A host without signals has none to restore.
extern "C" fn save_mask(buffer: &mut JumpBuffer) {
    let mask = host().signal_mask(abi::signal::BLOCK, None);
    buffer.masked = mask.is_ok().into();
    buffer.mask = [0; 16];
    buffer.mask[0] = mask.unwrap_or(0);
}

extern "C" fn restore_mask(buffer: &JumpBuffer) {
    if buffer.masked != 0 {
        // The host accepted asking for the mask, and setting it has no other way to fail.
        let _ = host().signal_mask(abi::signal::SET_MASK, Some(buffer.mask[0]));
    }
}

/// C23 7.13.1.1: 0, and what `longjmp` gives when it comes back here.
///
/// # Safety
/// The compiler of the caller knows that this function returns twice; the caller has not returned when `longjmp` is called.
#[export]
#[unsafe(naked)]
pub unsafe extern "C" fn setjmp(buffer: *mut JumpBuffer) -> c_int {
    #[cfg(target_arch = "x86_64")]
    naked_asm!(
        "mov [rdi], rbx",
        "mov [rdi + 8], rbp",
        "mov [rdi + 16], r12",
        "mov [rdi + 24], r13",
        "mov [rdi + 32], r14",
        "mov [rdi + 40], r15",
        // The stack pointer after the return.
        "lea rdx, [rsp + 8]",
        "mov [rdi + 48], rdx",
        "mov rdx, [rsp]",
        "mov [rdi + 56], rdx",
        "xor eax, eax",
        "ret",
    );
    #[cfg(target_arch = "aarch64")]
    naked_asm!(
        "stp x19, x20, [x0]",
        "stp x21, x22, [x0, #16]",
        "stp x23, x24, [x0, #32]",
        "stp x25, x26, [x0, #48]",
        "stp x27, x28, [x0, #64]",
        "stp x29, x30, [x0, #80]",
        "mov x2, sp",
        "str x2, [x0, #96]",
        "stp d8, d9, [x0, #112]",
        "stp d10, d11, [x0, #128]",
        "stp d12, d13, [x0, #144]",
        "stp d14, d15, [x0, #160]",
        "mov w0, #0",
        "ret",
    );
}

/// XPG: `setjmp` without the signal mask, which `setjmp` does not keep either.
///
/// # Safety
/// As [`setjmp`].
#[export]
#[unsafe(naked)]
pub unsafe extern "C" fn _setjmp(buffer: *mut JumpBuffer) -> c_int {
    #[cfg(target_arch = "x86_64")]
    naked_asm!("jmp {}", sym setjmp);
    #[cfg(target_arch = "aarch64")]
    naked_asm!("b {}", sym setjmp);
}

/// C23 7.13.2.1. A value of 0 becomes 1.
///
/// # Safety
/// `buffer` was filled by `setjmp` in a function of this thread that has not returned.
#[export]
#[unsafe(naked)]
pub unsafe extern "C" fn longjmp(buffer: *mut JumpBuffer, value: c_int) -> ! {
    #[cfg(target_arch = "x86_64")]
    naked_asm!(
        // Carry if the value is 0.
        "xor eax, eax",
        "cmp esi, 1",
        "adc eax, esi",
        "mov rbx, [rdi]",
        "mov rbp, [rdi + 8]",
        "mov r12, [rdi + 16]",
        "mov r13, [rdi + 24]",
        "mov r14, [rdi + 32]",
        "mov r15, [rdi + 40]",
        "mov rsp, [rdi + 48]",
        "jmp qword ptr [rdi + 56]",
    );
    #[cfg(target_arch = "aarch64")]
    naked_asm!(
        "ldp x19, x20, [x0]",
        "ldp x21, x22, [x0, #16]",
        "ldp x23, x24, [x0, #32]",
        "ldp x25, x26, [x0, #48]",
        "ldp x27, x28, [x0, #64]",
        "ldp x29, x30, [x0, #80]",
        "ldr x2, [x0, #96]",
        "mov sp, x2",
        "ldp d8, d9, [x0, #112]",
        "ldp d10, d11, [x0, #128]",
        "ldp d12, d13, [x0, #144]",
        "ldp d14, d15, [x0, #160]",
        "cmp w1, #0",
        "csinc w0, w1, wzr, ne",
        "br x30",
    );
}

/// XPG: `longjmp`.
///
/// # Safety
/// As [`longjmp`].
#[export]
#[unsafe(naked)]
pub unsafe extern "C" fn _longjmp(buffer: *mut JumpBuffer, value: c_int) -> ! {
    #[cfg(target_arch = "x86_64")]
    naked_asm!("jmp {}", sym longjmp);
    #[cfg(target_arch = "aarch64")]
    naked_asm!("b {}", sym longjmp);
}

/// POSIX.1-2024: [`setjmp`], which keeps the signal mask too if `save` is not 0.
///
/// # Safety
/// As [`setjmp`].
#[export]
#[unsafe(naked)]
pub unsafe extern "C" fn sigsetjmp(buffer: *mut JumpBuffer, save: c_int) -> c_int {
    // The mask is noted first, which leaves registers and stack as they were on entry; then `setjmp` returns to the caller.
    #[cfg(target_arch = "x86_64")]
    naked_asm!(
        "mov qword ptr [rdi + 64], 0",
        "test esi, esi",
        "jz {setjmp}",
        "push rdi",
        "call {save}",
        "pop rdi",
        "jmp {setjmp}",
        setjmp = sym setjmp,
        save = sym save_mask,
    );
    #[cfg(target_arch = "aarch64")]
    naked_asm!(
        "str xzr, [x0, #176]",
        "cbz w1, 2f",
        "stp x0, x30, [sp, #-16]!",
        "bl {save}",
        "ldp x0, x30, [sp], #16",
        "2:",
        "b {setjmp}",
        setjmp = sym setjmp,
        save = sym save_mask,
    );
}

/// The name under which headers of the GNU C library call [`sigsetjmp`].
///
/// # Safety
/// As [`setjmp`].
#[export]
#[unsafe(naked)]
pub unsafe extern "C" fn __sigsetjmp(buffer: *mut JumpBuffer, save: c_int) -> c_int {
    #[cfg(target_arch = "x86_64")]
    naked_asm!("jmp {}", sym sigsetjmp);
    #[cfg(target_arch = "aarch64")]
    naked_asm!("b {}", sym sigsetjmp);
}

/// POSIX.1-2024: restores the signal mask if `sigsetjmp` kept it, then [`longjmp`].
///
/// # Safety
/// As [`longjmp`]; `buffer` was filled by `sigsetjmp`.
#[export]
pub unsafe extern "C" fn siglongjmp(buffer: *mut JumpBuffer, value: c_int) -> ! {
    // SAFETY: caller contract.
    unsafe {
        restore_mask(&*buffer);
        longjmp(buffer, value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sets every callee-saved register to a number of its own, saves, spoils them, jumps with `value` and checks them. The value that
    /// came back, or -1 if a register differs, -2 if the save did not give 0.
    #[cfg(target_arch = "x86_64")]
    #[unsafe(naked)]
    extern "C" fn there_and_back(buffer: &mut JumpBuffer, value: c_int) -> c_int {
        naked_asm!(
            "push rbx",
            "push rbp",
            "push r12",
            "push r13",
            "push r14",
            "push r15",
            "sub rsp, 24",
            "mov [rsp], rdi",
            "mov [rsp + 8], rsi",
            "mov ebx, 1",
            "mov ebp, 2",
            "mov r12d, 3",
            "mov r13d, 4",
            "mov r14d, 5",
            "mov r15d, 6",
            "mov dword ptr [rsp + 16], 0",
            "mov esi, 1",
            "call {save}",
            "add dword ptr [rsp + 16], 1",
            "cmp dword ptr [rsp + 16], 2",
            "je 2f",
            "test eax, eax",
            "mov eax, -2",
            "jnz 3f",
            "xor ebx, ebx",
            "xor ebp, ebp",
            "xor r12d, r12d",
            "xor r13d, r13d",
            "xor r14d, r14d",
            "xor r15d, r15d",
            "mov rdi, [rsp]",
            "mov rsi, [rsp + 8]",
            "call {jump}",
            "2:",
            "lea rcx, [rbx + 8*rbp]",
            "imul r12, r12, 64",
            "add rcx, r12",
            "imul r13, r13, 512",
            "add rcx, r13",
            "imul r14, r14, 4096",
            "add rcx, r14",
            "imul r15, r15, 32768",
            "add rcx, r15",
            // The octal digits 6 to 1.
            "mov edx, -1",
            "cmp rcx, {digits}",
            "cmovne eax, edx",
            "3:",
            "add rsp, 24",
            "pop r15",
            "pop r14",
            "pop r13",
            "pop r12",
            "pop rbp",
            "pop rbx",
            "ret",
            save = sym sigsetjmp,
            jump = sym siglongjmp,
            digits = const 0o654321,
        )
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn a_jump_restores_registers_and_gives_its_value() {
        for (value, given) in [(5, 5), (0, 1), (-7, -7), (1, 1)] {
            let mut buffer = JumpBuffer { masked: 9, ..JumpBuffer::default() };
            assert_eq!(there_and_back(&mut buffer, value), given);
        }
    }
}
