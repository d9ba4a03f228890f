//! Faults that no handler of the guest takes: where somebody asked to be told ([`watch`]), a handler of this file stands in for the
//! default action of their signals. The guest goes on to see the default action, and a new program starts with it.
//!
//! The handler has a stack of its own on every thread (`report_stack`).

use core::sync::atomic::{AtomicPtr, Ordering};

use linux_raw_sys::elf::{Elf_Ehdr, Elf_Phdr, PT_LOAD};
use platform::abi::signal;
use platform::{Crash, Report, ReportStack, Signals, Threads};

use crate::interrupted::Interrupted;
use crate::signals::{self, Action};
use crate::sys::{borrow, call, kernel};
use crate::{Linux, report_stack};

/// The signals of faults.
const SIGNALS: [i32; 5] = [signal::SEGV, signal::BUS, signal::ILL, signal::FPE, signal::TRAP];
/// Who is told: a [`Report`], null before [`watch`].
static REPORT: AtomicPtr<()> = AtomicPtr::new(core::ptr::null_mut());
/// Has `report` called for each fault that ends the process, from now on. Once, on the first thread, before there are others.
/// `stack` is the first thread's for it.
pub fn watch(report: Report, stack: &'static ReportStack) {
    REPORT.store(report as *mut (), Ordering::Relaxed);
    // SAFETY: memory of this thread for the life of the process.
    unsafe { report_stack::adopt(stack.as_ptr().expose_provenance()) };
    let handler = on_fault as extern "C" fn(i32, *const Info, *const Interrupted) as usize;
    SIGNALS.into_iter().for_each(|number| signals::stand_in(number, handler));
}

/// The start of `siginfo_t`.
#[repr(C)]
struct Info {
    signal: i32,
    errno: i32,
    code: i32,
    address: usize,
}

extern "C" fn on_fault(number: i32, info: *const Info, interrupted: *const Interrupted) {
    /// `si_code` where the kernel has a reason of its own, from which the instruction may not run again.
    const KERNEL: i32 = 0x80;
    let report = REPORT.load(Ordering::Relaxed);
    // SAFETY: the kernel passes both; `watch` stored a function of this type.
    let (info, interrupted, report) =
        unsafe { (&*info, &*interrupted, core::mem::transmute::<*mut (), Report>(report)) };
    // Others were sent by a process.
    if info.code > 0 {
        let (pc, stack, registers) = interrupted.registers();
        let is_access = matches!(number, signal::SEGV | signal::BUS) && info.code != KERNEL;
        let address = is_access.then_some(info.address);
        report(&Crash {
            signal: number,
            address,
            is_overflow: number == signal::SEGV && address.is_some_and(|address| is_overflow(address, stack)),
            pc,
            registers,
            loader: image(),
            in_host: false,
            read,
            say,
        });
    }
    // The instruction runs again and fails again, for the kernel to end the process as it would have: with the same reason in the
    // same registers.
    let _ = signals::set(number, Some(&Action::DEFAULT));
    if info.code <= 0 || info.code == KERNEL || number == signal::TRAP {
        let thread = rustix::thread::gettid().as_raw_nonzero().get();
        let _ = Linux.signal_send(0, thread, number);
    }
}

/// Whether an access failed because the stack ended there.
fn is_overflow(address: usize, stack: usize) -> bool {
    /// The kernel keeps a gap below a stack that grows, and a frame may reach far into it.
    const BELOW: usize = 2 << 20;
    const ABOVE: usize = 64 << 10;
    let Ok((low, _)) = Linux.thread_stack() else { return false };
    let near = |at: usize| at >= low.saturating_sub(BELOW) && at < low + ABOVE;
    near(address) && near(stack)
}

/// Where this program lies, by its own headers.
fn image() -> core::ops::Range<usize> {
    unsafe extern "C" {
        safe static __ehdr_start: Elf_Ehdr;
    }
    let base = core::ptr::from_ref(&__ehdr_start).expose_provenance();
    // SAFETY: the linker puts the file header there, and the program headers into the same segment.
    let headers = unsafe {
        let table = core::ptr::with_exposed_provenance::<Elf_Phdr>(base + __ehdr_start.e_phoff);
        core::slice::from_raw_parts(table, __ehdr_start.e_phnum.into())
    };
    let ends = headers.iter().filter(|header| header.p_type == PT_LOAD).map(|header| header.p_vaddr + header.p_memsz);
    base..base + ends.max().unwrap_or(0)
}

/// Copies memory that may not be there. The kernel tells by page: it reads a set of signals, which are blocked for the rest of the
/// handler.
fn read(address: usize, buffer: &mut [u8]) -> bool {
    const PAGE: usize = 4096;
    let Some(end) = address.checked_add(buffer.len()) else { return false };
    let mut page = address & !(PAGE - 1);
    while page < end {
        // SAFETY: reads eight bytes if they are there.
        let there = unsafe { call(kernel::__NR_rt_sigprocmask, [signal::BLOCK as usize, page, 0, size_of::<u64>()]) };
        if there.is_err() {
            return false;
        }
        page += PAGE;
    }
    // SAFETY: the pages are there; another thread that takes them away ends the process the way it is ending.
    unsafe { buffer.as_mut_ptr().copy_from(core::ptr::with_exposed_provenance(address), buffer.len()) };
    true
}

/// Writes all of it, as far as the kernel takes it.
fn say(mut text: &[u8]) {
    let Ok(errors) = borrow(2) else { return };
    // Not `Linux.write`, which the interrupt word ends.
    while let Ok(written @ 1..) = rustix::io::write(errors, text) {
        text = text.get(written..).unwrap_or_default();
    }
}
