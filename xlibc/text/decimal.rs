//! Exact conversion of a decimal number of any length to a binary format (Clinger, 1990: the number as a fraction of two
//! integers, divided with remainder).

use super::float::{Format, Rounded};

/// Decimal digits that can decide how a number rounds in any format: the longest midpoint of binary128 has 11,564.
pub const DIGITS_MAX: usize = 11_600;

/// Limbs for the largest integer that occurs: 10^`DIGITS_MAX`, 5^16,800, and 128 bits more.
const LIMBS: usize = 1280;

const FIVE_POWER: u32 = 13;
const FIVE_TO_13: u32 = 1_220_703_125;

/// A nonnegative integer, least limb first; limbs from `length` on are zero.
struct Big {
    limbs: [u32; LIMBS],
    length: usize,
}

impl Big {
    fn new() -> Self {
        Self { limbs: [0; LIMBS], length: 0 }
    }

    fn used(&self) -> &[u32] {
        self.limbs.get(..self.length).unwrap_or(&[])
    }

    fn limb(&self, index: usize) -> u32 {
        self.limbs.get(index).copied().unwrap_or(0)
    }

    fn trim(&mut self) {
        while self.length > 0 && self.limb(self.length - 1) == 0 {
            self.length -= 1;
        }
    }

    fn multiply_add(&mut self, factor: u32, addend: u32) {
        let mut carry = u64::from(addend);
        for limb in self.limbs.iter_mut().take(self.length) {
            let product = u64::from(*limb) * u64::from(factor) + carry;
            *limb = product as u32;
            carry = product >> 32;
        }
        if carry != 0
            && let Some(limb) = self.limbs.get_mut(self.length)
        {
            *limb = carry as u32;
            self.length += 1;
        }
    }

    fn multiply_by_five_to(&mut self, mut power: u32) {
        while power >= FIVE_POWER {
            self.multiply_add(FIVE_TO_13, 0);
            power -= FIVE_POWER;
        }
        self.multiply_add(5_u32.pow(power), 0);
    }

    fn from_digits(digits: &[u8]) -> Self {
        let mut big = Self::new();
        for chunk in digits.chunks(9) {
            let value = chunk.iter().fold(0, |sum: u32, digit| sum * 10 + u32::from(digit - b'0'));
            big.multiply_add(10_u32.pow(chunk.len() as u32), value);
        }
        big
    }

    fn bits(&self) -> u32 {
        match self.used().last() {
            Some(top) => 32 * self.length as u32 - top.leading_zeros(),
            None => 0,
        }
    }

    fn shift_left(&mut self, count: u32) {
        let (whole, part) = ((count / 32) as usize, count % 32);
        let length = (self.length + whole + 1).min(LIMBS);
        for at in (0..length).rev() {
            let high = if at >= whole { self.limb(at - whole) } else { 0 };
            let low = if at > whole { self.limb(at - whole - 1) } else { 0 };
            let value = (u64::from(high) << 32 | u64::from(low)) << part >> 32;
            if let Some(limb) = self.limbs.get_mut(at) {
                *limb = value as u32;
            }
        }
        self.length = length;
        self.trim();
    }

    /// Drops the lowest bits; whether one of them was set.
    fn shift_right(&mut self, count: u32) -> bool {
        let (whole, part) = ((count / 32) as usize, count % 32);
        let mut lost = self.used().iter().take(whole).any(|limb| *limb != 0);
        lost |= self.limb(whole) & ((1 << part) - 1) != 0;
        for at in 0..self.length {
            let value = (u64::from(self.limb(at + whole + 1)) << 32 | u64::from(self.limb(at + whole))) >> part;
            if let Some(limb) = self.limbs.get_mut(at) {
                *limb = value as u32;
            }
        }
        self.trim();
        lost
    }

