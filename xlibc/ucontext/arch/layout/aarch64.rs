//! aarch64: registers in `regs`, then the record of the floating-point state, as the kernel lays it out.

use core::mem::offset_of;

use super::Call;
use crate::types::{sigset_t, stack_t};

/// `mcontext_t`.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(16))]
pub struct mcontext_t {
    fault_address: u64,
    regs: [u64; 31],
    sp: u64,
    pc: u64,
    pstate: u64,
    gap: u64,
    reserved: [u64; 512],
}

/// POSIX.1-2001 `ucontext_t`.
#[derive(Clone, Copy, Debug)]
#[doc(alias = "struct ucontext")]
#[repr(C)]
pub struct ucontext_t {
    pub(crate) uc_flags: u64,
    pub(crate) uc_link: *mut ucontext_t,
    pub(crate) uc_stack: stack_t,
    pub(crate) uc_sigmask: sigset_t,
    uc_mcontext: mcontext_t,
}

// The numbers that stand in the code below.
const _: () = {
    assert!(offset_of!(ucontext_t, uc_mcontext) == 176 && offset_of!(mcontext_t, regs) == 8);
    assert!(176 + offset_of!(mcontext_t, sp) == 432 && 176 + offset_of!(mcontext_t, reserved) == 464);
};

/// Lets the context begin with a call.
///
/// # Safety
/// `uc_stack` is writable and large enough for the arguments.
pub unsafe fn begin(context: &mut ucontext_t, call: Call<'_>) {
    let end = (context.uc_stack.ss_sp as usize).wrapping_add(context.uc_stack.ss_size);
    let (registers, words) = (call.arguments.clone().take(8), call.arguments.skip(8));
    let low = end.wrapping_sub(8 * words.clone().count()) & !15;
    for (at, word) in words.enumerate() {
        // SAFETY: caller contract.
        unsafe { core::ptr::with_exposed_provenance_mut::<u64>(low).wrapping_add(at).write(word) };
    }
    let machine = &mut context.uc_mcontext;
    for (register, value) in machine.regs.iter_mut().zip(registers) {
        *register = value;
    }
    machine.pc = call.function as u64;
    machine.sp = low as u64;
    machine.regs[19] = context.uc_link.expose_provenance() as u64;
    machine.regs[29] = 0;
    machine.regs[30] = call.end as u64;
}
