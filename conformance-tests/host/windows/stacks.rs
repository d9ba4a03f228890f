//! Stacks other than the thread's: laid out as Windows does it, and as a program's own memory.

use core::ffi::c_void;
use core::hint::black_box;
use core::ptr::{null, null_mut};
use core::sync::atomic::{AtomicU32, Ordering};

use platform::abi::signal;
use platform::{SignalAction, Signals, Threads};
use platform_windows::{OwnStack, Windows};
use windows_sys::Win32::System::Diagnostics::Debug::RtlCaptureStackBackTrace;
use windows_sys::Win32::System::Memory::{
    MEM_COMMIT, MEM_RELEASE, MEM_RESERVE, PAGE_GUARD, PAGE_READWRITE, VirtualAlloc, VirtualFree,
};
use windows_sys::Win32::System::Threading::GetCurrentThreadStackLimits;

use crate::cases::{Case, Outcome, Place, expect};

/// The cases.
pub const CASES: &[Case] = &[("a stack of its own", whole), ("a stack that grows by its guard page", growing)];

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
fn look_on(host: &Windows, stack: &OwnStack) -> Result<Seen, alloc::string::String> {
    let action = SignalAction { handler: count as *const () as usize, mask: 0, flags: signal::SA_SIGINFO };
    let before = host.signal_action(USER, Some(action)).map_err(|errno| alloc::format!("{errno:?}"))?;
    let (mut seen, own) = (Seen::default(), limits());
    // SAFETY: fresh memory of this case.
    unsafe { stack.run(look, (&raw mut seen) as usize) };
    expect("the limits afterwards", limits(), own)?;
    expect("signal_action", host.signal_action(USER, Some(before)).map(drop), Ok(()))?;
    Ok(seen)
}

/// # Panics
/// Never: memory that cannot be had is address 0, which the checks refuse.
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
    let seen = look_on(place.host, &OwnStack { committed: base..base + SIZE, allocation: base })?;
    free(base);
    check(&seen, base)
}

/// As Windows lays stacks out: two pages, and below them one whose first use makes the next.
fn growing(place: &Place) -> Outcome {
    let base = reserve();
    let end = base + SIZE;
    commit(end - 2 * PAGE, 2 * PAGE, PAGE_READWRITE)?;
    commit(end - 3 * PAGE, PAGE, PAGE_READWRITE | PAGE_GUARD)?;
    let seen = look_on(place.host, &OwnStack { committed: end - 2 * PAGE..end, allocation: base })?;
    free(base);
    check(&seen, base)
}
