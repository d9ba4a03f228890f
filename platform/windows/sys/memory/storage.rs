//! Where the table of mapped pages lies.

use core::ops::{Deref, DerefMut};
use core::ptr::{null, null_mut};

use windows_sys::Win32::System::Memory::{MEM_COMMIT, MEM_RESERVE, PAGE_NOACCESS, PAGE_READWRITE, VirtualAlloc};

use crate::pure::runs::{List, Run};
use crate::sys::native::regions::GRANULE;

/// The table's storage: reserved once, committed as it grows. It must not use the heap, which maps memory itself.
pub struct Storage {
    first: *mut Run,
    length: usize,
    committed: usize,
}

// SAFETY: the memory belongs to the table, which a lock guards.
unsafe impl Send for Storage {}

impl Storage {
    /// No runs, no memory.
    pub const fn new() -> Self {
        Self { first: null_mut(), length: 0, committed: 0 }
    }

    /// Room for about a million and a half runs.
    const RESERVED: usize = 64 << 20;
    const STEP: usize = GRANULE;

    fn capacity(&self) -> usize {
        self.committed / size_of::<Run>()
    }
}

impl Deref for Storage {
    type Target = [Run];
    fn deref(&self) -> &[Run] {
        // SAFETY: `length` runs were written; an empty table has no memory.
        if self.length == 0 { &[] } else { unsafe { core::slice::from_raw_parts(self.first, self.length) } }
    }
}

impl DerefMut for Storage {
    fn deref_mut(&mut self) -> &mut [Run] {
        // SAFETY: as above, and this borrow is the only one.
        if self.length == 0 { &mut [] } else { unsafe { core::slice::from_raw_parts_mut(self.first, self.length) } }
    }
}

impl List for Storage {
    fn insert(&mut self, at: usize, run: Run) -> bool {
        if at > self.length || !self.has_room() {
            return false;
        }
        // SAFETY: there is room for one more, and `at` is not past the end.
        unsafe {
            let place = self.first.add(at);
            core::ptr::copy(place, place.add(1), self.length - at);
            place.write(run);
        }
        self.length += 1;
        true
    }

    fn remove(&mut self, at: usize) {
        if at < self.length {
            // SAFETY: `at` is inside.
            unsafe {
                let place = self.first.add(at);
                core::ptr::copy(place.add(1), place, self.length - at - 1);
            }
            self.length -= 1;
        }
    }

    fn has_room(&mut self) -> bool {
        if self.length + 2 <= self.capacity() {
            return true;
        }
        if self.committed + Self::STEP > Self::RESERVED {
            return false;
        }
        // SAFETY: reserves and commits memory for the table alone.
        unsafe {
            if self.first.is_null() {
                self.first = VirtualAlloc(null(), Self::RESERVED, MEM_RESERVE, PAGE_NOACCESS).cast();
            }
            if self.first.is_null() {
                return false;
            }
            let end = self.first.cast::<u8>().add(self.committed);
            if VirtualAlloc(end.cast(), Self::STEP, MEM_COMMIT, PAGE_READWRITE).is_null() {
                return false;
            }
        }
        self.committed += Self::STEP;
        true
    }
}
