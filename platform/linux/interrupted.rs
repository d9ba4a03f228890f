//! What a handler of a signal gets of the code that it interrupted: the kernel's `ucontext_t`, as far as it is used here.

#[cfg(target_arch = "x86_64")]
#[repr(C)]
pub(crate) struct Interrupted {
    _head: [u64; 5],
    /// In the order of the kernel's `struct sigcontext`: r8 to r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp.
    registers: [usize; 16],
    pub pc: usize,
    /// The rest of `struct sigcontext`.
    _rest: [u64; 15],
    /// The signals blocked when the handler returns.
    pub mask: u64,
}

#[cfg(target_arch = "x86_64")]
const _: () = assert!(core::mem::offset_of!(Interrupted, pc) == 168 && core::mem::offset_of!(Interrupted, mask) == 296);

#[cfg(target_arch = "aarch64")]
#[repr(C, align(16))]
pub(crate) struct Interrupted {
    _head: [u64; 5],
    /// The signals blocked when the handler returns.
    pub mask: u64,
    _rest: [u64; 16],
    _fault_address: usize,
    /// x0 to x30, sp.
    registers: [usize; 32],
    pub pc: usize,
}

#[cfg(target_arch = "aarch64")]
const _: () = assert!(core::mem::offset_of!(Interrupted, pc) == 440 && core::mem::offset_of!(Interrupted, mask) == 40);

impl Interrupted {
    /// The instruction, the stack pointer, and the registers by their numbers in debug information.
    #[cfg(target_arch = "x86_64")]
    pub(crate) fn registers(&self) -> (usize, usize, [usize; 32]) {
        let [r8, r9, r10, r11, r12, r13, r14, r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp] = self.registers;
        let known = [rax, rdx, rcx, rbx, rsi, rdi, rbp, rsp, r8, r9, r10, r11, r12, r13, r14, r15];
        let mut numbered = [0; 32];
        for (place, value) in numbered.iter_mut().zip(known) {
            *place = value;
        }
        (self.pc, rsp, numbered)
    }

    /// The instruction, the stack pointer, and the registers by their numbers in debug information.
    #[cfg(target_arch = "aarch64")]
    pub(crate) fn registers(&self) -> (usize, usize, [usize; 32]) {
        (self.pc, self.registers[31], self.registers)
    }
}
