//! The loader's own heap.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use linked_list_allocator::Heap as Arena;
use platform::{Map, Platform, abi};
use spin::mutex::{SpinMutex, SpinMutexGuard};

/// Bytes that are there without a system call: enough for a program with a handful of libraries.
const FIRST_BYTES: usize = 48 << 10;
/// Smallest piece asked of the host later; each one is at least as large as all before it together.
const GROW_BYTES: usize = 256 << 10;
/// Pieces: with doubling, more than the address space has.
const ARENAS: usize = 28;

/// How often the lock is tried: longer than another thread holds it.
const TRIES: u32 = 1000;

/// A global allocator over a platform's memory. What is freed is used again but never given back.
///
/// A signal handler may use it for what it frees again (`execve`, `posix_spawn`): where the lock is held, perhaps by the very code
/// that the handler interrupted, a block is a mapping of its own.
pub struct Heap<P: 'static> {
    platform: &'static P,
    arenas: SpinMutex<Arenas>,
    /// Where the arenas lie, for those who have not the lock.
    ranges: [Range; ARENAS],
}

/// First address and end of an arena; 0 before there is one.
struct Range(AtomicUsize, AtomicUsize);

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
        Self {
            platform,
            arenas: SpinMutex::new(Arenas { list: [const { Arena::empty() }; ARENAS], used: 0 }),
            ranges: [const { Range(AtomicUsize::new(0), AtomicUsize::new(0)) }; ARENAS],
        }
    }

    fn map(&self, length: usize) -> Option<*mut u8> {
        let request = Map {
            address: 0,
            length,
            protection: abi::protection::READ | abi::protection::WRITE,
            flags: abi::mapping::PRIVATE | abi::mapping::ANONYMOUS,
            fd: -1,
            offset: 0,
        };
        self.platform.map(request).ok().map(|address| address as *mut u8)
    }

    /// The arenas, unless somebody holds them who may never go on.
    fn arenas(&self) -> Option<SpinMutexGuard<'_, Arenas>> {
        (0..TRIES).find_map(|_| {
            let found = self.arenas.try_lock();
            if found.is_none() {
                core::hint::spin_loop();
            }
            found
        })
    }

    /// A block that is a mapping of its own, as a layout asks for it.
    fn apart(&self, layout: Layout) -> *mut u8 {
        match layout.align() <= self.platform.page_bytes() {
            true => self.map(layout.size()).unwrap_or(core::ptr::null_mut()),
            false => core::ptr::null_mut(),
        }
    }

    /// Adds an arena in which `layout` fits for sure.
    fn grow(&self, arenas: &mut Arenas, layout: Layout) -> Option<()> {
        let (start, length) = if !FIRST.taken.swap(true, Ordering::Relaxed) {
            (FIRST.bytes.get().cast::<u8>(), FIRST_BYTES)
        } else {
            let total: usize = arenas.list.iter().map(Arena::size).sum();
            let wanted = layout.size().checked_add(layout.align())?.checked_add(1 << 10)?;
            let length = wanted.max(total).max(GROW_BYTES).checked_next_multiple_of(self.platform.page_bytes())?;
            (self.map(length)?, length)
        };
        let (arena, range) = (arenas.list.get_mut(arenas.used)?, self.ranges.get(arenas.used)?);
        range.1.store(start.addr() + length, Ordering::Release);
        range.0.store(start.addr(), Ordering::Release);
        // SAFETY: the memory is new, belongs to this arena alone and lives as long as the process.
        unsafe { arena.init(start, length) };
        arenas.used += 1;
        Some(())
    }
}

// SAFETY: blocks come from arenas that do not overlap, each used by one thread at a time, and go back to where they came from.
unsafe impl<P: Platform> GlobalAlloc for Heap<P> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some(mut arenas) = self.arenas() else { return self.apart(layout) };
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
        let inside =
            |range: &Range| (range.0.load(Ordering::Acquire)..range.1.load(Ordering::Acquire)).contains(&block.addr());
        let Some(home) = self.ranges.iter().position(inside) else {
            // What cannot be unmapped stays as dead memory.
            let _ = self.platform.unmap(block.addr(), layout.size());
            return;
        };
        // Never held by code that a handler interrupted: the handler has blocks of arenas only where the lock was free.
        let mut arenas = self.arenas.lock();
        if let (Some(arena), Some(block)) = (arenas.list.get_mut(home), NonNull::new(block)) {
            // SAFETY: caller contract: the block came from `alloc` with this layout, so from the arena it lies in.
            unsafe { arena.deallocate(block, layout) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hosted::Hosted;

    static PLATFORM: Hosted = Hosted::new();

    #[test]
    fn who_interrupts_the_holder_of_the_lock_gets_other_memory() {
        let heap = Heap::new(&PLATFORM);
        let layout = Layout::from_size_align(5000, 16).unwrap();
        let fill = |block: *mut u8| {
            assert!(!block.is_null());
            // SAFETY: a block of that many bytes.
            unsafe { block.write_bytes(1, layout.size()) };
            block
        };
        // SAFETY: the size is not 0, and each block goes back once.
        unsafe {
            let before = fill(heap.alloc(layout));
            let arenas = heap.arenas.lock();
            let mapped = PLATFORM.mappings.load(Ordering::Relaxed);
            let inside = fill(heap.alloc(layout));
            assert_eq!(PLATFORM.mappings.load(Ordering::Relaxed), mapped + 1);
            heap.dealloc(inside, layout);
            assert_eq!(PLATFORM.mappings.load(Ordering::Relaxed), mapped);
            drop(arenas);
            heap.dealloc(before, layout);
            assert_eq!(heap.alloc(layout), before);
        }
    }
}
