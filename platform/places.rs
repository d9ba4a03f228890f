//! Where in the address space memory is asked for: hosts put what may lie anywhere side by side, so that one address tells all
//! others.

use core::sync::atomic::{AtomicUsize, Ordering};

/// Random places lie from here on, apart from where hosts put things,
const LOWEST: u64 = 1 << 44;
/// in this range: 30 random bits in the steps below.
const RANGE: u64 = 1 << 46;
/// What every host can map at.
const STEP: u64 = 64 << 10;

/// The place that a random word stands for.
#[must_use]
pub const fn random_place(word: u64) -> usize {
    (LOWEST + word % RANGE / STEP * STEP) as usize
}

/// Addresses that are used from a random one downwards, for memory of one kind.
#[derive(Debug, Default)]
pub struct Places {
    /// What was handed out ends here. 0: not chosen yet.
    end: AtomicUsize,
}

/// The host's own choice is to be taken.
const NO_PLACE: usize = 1;

impl Places {
    /// A run of addresses that is chosen when it is used first.
    #[must_use]
    pub const fn new() -> Self {
        Self { end: AtomicUsize::new(0) }
    }

    /// Where to ask for `length` bytes: a number of whole pages. `random` chooses the first place; 0 leaves all to the host.
    pub fn ask(&self, length: usize, random: impl FnOnce() -> usize) -> usize {
        let end = match self.end.load(Ordering::Relaxed) {
            0 => {
                let chosen = random().max(NO_PLACE);
                // Of two first users one chooses.
                match self.end.compare_exchange(0, chosen, Ordering::Relaxed, Ordering::Relaxed) {
                    Ok(_) => chosen,
                    Err(other) => other,
                }
            }
            end => end,
        };
        end.saturating_sub(length)
    }

    /// `length` bytes were asked for at `asked` and given at `given`.
    pub fn taken(&self, asked: usize, given: usize, length: usize) {
        // Where something else lies there by now, the next one is at a new place.
        let next = if given == asked { given } else { 0 };
        if asked != 0 {
            let _ = self.end.compare_exchange(asked + length, next, Ordering::Relaxed, Ordering::Relaxed);
        }
    }

    /// Bytes that were given are free again: the last ones are used again.
    pub fn freed(&self, address: usize, length: usize) {
        let end = address.wrapping_add(length);
        let _ = self.end.compare_exchange(address, end, Ordering::Relaxed, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_places_stay_in_their_range() {
        assert_eq!(random_place(0), 1 << 44);
        assert_eq!(random_place(0x1_2345), (1 << 44) + 0x1_0000);
        assert_eq!(random_place(RANGE - 1), (5 << 44) - 0x1_0000);
        assert_eq!(random_place(u64::MAX), (5 << 44) - 0x1_0000);
    }

    #[test]
    fn places_go_down_from_the_first() {
        let places = Places::new();
        assert_eq!(places.ask(0x1000, || 0x10_0000), 0xf_f000);
        places.taken(0xf_f000, 0xf_f000, 0x1000);
        assert_eq!(places.ask(0x2000, || unreachable!()), 0xf_d000);
        places.taken(0xf_d000, 0xf_d000, 0x2000);
        // Only the lowest comes back.
        places.freed(0xf_f000, 0x1000);
        assert_eq!(places.ask(0x1000, || unreachable!()), 0xf_c000);
        places.freed(0xf_d000, 0x2000);
        assert_eq!(places.ask(0x1000, || unreachable!()), 0xf_e000);
    }

    #[test]
    fn an_occupied_place_leads_to_a_new_one() {
        let places = Places::new();
        let asked = places.ask(0x1000, || 0x10_0000);
        places.taken(asked, 0x5000, 0x1000);
        assert_eq!(places.ask(0x1000, || 0x20_0000), 0x1f_f000);
    }

    #[test]
    fn without_randomness_the_host_chooses() {
        let places = Places::new();
        assert_eq!(places.ask(0x1000, || 0), 0);
        places.taken(0, 0x5000, 0x1000);
        assert_eq!(places.ask(0x1000, || unreachable!()), 0);
    }
}
