//! Floating numbers of strto*, wcsto* and scanf, character by character (C23 7.24.1.5). The decimal point is a full stop in
//! every locale we have.

use super::decimal::{round_decimal, round_short};
use super::float::{F32, F64, Format, Rounded};
use super::parse_int::{IntScan, digit_value};
use super::print_int::Digits;

/// Digits kept for `float` and `double`: the longest midpoint has 767.
pub const DIGITS_DOUBLE: usize = 800;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Start,
    Signed,
    /// After a first 0.
    Zero,
    Integer,
    Fraction,
    ExponentMark,
    ExponentSign,
    Exponent,
    /// That many characters into "infinity".
    Infinity(usize),
    /// That many characters into "nan".
    Nan(usize),
    /// Within the parentheses after "nan".
    Payload,
    Done,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Number,
    Infinite,
    Nan,
}

/// Reads a floating number character by character. White space before it is the caller's.
///
/// `DIGITS` significant digits are kept, what follows them only as "more than nothing".
#[derive(Clone, Debug)]
pub struct FloatScan<const DIGITS: usize> {
    state: State,
    kind: Kind,
    negative: bool,
    hexadecimal: bool,
    /// A digit was seen, be it 0.
    any: bool,
    sticky: bool,
    digits: [u8; DIGITS],
    count: usize,
    /// Hexadecimal digits as a number.
    significand: u128,
    /// Power of ten, or of two, that the digits are scaled by.
    scale: i64,
    exponent: i64,
    exponent_negative: bool,
    payload: Option<IntScan>,
    payload_value: u64,
    taken: usize,
    used: usize,
}

