//! Freed mappings that are kept for the next request, as a mapping costs a page fault for each of its pages.
//!
//! At most [`BYTES`] in [`COUNT`] blocks, the oldest go first. None stays longer than [`AGE_NS`] in a process that still asks the
//! allocator for something that a thread's cache does not have. A block is cut where less is asked for and joined with its
//! neighbours when it comes back, so an object can grow into what is kept right behind it: no system call, no page fault.

use core::ptr::null_mut;

use super::keys;
use super::misuse::corrupt;

/// Whole pages from the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub address: usize,
    pub length: usize,
}

impl Block {
    fn end(self) -> usize {
        self.address + self.length
    }

    fn joins(self, other: Self) -> bool {
        self.end() == other.address || other.end() == self.address
    }
}

/// Which block a request is cut from.
#[derive(Clone, Copy)]
pub(super) enum Fit {
    Shortest,
    /// For what is likely to grow: most is kept behind it. What lies behind another such object is left to that one.
    Longest,
}

/// Most bytes that are kept.
pub(super) const BYTES: usize = 64 << 20;
/// Most bytes of one block.
pub(super) const BLOCK: usize = BYTES / 2;
/// Most blocks that are kept.
const COUNT: usize = 32;
/// How long a block is kept, in nanoseconds.
pub(super) const AGE_NS: u64 = 1_000_000_000;

#[derive(Clone, Copy)]
struct Entry {
    block: Block,
    /// Object whose first bytes must stay as they were marked, or null.
    marked: *mut u8,
    since_ns: u64,
    /// Rest of a block whose start was cut off for what is likely to grow.
    is_behind: bool,
}

/// The blocks that are kept. What is known of them lies here, out of reach of a write after `free`.
pub(super) struct Kept {
    entries: [Entry; COUNT],
    count: usize,
    bytes: usize,
}

// SAFETY: the pointers lead to memory of the heap, which any thread may hold.
unsafe impl Send for Kept {}

impl Kept {
    pub(super) const EMPTY: Self = Self {
        entries: [Entry { block: Block { address: 0, length: 0 }, marked: null_mut(), since_ns: 0, is_behind: false };
            COUNT],
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
        let mut all = Entry { block, marked, since_ns: now_ns, is_behind: false };
        while let Some(other) =
            self.remove_where(|other| all.block.joins(other) && all.block.length + other.length <= BLOCK)
        {
            // As old as most of it is.
            if other.block.length > all.block.length {
                all.since_ns = other.since_ns;
            }
            all.block.address = all.block.address.min(other.block.address);
            all.block.length += other.block.length;
        }
        if !marked.is_null() {
            // SAFETY: caller contract.
            unsafe { marked.cast::<u64>().write(mark_of(&all)) };
        }
        self.add(all);
        None
    }

    /// At least `length` bytes and at most `spare` more.
    pub(super) fn take(&mut self, length: usize, spare: usize, fit: Fit) -> Option<Block> {
        let entries = self.entries.iter().take(self.count).filter(|entry| entry.block.length >= length);
        let grows = matches!(fit, Fit::Longest);
        let best = if grows {
            entries.filter(|entry| !entry.is_behind).max_by_key(|entry| entry.block.length)
        } else {
            entries.min_by_key(|entry| entry.block.length)
        }?
        .block;
        let entry = self.remove_where(|block| block == best)?;
        let taken = if best.length - length > spare { length } else { best.length };
        Some(self.cut(entry, taken, grows))
    }

    /// The bytes from `address` on, as `take`, for what grows.
    pub(super) fn take_at(&mut self, address: usize, length: usize, spare: usize) -> Option<Block> {
        let entry = self.remove_where(|block| block.address == address && block.length >= length)?;
        let taken = entry.block.length.min(length + spare);
        Some(self.cut(entry, taken, true))
    }

    /// The first bytes of what was removed; the rest is kept.
    fn cut(&mut self, entry: Entry, length: usize, is_behind: bool) -> Block {
        let Block { address, length: all } = entry.block;
        if all > length {
            let rest = Block { address: address + length, length: all - length };
            self.add(Entry { block: rest, marked: null_mut(), since_ns: entry.since_ns, is_behind });
        }
        Block { address, length }
    }

    /// The oldest block.
    pub(super) fn oldest(&mut self) -> Option<Block> {
        self.expired(u64::MAX)
    }

    /// The oldest block, if it has been here too long.
    pub(super) fn expired(&mut self, now_ns: u64) -> Option<Block> {
        let oldest = self.entries.iter().take(self.count).min_by_key(|entry| entry.since_ns)?;
        let (block, since_ns) = (oldest.block, oldest.since_ns);
        let is_over = now_ns.saturating_sub(since_ns) > AGE_NS;
        is_over.then(|| self.remove_where(|other| other == block))?.map(|entry| entry.block)
    }

    fn add(&mut self, entry: Entry) {
        if let Some(place) = self.entries.get_mut(self.count) {
            *place = entry;
            self.count += 1;
            self.bytes += entry.block.length;
        }
    }

