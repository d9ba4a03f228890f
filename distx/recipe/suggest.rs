//! Which known name a person meant.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Longer names are not compared: a slip of the fingers is seen in short ones, and the work grows with the square.
const LONGEST: usize = 200;

/// The candidate that is nearest to `name`, if one is near enough to be what was meant: at most a third of its letters differ.
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (name.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `; did you mean "NAME"?`, or nothing.
pub fn hint<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    closest(name, candidates).map(|name| format!("; did you mean {name:?}?")).unwrap_or_default()
}

/// Letters to insert, remove, replace or swap with their neighbour (optimal string alignment); without regard to case.
fn distance(a: &str, b: &str) -> usize {
    let letters = |text: &str| text.chars().map(|c| c.to_ascii_lowercase()).collect::<Vec<_>>();
    let (a, b) = (letters(a), letters(b));
    if a.len().max(b.len()) > LONGEST {
        return usize::MAX;
    }
    let mut before = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for (j, y) in b.iter().enumerate() {
            let mut least = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                let swapped: &Vec<usize> = &before;
                least = least.min(swapped[j - 1] + 1);
            }
            row.push(least);
        }
        before = core::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_inserted_removed_replaced_or_swapped_count_one() {
        for (a, b, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("inputs", "input", 1),
            ("inptus", "inputs", 1),
            ("exec", "exex", 1),
            ("ARCH", "arch", 0),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
            assert_eq!(distance(b, a), expected, "{b} {a}");
        }
    }

    #[test]
    fn only_a_near_name_is_suggested() {
        let keys = ["exec", "targets", "inputs", "outputs", "make-deps", "env"];
        assert_eq!(closest("make_deps", keys), Some("make-deps"));
        assert_eq!(closest("Input", keys), Some("inputs"));
        assert_eq!(closest("cmd", keys), None);
        assert_eq!(hint("target", keys), "; did you mean \"targets\"?");
        assert_eq!(hint(&"x".repeat(1000), keys), "");
    }
}
