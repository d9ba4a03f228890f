//! Threads and their slot.

use alloc::boxed::Box;
use core::arch::asm;
use core::ffi::c_void;
use core::sync::atomic::{AtomicUsize, Ordering};

use platform::{Errno, Result, Slot, SlotBase, ThreadStart};
use windows_sys::Win32::System::SystemInformation::{GetSystemInfo, SYSTEM_INFO};
use windows_sys::Win32::System::Threading::{
    CreateThread, ExitThread, GetCurrentProcess, GetCurrentThreadId, GetProcessAffinityMask,
    STACK_SIZE_PARAM_IS_A_RESERVATION, SwitchToThread, TlsAlloc,
};

use super::nt::Handle;
use super::{image, signals, stack};

/// `TlsSlots` of the thread environment block.
const TLS_SLOTS: usize = 0x1480;

/// Offset from `gs` of a new TLS index. The first 64 lie in the thread's block; a loader without a C runtime is the first
/// to take any, so a higher one means a process that is not ours.
fn new_offset() -> usize {
    // SAFETY: no arguments.
    let index = unsafe { TlsAlloc() };
    if index >= 64 {
        super::process::fatal(b"xload: Windows has no free thread-local slot\n");
    }
    TLS_SLOTS + 8 * index as usize
}

/// A word of each thread at a fixed place, 0 at first.
pub struct ThreadWord(AtomicUsize);

impl ThreadWord {
    /// A word that gets its place when first used.
    pub const fn new() -> Self {
        Self(AtomicUsize::new(0))
    }

    /// Offset from `gs`.
    pub fn offset(&self) -> usize {
        let known = self.0.load(Ordering::Acquire);
        if known != 0 {
            return known;
        }
        let new = new_offset();
        // Two threads at once: the loser's index stays unused.
        self.0.compare_exchange(0, new, Ordering::AcqRel, Ordering::Acquire).map_or_else(|other| other, |_| new)
    }

    /// The calling thread's value.
    pub fn get(&self) -> usize {
        let value;
        // SAFETY: reads a TLS slot of the thread's own block.
        unsafe {
            asm!("mov {}, gs:[{}]", out(reg) value, in(reg) self.offset(), options(nostack, readonly, preserves_flags))
        };
        value
    }

    /// Sets the calling thread's value.
    pub fn set(&self, value: usize) {
        // SAFETY: writes a TLS slot that was allocated for this word.
        unsafe { asm!("mov gs:[{}], {}", in(reg) self.offset(), in(reg) value, options(nostack, preserves_flags)) };
    }
}

static GUEST: ThreadWord = ThreadWord::new();

/// Where the guest's slot is.
pub fn slot() -> Slot {
    Slot { base: SlotBase::Gs, offset: GUEST.offset() as isize }
}

/// Sets the calling thread's slot.
pub fn set_slot(value: usize) {
    GUEST.set(value);
}

/// Starts a thread.
pub fn create(start: ThreadStart) -> Result<()> {
    /// More than a process has addresses for; sums of larger ones would overflow in Windows' (and Wine's) code.
    const LARGEST_STACK: usize = 1 << 46;
    if start.stack_bytes > LARGEST_STACK {
        return Err(Errno::AGAIN);
    }
    let reserve = start.stack_bytes.max(64 << 10) + stack::BELOW;
    let packed = Box::into_raw(Box::new(start));
    let flags = STACK_SIZE_PARAM_IS_A_RESERVATION;
    // SAFETY: the new thread owns `packed`.
    let raw =
        unsafe { CreateThread(core::ptr::null(), reserve, Some(entry), packed.cast(), flags, core::ptr::null_mut()) };
    match Handle::own(raw) {
        Some(_) => Ok(()),
        None => {
            // SAFETY: no thread took it.
            drop(unsafe { Box::from_raw(packed) });
            Err(Errno::AGAIN)
        }
    }
}

unsafe extern "system" fn entry(packed: *mut c_void) -> u32 {
    // SAFETY: `create` made it for this thread alone.
    let start = *unsafe { Box::from_raw(packed.cast::<ThreadStart>()) };
    set_slot(start.slot);
    stack::commit();
    signals::thread_starts();
    (start.entry)(start.argument);
    exit()
}

/// Ends the calling thread; the last one's end is the process's with code 0, as Windows does it.
pub fn exit() -> ! {
    signals::thread_ends();
    // SAFETY: Windows frees the stack. Nothing of ours on it is used by others.
    unsafe { ExitThread(0) }
}

/// The calling thread's number.
pub fn id() -> i32 {
    // SAFETY: no arguments.
    (unsafe { GetCurrentThreadId() }) as i32
}

/// `sched_yield`.
pub fn yield_now() {
    // SAFETY: no arguments.
    unsafe { SwitchToThread() };
}

/// Processors that the process may use.
pub fn processor_count() -> usize {
    let (mut process, mut system) = (0, 0);
    // SAFETY: two words are written.
    if unsafe { GetProcessAffinityMask(GetCurrentProcess(), &mut process, &mut system) } != 0 && process != 0 {
        return process.count_ones() as usize;
    }
    let mut info = SYSTEM_INFO::default();
    // SAFETY: one structure is written.
    unsafe { GetSystemInfo(&mut info) };
    (info.dwNumberOfProcessors as usize).max(1)
}

/// Runs `main` on the process's first thread, whose stack is as large as the executable's header says. What `main` returns is
/// the exit code.
pub fn run_main(main: fn() -> i32) -> ! {
    image::protect_imports();
    stack::commit();
    signals::process_starts();
    signals::main_starts();
    super::process::exit(main())
}
