//! Memory for what signal handlers may be the first to use: never from the heap, whose locks the interrupted code may hold.

use core::cell::Cell;
use core::ptr::null_mut;

use super::{Memory, abi, host, whole_pages};

/// Bytes that need no request to the host: enough for the few variables that most threads have.
const ROOM_BYTES: usize = 768;
/// Bytes of a mapping, or more for a large object.
const CHUNK_BYTES: usize = 16 << 10;
/// Objects and what lies before each are aligned to this.
const UNIT: usize = 16;

/// Memory that is given back as a whole. Zero bytes are an empty one. Whoever uses it has signals blocked and a lock.
#[repr(C)]
pub struct Arena {
    /// Free bytes, 0 before the first use.
    at: Cell<usize>,
    end: Cell<usize>,
    chunks: Cell<*mut Chunk>,
    /// Objects that were released.
    free: Cell<*mut Free>,
    room: Cell<[u8; ROOM_BYTES]>,
}

/// The start of a mapping.
#[repr(C, align(16))]
struct Chunk {
    next: *mut Chunk,
    bytes: usize,
}

/// Lies before an object.
#[repr(C, align(16))]
struct Head {
    capacity: usize,
}

/// In the place of a released object.
struct Free {
    next: *mut Free,
}

const fn capacity_of(object: *mut Free) -> *mut Head {
    object.cast::<Head>().wrapping_sub(1)
}

impl Arena {
    /// An empty one.
    #[allow(clippy::declare_interior_mutable_const, reason = "an initial value, never used in place")]
    pub const EMPTY: Self = Self {
        at: Cell::new(0),
        end: Cell::new(0),
        chunks: Cell::new(null_mut()),
        free: Cell::new(null_mut()),
        room: Cell::new([0; ROOM_BYTES]),
    };

    /// Memory for an object, with any bytes in it; null when there is none. `align` is a power of two.
    pub fn allocate(&self, align: usize, bytes: usize) -> *mut u8 {
        let Some(capacity) = bytes.max(1).checked_next_multiple_of(UNIT) else { return null_mut() };
        let align = align.max(UNIT);
        let released = self.released(align, capacity);
        if !released.is_null() {
            return released;
        }
        if self.at.get() == 0 {
            self.at.set(self.room.as_ptr().expose_provenance());
            self.end.set(self.at.get() + ROOM_BYTES);
        }
        if self.place(align, capacity).is_none() && !self.grow(align, capacity) {
            return null_mut();
        }
        let Some(object) = self.place(align, capacity) else { return null_mut() };
        self.at.set(object + capacity);
        let object = core::ptr::with_exposed_provenance_mut::<u8>(object);
        // SAFETY: `place` leaves room for it.
        unsafe { capacity_of(object.cast()).write(Head { capacity }) };
        object
    }

    /// Where an object fits into the free bytes.
    fn place(&self, align: usize, capacity: usize) -> Option<usize> {
        let object = self.at.get().checked_add(size_of::<Head>())?.checked_next_multiple_of(align)?;
        object.checked_add(capacity).filter(|end| *end <= self.end.get()).map(|_| object)
    }

    /// Takes an object out of those that were released: the first that is large enough.
    fn released(&self, align: usize, capacity: usize) -> *mut u8 {
        let mut link = &raw const self.free;
        // SAFETY: links and objects in the list are alive; nobody else uses them.
        unsafe {
            while let Some(free) = (*link).get().as_mut() {
                let object = core::ptr::from_mut(free);
                if (*capacity_of(object)).capacity >= capacity && object.addr().is_multiple_of(align) {
                    (*link).set(free.next);
                    return object.cast();
                }
                link = (&raw const free.next).cast();
            }
        }
        null_mut()
    }

    /// Gets another mapping, with room for such an object.
    fn grow(&self, align: usize, capacity: usize) -> bool {
        let more = [size_of::<Chunk>(), size_of::<Head>(), align];
        let needed = more.iter().try_fold(capacity, |sum, more| sum.checked_add(*more));
        let Some(needed) = needed.filter(|needed| *needed < isize::MAX as usize) else { return false };
        let bytes = whole_pages(needed.max(CHUNK_BYTES));
        let request = platform::Map {
            address: 0,
            length: bytes,
            protection: abi::protection::READ | abi::protection::WRITE,
            flags: abi::mapping::PRIVATE | abi::mapping::ANONYMOUS,
            fd: -1,
            offset: 0,
        };
        let Ok(address) = host().map(request) else { return false };
        let chunk = core::ptr::with_exposed_provenance_mut::<Chunk>(address);
        // SAFETY: fresh memory of that size.
        unsafe { chunk.write(Chunk { next: self.chunks.replace(chunk), bytes }) };
        self.at.set(address + size_of::<Chunk>());
        self.end.set(address + bytes);
        true
    }

    /// Takes an object back, for another one.
    ///
    /// # Safety
    /// `object` is null or from `allocate`, and nobody uses it.
    pub unsafe fn release(&self, object: *mut u8) {
        let free = object.cast::<Free>();
        if !free.is_null() {
            // SAFETY: caller contract; an object has 16 bytes at least.
            unsafe { free.write(Free { next: self.free.replace(free) }) };
        }
    }

    /// Gives everything back.
    ///
    /// # Safety
    /// Nobody uses any object.
    pub unsafe fn release_all(&self) {
        let mut chunk = self.chunks.replace(null_mut());
        self.at.set(0);
        self.free.set(null_mut());
        while !chunk.is_null() {
            // SAFETY: mappings of `grow`, each in the list once.
            let Chunk { next, bytes } = unsafe { chunk.read() };
            // A host that does not take it back leaves it mapped, which harms nobody.
            let _ = host().unmap(chunk.expose_provenance(), bytes);
            chunk = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_lie_apart_as_they_are_aligned_and_come_back() {
        let arena = Box::new(Arena::EMPTY);
        let sizes = [(1, 0), (8, 24), (64, 1), (4096, 5000), (16, 700), (16, 1 << 20), (1, 3), (32, CHUNK_BYTES)];
        let mut objects: Vec<(usize, usize)> = Vec::new();
        for (align, bytes) in sizes.into_iter().cycle().take(80) {
            let object = arena.allocate(align, bytes);
            assert!(!object.is_null() && object.addr().is_multiple_of(align));
            // SAFETY: an object of that size.
            unsafe { object.write_bytes(0xff, bytes) };
            let (start, end) = (object.addr(), object.addr() + bytes.max(1));
            assert!(objects.iter().all(|(from, to)| end <= *from || *to <= start));
            objects.push((start, end));
        }
        let (one, two) = (arena.allocate(16, 100), arena.allocate(16, 200));
        // SAFETY: nobody uses them.
        unsafe {
            arena.release(one);
            arena.release(two);
            arena.release(null_mut());
        }
        assert_eq!((arena.allocate(16, 150), arena.allocate(16, 99)), (two, one));
        assert!(arena.allocate(16, usize::MAX).is_null() && arena.allocate(16, isize::MAX as usize).is_null());
        // SAFETY: nobody uses anything.
        unsafe { arena.release_all() };
        assert_eq!(arena.allocate(1, 1).addr(), objects[0].0);
    }
}
