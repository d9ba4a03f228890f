//! Sends another thread into its signal handlers.

use core::sync::atomic::{AtomicBool, Ordering};

use windows_sys::Win32::System::Diagnostics::Debug::{
    CONTEXT, CONTEXT_CONTROL_AMD64, GetThreadContext, SetThreadContext,
};
use windows_sys::Win32::System::Threading::{ResumeThread, SuspendThread};

use super::fault;
use super::frame::{self, Info, register};
use super::nt::Handle;

/// One thread at a time stops another; for the process's end, none.
static GATE: AtomicBool = AtomicBool::new(false);

/// Keeps threads from being stopped any more: the process's end takes the stopping thread away, and under Wine the thread
/// that ends the process would stay stopped.
pub fn close() {
    for _ in 0..10_000 {
        if !GATE.swap(true, Ordering::SeqCst) {
            return;
        }
        super::thread::yield_now();
    }
}

#[repr(C, align(16))]
struct Aligned(CONTEXT);

/// Stops the thread and sends it into the handlers of its pending signals if it runs the guest's own code, which may be
/// interrupted anywhere; in code of the host it may hold locks. Whether it was sent.
pub fn into_handler(thread: &Handle) -> bool {
    if GATE.swap(true, Ordering::SeqCst) {
        return false;
    }
    // SAFETY: an open handle; the thread is resumed below whatever happens.
    let stopped = unsafe { SuspendThread(thread.raw()) } != u32::MAX;
    // Until it is resumed nothing here may wait: the thread may hold any lock.
    let sent = stopped && redirect(thread);
    if stopped {
        // SAFETY: as above.
        unsafe { ResumeThread(thread.raw()) };
    }
    GATE.store(false, Ordering::SeqCst);
    sent
}

fn redirect(thread: &Handle) -> bool {
    let mut context = Aligned(CONTEXT { ContextFlags: CONTEXT_CONTROL_AMD64, ..CONTEXT::default() });
    // SAFETY: an aligned structure; the thread stands still.
    if unsafe { GetThreadContext(thread.raw(), &mut context.0) } == 0 {
        return false;
    }
    if !fault::is_guest_code(context.0.Rip as usize) {
        return false;
    }
    // SAFETY: the thread stands still; below its stack pointer is free stack where it is writable.
    let Some(frame) = (unsafe { frame::push(context.0.Rsp, Info::fault(0, 0, 0), 0, fault::is_writable) }) else {
        return false;
    };
    frame.context.registers[register::RSP] = context.0.Rsp;
    frame.context.registers[register::RIP] = context.0.Rip;
    frame.context.registers[register::FLAGS] = u64::from(context.0.EFlags);
    context.0.Rip = frame::enter as *const () as u64;
    context.0.Rsp = core::ptr::from_mut(frame) as u64;
    // SAFETY: only the control registers are set, to code and stack that are ready.
    unsafe { SetThreadContext(thread.raw(), &context.0) != 0 }
}
