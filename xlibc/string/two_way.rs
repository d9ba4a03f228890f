//! Two-way string matching (Crochemore and Perrin, 1991): linear time, no memory beyond a few numbers. For elements that the
//! vectorised search of bytes does not cover: wide characters, and bytes without regard to case.
#![forbid(unsafe_code)]

use core::cmp::Ordering;

/// Index of the first occurrence of `needle`; elements are equal if `fold` makes them so.
pub fn find<T: Copy, U: Ord>(haystack: &[T], needle: &[T], fold: impl Fn(T) -> U) -> Option<usize> {
    let at = |text: &[T], index: usize| text.get(index).copied().map(&fold);
    let last = haystack.len().checked_sub(needle.len())?;
    let (split, period) = split(needle.len(), |i, j| at(needle, i).cmp(&at(needle, j)));
    let repeats = (0..split).all(|i| at(needle, i) == at(needle, i + period));
    // Where the needle does not repeat, a mismatch on the left allows a longer step and nothing need be remembered.
    let step = if repeats { period } else { split.max(needle.len() - split) + 1 };
    let (mut place, mut known) = (0, 0);
    while place <= last {
        let right = (split.max(known)..needle.len()).find(|i| at(needle, *i) != at(haystack, place + i));
        if let Some(mismatch) = right {
            place += mismatch - split + 1;
            known = 0;
            continue;
        }
        if (known..split).rev().all(|i| at(needle, i) == at(haystack, place + i)) {
            return Some(place);
        }
        place += step;
        known = if repeats { needle.len() - period } else { 0 };
    }
    None
}

/// A critical split of a text of `n` elements and the period of what follows it.
fn split(n: usize, compare: impl Fn(usize, usize) -> Ordering) -> (usize, usize) {
    let up = largest_suffix(n, &compare);
    let down = largest_suffix(n, |i, j| compare(j, i));
    if up.0 > down.0 { up } else { down }
}

/// Start and period of the suffix that is the largest in the order given.
fn largest_suffix(n: usize, compare: impl Fn(usize, usize) -> Ordering) -> (usize, usize) {
    let (mut start, mut period) = (0, 1);
    let (mut candidate, mut offset) = (1, 0);
    while candidate + offset < n {
        match compare(candidate + offset, start + offset) {
            Ordering::Less => {
                candidate += offset + 1;
                offset = 0;
                period = candidate - start;
            }
            Ordering::Equal if offset + 1 == period => {
                candidate += period;
                offset = 0;
            }
            Ordering::Equal => offset += 1,
            Ordering::Greater => {
                start = candidate;
                candidate += 1;
                offset = 0;
                period = 1;
            }
        }
    }
    (start, period)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn edges() {
        for (haystack, needle, place) in [
            ("", "", Some(0)),
            ("a", "", Some(0)),
            ("", "a", None),
            ("abc", "abcd", None),
            ("abc", "c", Some(2)),
            ("aaaab", "aab", Some(2)),
            ("abababac", "ababac", Some(2)),
            ("xABCy", "abc", Some(1)),
        ] {
            assert_eq!(
                find(haystack.as_bytes(), needle.as_bytes(), |b| b.to_ascii_lowercase()),
                place,
                "{haystack} {needle}"
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]
        #[test]
        fn agrees_with_windows(haystack in proptest::collection::vec(0..3u8, 0..60), needle in proptest::collection::vec(0..3u8, 1..9)) {
            let expected = haystack.windows(needle.len()).position(|window| window == needle);
            assert_eq!(find(&haystack, &needle, |b| b), expected);
        }
    }
}
