//! How a wait with a deadline is cut into waits of Windows, which end at a tick of the system's clock.

/// A tick, when nobody has asked for shorter ones.
const TICK_NS: u64 = 15_625_000;
/// The end of a long wait: after the first part, which is up to a tick late, there is time for another.
const END_NS: u64 = 2 * TICK_NS;

/// One wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// How long.
    pub ns: u64,
    /// Ticks have to be shorter meanwhile.
    pub fine: bool,
}

/// The next wait towards a deadline: a long one first, for which Windows' own ticks do, then its end with short ticks. So a program
/// that waits for minutes costs no more than others, and none is late.
#[must_use]
pub const fn step(left_ns: u64) -> Step {
    if left_ns > END_NS + TICK_NS {
        Step { ns: left_ns - END_NS, fine: false }
    } else {
        Step { ns: left_ns, fine: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;

    #[test]
    fn short_waits_are_fine_from_the_start() {
        for ns in [0, 1, 999, MS, 10 * MS, END_NS, END_NS + TICK_NS] {
            assert_eq!(step(ns), Step { ns, fine: true });
        }
    }

    #[test]
    fn long_waits_are_fine_at_the_end_only() {
        for ns in [END_NS + TICK_NS + 1, 50 * MS, 1000 * MS, 86_400_000 * MS, u64::MAX] {
            let first = step(ns);
            assert!(!first.fine);
            // However late in its tick it ends, the deadline is still ahead, and the next step is the last.
            for late in [0, 1, TICK_NS - 1, TICK_NS] {
                let left = ns - first.ns - late;
                assert!(left >= TICK_NS);
                assert_eq!(step(left), Step { ns: left, fine: true });
            }
        }
    }
}
