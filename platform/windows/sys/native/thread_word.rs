//! Words of each thread at a fixed place.

use core::arch::asm;
use core::sync::atomic::{AtomicUsize, Ordering};

use windows_sys::Win32::System::Threading::TlsAlloc;

use super::exit;

/// `TlsSlots` of the thread environment block.
const TLS_SLOTS: usize = 0x1480;

/// Offset from `gs` of a new TLS index. The first 64 lie in the thread's block; a loader without a C runtime is the first
/// to take any, so a higher one means a process that is not ours.
fn new_offset() -> usize {
    // SAFETY: no arguments.
    let index = unsafe { TlsAlloc() };
    if index >= 64 {
        exit::fatal(b"xload: Windows has no free thread-local slot\n");
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
