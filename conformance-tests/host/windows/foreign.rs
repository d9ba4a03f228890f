//! Code that others make in memory of their own: hooks of security products and overlays.

use core::ffi::c_void;
use core::ptr::null;
use core::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use platform::abi::{clock, mapping, protection, signal};
use platform::{Deadline, Map, Memory, SignalAction, Signals, ThreadStart, Threads, Time};
use platform_windows::Windows;
use platform_windows::injection::{Answer, Request, inject};
use windows_sys::Win32::System::Diagnostics::Debug::{
    AddVectoredExceptionHandler, EXCEPTION_POINTERS, RemoveVectoredExceptionHandler,
};
use windows_sys::Win32::System::Memory::{
    MEM_COMMIT, MEM_RELEASE, MEM_RESERVE, PAGE_EXECUTE_READWRITE, VirtualAlloc, VirtualFree,
};

use crate::cases::{Case, Outcome, Place, expect};

/// The cases.
pub const CASES: &[Case] = &[
    ("a fault in foreign code is not the guest's", fault),
    ("a fault in the guest's code is its signal", own_fault),
    ("a fault in a hook while mappings change", hook),
    ("a thread in foreign code is not interrupted", running),
    ("a thread in the guest's code is interrupted", own_running),
];

const USER: i32 = 10;
/// `mov rax, [rdi]; ret`
const READ: [u8; 4] = [0x48, 0x8B, 0x07, 0xC3];
/// Bytes of the instruction that faults.
const READ_BYTES: u64 = 3;
/// `inc dword [rdi + 4]; cmp dword [rdi], 0; je -8; ret`: tells that it runs until it is told to end.
const SPIN: [u8; 9] = [0xFF, 0x47, 0x04, 0x83, 0x3F, 0x00, 0x74, 0xF8, 0xC3];

static SIGNALS: AtomicU32 = AtomicU32::new(0);
static OTHERS: AtomicU32 = AtomicU32::new(0);
static CODE: AtomicUsize = AtomicUsize::new(0);

/// Executable memory with code in it.
enum Code {
    Foreign(*mut c_void),
    Guest(usize),
}

impl Code {
    fn foreign(bytes: &[u8]) -> Self {
        // SAFETY: new memory.
        let memory = unsafe { VirtualAlloc(null(), 4096, MEM_RESERVE | MEM_COMMIT, PAGE_EXECUTE_READWRITE) };
        Self::Foreign(memory).with(bytes)
    }

    fn guest(host: &Windows, bytes: &[u8]) -> Result<Self, alloc::string::String> {
        let protection = protection::READ | protection::WRITE | protection::EXECUTE;
        let flags = mapping::PRIVATE | mapping::ANONYMOUS;
        let made = host.map(Map { address: 0, length: 4096, protection, flags, fd: -1, offset: 0 });
        made.map(|address| Self::Guest(address).with(bytes)).map_err(|errno| alloc::format!("map: {errno:?}"))
    }

    fn with(self, bytes: &[u8]) -> Self {
        // SAFETY: a page of writable memory.
        unsafe { core::ptr::copy_nonoverlapping(bytes.as_ptr(), self.address() as *mut u8, bytes.len()) };
        CODE.store(self.address(), Ordering::SeqCst);
        self
    }

    fn address(&self) -> usize {
        match self {
            Self::Foreign(memory) => *memory as usize,
            Self::Guest(address) => *address,
        }
    }

    /// Runs it.
    ///
    /// # Safety
    /// `argument` is what the code wants.
    unsafe fn run(&self, argument: usize) {
        // SAFETY: a page of code that follows the convention.
        unsafe { core::mem::transmute::<usize, extern "sysv64" fn(usize) -> usize>(self.address())(argument) };
    }
}

impl Drop for Code {
    fn drop(&mut self) {
        match self {
            // SAFETY: the memory of this code, which no thread runs any more.
            Self::Foreign(memory) => unsafe {
                VirtualFree(*memory, 0, MEM_RELEASE);
            },
            Self::Guest(address) => {
                let _ = Windows.unmap(*address, 4096);
            }
        }
    }
}

/// As a security product's: knows its own code and goes on behind the instruction.
unsafe extern "system" fn last_handler(pointers: *mut EXCEPTION_POINTERS) -> i32 {
    // SAFETY: Windows passes the registers.
    let context = unsafe { &mut *(*pointers).ContextRecord };
    if context.Rip as usize == CODE.load(Ordering::SeqCst) {
        OTHERS.fetch_add(1, Ordering::SeqCst);
        context.Rip += READ_BYTES;
        return -1;
    }
    0
}

/// Counts; after a fault goes on behind the instruction.
extern "sysv64" fn count(number: i32, _: *mut c_void, context: *mut u64) {
    const RIP: usize = 5 + 16;
    SIGNALS.fetch_add(1, Ordering::SeqCst);
    if number == signal::SEGV {
        // SAFETY: `ucontext_t` has its registers from word 5 on.
        unsafe { *context.add(RIP) += READ_BYTES };
    }
}

