//! `<ucontext.h>`, of POSIX.1-2001: what C sees.

use core::arch::naked_asm;

use super::arch::{self, layout::ucontext_t};
use crate::types::c_int;

/// Notes where the caller is, with its signal mask: 0, and 0 again each time that `setcontext` or `swapcontext` comes back here. `uc_stack` and
/// `uc_link` stay as they are. Async-signal-safe.
///
/// # Safety
/// `context` is valid for writes. Its compiler knows that this function returns twice.
#[export]
#[unsafe(naked)]
pub unsafe extern "C" fn getcontext(context: *mut ucontext_t) -> c_int {
    #[cfg(target_arch = "x86_64")]
    naked_asm!("jmp {}", sym arch::get);
    #[cfg(target_arch = "aarch64")]
    naked_asm!("b {}", sym arch::get);
}

/// Goes on with a context. It returns only where it cannot: -1 with `EINVAL` for a context that these functions did not fill, such as that of a
/// signal handler. Async-signal-safe.
///
/// # Safety
/// `context` is valid, and the function that it was noted in has not returned.
#[export]
#[unsafe(naked)]
pub unsafe extern "C" fn setcontext(context: *const ucontext_t) -> c_int {
    #[cfg(target_arch = "x86_64")]
    naked_asm!("jmp {}", sym arch::set);
    #[cfg(target_arch = "aarch64")]
    naked_asm!("b {}", sym arch::set);
}

/// [`getcontext`], then [`setcontext`]. 0 when something comes back; -1 with `EINVAL`.
///
/// # Safety
/// As for these two.
#[export]
#[unsafe(naked)]
pub unsafe extern "C" fn swapcontext(from: *mut ucontext_t, to: *const ucontext_t) -> c_int {
    #[cfg(target_arch = "x86_64")]
    naked_asm!("jmp {}", sym arch::swap);
    #[cfg(target_arch = "aarch64")]
    naked_asm!("b {}", sym arch::swap);
}

/// Has a context begin with a call of `function` on `uc_stack`. The arguments that follow, `count` of them, may be any integers and pointers. When
/// the function returns, `uc_link` goes on as it is now, or the thread ends.
///
/// # Safety
/// `context` was filled by [`getcontext`]; `uc_stack` is memory for a stack; `uc_link` is null or a context.
#[export]
#[unsafe(naked)]
pub unsafe extern "C" fn makecontext(context: *mut ucontext_t, function: Option<unsafe extern "C" fn()>, count: c_int) {
    #[cfg(target_arch = "x86_64")]
    naked_asm!("jmp {}", sym arch::with_arguments);
    #[cfg(target_arch = "aarch64")]
    naked_asm!("b {}", sym arch::with_arguments);
}
