//! Sends another thread into its signal handlers.

use windows_sys::Win32::System::Diagnostics::Debug::{
    CONTEXT, CONTEXT_CONTROL_AMD64, CONTEXT_INTEGER_AMD64, GetThreadContext, SetThreadContext,
};
use windows_sys::Win32::System::Threading::{ResumeThread, SuspendThread};

use super::enter;
use super::frame::{Arrival, Arrivals};
use super::task::Task;
use crate::sys::native::nt::Handle;
use crate::sys::native::{gate, regions};

// Bits of `ContextFlags`: asks whether the thread is in the kernel; the answer is given; it is there for a request or an
// exception.
const EXCEPTION_REQUEST: u32 = 0x4000_0000;
const EXCEPTION_REPORTING: u32 = 0x8000_0000;
const IN_KERNEL: u32 = 0x1800_0000;

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
    let mut context = Aligned(CONTEXT { ContextFlags: parts | EXCEPTION_REQUEST, ..CONTEXT::default() });
    // SAFETY: an aligned structure; the thread stands still.
    if unsafe { GetThreadContext(thread.raw(), &mut context.0) } == 0 {
        return false;
    }
    let context = &mut context.0;
    // In the kernel, or on the way to an exception's dispatcher, the registers are not what the thread goes on with.
    let in_kernel = context.ContextFlags & EXCEPTION_REPORTING != 0 && context.ContextFlags & IN_KERNEL != 0;
    if in_kernel || !regions::is_guest_code(context.Rip as usize) {
        return false;
    }
    context.ContextFlags = parts;
    // SAFETY: the thread stands still in the guest's code, and goes on with the context.
    unsafe { enter::send(Arrival::pending(context), arrivals, context) && SetThreadContext(thread.raw(), context) != 0 }
}
