//! Memory for programs that have no C library: `spawn`, `exec` and lists of arguments need a little.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicUsize, Ordering};

/// A fixed piece of memory of which nothing is given back.
pub struct Heap {
    room: Room,
    used: AtomicUsize,
}

const ALIGN: usize = 64;

#[repr(align(64))]
struct Room(UnsafeCell<[u8; 64 << 10]>);

// SAFETY: each byte is given away once.
unsafe impl Sync for Heap {}

impl Heap {
    /// All of it.
    pub const fn new() -> Self {
        Self { room: Room(UnsafeCell::new([0; 64 << 10])), used: AtomicUsize::new(0) }
    }
}

impl Default for Heap {
    fn default() -> Self {
        Self::new()
    }
}

// SAFETY: pieces are aligned, distinct and inside the room.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let size = layout.size().next_multiple_of(ALIGN);
        let start = self.used.fetch_add(size, Ordering::Relaxed);
        let fits = layout.align() <= ALIGN && start + size <= size_of::<Room>();
        if fits { self.room.0.get().cast::<u8>().wrapping_add(start) } else { core::ptr::null_mut() }
    }
    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}