    /// `self -= divisor * factor << 32 * at`; whether the result is below zero, then it is complete but for a borrow.
    fn subtract_product(&mut self, divisor: &[u32], factor: u32, at: usize) -> bool {
        let (mut carry, mut borrow) = (0_u64, false);
        let parts = divisor.iter().copied().chain([0]);
        for (limb, part) in self.limbs.iter_mut().skip(at).zip(parts) {
            let product = u64::from(part) * u64::from(factor) + carry;
            carry = product >> 32;
            let (value, first) = limb.overflowing_sub(product as u32);
            let (value, second) = value.overflowing_sub(borrow.into());
            *limb = value;
            borrow = first || second;
        }
        borrow
    }

    fn add_back(&mut self, divisor: &[u32], at: usize) {
        let mut carry = 0_u64;
        for (limb, part) in self.limbs.iter_mut().skip(at).zip(divisor.iter().copied().chain([0])) {
            let sum = u64::from(*limb) + u64::from(part) + carry;
            *limb = sum as u32;
            carry = sum >> 32;
        }
    }

    /// Quotient, which the caller knows to fit, and whether there is a remainder (Knuth, TAOCP 4.3.1, algorithm D). The
    /// divisor is normalised: the top bit of its top limb is set.
    fn divide(mut self, divisor: &Self) -> (u128, bool) {
        let (n, divisor) = (divisor.length, divisor.used());
        // Normalised, so never 0.
        let top = u64::from(divisor.last().copied().unwrap_or(1).max(1));
        let next = u64::from(if n >= 2 { divisor.get(n - 2).copied().unwrap_or(0) } else { 0 });
        let mut quotient = 0_u128;
        for at in (0..=self.length.saturating_sub(n)).rev() {
            let high = u64::from(self.limb(at + n)) << 32 | u64::from(self.limb(at + n - 1));
            let below = if at + n >= 2 { u64::from(self.limb(at + n - 2)) } else { 0 };
            let mut guess = (high / top).min(u32::MAX.into());
            let mut rest = high - guess * top;
            while rest <= u32::MAX.into() && guess * next > (rest << 32 | below) {
                guess -= 1;
                rest += top;
            }
            if self.subtract_product(divisor, guess as u32, at) {
                guess -= 1;
                self.add_back(divisor, at);
            }
            quotient = quotient << 32 | u128::from(guess);
        }
        self.trim();
        (quotient, self.length > 0)
    }
}

/// Rounds `digits * 10^exponent`, correctly for every length. `digits` are ASCII, at most [`DIGITS_MAX`], the first not 0;
/// `sticky`: digits other than 0 follow that were left out.
#[must_use]
pub fn round_decimal(digits: &[u8], exponent: i64, sticky: bool, format: &Format) -> Rounded {
    // The value is in 10^(leading-1) .. 10^leading.
    let leading = exponent.saturating_add(digits.len() as i64);
    if digits.is_empty() || leading < -5100 {
        return Rounded { bits: 0, out_of_range: !digits.is_empty() };
    }
    if leading > 5100 {
        return Rounded { bits: format.infinity(), out_of_range: true };
    }
    if let Some(rounded) = round_short(digits, exponent as i32, sticky, format) {
        return rounded;
    }
    round_long(digits, exponent as i32, sticky, format)
}

/// The cases that 128 bits hold exactly: up to 19 digits and a power of ten up to 27.
pub(super) fn round_short(digits: &[u8], exponent: i32, sticky: bool, format: &Format) -> Option<Rounded> {
    if digits.len() > 19 || sticky || exponent.unsigned_abs() > 27 || format.precision > 64 {
        return None;
    }
    let value = u128::from(digits.iter().fold(0_u64, |sum, digit| sum * 10 + u64::from(digit - b'0')));
    let five = 5_u128.pow(exponent.unsigned_abs());
    if exponent >= 0 {
        return Some(format.round(value * five, exponent, false));
    }
    // 128 bits over at most 63 leave 65 or more: the longest significand and the bit that decides.
    let shift = value.leading_zeros();
    let dividend = value << shift;
    let quotient = dividend.checked_div(five)?;
    Some(format.round(quotient, exponent - shift as i32, quotient * five != dividend))
}

