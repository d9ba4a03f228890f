//! One engine for strto*, wcsto*, ato* and scanf: it takes one character at a time, as an input that cannot go back gives them.

/// What a character is worth as a digit of some base up to 36, more than 36 if nothing.
#[inline]
#[must_use]
pub fn digit_value(character: u32) -> u32 {
    match character {
        0x30..=0x39 => character - 0x30,
        0x41..=0x5a => character - 0x41 + 10,
        0x61..=0x7a => character - 0x61 + 10,
        _ => u32::MAX,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Start,
    Signed,
    /// After a first 0, which may begin a prefix.
    Zero,
    /// After the letter of a prefix of this base.
    Prefix(u32),
    Digits,
}

/// Reads an integer (C23 7.24.1.7) character by character. White space before it is the caller's.
#[derive(Clone, Copy, Debug)]
pub struct IntScan {
    base: u32,
    state: State,
    negative: bool,
    overflow: bool,
    magnitude: u64,
    taken: usize,
    used: usize,
}

/// A value, and whether it had to be clamped to the range of its type (`ERANGE`).
pub type Clamped<T> = (T, bool);

impl IntScan {
    /// `base` 0 takes it from the prefix: 0x, 0b, 0. `None` for a base outside 0, 2..=36.
    #[inline]
    #[must_use]
    pub fn new(base: i32) -> Option<Self> {
        let base = u32::try_from(base).ok().filter(|base| *base != 1 && *base <= 36)?;
        Some(Self { base, state: State::Start, negative: false, overflow: false, magnitude: 0, taken: 0, used: 0 })
    }

    /// Takes the character if some number goes on with it.
    #[inline]
    pub fn push(&mut self, character: u32) -> bool {
        let taken = self.step(character);
        self.taken += usize::from(taken);
        if taken && matches!(self.state, State::Zero | State::Digits) {
            self.used = self.taken;
        }
        taken
    }

    #[inline]
    fn step(&mut self, character: u32) -> bool {
        let letter = character | 0x20;
        match self.state {
            State::Digits => self.digit(character),
            State::Start if character == 0x2b || character == 0x2d => {
                self.negative = character == 0x2d;
                self.state = State::Signed;
                true
            }
            State::Start | State::Signed if character == 0x30 && matches!(self.base, 0 | 2 | 16) => {
                self.state = State::Zero;
                true
            }
            State::Start | State::Signed => {
                if self.base == 0 {
                    self.base = 10;
                }
                self.digit(character)
            }
            State::Zero if letter == 0x78 && matches!(self.base, 0 | 16) => {
                self.state = State::Prefix(16);
                true
            }
            State::Zero if letter == 0x62 && matches!(self.base, 0 | 2) => {
                self.state = State::Prefix(2);
                true
            }
            State::Zero => {
                if self.base == 0 {
                    self.base = 8;
                }
                self.digit(character)
            }
            State::Prefix(base) => {
                let digit = digit_value(character) < base;
                if digit {
                    self.base = base;
                }
                digit && self.digit(character)
            }
        }
    }

    #[inline]
    fn digit(&mut self, character: u32) -> bool {
        let digit = digit_value(character);
        if digit >= self.base {
            return false;
        }
        self.state = State::Digits;
        let sum = self.magnitude.checked_mul(self.base.into()).and_then(|m| m.checked_add(digit.into()));
        match sum {
            Some(sum) => self.magnitude = sum,
            None => self.overflow = true,
        }
        true
    }

    /// Takes characters of `text` as far as the number goes.
    #[inline]
    #[must_use]
    pub fn read(mut self, text: impl Iterator<Item: Into<u32>>) -> Self {
        for character in text {
            if !self.push(character.into()) {
                break;
            }
        }
        self
    }

    /// Characters of the longest prefix that is a number; 0 when there is none.
    #[inline]
    #[must_use]
    pub fn used(&self) -> usize {
        self.used
    }

    /// Whether all characters taken make a number: an input that cannot go back fails otherwise (`0x` alone).
    #[inline]
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.used == self.taken && self.used > 0
    }

    /// The number, at the nearest limit where it does not fit.
    #[inline]
    #[must_use]
    pub fn signed(&self) -> Clamped<i64> {
        let limit = i64::MAX as u64 + u64::from(self.negative);
        if self.overflow || self.magnitude > limit {
            return (if self.negative { i64::MIN } else { i64::MAX }, true);
        }
        let value = self.magnitude as i64;
        (if self.negative { value.wrapping_neg() } else { value }, false)
    }

    /// The number; one with a minus sign is negated in the type (C23 7.24.1.7p5).
    #[inline]
    #[must_use]
    pub fn unsigned(&self) -> Clamped<u64> {
        if self.overflow {
            return (u64::MAX, true);
        }
        (if self.negative { self.magnitude.wrapping_neg() } else { self.magnitude }, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(text: &str, base: i32) -> IntScan {
        IntScan::new(base).unwrap().read(text.bytes())
    }

    #[test]
    fn both_ends_of_the_range_are_exact() {
        for (text, value, clamped) in [
            ("9223372036854775807", i64::MAX, false),
            ("9223372036854775808", i64::MAX, true),
            ("-9223372036854775808", i64::MIN, false),
            ("-9223372036854775809", i64::MIN, true),
            ("99999999999999999999999", i64::MAX, true),
        ] {
            assert_eq!(scan(text, 10).signed(), (value, clamped), "{text}");
        }
        assert_eq!(scan("18446744073709551615", 10).unsigned(), (u64::MAX, false));
        assert_eq!(scan("18446744073709551616", 10).unsigned(), (u64::MAX, true));
        assert_eq!(scan("-1", 10).unsigned(), (u64::MAX, false));
    }

    #[test]
    fn a_prefix_counts_only_before_a_digit() {
        for (text, base, value, used) in [
            ("0x1F", 0, 31, 4),
            ("0x1f", 16, 31, 4),
            ("0x", 16, 0, 1),
            ("0xg", 0, 0, 1),
            ("0b101", 0, 5, 5),
            ("0b101", 2, 5, 5),
            ("0b2", 2, 0, 1),
            ("0b", 16, 11, 2),
            ("017", 0, 15, 3),
            ("018", 0, 1, 2),
            ("08", 0, 0, 1),
            ("zz", 36, 35 * 37, 2),
            ("-0x10", 0, -16, 5),
            ("+", 10, 0, 0),
            ("", 10, 0, 0),
            ("0", 0, 0, 1),
            ("00x1", 0, 0, 2),
            ("0123", 16, 0x123, 4),
        ] {
            let number = scan(text, base);
            assert_eq!((number.signed().0, number.used()), (value, used), "{text} {base}");
        }
    }

    #[test]
    fn bases_outside_the_range_are_refused() {
        for base in [-1, 1, 37, i32::MIN, i32::MAX] {
            assert!(IntScan::new(base).is_none());
        }
    }

    #[test]
    fn a_lone_prefix_is_not_complete() {
        assert!(!scan("0x", 16).is_complete());
        assert!(!scan("-", 10).is_complete());
        assert!(scan("0", 16).is_complete());
    }
}
