//! Which pages are mapped, and from which allocation: Windows gives memory back by whole allocations only, so parts that
//! the guest unmaps are remembered until nothing of the allocation is left.

use core::ops::{Deref, DerefMut, Range};

/// What an allocation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `VirtualAlloc`.
    Anonymous,
    /// `VirtualAlloc`, each page committed when it is first used, with this `PROT_*`.
    OnDemand(u32),
    /// A view of a file, private to the process (copy on write).
    PrivateView,
    /// A view of a file, shared.
    SharedView,
}

impl Kind {
    /// Whether it is a file's, of which Windows replaces and moves no parts.
    #[must_use]
    pub const fn is_view(self) -> bool {
        matches!(self, Self::PrivateView | Self::SharedView)
    }
}

/// Mapped pages of one allocation, without a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// First address.
    pub start: usize,
    /// End address.
    pub end: usize,
    /// Address of the allocation: not above `start`.
    pub base: usize,
    /// What the allocation is.
    pub kind: Kind,
}

/// Storage of the table. The real one must not use the loader's heap, which itself asks for mappings.
pub trait List: Deref<Target = [Run]> + DerefMut {
    /// Puts a run at this index; false when there is no room.
    fn insert(&mut self, at: usize, run: Run) -> bool;
    /// Takes the run at this index out.
    fn remove(&mut self, at: usize);
    /// True when two more runs fit.
    fn has_room(&mut self) -> bool;
}

/// The table: runs in order of address.
pub struct Runs<L>(pub L);

impl<L: List> Runs<L> {
    /// Index of the first run that ends after `address`.
    fn first_after(&self, address: usize) -> usize {
        self.0.partition_point(|run| run.end <= address)
    }

    /// Adds pages that are not mapped yet; false without room.
    pub fn add(&mut self, mut run: Run) -> bool {
        let at = self.first_after(run.start);
        if let Some(after) = self.0.get(at).copied()
            && (run.end, run.base, run.kind) == (after.start, after.base, after.kind)
        {
            run.end = after.end;
            self.0.remove(at);
        }
        if let Some(before) = at.checked_sub(1).and_then(|at| self.0.get_mut(at))
            && (before.end, before.base, before.kind) == (run.start, run.base, run.kind)
        {
            before.end = run.end;
            return true;
        }
        self.0.insert(at, run)
    }

    /// Gives the pages of a range this protection where they come on demand; false without room for that.
    pub fn set_demanded(&mut self, range: Range<usize>, protection: u32) -> bool {
        let mut at = range.start;
        while let Some(run) = self.first_in(at..range.end) {
            at = run.end;
            let kind = Kind::OnDemand(protection);
            if !matches!(run.kind, Kind::OnDemand(_)) || run.kind == kind {
                continue;
            }
            if !self.has_room() {
                return false;
            }
            self.take_first(run.start..run.end);
            self.add(Run { kind, ..run });
        }
        true
    }

    /// Pages around `address` that come on demand, and their protection: those of its block of `block` bytes.
    pub fn demanded(&self, address: usize, block: usize) -> Option<(Range<usize>, u32)> {
        let start = address - address % block;
        let run = self.first_in(address..address.checked_add(1)?)?;
        let Kind::OnDemand(protection) = run.kind else { return None };
        let whole = self.0.get(self.first_after(address))?;
        Some((whole.start.max(start)..whole.end.min(start.saturating_add(block)), protection))
    }

    /// True when another piece can be taken out or put in for sure.
    pub fn has_room(&mut self) -> bool {
        self.0.has_room()
    }

    /// The first run that has pages in the range, cut to it.
    pub fn first_in(&self, range: Range<usize>) -> Option<Run> {
        let run = *self.0.get(self.first_after(range.start))?;
        (run.start < range.end && !range.is_empty()).then_some(Run {
            start: run.start.max(range.start),
            end: run.end.min(range.end),
            ..run
        })
    }

    /// Takes the first mapped piece of the range out of the table.
    pub fn take_first(&mut self, range: Range<usize>) -> Option<Run> {
        let at = self.first_after(range.start);
        let run = *self.0.get(at)?;
        if run.start >= range.end || range.is_empty() {
            return None;
        }
        let piece = Run { start: run.start.max(range.start), end: run.end.min(range.end), ..run };
        match (run.start < piece.start, piece.end < run.end) {
            (false, false) => self.0.remove(at),
            (true, false) => self.0[at].end = piece.start,
            (false, true) => self.0[at].start = piece.end,
            (true, true) => {
                self.0[at].end = piece.start;
                let _room_was_checked = self.0.insert(at + 1, Run { start: piece.end, ..run });
            }
        }
        Some(piece)
    }

