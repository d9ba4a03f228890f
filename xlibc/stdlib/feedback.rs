//! `random`: an additive feedback generator (Knuth, The Art of Computer Programming 2, 3.2.2) over a state that the program may
//! provide. The first word of a state says which polynomial it uses and where it stands.

/// Degrees and lags of the primitive trinomials that fit states of 8, 32, 64, 128 and 256 bytes; degree 0 is a linear
/// congruential generator in one word.
const KINDS: [(usize, usize); 5] = [(0, 0), (7, 3), (15, 1), (31, 3), (63, 1)];

/// Words of the state that is in use before `initstate`: kind 3.
pub const DEFAULT_WORDS: usize = 32;

/// The kind that fits into this many bytes; `None` below 8.
pub fn kind_for(bytes: usize) -> Option<usize> {
    match bytes {
        0..8 => None,
        8..32 => Some(0),
        32..64 => Some(1),
        64..128 => Some(2),
        128..256 => Some(3),
        _ => Some(4),
    }
}

/// Words of a state of this kind, with its first word.
pub fn words(kind: usize) -> usize {
    KINDS.get(kind).map_or(0, |(degree, _)| 1 + (*degree).max(1))
}

/// The kind that the first word names; `None` for an invalid state.
pub fn kind_of(first: u32) -> Option<usize> {
    let kind = (first % 8) as usize;
    let (degree, _) = KINDS.get(kind)?;
    (((first / 8) as usize) < (*degree).max(1)).then_some(kind)
}

/// Fills a state from a seed. `state` has `words(kind)` words.
pub fn seed(state: &mut [u32], kind: usize, seed: u32) {
    let Some((first, rest)) = state.split_first_mut() else { return };
    *first = kind as u32;
    // A 64-bit congruential generator spreads the seed (multiplier: Knuth's MMIX).
    let mut x = u64::from(seed) ^ 0x5851_F42D_0000_0000;
    for word in rest.iter_mut() {
        x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        *word = (x >> 32) as u32;
    }
    if let Some(word) = rest.first_mut() {
        // An all-even state would stay even.
        *word |= 1;
    }
    // Early numbers still show the seed.
    for _ in 0..10 * rest.len() {
        next(state);
    }
}

/// The next 31 bits.
pub fn next(state: &mut [u32]) -> u32 {
    let Some((first, x)) = state.split_first_mut() else { return 0 };
    let Some(kind) = kind_of(*first) else { return 0 };
    let (degree, lag) = KINDS[kind];
    if degree == 0 {
        let Some(word) = x.first_mut() else { return 0 };
        *word = word.wrapping_mul(1_103_515_245).wrapping_add(12_345);
        return (*word >> 8) << 7 | (*word >> 25);
    }
    let at = (*first / 8) as usize;
    let (Some(lagged), true) = (x.get((at + degree - lag) % degree).copied(), at < x.len()) else { return 0 };
    x[at] = x[at].wrapping_add(lagged);
    let sum = x[at];
    *first = ((at + 1) % degree * 8 + kind) as u32;
    sum >> 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_long_period_and_all_bits() {
        for (kind, bytes) in [(0_usize, 8), (1, 32), (2, 64), (3, 128), (4, 256)] {
            assert_eq!((kind_for(bytes), kind_for(bytes - 1)), (Some(kind), kind.checked_sub(1)));
            assert!(4 * words(kind) <= bytes);
            let mut state = vec![0; words(kind)];
            seed(&mut state, kind, 1);
            let start = state.clone();
            let mut bits = 0;
            for _ in 0..100_000 {
                bits |= next(&mut state);
                assert_ne!(state[1..], start[1..], "kind {kind}");
            }
            assert_eq!(bits, 0x7fff_ffff);
        }
    }

    #[test]
    fn a_word_that_is_no_state_is_refused() {
        assert_eq!((kind_of(5), kind_of(7 * 8 + 1), kind_of(6 * 8 + 1)), (None, None, Some(1)));
    }
}