/// Has something read from a null pointer; how often the guest's handler and the other one ran.
fn read_null(host: &Windows, read: impl FnOnce()) -> Result<(u32, u32), alloc::string::String> {
    SIGNALS.store(0, Ordering::SeqCst);
    OTHERS.store(0, Ordering::SeqCst);
    let action = SignalAction { handler: count as *const () as usize, mask: 0, flags: signal::SA_SIGINFO };
    let before = host.signal_action(signal::SEGV, Some(action)).map_err(|errno| alloc::format!("{errno:?}"))?;
    // SAFETY: a handler of the right type, behind the platform's; the fault of the code is mended by one of both.
    unsafe {
        let handler = AddVectoredExceptionHandler(0, Some(last_handler));
        read();
        RemoveVectoredExceptionHandler(handler);
    }
    expect("signal_action", host.signal_action(signal::SEGV, Some(before)).map(drop), Ok(()))?;
    Ok((SIGNALS.load(Ordering::SeqCst), OTHERS.load(Ordering::SeqCst)))
}

fn fault(place: &Place) -> Outcome {
    let code = Code::foreign(&READ);
    // SAFETY: one of the handlers goes on behind the access.
    expect("signals and others", read_null(place.host, || unsafe { code.run(0) })?, (0, 1))
}

fn own_fault(place: &Place) -> Outcome {
    let code = Code::guest(place.host, &READ)?;
    // SAFETY: as above.
    expect("signals and others", read_null(place.host, || unsafe { code.run(0) })?, (1, 0))
}

/// What a hook in Windows' function does that commits memory.
fn read_in_hook(_: &mut [u8]) {
    // SAFETY: `hook` put code for that there.
    unsafe { core::mem::transmute::<usize, extern "sysv64" fn(usize) -> usize>(CODE.load(Ordering::SeqCst))(0) };
}

fn hook(place: &Place) -> Outcome {
    let host = place.host;
    let flags = mapping::PRIVATE | mapping::ANONYMOUS;
    let base = host.map(Map { address: 0, length: 4096, protection: 0, flags, fd: -1, offset: 0 });
    let base = base.map_err(|errno| alloc::format!("map: {errno:?}"))?;
    let _code = Code::foreign(&READ);
    inject(Request::Commit, Answer::Edit(read_in_hook), 1);
    let mut opened = Ok(());
    let ran = read_null(host, || opened = host.protect(base, 4096, protection::READ))?;
    expect("protect", opened, Ok(()))?;
    expect("signals and others", ran, (0, 1))?;
    expect("unmap", host.unmap(base, 4096), Ok(()))
}

/// What a thread runs and tells.
struct Spin<'a> {
    code: &'a Code,
    /// 1 ends it; the word behind it counts its rounds.
    words: [AtomicU32; 2],
    id: AtomicU32,
    is_done: AtomicU32,
}

extern "sysv64" fn spin(argument: usize) {
    // SAFETY: the case passes a `Spin` that lives until `is_done` is set.
    let spin = unsafe { &*(argument as *const Spin<'_>) };
    spin.id.store(Windows.thread_id() as u32, Ordering::SeqCst);
    // SAFETY: the two words that the code uses.
    unsafe { spin.code.run(spin.words.as_ptr() as usize) };
    // Here the signal finds it at the latest.
    let _ = Windows.signal_mask(signal::BLOCK, Some(0));
    spin.is_done.store(1, Ordering::SeqCst);
}

/// Sends a signal to a thread that runs the code; how often the handler ran by then, and in the end.
fn interrupt(host: &Windows, code: &Code) -> Result<(u32, u32), alloc::string::String> {
    SIGNALS.store(0, Ordering::SeqCst);
    let action = SignalAction { handler: count as *const () as usize, mask: 0, flags: signal::SA_SIGINFO };
    let before = host.signal_action(USER, Some(action)).map_err(|errno| alloc::format!("{errno:?}"))?;
    let words = [AtomicU32::new(0), AtomicU32::new(0)];
    let state = Spin { code, words, id: AtomicU32::new(0), is_done: AtomicU32::new(0) };
    let start = ThreadStart {
        entry: spin,
        argument: (&raw const state) as usize,
        slot: 0,
        stack_bytes: 64 << 10,
        guard_bytes: 0,
    };
    expect("thread_create", host.thread_create(start), Ok(()))?;
    let [end, rounds] = &state.words;
    while rounds.load(Ordering::SeqCst) < 1000 {
        host.yield_now();
    }
    let sent = host.signal_send(0, state.id.load(Ordering::SeqCst) as i32, USER);
    // A thread that was sent into a handler runs it when it gets a processor.
    let ran = rounds.load(Ordering::SeqCst);
    while rounds.load(Ordering::SeqCst).wrapping_sub(ran) < 1000 {
        sleep(host)?;
    }
    let early = SIGNALS.load(Ordering::SeqCst);
    end.store(1, Ordering::SeqCst);
    while state.is_done.load(Ordering::SeqCst) == 0 {
        sleep(host)?;
    }
    expect("signal_send", sent, Ok(()))?;
    expect("signal_action", host.signal_action(USER, Some(before)).map(drop), Ok(()))?;
    Ok((early, SIGNALS.load(Ordering::SeqCst)))
}

fn sleep(host: &Windows) -> Outcome {
    let now = host.clock(clock::MONOTONIC).map_err(|errno| alloc::format!("{errno:?}"))?;
    let deadline = Deadline { clock: clock::MONOTONIC, time: now.saturating_add_ns(1_000_000) };
    host.sleep(deadline).map_err(|errno| alloc::format!("sleep: {errno:?}"))
}

fn running(place: &Place) -> Outcome {
    expect("signals early and late", interrupt(place.host, &Code::foreign(&SPIN))?, (0, 1))
}

fn own_running(place: &Place) -> Outcome {
    expect("signals early and late", interrupt(place.host, &Code::guest(place.host, &SPIN)?)?, (1, 1))
}