    /// Whether pages of the allocation are left.
    pub fn has_base(&self, base: usize) -> bool {
        self.0.get(self.0.partition_point(|run| run.start < base)).is_some_and(|run| run.base == base)
    }

    /// Whether something is mapped at the address.
    pub fn has(&self, address: usize) -> bool {
        self.0.get(self.first_after(address)).is_some_and(|run| run.start <= address)
    }

    /// Whether every page of the range is mapped.
    pub fn covers(&self, range: Range<usize>) -> bool {
        let mut at = range.start;
        for run in self.0.iter().skip(self.first_after(range.start)) {
            if run.start > at || at >= range.end {
                break;
            }
            at = run.end;
        }
        at >= range.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    impl List for Vec<Run> {
        fn insert(&mut self, at: usize, run: Run) -> bool {
            Vec::insert(self, at, run);
            true
        }
        fn remove(&mut self, at: usize) {
            Vec::remove(self, at);
        }
        fn has_room(&mut self) -> bool {
            true
        }
    }

    fn run(start: usize, end: usize, base: usize) -> Run {
        Run { start, end, base, kind: Kind::Anonymous }
    }

    #[test]
    fn holes_split_a_run_and_the_last_piece_frees_the_base() {
        let mut runs = Runs(Vec::new());
        assert!(runs.add(run(100, 200, 100)));
        assert!(runs.covers(100..200));
        assert!(!runs.covers(100..201));
        assert_eq!(runs.take_first(120..140), Some(run(120, 140, 100)));
        assert_eq!(runs.take_first(120..140), None);
        assert!(!runs.covers(100..200));
        assert!(runs.covers(140..200));
        for (address, there) in [(99, false), (100, true), (119, true), (120, false), (140, true), (200, false)] {
            assert_eq!(runs.has(address), there, "{address}");
        }
        assert_eq!(runs.take_first(0..130), Some(run(100, 120, 100)));
        assert!(runs.has_base(100));
        assert_eq!(runs.take_first(150..1000), Some(run(150, 200, 100)));
        assert_eq!(runs.take_first(0..1000), Some(run(140, 150, 100)));
        assert!(!runs.has_base(100));
    }

    #[test]
    fn neighbours_of_one_allocation_join_and_others_do_not() {
        let mut runs = Runs(Vec::new());
        runs.add(run(100, 110, 100));
        runs.add(run(110, 120, 100));
        runs.add(run(120, 130, 120));
        assert_eq!(*runs.0, [run(100, 120, 100), run(120, 130, 120)]);
        assert!(runs.covers(105..125));
        assert!(runs.has_base(120));
        runs.take_first(105..110);
        runs.add(run(105, 110, 100));
        assert_eq!(*runs.0, [run(100, 120, 100), run(120, 130, 120)]);
        assert_eq!(runs.first_in(0..500), Some(run(100, 120, 100)));
        assert_eq!(runs.first_in(118..121), Some(run(118, 120, 100)));
        assert_eq!(runs.first_in(130..500), None);
        assert_eq!(runs.first_in(110..110), None);
        assert_eq!(runs.take_first(110..110), None);
    }

    #[test]
    fn pages_on_demand_are_given_by_blocks_within_like_pages() {
        let demand = |start, end, protection| Run { kind: Kind::OnDemand(protection), ..run(start, end, 100) };
        let mut runs = Runs(Vec::new());
        runs.add(demand(100, 200, 3));
        runs.add(run(200, 220, 200));
        assert_eq!(runs.demanded(150, 16), Some((144..160, 3)));
        assert_eq!(runs.demanded(100, 64), Some((100..128, 3)));
        assert_eq!(runs.demanded(199, 64), Some((192..200, 3)));
        for outside in [0, 99, 200, 210, 220, usize::MAX] {
            assert_eq!(runs.demanded(outside, 64), None, "{outside}");
        }
        assert!(runs.set_demanded(145..150, 1));
        assert_eq!(*runs.0, [demand(100, 145, 3), demand(145, 150, 1), demand(150, 200, 3), run(200, 220, 200)]);
        assert_eq!(runs.demanded(144, 16), Some((144..145, 3)));
        assert_eq!(runs.demanded(145, 16), Some((145..150, 1)));
        assert_eq!(runs.demanded(155, 16), Some((150..160, 3)));
        assert!(runs.set_demanded(0..500, 3));
        assert_eq!(*runs.0, [demand(100, 200, 3), run(200, 220, 200)]);
        assert!(runs.set_demanded(100..200, 0));
        assert_eq!(*runs.0, [demand(100, 200, 0), run(200, 220, 200)]);
    }
}
