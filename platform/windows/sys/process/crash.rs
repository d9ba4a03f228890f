//! Faults that end the process, for the loader's report.

use core::sync::atomic::{AtomicPtr, Ordering};

use platform::{Crash, Report, ReportStack};
use windows_sys::Win32::System::Diagnostics::Debug::ReadProcessMemory;
use windows_sys::Win32::System::Threading::GetCurrentProcess;

use crate::sys::file::descriptors;
use crate::sys::native::{exit, image};
use crate::sys::signal::fault::{self, End};

/// Who is told: a [`Report`], null before [`watch`].
static REPORT: AtomicPtr<()> = AtomicPtr::new(core::ptr::null_mut());

/// Has `report` called for each fault that ends the process, from now on: on the stack of the thread, which has room for it
/// (`native::stack`).
pub fn watch(report: Report, _: &'static ReportStack) {
    REPORT.store(report as *mut (), Ordering::SeqCst);
    fault::watch(tell);
}

fn tell(end: &End<'_>) {
    // SAFETY: `watch` stored a function of this type before it had this one called.
    let report = unsafe { core::mem::transmute::<*mut (), Report>(REPORT.load(Ordering::SeqCst)) };
    let c = end.context;
    let known =
        [c.Rax, c.Rdx, c.Rcx, c.Rbx, c.Rsi, c.Rdi, c.Rbp, c.Rsp, c.R8, c.R9, c.R10, c.R11, c.R12, c.R13, c.R14, c.R15];
    let mut registers = [0; 32];
    for (place, value) in registers.iter_mut().zip(known) {
        *place = value as usize;
    }
    report(&Crash {
        signal: end.signal,
        address: end.address,
        is_overflow: end.is_overflow,
        pc: c.Rip as usize,
        registers,
        loader: image::range(),
        in_host: end.in_host,
        read,
        say: if end.in_host { exit::write_error } else { say },
    });
}

/// Copies memory that may not be there.
fn read(address: usize, buffer: &mut [u8]) -> bool {
    let mut count = 0;
    // SAFETY: the buffer is writable for its length; of the memory Windows tells whether it is there.
    let done = unsafe {
        ReadProcessMemory(
            GetCurrentProcess(),
            address as *const _,
            buffer.as_mut_ptr().cast(),
            buffer.len(),
            &mut count,
        )
    };
    done != 0 && count == buffer.len()
}

/// Writes to what the program has as its standard error output.
fn say(mut text: &[u8]) {
    let Ok(file) = descriptors::get(2) else { return };
    while let Ok(written @ 1..) = file.write(text) {
        text = text.get(written..).unwrap_or_default();
    }
}
