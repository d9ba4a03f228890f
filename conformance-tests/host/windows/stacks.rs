//! Stacks other than the thread's: laid out as Windows does it, and as a program's own memory.

use core::ffi::c_void;
use core::hint::black_box;
use core::ptr::{null, null_mut};
use core::sync::atomic::{AtomicU32, Ordering};

use platform::abi::signal;
use platform::{Process, SignalAction, Signals, Spawn, Threads};
use platform_windows::Windows;
use platform_windows::stack::{self, Own};
use windows_sys::Win32::System::Diagnostics::Debug::RtlCaptureStackBackTrace;
use windows_sys::Win32::System::Memory::{
    MEM_COMMIT, MEM_RELEASE, MEM_RESERVE, MEMORY_BASIC_INFORMATION, PAGE_GUARD, PAGE_READWRITE, VirtualAlloc,
    VirtualFree, VirtualQuery,
};
use windows_sys::Win32::System::Threading::GetCurrentThreadStackLimits;

use crate::cases::{Case, Outcome, Place, expect};

/// The cases.
pub const CASES: &[Case] = &[
    ("a stack of its own", whole),
    ("a stack that grows by its guard page", growing),
    ("a stack is committed but for its guard", committed),
    ("the overflow of a committed stack", overflowing),
    ("a guard page that is not the own stack's", guard),
];

const PAGE: usize = 4096;
const SIZE: usize = 1 << 20;
const USER: i32 = 10;

/// What a function on the other stack saw.
#[derive(Debug, Default)]
struct Seen {
    limits: (usize, usize),
    frames: u16,
    signals: u32,
    sum: usize,
}

static SIGNALS: AtomicU32 = AtomicU32::new(0);

extern "sysv64" fn count(_: i32, _: *mut c_void, _: *mut c_void) {
    SIGNALS.fetch_add(1, Ordering::SeqCst);
}

/// Uses `depth` frames of more than a page each.
#[inline(never)]
fn deep(depth: usize) -> usize {
    let frame = black_box([depth as u8; 6000]);
    if depth == 0 { 0 } else { deep(depth - 1) + usize::from(frame[depth]) }
}

#[inline(never)]
fn limits() -> (usize, usize) {
    let (mut low, mut end) = (0, 0);
    // SAFETY: two words are written.
    unsafe { GetCurrentThreadStackLimits(&mut low, &mut end) };
    (low, end)
}

extern "sysv64" fn look(argument: usize) {
    // SAFETY: the case passes a `Seen` that lives until the function returns.
    let seen = unsafe { &mut *(argument as *mut Seen) };
    let mut frames = [null_mut(); 8];
    // SAFETY: as many pointers are written as there is room for.
    seen.frames = unsafe { RtlCaptureStackBackTrace(0, 8, frames.as_mut_ptr(), null_mut()) };
    seen.limits = limits();
    seen.sum = deep(100);
    SIGNALS.store(0, Ordering::SeqCst);
    if Windows.signal_send(0, Windows.thread_id(), USER).is_ok() {
        seen.signals = SIGNALS.load(Ordering::SeqCst);
    }
}

/// Looks around on the stack, with a handler for a signal that comes there.
fn look_on(host: &Windows, stack: &Own) -> Result<Seen, alloc::string::String> {
    let action = SignalAction { handler: count as *const () as usize, mask: 0, flags: signal::SA_SIGINFO };
    let before = host.signal_action(USER, Some(action)).map_err(|errno| alloc::format!("{errno:?}"))?;
    let (mut seen, own) = (Seen::default(), limits());
    // SAFETY: fresh memory of this case.
    unsafe { stack.run(look, (&raw mut seen) as usize) };
    expect("the limits afterwards", limits(), own)?;
    expect("signal_action", host.signal_action(USER, Some(before)).map(drop), Ok(()))?;
    Ok(seen)
}

/// Room for a stack; 0 without it, where nothing can be committed.
fn reserve() -> usize {
    // SAFETY: new memory.
    unsafe { VirtualAlloc(null(), SIZE, MEM_RESERVE, PAGE_READWRITE) as usize }
}

fn commit(address: usize, length: usize, protection: u32) -> Outcome {
    // SAFETY: memory that the case reserved.
    let done = unsafe { VirtualAlloc(address as *const c_void, length, MEM_COMMIT, protection) };
    expect("committed", done as usize, address)
}

fn free(base: usize) {
    // SAFETY: memory of the case, which nothing uses any more.
    unsafe { VirtualFree(base as *mut c_void, 0, MEM_RELEASE) };
}

fn check(seen: &Seen, base: usize) -> Outcome {
    expect("limits", seen.limits, (base, base + SIZE))?;
    expect("Windows finds frames", seen.frames > 0, true)?;
    expect("a deep call", seen.sum, (1..=100).sum())?;
    expect("a handler ran", seen.signals, 1)
}

fn whole(place: &Place) -> Outcome {
    let base = reserve();
    commit(base, SIZE, PAGE_READWRITE)?;
    let seen = look_on(place.host, &Own { committed: base..base + SIZE, allocation: base })?;
    free(base);
    check(&seen, base)
}

