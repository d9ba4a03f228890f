//! The modes of floating-point arithmetic with which C starts. The hosts differ: a thread of Windows begins with x87 rounding to 53 bits, where
//! `long double` needs 64.

use core::arch::naked_asm;

/// The modes of `FE_DFL_ENV` (C23 7.6): to nearest, nothing traps. x86_64: MXCSR above the x87 control word. aarch64: FPCR.
#[cfg(target_arch = "x86_64")]
pub const DEFAULT_MODES: u64 = 0x1F80 << 16 | 0x37F;
/// The modes of `FE_DFL_ENV` (C23 7.6).
#[cfg(target_arch = "aarch64")]
pub const DEFAULT_MODES: u64 = 0;

/// The calling thread's modes, and on x86_64 the exceptions in MXCSR.
#[unsafe(naked)]
pub extern "C" fn floating_modes() -> u64 {
    #[cfg(target_arch = "x86_64")]
    naked_asm!("push 0", "stmxcsr [rsp + 2]", "fnstcw [rsp]", "pop rax", "ret",);
    #[cfg(target_arch = "aarch64")]
    naked_asm!("mrs x0, fpcr", "ret");
}

/// Sets what [`floating_modes`] gave.
#[unsafe(naked)]
pub extern "C" fn set_floating_modes(modes: u64) {
    #[cfg(target_arch = "x86_64")]
    naked_asm!("push rdi", "ldmxcsr [rsp + 2]", "fldcw [rsp]", "pop rdi", "ret",);
    #[cfg(target_arch = "aarch64")]
    naked_asm!("msr fpcr, x0", "ret");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_come_back() {
        let modes = floating_modes();
        set_floating_modes(DEFAULT_MODES);
        assert_eq!(floating_modes(), DEFAULT_MODES);
        set_floating_modes(modes);
    }
}
