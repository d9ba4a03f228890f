//! When to ask again for what somebody else keeps for a moment.

/// Milliseconds to wait before each new try: 1, 2, 4 and so on up to 64, about a second in all.
///
/// Virus scanners and indexers hold a fresh file for a few milliseconds as a rule, so the first pauses are short; a machine
/// under load makes them hundreds.
#[derive(Clone, Debug)]
pub struct Pauses {
    next: u32,
    left: u32,
}

/// All pauses together.
pub const TOTAL_MS: u32 = 1000;
/// Past the point where a file is free, the wait is at most this much longer.
const LONGEST_MS: u32 = 64;

impl Pauses {
    /// None yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { next: 1, left: TOTAL_MS }
    }
}

impl Default for Pauses {
    fn default() -> Self {
        Self::new()
    }
}

impl Iterator for Pauses {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let pause = self.next.min(self.left);
        self.left -= pause;
        self.next = (self.next * 2).min(LONGEST_MS);
        (pause > 0).then_some(pause)
    }
}

/// Pauses between looks at what nobody tells a change of: short at first, as an answer often comes at once, and never long.
#[derive(Clone, Debug)]
pub struct Looks {
    next_ns: u64,
}

impl Looks {
    const FIRST_NS: u64 = 250_000;
    const LONGEST_NS: u64 = 8_000_000;

    /// None yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { next_ns: Self::FIRST_NS }
    }

    /// The next pause.
    pub const fn next_ns(&mut self) -> u64 {
        let pause = self.next_ns;
        self.next_ns = if pause < Self::LONGEST_NS { pause * 2 } else { pause };
        pause
    }
}

impl Default for Looks {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn looks_become_rarer_up_to_a_limit() {
        let mut looks = Looks::new();
        let pauses: Vec<u64> = (0..8).map(|_| looks.next_ns() / 1000).collect();
        assert_eq!(pauses, [250, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
    }

    use super::*;
    use std::vec::Vec;

    #[test]
    fn pauses_double_up_to_the_longest_and_make_a_second() {
        let pauses: Vec<u32> = Pauses::new().collect();
        assert_eq!(pauses[..8], [1, 2, 4, 8, 16, 32, 64, 64]);
        assert_eq!(pauses.iter().sum::<u32>(), TOTAL_MS);
        assert!(pauses.iter().all(|pause| (1..=LONGEST_MS).contains(pause)));
        assert!(pauses.len() < 24);
    }

    #[test]
    fn none_follows_the_last() {
        let mut pauses = Pauses::new();
        while pauses.next().is_some() {}
        assert_eq!(pauses.next(), None);
    }
}