    fn remove_where(&mut self, matches: impl Fn(Block) -> bool) -> Option<Entry> {
        let entries = self.entries.get_mut(..self.count)?;
        let index = entries.iter().position(|entry| matches(entry.block))?;
        let entry = *entries.get(index)?;
        entries.copy_within(index + 1.., index);
        self.count -= 1;
        self.bytes -= entry.block.length;
        // SAFETY: contract of `keep`: the block is still mapped.
        if !entry.marked.is_null() && unsafe { entry.marked.cast::<u64>().read() } != mark_of(&entry) {
            corrupt("write after free");
        }
        Some(entry)
    }
}

fn mark_of(entry: &Entry) -> u64 {
    keys::mix(entry.marked as usize, entry.block.length as u64)
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

    const MIB: usize = 1 << 20;

    #[test]
    fn the_best_fit_is_taken_and_cut_where_it_is_too_long() {
        let mut kept = Kept::EMPTY;
        for (address, length) in [(1000, 400), (2000, 100), (3000, 130), (4000, 120)] {
            assert_eq!(keep(&mut kept, address, length, 0), []);
        }
        assert_eq!(kept.take(101, 25, Fit::Shortest), Some(Block { address: 4000, length: 120 }));
        assert_eq!(kept.take(101, 25, Fit::Shortest), Some(Block { address: 3000, length: 101 }));
        assert_eq!(kept.take(100, 0, Fit::Shortest), Some(Block { address: 2000, length: 100 }));
        assert_eq!(kept.take(401, usize::MAX, Fit::Shortest), None);
        assert_eq!((kept.count(), kept.bytes), (2, 429));
        assert_eq!(kept.take(29, 0, Fit::Longest), Some(Block { address: 1000, length: 29 }));
        assert_eq!(kept.take(30, 0, Fit::Longest), None, "the rest is left to what grows before it");
        assert_eq!(kept.take(29, 0, Fit::Shortest), Some(Block { address: 3101, length: 29 }));
    }

    #[test]
    fn a_block_grows_into_what_is_kept_behind_it() {
        let mut kept = Kept::EMPTY;
        keep(&mut kept, 1000, 400, 0);
        assert_eq!(kept.take(100, 10, Fit::Shortest), Some(Block { address: 1000, length: 100 }));
        assert_eq!(kept.take_at(1101, 50, 10), None);
        assert_eq!(kept.take_at(1100, 301, 10), None);
        assert_eq!(kept.take_at(1100, 50, 10), Some(Block { address: 1100, length: 60 }));
        assert_eq!(kept.take_at(1160, 235, 10), Some(Block { address: 1160, length: 240 }));
        assert_eq!((kept.count(), kept.bytes), (0, 0));
    }

    #[test]
    fn neighbours_join_up_to_a_limit_and_are_as_old_as_most_of_them() {
        let mut kept = Kept::EMPTY;
        keep(&mut kept, MIB, MIB, 0);
        keep(&mut kept, 4 * MIB, 2 * MIB, 7);
        assert_eq!(kept.count(), 2);
        keep(&mut kept, 2 * MIB, 2 * MIB, 9);
        assert_eq!((kept.count(), kept.bytes), (1, 5 * MIB));
        assert_eq!(kept.expired(AGE_NS + 9), None);
        assert_eq!(kept.expired(AGE_NS + 10), Some(Block { address: MIB, length: 5 * MIB }));
        keep(&mut kept, MIB, BLOCK, 0);
        keep(&mut kept, MIB + BLOCK, MIB, 0);
        assert_eq!(kept.count(), 2);
    }

    #[test]
    fn bytes_and_count_are_bounded_and_the_oldest_go() {
        let mut kept = Kept::EMPTY;
        assert_eq!(keep(&mut kept, 1, BYTES / 2, 0), []);
        assert_eq!(keep(&mut kept, 2, BYTES / 2, 1), []);
        assert_eq!(keep(&mut kept, 3, BYTES / 4, 2), [1]);
        assert_eq!(keep(&mut kept, 4, BYTES, 3), [2, 3]);
        let mut kept = Kept::EMPTY;
        for at in 1..=COUNT {
            assert_eq!(keep(&mut kept, 2 * at, 1, at as u64), []);
        }
        assert_eq!(keep(&mut kept, 999, 1, 99), [2]);
        assert_eq!(kept.count(), COUNT);
    }

    #[test]
    fn what_is_old_expires_in_order() {
        let mut kept = Kept::EMPTY;
        keep(&mut kept, 1, 1, 0);
        keep(&mut kept, 9, 1, 10);
        assert_eq!(kept.expired(AGE_NS), None);
        assert_eq!(kept.expired(AGE_NS + 10).map(|block| block.address), Some(1));
        assert_eq!(kept.expired(AGE_NS + 10), None);
        assert_eq!(kept.expired(AGE_NS + 11).map(|block| block.address), Some(9));
        assert_eq!(kept.expired(u64::MAX), None);
    }
}
