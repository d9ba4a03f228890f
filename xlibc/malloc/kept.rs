//! Freed mappings that are kept for the next request, as a mapping costs a page fault for each of its pages.
//!
//! At most [`BYTES`] in [`COUNT`] mappings, the oldest go first. None stays longer than [`AGE_NS`] in a process that still
//! asks the allocator for something that a thread's cache does not have.

use core::ptr::null_mut;

use super::{corrupt, keys};

/// Whole pages from the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub address: usize,
    pub length: usize,
}

/// Most bytes that are kept.
pub(super) const BYTES: usize = 64 << 20;
/// Most mappings that are kept.
const COUNT: usize = 32;
/// How long a mapping is kept, in nanoseconds.
pub(super) const AGE_NS: u64 = 1_000_000_000;

#[derive(Clone, Copy)]
struct Entry {
    block: Block,
    /// Object whose first bytes must stay as they were marked, or null.
    marked: *mut u8,
    since_ns: u64,
}

/// The mappings that are kept, oldest first. What is known of them lies here, out of reach of a write after `free`.
pub(super) struct Kept {
    entries: [Entry; COUNT],
    count: usize,
    bytes: usize,
}

// SAFETY: the pointers lead to memory of the heap, which any thread may hold.
unsafe impl Send for Kept {}

impl Kept {
    pub(super) const EMPTY: Self = Self {
        entries: [Entry { block: Block { address: 0, length: 0 }, marked: null_mut(), since_ns: 0 }; COUNT],
        count: 0,
        bytes: 0,
    };

    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Keeps a block; or gives the oldest away, for which there is no room beside it. Then it is to be called again.
    ///
    /// # Safety
    /// The block is mapped and nobody uses it; `marked` is null or the address of 8 bytes in it.
    pub(super) unsafe fn keep(&mut self, block: Block, marked: *mut u8, now_ns: u64) -> Option<Block> {
        if self.count == COUNT || self.count > 0 && self.bytes + block.length > BYTES {
            return self.oldest();
        }
        if !marked.is_null() {
            // SAFETY: caller contract.
            unsafe { marked.cast::<u64>().write(keys::mix(marked as usize, block.length as u64)) };
        }
        if let Some(entry) = self.entries.get_mut(self.count) {
            *entry = Entry { block, marked, since_ns: now_ns };
            self.count += 1;
            self.bytes += block.length;
        }
        None
    }

    /// The shortest block of at least `length` bytes and at most `spare` more.
    pub(super) fn take(&mut self, length: usize, spare: usize) -> Option<Block> {
        let fits = |entry: &&(usize, Entry)| (length..=length.saturating_add(spare)).contains(&entry.1.block.length);
        let entries = self.entries.iter().copied().take(self.count).enumerate();
        let (index, _) = entries.filter(|entry| fits(&entry)).min_by_key(|(_, entry)| entry.block.length)?;
        self.remove(index)
    }

    /// The oldest block.
    pub(super) fn oldest(&mut self) -> Option<Block> {
        self.remove(0)
    }

    /// The oldest block, if it has been here too long.
    pub(super) fn expired(&mut self, now_ns: u64) -> Option<Block> {
        let first = self.entries.first().filter(|_| self.count > 0)?;
        (now_ns.saturating_sub(first.since_ns) > AGE_NS).then(|| self.remove(0))?
    }

    fn remove(&mut self, index: usize) -> Option<Block> {
        let entries = self.entries.get_mut(..self.count)?;
        let entry = *entries.get(index)?;
        entries.copy_within(index + 1.., index);
        self.count -= 1;
        self.bytes -= entry.block.length;
        if !entry.marked.is_null() {
            // SAFETY: contract of `keep`: the block is still mapped.
            let mark = unsafe { entry.marked.cast::<u64>().read() };
            if mark != keys::mix(entry.marked as usize, entry.block.length as u64) {
                corrupt("write after free");
            }
        }
        Some(entry.block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keep(kept: &mut Kept, address: usize, length: usize, now_ns: u64) -> Vec<usize> {
        let mut gone = Vec::new();
        // SAFETY: without a mark nothing is touched.
        while let Some(block) = unsafe { kept.keep(Block { address, length }, null_mut(), now_ns) } {
            gone.push(block.address);
        }
        gone
    }

    #[test]
    fn the_best_fit_is_taken_and_nothing_too_large() {
        let mut kept = Kept::EMPTY;
        for (address, length) in [(1, 400), (2, 100), (3, 130), (4, 120)] {
            assert_eq!(keep(&mut kept, address, length, 0), []);
        }
        assert_eq!(kept.take(101, 10), None);
        assert_eq!(kept.take(101, 25).map(|block| block.address), Some(4));
        assert_eq!(kept.take(101, usize::MAX).map(|block| block.address), Some(3));
        assert_eq!(kept.take(100, 0).map(|block| block.address), Some(2));
        assert_eq!((kept.count(), kept.bytes), (1, 400));
    }

    #[test]
    fn bytes_and_count_are_bounded_and_the_oldest_go() {
        let mut kept = Kept::EMPTY;
        assert_eq!(keep(&mut kept, 1, BYTES / 2, 0), []);
        assert_eq!(keep(&mut kept, 2, BYTES / 2, 0), []);
        assert_eq!(keep(&mut kept, 3, BYTES / 4, 0), [1]);
        assert_eq!(keep(&mut kept, 4, BYTES, 0), [2, 3]);
        let mut kept = Kept::EMPTY;
        for address in 1..=COUNT {
            assert_eq!(keep(&mut kept, address, 1, 0), []);
        }
        assert_eq!(keep(&mut kept, 99, 1, 0), [1]);
        assert_eq!(kept.count(), COUNT);
    }

    #[test]
    fn what_is_old_expires_in_order() {
        let mut kept = Kept::EMPTY;
        keep(&mut kept, 1, 1, 0);
        keep(&mut kept, 2, 1, 10);
        assert_eq!(kept.expired(AGE_NS), None);
        assert_eq!(kept.expired(AGE_NS + 10).map(|block| block.address), Some(1));
        assert_eq!(kept.expired(AGE_NS + 10), None);
        assert_eq!(kept.expired(AGE_NS + 11).map(|block| block.address), Some(2));
        assert_eq!(kept.expired(u64::MAX), None);
    }
}
