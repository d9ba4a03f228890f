//! The loader's own heap.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicBool, Ordering};

use linked_list_allocator::Heap as Arena;
use platform::{Map, Platform, abi};
use spin::mutex::SpinMutex;

/// Bytes that are there without a system call: enough for a program with a handful of libraries.
const FIRST_BYTES: usize = 48 << 10;
/// Smallest piece asked of the host later; each one is at least as large as all before it together.
const GROW_BYTES: usize = 256 << 10;
/// Pieces: with doubling, more than the address space has.
const ARENAS: usize = 28;

/// A global allocator over a platform's memory. What is freed is used again but never given back.
pub struct Heap<P: 'static> {
    platform: &'static P,
    arenas: SpinMutex<Arenas>,
}

struct Arenas {
    list: [Arena; ARENAS],
    used: usize,
}

/// Memory of the first heap's first arena. Apart from the rest, which is not all zero: so it takes no place in the file.
#[repr(C, align(16))]
struct First {
    /// In front: in the page that is used first.
    taken: AtomicBool,
    bytes: UnsafeCell<[u8; FIRST_BYTES]>,
}
// SAFETY: only the one heap that sets `taken` uses the bytes, behind its lock.
unsafe impl Sync for First {}
static FIRST: First = First { taken: AtomicBool::new(false), bytes: UnsafeCell::new([0; FIRST_BYTES]) };

impl<P: Platform> Heap<P> {
    /// An empty heap.
    #[must_use]
    pub const fn new(platform: &'static P) -> Self {
        Self { platform, arenas: SpinMutex::new(Arenas { list: [const { Arena::empty() }; ARENAS], used: 0 }) }
    }

    /// Adds an arena in which `layout` fits for sure.
    fn grow(&self, arenas: &mut Arenas, layout: Layout) -> Option<()> {
        let (start, length) = if !FIRST.taken.swap(true, Ordering::Relaxed) {
            (FIRST.bytes.get().cast::<u8>(), FIRST_BYTES)
        } else {
            let total: usize = arenas.list.iter().map(Arena::size).sum();
            let wanted = layout.size().checked_add(layout.align())?.checked_add(1 << 10)?;
            let length = wanted.max(total).max(GROW_BYTES).checked_next_multiple_of(self.platform.page_bytes())?;
            let request = Map {
                address: 0,
                length,
                protection: abi::protection::READ | abi::protection::WRITE,
                flags: abi::mapping::PRIVATE | abi::mapping::ANONYMOUS,
                fd: -1,
                offset: 0,
            };
            (self.platform.map(request).ok()? as *mut u8, length)
        };
        let arena = arenas.list.get_mut(arenas.used)?;
        // SAFETY: the memory is new, belongs to this arena alone and lives as long as the process.
        unsafe { arena.init(start, length) };
        arenas.used += 1;
        Some(())
    }
}

// SAFETY: blocks come from arenas that do not overlap, each used by one thread at a time, and go back to where they came from.
unsafe impl<P: Platform> GlobalAlloc for Heap<P> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let mut arenas = self.arenas.lock();
        loop {
            let used = arenas.used;
            // The newest is the largest.
            for arena in arenas.list.iter_mut().take(used).rev() {
                if let Ok(block) = arena.allocate_first_fit(layout) {
                    return block.as_ptr();
                }
            }
            if self.grow(&mut arenas, layout).is_none() {
                return core::ptr::null_mut();
            }
        }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let mut arenas = self.arenas.lock();
        let used = arenas.used;
        let home = arenas.list.iter_mut().take(used).find(|arena| (arena.bottom()..arena.top()).contains(&block));
        if let (Some(arena), Some(block)) = (home, NonNull::new(block)) {
            // SAFETY: caller contract: the block came from `alloc` with this layout, so from the arena it lies in.
            unsafe { arena.deallocate(block, layout) };
        }
    }
}
