//! Record locks of one file as POSIX.1-2024 `fcntl` has them (one owner, ranges that split and replace each other) on top of
//! locks of Windows, which must be given back exactly as they were taken.

use alloc::vec::Vec;

/// A lock that Windows granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// First byte.
    pub start: u64,
    /// End, at most [`END`].
    pub end: u64,
    /// Write lock, else read lock.
    pub exclusive: bool,
}

/// The end of ranges that reach to the end of the file: offsets are below it, and twice it fits Windows' signed offsets.
pub const END: u64 = (1 << 62) - 1;

/// What changes when a range is set to another state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Locks that reach into the range: to be given back.
    pub release: Vec<Held>,
    /// Their parts outside the range: to be taken again.
    pub again: Vec<Held>,
}

/// How to free the range of locks.
#[must_use]
pub fn plan(held: &[Held], start: u64, end: u64) -> Plan {
    let mut plan = Plan::default();
    for lock in held.iter().filter(|lock| lock.start < end && start < lock.end) {
        plan.release.push(*lock);
        if lock.start < start {
            plan.again.push(Held { end: start, ..*lock });
        }
        if end < lock.end {
            plan.again.push(Held { start: end, ..*lock });
        }
    }
    plan
}

/// Parts of the range that no lock of ours covers.
#[must_use]
pub fn gaps(held: &[Held], start: u64, end: u64) -> Vec<(u64, u64)> {
    let mut locks: Vec<_> = held.iter().filter(|lock| lock.start < end && start < lock.end).collect();
    locks.sort_by_key(|lock| lock.start);
    let mut gaps = Vec::new();
    let mut at = start;
    for lock in locks {
        if at < lock.start {
            gaps.push((at, lock.start));
        }
        at = at.max(lock.end);
    }
    if at < end {
        gaps.push((at, end));
    }
    gaps
}

/// Start and end of a request; `None` when it is out of range. A negative length counts backwards, 0 is to the end.
#[must_use]
pub fn range(start: i64, length: i64) -> Option<(u64, u64)> {
    let (first, end) = match length {
        0 => (start, END as i64),
        1.. => (start, start.checked_add(length)?.min(END as i64)),
        _ => (start.checked_add(length)?, start),
    };
    let (first, end) = (u64::try_from(first).ok()?, u64::try_from(end).ok()?);
    (first < end && first < END).then_some((first, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn held(start: u64, end: u64, exclusive: bool) -> Held {
        Held { start, end, exclusive }
    }

    #[test]
    fn a_hole_in_a_lock_leaves_two() {
        let locks = [held(0, 10, true), held(20, 30, false), held(30, 40, true)];
        let made = plan(&locks, 3, 5);
        assert_eq!(made.release, [held(0, 10, true)]);
        assert_eq!(made.again, [held(0, 3, true), held(5, 10, true)]);
        let made = plan(&locks, 5, 35);
        assert_eq!(made.release, locks);
        assert_eq!(made.again, [held(0, 5, true), held(35, 40, true)]);
        assert_eq!(plan(&locks, 10, 20), Plan::default());
        assert_eq!(plan(&locks, 0, END).again, []);
    }

    #[test]
    fn gaps_are_what_is_not_ours() {
        let locks = [held(20, 30, false), held(0, 10, true)];
        assert_eq!(gaps(&locks, 5, 40), [(10, 20), (30, 40)]);
        assert_eq!(gaps(&locks, 0, 10), []);
        assert_eq!(gaps(&[], 1, 2), [(1, 2)]);
    }

    #[test]
    fn lengths_count_both_ways() {
        assert_eq!(range(5, 0), Some((5, END)));
        assert_eq!(range(5, 3), Some((5, 8)));
        assert_eq!(range(5, -3), Some((2, 5)));
        assert_eq!(range(5, -6), None);
        assert_eq!(range(-1, 0), None);
        assert_eq!(range(i64::MAX, 0), None);
        assert_eq!(range(1, i64::MAX), None);
        assert_eq!(range(0, i64::MAX), Some((0, END)));
    }
}
