//! `strverscmp`: the order of version numbers in names, as glibc's manual defines it.
#![forbid(unsafe_code)]

use core::cmp::Ordering;

/// Compares as bytes, except that where both have digits, those compare as a number. Digits that begin with a zero are a fraction: the
/// one with more leading zeros comes first. `000 < 00 < 01 < 010 < 09 < 0 < 1 < 9 < 10`.
pub fn compare(mut a: impl Iterator<Item = u8> + Clone, mut b: impl Iterator<Item = u8> + Clone) -> Ordering {
    /// The equal digits right before the first difference.
    #[derive(Clone, Copy, PartialEq)]
    enum Run {
        None,
        Zeros,
        Fraction,
        Integer,
    }
    let digit = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_digit());
    let mut run = Run::None;
    loop {
        let (x, y) = (a.next(), b.next());
        if x != y {
            return match run {
                // Nothing but zeros so far: what goes on with digits is the smaller fraction.
                Run::Zeros if digit(x) != digit(y) => digit(y).cmp(&digit(x)),
                Run::Zeros | Run::Fraction => x.cmp(&y),
                // A number that begins here with a zero is a fraction: bytes decide.
                Run::None if !digit(x) || !digit(y) || x == Some(b'0') || y == Some(b'0') => x.cmp(&y),
                Run::None | Run::Integer => longer(digit(x), digit(y), a, b).then(x.cmp(&y)),
            };
        }
        run = match (x, run) {
            (None, _) => return Ordering::Equal,
            (Some(b'0'), Run::None | Run::Zeros) => Run::Zeros,
            (Some(b'0'..=b'9'), Run::None | Run::Integer) => Run::Integer,
            (Some(b'0'..=b'9'), Run::Zeros | Run::Fraction) => Run::Fraction,
            (Some(_), _) => Run::None,
        };
    }
}

/// Which run of digits is longer; `x` and `y` say whether the first byte of each, taken already, is a digit.
fn longer(x: bool, y: bool, a: impl Iterator<Item = u8>, b: impl Iterator<Item = u8>) -> Ordering {
    fn digits(text: impl Iterator<Item = u8>) -> usize {
        text.take_while(u8::is_ascii_digit).count()
    }
    if x && y { digits(a).cmp(&digits(b)) } else { x.cmp(&y) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_of_the_manual() {
        let ascending = ["000", "00", "01", "010", "09", "0", "1", "9", "10"];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(compare(a.bytes(), b.bytes()), i.cmp(&j), "{a} {b}");
            }
        }
        for (a, b) in [
            ("jan1", "jan10"),
            ("jan9", "jan10"),
            ("a", "b"),
            ("", "a"),
            ("1.2.9", "1.2.10"),
            ("item#99", "item#100"),
            ("alpha1", "alpha001a_"),
            ("part1_f012", "part1_f01"),
            ("foo.009", "foo.0"),
            ("a0", "a12"),
            ("a02", "a10"),
            ("a", "a0"),
        ] {
            let swapped = a == "alpha1" || a == "part1_f012";
            let expected = if swapped { Ordering::Greater } else { Ordering::Less };
            assert_eq!(compare(a.bytes(), b.bytes()), expected, "{a} {b}");
            assert_eq!(compare(b.bytes(), a.bytes()), expected.reverse(), "{b} {a}");
        }
    }
}