/// As Windows lays stacks out: two pages, and below them one whose first use makes the next.
fn lay_out() -> Result<Own, alloc::string::String> {
    let base = reserve();
    let end = base + SIZE;
    commit(end - 2 * PAGE, 2 * PAGE, PAGE_READWRITE)?;
    commit(end - 3 * PAGE, PAGE, PAGE_READWRITE | PAGE_GUARD)?;
    Ok(Own { committed: end - 2 * PAGE..end, allocation: base })
}

fn growing(place: &Place) -> Outcome {
    let stack = lay_out()?;
    let seen = look_on(place.host, &stack)?;
    free(stack.allocation);
    check(&seen, stack.allocation)
}

/// Pages from an address on: how many, and their protection, 0 where they are reserved only.
fn pages(address: usize) -> (usize, u32) {
    let mut found = MEMORY_BASIC_INFORMATION::default();
    // SAFETY: one structure is written.
    unsafe { VirtualQuery(address as *const c_void, &mut found, size_of::<MEMORY_BASIC_INFORMATION>()) };
    (found.RegionSize / PAGE, if found.State == MEM_COMMIT { found.Protect } else { 0 })
}

/// The parts of a stack from its lowest page on, and what the guest is told of it.
#[derive(Default)]
struct Parts {
    parts: [(usize, u32); 3],
    told: (usize, usize),
}

extern "sysv64" fn look_at_parts(argument: usize) {
    stack::commit();
    // SAFETY: the case passes `Parts` that live until the function returns.
    let found = unsafe { &mut *(argument as *mut Parts) };
    let (mut at, _) = limits();
    for part in &mut found.parts {
        *part = pages(at);
        at += part.0 * PAGE;
    }
    found.told = Windows.thread_stack().unwrap_or_default();
}

fn committed(_: &Place) -> Outcome {
    let stack = lay_out()?;
    let mut found = Parts::default();
    // SAFETY: fresh memory of this case.
    unsafe { stack.run(look_at_parts, (&raw mut found) as usize) };
    free(stack.allocation);
    let usable = (SIZE - stack::BELOW) / PAGE;
    let wanted = [(1, 0), (15, PAGE_READWRITE | PAGE_GUARD), (usable, PAGE_READWRITE)];
    expect("parts", found.parts, wanted)?;
    expect("usable", found.told, (stack.allocation + stack::BELOW, stack.allocation + SIZE))
}

extern "sysv64" fn endless(_: usize) {
    stack::commit();
    black_box(deep(usize::MAX >> 1));
}

/// The child of `overflowing`: has no end but the stack's.
pub fn overflow() -> i32 {
    let Ok(stack) = lay_out() else { return 98 };
    // SAFETY: fresh memory.
    unsafe { stack.run(endless, 0) };
    99
}

fn overflowing(place: &Place) -> Outcome {
    let mut own = [0; 512];
    let length = place.host.executable_path(&mut own).map_err(|errno| alloc::format!("{errno:?}"))?;
    let child = place.host.spawn(Spawn {
        path: own.get(..length).unwrap_or_default(),
        arguments: &[c"p", c"--windows-child", c"overflow"],
        environment: &[],
        actions: &[],
        signal_mask: None,
        default_signals: 0,
        process_group: None,
    });
    let child = child.map_err(|errno| alloc::format!("spawn: {errno:?}"))?;
    expect("wait", place.host.wait(child, 0), Ok((child, signal::SEGV)))
}

static FAULTS: AtomicU32 = AtomicU32::new(0);

/// Counts, and goes on behind an instruction of three bytes.
extern "sysv64" fn skip(_: i32, _: *mut c_void, context: *mut u64) {
    const RIP: usize = 5 + 16;
    FAULTS.fetch_add(1, Ordering::SeqCst);
    // SAFETY: `ucontext_t` has its registers from word 5 on.
    unsafe { *context.add(RIP) += 3 };
}

/// As at the end of another thread's stack. It stays a guard.
fn guard(place: &Place) -> Outcome {
    let host = place.host;
    let base = reserve();
    commit(base, PAGE, PAGE_READWRITE | PAGE_GUARD)?;
    let action = SignalAction { handler: skip as *const () as usize, mask: 0, flags: signal::SA_SIGINFO };
    let before = host.signal_action(signal::SEGV, Some(action)).map_err(|errno| alloc::format!("{errno:?}"))?;
    for count in 1..=2 {
        // SAFETY: the handler goes on behind the load, which is 3 bytes long.
        unsafe { core::arch::asm!("mov rax, [rdx]", in("rdx") base, out("rax") _, options(nostack, readonly)) };
        expect("faults", FAULTS.load(Ordering::SeqCst), count)?;
    }
    expect("signal_action", host.signal_action(signal::SEGV, Some(before)).map(drop), Ok(()))?;
    expect("the page", pages(base), (1, PAGE_READWRITE | PAGE_GUARD))?;
    free(base);
    Ok(())
}