#[inline(never)]
fn round_long(digits: &[u8], exponent: i32, mut sticky: bool, format: &Format) -> Rounded {
    let mut number = Big::from_digits(digits);
    if exponent >= 0 {
        number.multiply_by_five_to(exponent.unsigned_abs());
        let excess = number.bits().saturating_sub(126);
        sticky |= number.shift_right(excess);
        return format.round(low_128(&number), exponent + excess as i32, sticky);
    }
    let mut divisor = Big::new();
    divisor.multiply_add(0, 1);
    divisor.multiply_by_five_to(exponent.unsigned_abs());
    let normal = 31 - (divisor.bits() + 31) % 32;
    divisor.shift_left(normal);
    let mut power = exponent + normal as i32;
    // The quotient gets 120 or 121 bits: enough for every format, and what was dropped only matters as more than nothing.
    let (have, want) = (number.bits(), divisor.bits() + 120);
    if have < want {
        number.shift_left(want - have);
        power -= (want - have) as i32;
    } else {
        sticky |= number.shift_right(have - want);
        power += (have - want) as i32;
    }
    let (quotient, remainder) = number.divide(&divisor);
    format.round(quotient, power, sticky || remainder)
}

fn low_128(number: &Big) -> u128 {
    number.used().iter().take(4).rev().fold(0, |sum, limb| sum << 32 | u128::from(*limb))
}

#[cfg(test)]
mod tests {
    use super::super::float::{BINARY128, F64, X87};
    use super::*;

    fn both(digits: &str, exponent: i64, format: &Format) -> u128 {
        let short = round_decimal(digits.as_bytes(), exponent, false, format);
        let long = round_long(digits.as_bytes(), exponent as i32, false, format);
        assert_eq!(short, long, "{digits}e{exponent}");
        short.bits
    }

    #[test]
    fn agrees_with_the_exact_parser_of_rust() {
        let mut state = 1_u64;
        for _ in 0..2000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let digits = (state >> (state % 50)).max(1).to_string();
            let exponent = (state >> 20) as i64 % 330 - 15;
            for exponent in [exponent, -exponent, exponent % 20] {
                let expected: f64 = format!("{digits}e{exponent}").parse().unwrap();
                assert_eq!(both(&digits, exponent, &F64), u128::from(expected.to_bits()), "{digits}e{exponent}");
            }
        }
    }

    #[test]
    fn long_double_values_are_known() {
        assert_eq!(both("1", -1, &X87), 0x3ffb_cccc_cccc_cccc_cccd);
        assert_eq!(both("1", -1, &BINARY128), 0x3ffb_9999_9999_9999_9999_9999_9999_999a);
        assert_eq!(both("118973149535723176502", 4912, &X87), 0x7ffe_ffff_ffff_ffff_ffff);
        assert_eq!(both("36451995318824746025", -4970, &X87), 1);
        assert_eq!(both("1", 4933, &X87), X87.infinity());
        assert_eq!(both("1", -4966, &BINARY128), 0);
        assert_eq!(both("1", 0, &BINARY128), 0x3fff << 112);
    }

    #[test]
    fn a_midpoint_of_any_length_is_a_tie() {
        // 2^53 + 1, and the same plus the smallest thing after many digits.
        let tie = format!("9007199254740993{}", "0".repeat(2000));
        assert_eq!(both(&tie, -2000, &F64), u128::from(9_007_199_254_740_992_f64.to_bits()));
        let above = format!("9007199254740993{}1", "0".repeat(2000));
        assert_eq!(both(&above, -2001, &F64), u128::from(9_007_199_254_740_994_f64.to_bits()));
        let nines = "9".repeat(DIGITS_MAX);
        assert_eq!(both(&nines, -(DIGITS_MAX as i64), &BINARY128), 0x3fff << 112);
        assert_eq!(
            both(&nines, -16_700, &BINARY128),
            round_long(&nines.as_bytes()[..9000], -14_100, true, &BINARY128).bits
        );
    }
}