impl<const DIGITS: usize> Default for FloatScan<DIGITS> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const DIGITS: usize> FloatScan<DIGITS> {
    /// Nothing read yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            state: State::Start,
            kind: Kind::Number,
            negative: false,
            hexadecimal: false,
            any: false,
            sticky: false,
            digits: [0; DIGITS],
            count: 0,
            significand: 0,
            scale: 0,
            exponent: 0,
            exponent_negative: false,
            payload: None,
            payload_value: 0,
            taken: 0,
            used: 0,
        }
    }

    /// Takes the character if some number goes on with it.
    #[inline]
    pub fn push(&mut self, character: u32) -> bool {
        let taken = self.step(character);
        if taken {
            self.taken += 1;
            let valid = match self.state {
                State::Zero | State::Integer | State::Fraction => self.any,
                State::Exponent | State::Infinity(3 | 8) | State::Nan(3) | State::Done => true,
                _ => false,
            };
            if valid {
                self.used = self.taken;
            }
        }
        taken
    }

    fn step(&mut self, character: u32) -> bool {
        let byte = u8::try_from(character).ok().filter(u8::is_ascii).unwrap_or(0);
        match self.state {
            State::Start if matches!(byte, b'+' | b'-') => {
                self.negative = byte == b'-';
                self.go(State::Signed)
            }
            State::Start | State::Signed => match byte.to_ascii_lowercase() {
                b'0' => {
                    self.any = true;
                    self.go(State::Zero)
                }
                b'i' => self.go(State::Infinity(1)),
                b'n' => self.go(State::Nan(1)),
                _ => self.number(byte),
            },
            State::Zero if matches!(byte, b'x' | b'X') => {
                self.hexadecimal = true;
                self.any = false;
                self.go(State::Integer)
            }
            State::Zero | State::Integer | State::Fraction => self.number(byte),
            State::ExponentMark if matches!(byte, b'+' | b'-') => {
                self.exponent_negative = byte == b'-';
                self.go(State::ExponentSign)
            }
            State::ExponentMark | State::ExponentSign | State::Exponent => {
                if !byte.is_ascii_digit() {
                    return false;
                }
                // Larger than the length of any string can make up for.
                self.exponent = (self.exponent * 10 + i64::from(byte - b'0')).min(1 << 56);
                self.go(State::Exponent)
            }
            State::Infinity(at) => {
                let goes_on = b"infinity".get(at) == Some(&byte.to_ascii_lowercase());
                if goes_on && at == 2 {
                    self.kind = Kind::Infinite;
                }
                goes_on && self.go(State::Infinity(at + 1))
            }
            State::Nan(3) => {
                byte == b'(' && {
                    self.payload = IntScan::new(0);
                    self.go(State::Payload)
                }
            }
            State::Nan(at) => {
                let goes_on = b"nan".get(at) == Some(&byte.to_ascii_lowercase());
                if goes_on && at == 2 {
                    self.kind = Kind::Nan;
                }
                goes_on && self.go(State::Nan(at + 1))
            }
            State::Payload => self.payload(byte),
            State::Done => false,
        }
    }

    fn go(&mut self, state: State) -> bool {
        self.state = state;
        true
    }

    #[inline]
    fn number(&mut self, byte: u8) -> bool {
        let fraction = self.state == State::Fraction;
        match byte {
            b'0'..=b'9' => self.digit(byte, fraction),
            b'a'..=b'f' | b'A'..=b'F' if self.hexadecimal => self.digit(byte, fraction),
            b'.' if !fraction => self.go(State::Fraction),
            b'e' | b'E' if self.any && !self.hexadecimal => self.go(State::ExponentMark),
            b'p' | b'P' if self.any && self.hexadecimal => self.go(State::ExponentMark),
            _ => false,
        }
    }

    #[inline]
    fn digit(&mut self, byte: u8, fraction: bool) -> bool {
        self.any = true;
        let power = if self.hexadecimal { 4 } else { 1 };
        let kept = if self.hexadecimal {
            let digit = digit_value(byte.into());
            let room = self.significand >> 120 == 0;
            if room {
                self.significand = self.significand << 4 | u128::from(digit);
            } else {
                self.sticky |= digit != 0;
            }
            room
        } else if self.count == 0 && byte == b'0' {
            // Zeros before the first digit only move the point.
            true
        } else if let Some(place) = self.digits.get_mut(self.count) {
            *place = byte;
            self.count += 1;
            true
        } else {
            self.sticky |= byte != b'0';
            false
        };
        match (kept, fraction) {
            (true, true) => self.scale -= power,
            (false, false) => self.scale += power,
            _ => {}
        }
        if !fraction {
            self.state = State::Integer;
        }
        true
    }

    /// The n-char-sequence: a number in C's notation becomes the payload, anything else means none.
    fn payload(&mut self, byte: u8) -> bool {
        if byte == b')' {
            self.payload_value = self.payload.filter(IntScan::is_complete).map_or(0, |number| number.unsigned().0);
            return self.go(State::Done);
        }
        if !byte.is_ascii_alphanumeric() && byte != b'_' {
            return false;
        }
        if let Some(number) = &mut self.payload
            && (matches!(byte, b'+' | b'-') || !number.push(byte.into()))
        {
            self.payload = None;
        }
        true
    }

    /// Takes characters of `text` as far as the number goes.
    #[must_use]
    pub fn read(mut self, text: impl Iterator<Item: Into<u32>>) -> Self {
        self.take(text);
        self
    }

    /// The same in place.
    #[inline]
    pub fn take(&mut self, text: impl Iterator<Item: Into<u32>>) {
        for character in text {
            if !self.push(character.into()) {
                break;
            }
        }
    }

    /// Characters of the longest prefix that is a number; 0 when there is none.
    #[must_use]
    pub fn used(&self) -> usize {
        self.used
    }

    /// Whether all characters taken make a number: an input that cannot go back fails otherwise (`1e+`).
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.used == self.taken && self.used > 0
    }

    fn power(&self) -> i64 {
        let exponent = if self.exponent_negative { -self.exponent } else { self.exponent };
        self.scale.saturating_add(exponent)
    }

    fn stored(&self) -> &[u8] {
        self.digits.get(..self.count).unwrap_or(&[])
    }

    fn special(&self, format: &Format) -> Option<Rounded> {
        let bits = match self.kind {
            Kind::Number => return None,
            Kind::Infinite => format.infinity(),
            Kind::Nan => format.nan(self.payload_value.into()),
        };
        Some(Rounded { bits, out_of_range: false })
    }

    fn magnitude(&self, format: &Format) -> Rounded {
        if let Some(special) = self.special(format) {
            return special;
        }
        if self.hexadecimal {
            let power = self.power().clamp(i32::MIN.into(), i32::MAX.into()) as i32;
            return format.round(self.significand, power, self.sticky);
        }
        round_decimal(self.stored(), self.power(), self.sticky, format)
    }

    /// The value's bits in any format; needs `DIGITS` for it. `out_of_range` is `ERANGE`.
    #[must_use]
    pub fn value(&self, format: &Format) -> Rounded {
        if self.used == 0 {
            // Whatever was read on the way, a sign among it, belongs to no number.
            return Rounded { bits: 0, out_of_range: false };
        }
        let rounded = self.magnitude(format);
        Rounded { bits: rounded.bits | u128::from(self.negative) << format.sign_bit(), ..rounded }
    }
}

