//! Exceptions of the processor become signals: a vectored handler sends the thread into the guest's handler, or ends the
//! process as the signal's default action does. First accesses to memory that comes on demand are no signals.
//!
//! Faults in code of the host, Windows' libraries above all, are left to the next handler: the host handles some of its own.

use core::sync::atomic::{AtomicPtr, Ordering};

use platform::abi::{protection, signal};
use windows_sys::Win32::System::Diagnostics::Debug::{
    AddVectoredExceptionHandler, CONTEXT, EXCEPTION_POINTERS, EXCEPTION_RECORD, SetUnhandledExceptionFilter,
};
use windows_sys::Win32::System::Memory::{MEM_COMMIT, PAGE_NOACCESS};

use super::enter;
use super::frame::{Arrival, Info, register};
use super::task::{self, FaultAction};
use crate::pure::code::Owner;
use crate::pure::exception;
use crate::sys::memory::code::owner;
use crate::sys::memory::demand::{self, Outcome};
use crate::sys::memory::pages;
use crate::sys::native::regions::query;
use crate::sys::native::{error_mode, exit, guest, stack};

const CONTINUE_EXECUTION: i32 = -1;
const CONTINUE_SEARCH: i32 = 0;
const SI_KERNEL: i32 = 0x80;
const BUS_ADRERR: i32 = 2;

/// A fault that ends the process.
pub struct End<'c> {
    /// Its signal.
    pub signal: i32,
    /// What was accessed, where the processor tells.
    pub address: Option<usize>,
    /// The stack had no room.
    pub is_overflow: bool,
    /// Code of the host or of the loader was interrupted, which may hold locks.
    pub in_host: bool,
    /// The registers.
    pub context: &'c CONTEXT,
}

/// Who is told: a `fn(&End<'_>)`, null before [`watch`].
static TELL: AtomicPtr<()> = AtomicPtr::new(core::ptr::null_mut());

