//! The way of a thread into a signal handler of the guest and back.
//!
//! A thread is sent into a handler ([`send`]) by setting its instruction pointer to [`enter`] and its stack pointer to where
//! its [`Frame`] is to be. Nothing is written there yet: as long as an exception is dispatched, the dispatcher lives in that
//! memory. What the frame needs waits in the thread's [`Arrivals`]. When the thread goes on, `enter` saves the extended
//! registers (XSAVE, or FXSAVE where that is off), has the frame written and the handler called, loads the registers, which the handler may have changed,
//! and goes on with IRETQ, which needs no stack of the interrupted code.

use core::arch::naked_asm;
use core::mem::{MaybeUninit, offset_of};

use windows_sys::Win32::System::Diagnostics::Debug::CONTEXT;

use super::frame::{self, Arrival, Arrivals, Context, Frame};
use super::{delivery, task};
use crate::pure::signal_frame;
use crate::sys::native::{regions, stack};

/// Sends a thread into its handlers: `context` is changed so that it goes on in [`enter`] when it is loaded. `false` where
/// handlers cannot run, and then nothing is changed: there was no [`frame::prepare`], or the stack has no room.
///
/// # Safety
/// `context` is that of the thread that owns `arrivals`, which was interrupted outside [`enter`]; it is loaded before that
/// thread runs anything but the exception's dispatcher.
pub unsafe fn send(arrival: Arrival, arrivals: &Arrivals, context: &mut CONTEXT) -> bool {
    let save_bytes = frame::save_bytes();
    let place = signal_frame::place(context.Rsp as usize, None, size_of::<Frame>(), save_bytes);
    let Some(place) = place.filter(|place| save_bytes != 0 && regions::is_writable(&place.needed)) else {
        return false;
    };
    // SAFETY: caller contract: nobody reads it now.
    let waiting = unsafe { &mut *arrivals.place() };
    context.Rip = enter as *const () as u64;
    context.Rsp = place.frame as u64;
    context.Rdi = core::ptr::from_ref(waiting.write(arrival)) as u64;
    // Neither single steps nor backward string instructions in the handler.
    context.EFlags &= !0x500;
    true
}

/// The rest of [`enter`]: writes the frame and calls the handlers.
extern "sysv64" fn entered(arrival: &Arrival, frame: &mut MaybeUninit<Frame>) {
    stack::follow();
    let area = core::ptr::from_mut(frame).wrapping_add(1) as usize;
    let Arrival { info, registers } = arrival;
    let context = Context::of(*registers, area);
    // From here on the next interruption may use the arrival.
    let Frame { context, info, .. } = frame.write(Frame { context, info: *info, back: [0; 5] });
    let number = info.number;
    if number != 0 {
        delivery::run(task::current(), number, info, context);
    }
    delivery::deliver_into(context);
}

/// Where a thread goes on that was sent into its handlers: `rdi` is its [`Arrival`], the stack pointer where its [`Frame`]
/// will be, and the extended registers are the interrupted code's.
///
/// # Safety
/// Only by way of [`send`].
#[unsafe(naked)]
unsafe extern "sysv64" fn enter() {
    naked_asm!(
        "mov rbx, rsp",
        "cmp qword ptr [rip + {save_bytes}], {fxsave_bytes}",
        "je 2f",
        // XRSTOR wants the header's unused words zero, and XSAVE leaves them.
        "xor eax, eax",
        "mov [rbx + {area} + 512], rax",
        "mov [rbx + {area} + 520], rax",
        "mov [rbx + {area} + 528], rax",
        "mov [rbx + {area} + 536], rax",
        "mov [rbx + {area} + 544], rax",
        "mov [rbx + {area} + 552], rax",
        "mov [rbx + {area} + 560], rax",
        "mov [rbx + {area} + 568], rax",
        "mov eax, -1",
        "mov edx, -1",
        "xsave64 [rbx + {area}]",
        "3:",
        "mov rsi, rsp",
        "call {entered}",
        "cmp qword ptr [rip + {save_bytes}], {fxsave_bytes}",
        "jne 4f",
        "fxrstor64 [rbx + {area}]",
        "jmp 5f",
        "2:",
        "fxsave64 [rbx + {area}]",
        "jmp 3b",
        "4:",
        "mov eax, -1",
        "mov edx, -1",
        "xrstor64 [rbx + {area}]",
        "5:",
        // gregs: r8..r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, flags
        "mov rax, [rsp + 168]",
        "mov [rsp + {back}], rax",
        "mov eax, cs",
        "mov [rsp + {back} + 8], rax",
        "mov rax, [rsp + 176]",
        "mov [rsp + {back} + 16], rax",
        "mov rax, [rsp + 160]",
        "mov [rsp + {back} + 24], rax",
        "mov eax, ss",
        "mov [rsp + {back} + 32], rax",
        "mov r8, [rsp + 40]",
        "mov r9, [rsp + 48]",
        "mov r10, [rsp + 56]",
        "mov r11, [rsp + 64]",
        "mov r12, [rsp + 72]",
        "mov r13, [rsp + 80]",
        "mov r14, [rsp + 88]",
        "mov r15, [rsp + 96]",
        "mov rdi, [rsp + 104]",
        "mov rsi, [rsp + 112]",
        "mov rbp, [rsp + 120]",
        "mov rbx, [rsp + 128]",
        "mov rdx, [rsp + 136]",
        "mov rax, [rsp + 144]",
        "mov rcx, [rsp + 152]",
        "lea rsp, [rsp + {back}]",
        "iretq",
        area = const size_of::<Frame>(),
        back = const offset_of!(Frame, back),
        entered = sym entered,
        save_bytes = sym frame::SAVE_BYTES,
        fxsave_bytes = const signal_frame::FXSAVE_BYTES,
    )
}
