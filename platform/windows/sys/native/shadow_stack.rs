//! Shadow stacks of the processor (CET).

use core::arch::asm;

use windows_sys::Win32::System::Threading::{
    GetCurrentProcess, GetProcessMitigationPolicy, ProcessUserShadowStackPolicy,
};

use super::exit;
use crate::pure::shadow_stack;

/// Ends a process with a message where it cannot run with the shadow stack that is forced on it.
pub fn check() {
    // The policy is asked where there is a shadow stack only: on most machines there is none.
    if is_active()
        && let Some(message) = shadow_stack::refusal(policy())
    {
        exit::fatal(message.as_bytes());
    }
}

/// Whether the calling thread has one.
fn is_active() -> bool {
    let mut pointer = 0_usize;
    // SAFETY: reads the shadow stack's pointer; without one, or on a processor that knows none, nothing happens.
    unsafe { asm!("rdsspq {}", inout(reg) pointer, options(nomem, nostack, preserves_flags)) };
    pointer != 0
}

fn policy() -> u32 {
    let mut policy = 0_u32;
    // SAFETY: one word is written.
    let done = unsafe {
        GetProcessMitigationPolicy(GetCurrentProcess(), ProcessUserShadowStackPolicy, (&raw mut policy).cast(), 4)
    };
    if done == 0 { 0 } else { policy }
}