/// Has `tell` called for each fault that ends the process, and that the guest neither takes nor blocks nor ignores.
pub fn watch(tell: fn(&End<'_>)) {
    TELL.store(tell as *mut (), Ordering::SeqCst);
}

/// The end of the process, told before.
fn end(signal: i32, record: &EXCEPTION_RECORD, context: &CONTEXT) -> ! {
    let exception = record.ExceptionCode as u32;
    let (pc, tell) = (context.Rip as usize, TELL.load(Ordering::SeqCst));
    if !tell.is_null() {
        // SAFETY: `watch` stored a function of this type.
        let tell = unsafe { core::mem::transmute::<*mut (), fn(&End<'_>)>(tell) };
        let data = record
            .ExceptionInformation
            .get(1)
            .filter(|_| record.NumberParameters > 1 && matches!(signal, signal::SEGV | signal::BUS));
        // -1 stands for an address that is not canonical.
        let address = data.copied().filter(|data| exception != exception::STACK_OVERFLOW && *data != usize::MAX);
        let is_overflow = exception == exception::STACK_OVERFLOW;
        tell(&End { signal, address, is_overflow, in_host: owner(pc) != Owner::Guest, context });
    }
    exit::terminate(signal)
}

/// Installs the handlers and turns message boxes off.
pub fn install() {
    error_mode::turn_boxes_off();
    // SAFETY: functions of the right type that live as long as the process.
    unsafe {
        AddVectoredExceptionHandler(1, Some(on_exception));
        SetUnhandledExceptionFilter(Some(on_unhandled));
    }
}

/// `si_code` of a bad access: SEGV_ACCERR where something is mapped, else SEGV_MAPERR.
fn bad_access(data: usize) -> i32 {
    let found = query(data);
    let there = found.State == MEM_COMMIT && found.Protect != PAGE_NOACCESS;
    if there || pages::is_mapped(data) { 2 } else { 1 }
}

/// Has memory that comes on demand committed where that is what an access waits for.
fn touched(record: &EXCEPTION_RECORD) -> Outcome {
    let [kind, address, ..] = record.ExceptionInformation;
    let access = match kind {
        1 => protection::WRITE,
        8 => protection::EXECUTE,
        _ => protection::READ,
    };
    demand::touch(address, access)
}

unsafe extern "system" fn on_exception(pointers: *mut EXCEPTION_POINTERS) -> i32 {
    stack::follow();
    // SAFETY: Windows passes both structures for the time of the call.
    let (record, context) = unsafe { (&*(*pointers).ExceptionRecord, &mut *(*pointers).ContextRecord) };
    let exception = record.ExceptionCode as u32;
    let Some((mut number, mut code)) = exception::meaning(exception, context.MxCsr) else { return CONTINUE_SEARCH };
    // A stack without room, whoever used the last of it, has none for a handler either.
    if exception == exception::STACK_OVERFLOW && (task::is_known() || owner(context.Rip as usize) != Owner::Host) {
        match task::current().fault_action(number) {
            FaultAction::Default => end(number, record, context),
            FaultAction::Catch | FaultAction::End => exit::terminate(number),
        }
    }
    if exception == exception::ACCESS_VIOLATION {
        match touched(record) {
            Outcome::Ready => return CONTINUE_EXECUTION,
            Outcome::NoMemory => (number, code) = (signal::BUS, BUS_ADRERR),
            Outcome::Refused => {}
        }
    }
    if guest::end_copy(context) {
        return CONTINUE_EXECUTION;
    }
    if owner(context.Rip as usize) == Owner::Host {
        return CONTINUE_SEARCH;
    }
    if exception == exception::GUARD_PAGE {
        stack::guard_again(record.ExceptionInformation[1]);
    }
    match task::current().fault_action(number) {
        FaultAction::Catch => {}
        FaultAction::Default => end(number, record, context),
        FaultAction::End => exit::terminate(number),
    }
    // Of an access, the second word is its address.
    let mut address = record.ExceptionAddress as u64;
    if matches!(number, signal::SEGV | signal::BUS) {
        address = record.ExceptionInformation.get(1).map_or(0, |data| *data as u64);
    }
    if exception == exception::ACCESS_VIOLATION {
        // -1 stands for an address that is not canonical, of which Linux tells nothing.
        (code, address) = match address {
            u64::MAX => (SI_KERNEL, 0),
            _ if number == signal::BUS => (code, address),
            _ => (bad_access(address as usize), address),
        };
    }
    let mut arrival = Arrival::new(Info::fault(number, code, address), context);
    let registers = &mut arrival.registers;
    // Linux reports a breakpoint behind its instruction.
    let behind = number == signal::TRAP && code == 1;
    registers[register::RIP] += u64::from(behind);
    if matches!(number, signal::SEGV | signal::BUS) {
        const GENERAL_PROTECTION: u64 = 13;
        const PAGE_FAULT: u64 = 14;
        registers[register::TRAP] = if code == SI_KERNEL { GENERAL_PROTECTION } else { PAGE_FAULT };
        registers[register::CR2] = address;
        // Bits of the processor's error code: 1 write, 4 fetch, with 2 for user mode.
        let kind = record.ExceptionInformation.first().copied().unwrap_or(0);
        registers[register::ERROR] = 4
            | u64::from(code == 2)
            | if kind == 1 {
                2
            } else if kind == 8 {
                16
            } else {
                0
            };
    }
    // SAFETY: this thread's own, which loads the context when the dispatcher ends.
    if !unsafe { enter::send(arrival, &task::current().arrivals, context) } {
        exit::terminate(number);
    }
    CONTINUE_EXECUTION
}

/// Faults of Windows' libraries that nothing handled, mostly a bad pointer of the guest.
unsafe extern "system" fn on_unhandled(pointers: *const EXCEPTION_POINTERS) -> i32 {
    // SAFETY: as above.
    let (record, context) = unsafe { (&*(*pointers).ExceptionRecord, &*(*pointers).ContextRecord) };
    match exception::meaning(record.ExceptionCode as u32, 0) {
        Some((number, _)) => end(number, record, context),
        None => exit::end(record.ExceptionCode as u32),
    }
}
