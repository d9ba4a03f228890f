//! Sends another thread into its signal handlers.

use windows_sys::Win32::System::Diagnostics::Debug::{
    CONTEXT, CONTEXT_CONTROL_AMD64, CONTEXT_INTEGER_AMD64, GetThreadContext, SetThreadContext,
};
use windows_sys::Win32::System::Threading::{ResumeThread, SuspendThread};

use super::enter;
use super::frame::{Arrival, Arrivals};
use super::task::Task;
use crate::pure::stopped;
use crate::sys::memory::code;
use crate::sys::native::gate;
use crate::sys::native::nt::Handle;

#[repr(C, align(16))]
struct Aligned(CONTEXT);

/// Stops the task's thread and sends it into the handlers of its pending signals if it runs the guest's own code, which may
/// be interrupted anywhere; in code of the host it may hold locks. Whether it was sent.
pub fn into_handler(task: &Task) -> bool {
    let Some(thread) = &task.handle else { return false };
    let Some(_pass) = gate::pass() else { return false };
    // SAFETY: an open handle; the thread is resumed below whatever happens.
    let stopped = unsafe { SuspendThread(thread.raw()) } != u32::MAX;
    // Until it is resumed nothing here may wait: the thread may hold any lock.
    let sent = stopped && redirect(thread, &task.arrivals);
    if stopped {
        // SAFETY: as above.
        unsafe { ResumeThread(thread.raw()) };
    }
    sent
}

fn redirect(thread: &Handle, arrivals: &Arrivals) -> bool {
    let parts = CONTEXT_CONTROL_AMD64 | CONTEXT_INTEGER_AMD64;
    let mut context = Aligned(CONTEXT { ContextFlags: parts | stopped::EXCEPTION_REQUEST, ..CONTEXT::default() });
    // SAFETY: an aligned structure; the thread stands still.
    if unsafe { GetThreadContext(thread.raw(), &mut context.0) } == 0 {
        return false;
    }
    let context = &mut context.0;
    if !stopped::has_its_registers(context.ContextFlags) || !code::is_guest_now(context.Rip as usize) {
        return false;
    }
    context.ContextFlags = parts;
    // SAFETY: the thread stands still in the guest's code, and goes on with the context.
    unsafe { enter::send(Arrival::pending(context), arrivals, context) && SetThreadContext(thread.raw(), context) != 0 }
}
