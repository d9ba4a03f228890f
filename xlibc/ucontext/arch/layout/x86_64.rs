//! x86_64: registers in `gregs`, in the order of `REG_*`; of the floating-point state its environment.

use core::mem::offset_of;

use super::Call;
use crate::types::{sigset_t, stack_t};

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

/// Lets the context begin with a call.
///
/// # Safety
/// `uc_stack` is writable and large enough for the arguments.
pub unsafe fn begin(context: &mut ucontext_t, call: Call<'_>) {
    use register::{R8, R9, RBP, RBX, RCX, RDI, RDX, RIP, RSI, RSP};
    let end = (context.uc_stack.ss_sp as usize).wrapping_add(context.uc_stack.ss_size);
    let (registers, words) = (call.arguments.clone().take(6), call.arguments.skip(6));
    let low = end.wrapping_sub(8 * words.clone().count()) & !15;
    let frame = core::ptr::with_exposed_provenance_mut::<u64>(low.wrapping_sub(8));
    // SAFETY: caller contract.
    unsafe {
        frame.write(call.end as u64);
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
