//! What is the same on every CPU: the signal mask, and how a context begins and ends.

use super::arch::layout::{self, Call, ucontext_t};
use crate::pthread::end_thread;
use crate::rt::{Errno, Signals, abi::signal, fatal, host, set_errno};
use crate::types::c_int;

/// `uc_flags` of a context that this library filled. That of a signal handler holds registers in another form.
const OURS: u64 = 0x786c_6962_0000_0000;

/// The end of `getcontext`: notes the signal mask.
pub extern "C" fn saved(context: &mut ucontext_t) -> c_int {
    context.uc_flags = OURS;
    context.uc_sigmask = Default::default();
    // A host without signals has none to restore.
    context.uc_sigmask.bits[0] = host().signal_mask(signal::BLOCK, None).unwrap_or(0);
    0
}

/// Changes the signal mask on the way from one context, null for none, to another. -1 with `EINVAL` where that one cannot be gone to.
///
/// # Safety
/// The contexts are valid; they may be the same.
pub unsafe extern "C" fn leave(from: *mut ucontext_t, to: *const ucontext_t) -> c_int {
    // SAFETY: caller contract; values are copied, so it does not matter if both are one.
    unsafe {
        if !from.is_null() {
            (*from).uc_flags = OURS;
        }
        if (*to).uc_flags != OURS {
            set_errno(Errno::INVAL);
            return -1;
        }
        let before = host().signal_mask(signal::SET_MASK, Some((*to).uc_sigmask.bits[0]));
        if !from.is_null() {
            (*from).uc_sigmask = Default::default();
            (*from).uc_sigmask.bits[0] = before.unwrap_or(0);
        }
    }
    0
}

/// The work of `makecontext`, whose caller has passed `REGISTERS` arguments in registers.
///
/// # Safety
/// The context was filled by `getcontext`, its stack is writable, and `count` words were passed.
pub unsafe extern "C" fn make<const REGISTERS: usize>(
    context: &mut ucontext_t,
    function: usize,
    count: c_int,
    registers: *const u64,
    stack: *const u64,
    end: usize,
) {
    let count = usize::try_from(count).unwrap_or(0);
    // SAFETY: caller contract.
    unsafe {
        let first = core::slice::from_raw_parts(registers, REGISTERS);
        let rest = core::slice::from_raw_parts(stack, count.saturating_sub(REGISTERS));
        let arguments = first.iter().chain(rest).copied().take(count);
        layout::begin(context, Call { function, arguments, end });
    }
}

/// A context's function has returned: gives what `uc_link` named, to go on with; without it the thread ends.
///
/// # Safety
/// `link` is null or a context that is not running.
pub unsafe extern "C" fn end(link: *const ucontext_t) -> *const ucontext_t {
    if link.is_null() {
        end_thread(core::ptr::null_mut());
    }
    // SAFETY: caller contract.
    if unsafe { leave(core::ptr::null_mut(), link) } != 0 {
        fatal(&["uc_link is not a context"]);
    }
    link
}