impl FloatScan<DIGITS_DOUBLE> {
    /// The number as Rust's own parser takes it, which is exact (Eisel-Lemire, with a fallback for every length).
    fn parse<T: core::str::FromStr>(&self) -> Option<T> {
        let mut text = [0; DIGITS_DOUBLE + 24];
        let mut length = 0;
        let power = self.power().clamp(-1_000_000_000, 1_000_000_000) - i64::from(self.sticky);
        let exponent = Digits::new(power.unsigned_abs(), 10, false);
        let mark: &[u8] = match (self.sticky, power < 0) {
            (true, true) => b"1e-",
            (true, false) => b"1e",
            (false, true) => b"e-",
            (false, false) => b"e",
        };
        for part in [self.stored(), mark, exponent.as_bytes()] {
            text.get_mut(length..length + part.len())?.copy_from_slice(part);
            length += part.len();
        }
        core::str::from_utf8(text.get(..length)?).ok()?.parse().ok()
    }

    fn is_plain(&self) -> bool {
        self.kind == Kind::Number && !self.hexadecimal && self.count > 0
    }

    /// The value as `double`, and whether it is out of range.
    #[must_use]
    pub fn double(&self) -> (f64, bool) {
        if self.is_plain()
            && let Some(value) = self.short_double().or_else(|| self.exact_double()).or_else(|| self.parse::<f64>())
            && value.is_normal()
        {
            return (if self.negative { -value } else { value }, false);
        }
        // Zero, infinite or subnormal: whether the result is exact matters too.
        let rounded = self.value(&F64);
        (f64::from_bits(rounded.bits as u64), rounded.out_of_range)
    }

    /// Clinger's fast case: both numbers are exact, so one operation rounds once.
    fn short_double(&self) -> Option<f64> {
        const TENS: [f64; 23] = [
            1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
            1e19, 1e20, 1e21, 1e22,
        ];
        if self.count > 15 {
            return None;
        }
        let value = self.stored().iter().fold(0_u64, |sum, digit| sum * 10 + u64::from(digit - b'0')) as f64;
        let power = self.power();
        let ten = TENS.get(usize::try_from(power.unsigned_abs()).ok()?)?;
        Some(if power < 0 { value / ten } else { value * ten })
    }

    /// What 128 bits hold exactly.
    fn exact_double(&self) -> Option<f64> {
        let power = i32::try_from(self.power()).ok()?;
        let rounded = round_short(self.stored(), power, self.sticky, &F64)?;
        Some(f64::from_bits(rounded.bits as u64))
    }

    /// The value as `float`, rounded once, and whether it is out of range.
    #[must_use]
    pub fn float(&self) -> (f32, bool) {
        if self.is_plain()
            && let Some(value) = self.parse::<f32>()
            && value.is_normal()
        {
            return (if self.negative { -value } else { value }, false);
        }
        let rounded = self.value(&F32);
        (f32::from_bits(rounded.bits as u32), rounded.out_of_range)
    }
}

#[cfg(test)]
#[path = "parse_float_tests.rs"]
mod tests;
