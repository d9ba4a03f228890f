//! Floating numbers of printf: exact for every precision (C23 7.23.6.1). Values are `significand * 2^exponent`.

use super::float::Magnitude;

/// Significant decimal digits that some `double` has, and room for a step of nine.
pub const DIGITS_DOUBLE: usize = 767 + 16;
/// Words of 32 bits for the integer or the fraction of a `double`.
pub const WORDS_DOUBLE: usize = 36;
/// As [`DIGITS_DOUBLE`], for binary128, which needs more than x87.
pub const DIGITS_LONG: usize = 11_564 + 16;
/// As [`WORDS_DOUBLE`], for both long formats.
pub const WORDS_LONG: usize = 519;

/// Where the text of a number goes.
pub trait Output {
    /// ASCII characters.
    fn ascii(&mut self, text: &[u8]);
    /// The same ASCII character many times.
    fn fill(&mut self, byte: u8, count: usize);
}

/// How a number is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// One of `aefgAEFG`.
    pub conversion: u8,
    /// Digits after the point, or significant digits; `None` is the default of the conversion.
    pub precision: Option<usize>,
    /// `#`: the point stays, and %g keeps its zeros.
    pub alternative: bool,
    /// `-`.
    pub left: bool,
    /// `0`.
    pub zeros: bool,
    /// Sign shown for positive numbers: `+`, a space, or nothing.
    pub plus: Option<u8>,
    /// Least width.
    pub width: usize,
}

/// How many digits are asked for.
#[derive(Clone, Copy, Debug)]
enum Want {
    Significant(usize),
    AfterPoint(usize),
}

/// Decimal digits of a number: `0.d1 d2 d3... * 10^point`.
struct Decimal<const DIGITS: usize> {
    digits: [u8; DIGITS],
    count: usize,
    point: i32,
    /// Something other than zeros follows.
    sticky: bool,
}

impl<const DIGITS: usize> Decimal<DIGITS> {
    const ZERO: Self = Self { digits: [0; DIGITS], count: 0, point: 1, sticky: false };

    /// Appends digits; zeros before the first other digit only lower the point.
    fn push(&mut self, digit: u8) {
        if self.count == 0 && digit == 0 {
            self.point -= 1;
            return;
        }
        match self.digits.get_mut(self.count) {
            Some(place) => {
                *place = b'0' + digit;
                self.count += 1;
            }
            None => self.sticky |= digit != 0,
        }
    }

    fn push_nine(&mut self, value: u32) {
        let mut power = 100_000_000;
        while power > 0 {
            self.push((value / power % 10) as u8);
            power /= 10;
        }
    }

    fn digit(&self, index: usize) -> u8 {
        self.digits.get(..self.count).and_then(|digits| digits.get(index)).copied().unwrap_or(b'0')
    }

    fn keep_count(&self, want: Want) -> i64 {
        match want {
            Want::Significant(count) => count as i64,
            Want::AfterPoint(count) => i64::from(self.point) + count as i64,
        }
    }

    fn is_enough(&self, want: Want) -> bool {
        self.count > 0 && self.count as i64 > self.keep_count(want)
    }

    /// Rounds to what is wanted: to nearest, ties to even, on the exact value.
    fn round(&mut self, want: Want) {
        let keep = self.keep_count(want);
        if keep < 0 {
            self.count = 0;
            self.trim();
            return;
        }
        let keep = keep as usize;
        if keep >= self.count {
            return;
        }
        let rest_beyond = self.sticky || (keep + 1..self.count).any(|index| self.digit(index) != b'0');
        let odd = keep > 0 && self.digit(keep - 1) & 1 != 0;
        let up = match self.digit(keep) {
            b'0'..=b'4' => false,
            b'5' => rest_beyond || odd,
            _ => true,
        };
        self.count = keep;
        self.sticky = false;
        if up {
            self.increment();
        }
        self.trim();
    }

    /// Drops zeros at the end.
    fn trim(&mut self) {
        while self.count > 0 && self.digit(self.count - 1) == b'0' {
            self.count -= 1;
        }
        if self.count == 0 {
            self.point = 1;
        }
    }

    fn increment(&mut self) {
        for at in (0..self.count).rev() {
            let Some(digit) = self.digits.get_mut(at) else { return };
            if *digit < b'9' {
                *digit += 1;
                self.count = at + 1;
                return;
            }
        }
        // All nines, or nothing: one, a place higher.
        if let Some(first) = self.digits.first_mut() {
            *first = b'1';
        }
        self.count = 1;
        self.point += 1;
    }

    /// `count` digits from the one at `from`.
    fn emit(&self, out: &mut impl Output, from: usize, count: usize) {
        let stored = self.digits.get(from..self.count).unwrap_or(&[]);
        let stored = stored.get(..count).unwrap_or(stored);
        out.ascii(stored);
        out.fill(b'0', count - stored.len());
    }
}

/// The cases that 128 bits hold: `significand * 2^exponent * 10^scale`, rounded to an integer.
fn scaled_integer(significand: u128, exponent: i32, scale: i32) -> Option<u128> {
    let bits = |value: u128| 128 - value.leading_zeros() as i32;
    let shift = exponent + scale.max(0);
    if scale >= 0 {
        let five = 5_u128.checked_pow(scale.unsigned_abs())?;
        let product = significand.checked_mul(five)?;
        if shift >= 0 {
            return (bits(product) + shift <= 128).then(|| product << shift);
        }
        return match shift.unsigned_abs() {
            away @ 0..=127 => Some(round_half_even(product >> away, product & ((1 << away) - 1), 1 << (away - 1), 0)),
            _ => None,
        };
    }
    if exponent < 0 || bits(significand) + exponent > 128 || scale < -27 {
        return None;
    }
    let divisor = 10_u128.pow(scale.unsigned_abs());
    let value = significand << exponent;
    Some(round_half_even(value / divisor, value % divisor, divisor / 2, divisor % 2))
}

/// The decimal digits of a number, most significant first, as values; none for zero.
struct Digits128 {
    digits: [u8; 40],
    start: usize,
}

impl Digits128 {
    fn new(mut value: u128) -> Self {
        const HALF: u128 = 10_000_000_000_000_000_000;
        let mut digits = Self { digits: [0; 40], start: 40 };
        while value > HALF {
            // Dividing 64 bits is far cheaper, so as much as they hold at a time.
            digits.push((value % HALF) as u64, 19);
            value /= HALF;
        }
        digits.push(value as u64, 0);
        digits
    }

    fn push(&mut self, mut value: u64, least: usize) {
        let mut count = 0;
        while value > 0 || count < least {
            self.start = self.start.saturating_sub(1);
            if let Some(place) = self.digits.get_mut(self.start) {
                *place = (value % 10) as u8;
            }
            value /= 10;
            count += 1;
        }
    }

    fn as_slice(&self) -> &[u8] {
        self.digits.get(self.start..).unwrap_or(&[])
    }
}

fn round_half_even(value: u128, rest: u128, half: u128, odd: u128) -> u128 {
    let above = rest > half || (rest == half && odd == 0 && value & 1 != 0);
    value + u128::from(above)
}

impl<const DIGITS: usize> Decimal<DIGITS> {
    /// The digits of a number that is not zero, rounded as wanted.
    fn new<const WORDS: usize>(significand: u128, exponent: i32, want: Want) -> Self {
        if let Some(decimal) = Self::short(significand, exponent, want) {
            return decimal;
        }
        let mut decimal = Self::ZERO;
        decimal.point = 0;
        let length = 128 - significand.leading_zeros() as i32;
        if exponent > -length {
            decimal.integer::<WORDS>(significand, exponent);
        }
        if exponent < 0 {
            decimal.fraction::<WORDS>(significand, exponent.unsigned_abs(), want);
        }
        decimal.round(want);
        decimal
    }

    /// The same in 128 bits, where they hold everything exactly.
    fn short(significand: u128, exponent: i32, want: Want) -> Option<Self> {
        match want {
            Want::AfterPoint(count) => {
                let scale = i32::try_from(count).ok()?;
                let digits = Digits128::new(scaled_integer(significand, exponent, scale)?);
                Some(Self::from_integer(&digits, scale))
            }
            Want::Significant(count) => {
                let count = i32::try_from(count).ok()?;
                let length = 128 - significand.leading_zeros() as i32;
                // floor(log10(value)), or one less: a digit too many shows, one too few would hide behind rounding up.
                let power = i64::from(exponent + length - 1) * 30_102_999_566;
                let mut scale = count - 1 - power.div_euclid(100_000_000_000) as i32;
                for _ in 0..2 {
                    let digits = Digits128::new(scaled_integer(significand, exponent, scale)?);
                    match digits.as_slice().len() as i32 - count {
                        0 => return Some(Self::from_integer(&digits, scale)),
                        off => scale -= off,
                    }
                }
                None
            }
        }
    }

    /// `digits / 10^scale`.
    fn from_integer(digits: &Digits128, scale: i32) -> Self {
        let mut decimal = Self::ZERO;
        decimal.point = digits.as_slice().len() as i32 - scale;
        for digit in digits.as_slice() {
            decimal.push(*digit);
        }
        decimal.trim();
        decimal
    }

    #[inline(never)]
    fn integer<const WORDS: usize>(&mut self, significand: u128, exponent: i32) {
        let mut words = [0_u32; WORDS];
        let (value, shift) =
            if exponent < 0 { (significand >> exponent.unsigned_abs(), 0) } else { (significand, exponent as usize) };
        place(&mut words, value, shift);
        let mut length = WORDS;
        // Parts of nine digits, least first, in the same place: each division by 10^9 frees at least 29 bits.
        let mut parts = [0_u32; WORDS];
        let mut part_count = 0;
        let mut overflow = [0_u32; WORDS];
        let mut overflow_count = 0;
        loop {
            while length > 0 && words.get(length - 1).is_none_or(|word| *word == 0) {
                length -= 1;
            }
            if length == 0 {
                break;
            }
            let mut rest = 0_u64;
            for word in words.iter_mut().take(length).rev() {
                let value = rest << 32 | u64::from(*word);
                *word = (value / 1_000_000_000) as u32;
                rest = value % 1_000_000_000;
            }
            match parts.get_mut(part_count) {
                Some(part) => {
                    *part = rest as u32;
                    part_count += 1;
                }
                None => {
                    // 32 bits hold a little more than nine digits, so the parts outnumber the words.
                    if let Some(part) = overflow.get_mut(overflow_count) {
                        *part = rest as u32;
                        overflow_count += 1;
                    }
                }
            }
        }
        self.point += 9 * (part_count + overflow_count) as i32;
        for part in overflow.iter().take(overflow_count).rev() {
            self.push_nine(*part);
        }
        for part in parts.iter().take(part_count).rev() {
            self.push_nine(*part);
        }
    }

    #[inline(never)]
    fn fraction<const WORDS: usize>(&mut self, significand: u128, bits: u32, want: Want) {
        // The fraction as words after the point, the last words[0]: times 10^9, what overflows is the next nine digits.
        let length = bits.div_ceil(32) as usize;
        let mut words = [0_u32; WORDS];
        let value = if bits < 128 { significand & ((1 << bits) - 1) } else { significand };
        place(&mut words, value, length * 32 - bits as usize);
        let mut lowest = 0;
        while lowest < length {
            if words.get(lowest).is_none_or(|word| *word == 0) {
                lowest += 1;
                continue;
            }
            if self.is_enough(want) {
                self.sticky = true;
                return;
            }
            let mut carry = 0_u64;
            for word in words.iter_mut().take(length).skip(lowest) {
                let product = u64::from(*word) * 1_000_000_000 + carry;
                *word = product as u32;
                carry = product >> 32;
            }
            self.push_nine(carry as u32);
        }
    }
}

/// Stores `value << shift`.
fn place(words: &mut [u32], value: u128, shift: usize) {
    let (whole, part) = (shift / 32, shift % 32);
    let mut rest = value;
    let mut carry = 0_u64;
    for word in words.iter_mut().skip(whole) {
        if rest == 0 && carry == 0 {
            return;
        }
        let shifted = u64::from(rest as u32) << part | carry;
        *word = shifted as u32;
        carry = shifted >> 32;
        rest >>= 32;
    }
}

/// Writes a number. `DIGITS` and `WORDS` are those of its format.
pub fn print_float<const DIGITS: usize, const WORDS: usize>(
    out: &mut impl Output,
    negative: bool,
    magnitude: Magnitude,
    style: &Style,
) {
    let upper = style.conversion.is_ascii_uppercase();
    let mut prefix = Prefix::default();
    if let Some(sign) = if negative { Some(b'-') } else { style.plus } {
        prefix.push(sign);
    }
    let (significand, exponent) = match magnitude {
        Magnitude::Finite { significand, exponent } => (significand, exponent),
        Magnitude::Infinite => return special(out, &prefix, if upper { b"INF" } else { b"inf" }, style),
        Magnitude::Nan => return special(out, &prefix, if upper { b"NAN" } else { b"nan" }, style),
    };
    match style.conversion.to_ascii_lowercase() {
        b'a' => hexadecimal(out, prefix, significand, exponent, style),
        b'f' => {
            let precision = style.precision.unwrap_or(6);
            let decimal = digits::<DIGITS, WORDS>(significand, exponent, Want::AfterPoint(precision));
            fixed(out, &prefix, &decimal, precision, style);
        }
        b'e' => {
            let precision = style.precision.unwrap_or(6);
            let decimal =
                digits::<DIGITS, WORDS>(significand, exponent, Want::Significant(precision.saturating_add(1)));
            scientific(out, &prefix, &decimal, precision, style);
        }
        _ => {
            let wanted = style.precision.unwrap_or(6).max(1);
            let decimal = digits::<DIGITS, WORDS>(significand, exponent, Want::Significant(wanted));
            let exponent = decimal.point - 1;
            // Digits shown: all that are wanted with #, else without zeros at the end.
            let shown = if style.alternative { wanted } else { decimal.count.max(1) };
            if exponent < -4 || exponent as i64 >= wanted as i64 {
                scientific(out, &prefix, &decimal, shown - 1, style);
            } else {
                let after = (shown as i64 - i64::from(decimal.point)).max(0) as usize;
                fixed(out, &prefix, &decimal, after, style);
            }
        }
    }
}

fn digits<const DIGITS: usize, const WORDS: usize>(significand: u128, exponent: i32, want: Want) -> Decimal<DIGITS> {
    if significand == 0 { Decimal::ZERO } else { Decimal::new::<WORDS>(significand, exponent, want) }
}

/// Sign and `0x`.
#[derive(Clone, Copy, Debug, Default)]
struct Prefix {
    bytes: [u8; 3],
    length: usize,
}

impl Prefix {
    fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.length) {
            *place = byte;
            self.length += 1;
        }
    }

    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or(&[])
    }
}

/// The prefix and what comes before it or between it and the body; returns what is to follow the body.
fn open(out: &mut impl Output, prefix: &Prefix, body: usize, style: &Style) -> usize {
    let padding = style.width.saturating_sub(body.saturating_add(prefix.length));
    let zeros = style.zeros && !style.left;
    if !style.left && !zeros {
        out.fill(b' ', padding);
    }
    out.ascii(prefix.as_bytes());
    if zeros {
        out.fill(b'0', padding);
    }
    if style.left { padding } else { 0 }
}

fn special(out: &mut impl Output, prefix: &Prefix, name: &[u8], style: &Style) {
    let after = open(out, prefix, name.len(), &Style { zeros: false, ..*style });
    out.ascii(name);
    out.fill(b' ', after);
}

fn fixed<const DIGITS: usize>(
    out: &mut impl Output,
    prefix: &Prefix,
    decimal: &Decimal<DIGITS>,
    after_point: usize,
    style: &Style,
) {
    let before = usize::try_from(decimal.point).unwrap_or(0);
    let has_point = after_point > 0 || style.alternative;
    let body = before.max(1).saturating_add(usize::from(has_point)).saturating_add(after_point);
    let after = open(out, prefix, body, style);
    if before == 0 {
        out.ascii(b"0");
    } else {
        decimal.emit(out, 0, before);
    }
    if has_point {
        out.ascii(b".");
    }
    let zeros = if decimal.point < 0 { (decimal.point.unsigned_abs() as usize).min(after_point) } else { 0 };
    out.fill(b'0', zeros);
    decimal.emit(out, before, after_point - zeros);
    out.fill(b' ', after);
}

fn exponent_text(mark: u8, exponent: i32, least_digits: usize) -> ([u8; 8], usize) {
    let mut text = [0; 8];
    let mut start = text.len();
    let mut rest = exponent.unsigned_abs();
    let mut push = |byte| {
        start -= 1;
        if let Some(place) = text.get_mut(start) {
            *place = byte;
        }
    };
    let mut count = 0;
    while rest > 0 || count < least_digits {
        push(b'0' + (rest % 10) as u8);
        rest /= 10;
        count += 1;
    }
    push(if exponent < 0 { b'-' } else { b'+' });
    push(mark);
    (text, start)
}

fn scientific<const DIGITS: usize>(
    out: &mut impl Output,
    prefix: &Prefix,
    decimal: &Decimal<DIGITS>,
    precision: usize,
    style: &Style,
) {
    let mark = if style.conversion.is_ascii_uppercase() { b'E' } else { b'e' };
    let (text, start) = exponent_text(mark, decimal.point - 1, 2);
    let exponent = text.get(start..).unwrap_or(&[]);
    let has_point = precision > 0 || style.alternative;
    let body = (1 + usize::from(has_point) + exponent.len()).saturating_add(precision);
    let after = open(out, prefix, body, style);
    decimal.emit(out, 0, 1);
    if has_point {
        out.ascii(b".");
    }
    decimal.emit(out, 1, precision);
    out.ascii(exponent);
    out.fill(b' ', after);
}

fn hexadecimal(out: &mut impl Output, mut prefix: Prefix, significand: u128, exponent: i32, style: &Style) {
    let upper = style.conversion == b'A';
    prefix.push(b'0');
    prefix.push(if upper { b'X' } else { b'x' });
    // The leading one at bit 124, so that 31 digits follow the point.
    let (mut value, mut power) = (0, 0);
    if significand != 0 {
        let zeros = significand.leading_zeros() as i32;
        value = if zeros >= 3 { significand << (zeros - 3) } else { significand >> (3 - zeros) };
        power = exponent + 127 - zeros;
    }
    if let Some(precision) = style.precision.filter(|precision| *precision < 31) {
        let away = 4 * (31 - precision as u32);
        let (kept, rest) = (value >> away, value & ((1 << away) - 1));
        value = round_half_even(kept, rest, 1 << (away - 1), 0) << away;
        if value >> 125 != 0 {
            value >>= 1;
            power += 1;
        }
    }
    let mut text = [0; 32];
    let mut rest = value;
    for place in text.iter_mut().rev() {
        let digit = (rest & 15) as u8;
        *place = match digit {
            0..=9 => b'0' + digit,
            _ if upper => b'A' + digit - 10,
            _ => b'a' + digit - 10,
        };
        rest >>= 4;
    }
    let digits = text.get(1..).unwrap_or(&[]);
    let significant = 31 - digits.iter().rev().take_while(|digit| **digit == b'0').count();
    let precision = style.precision.unwrap_or(significant);
    let (tail, start) = exponent_text(if upper { b'P' } else { b'p' }, power, 1);
    let tail = tail.get(start..).unwrap_or(&[]);
    let has_point = precision > 0 || style.alternative;
    let body = (1 + usize::from(has_point) + tail.len()).saturating_add(precision);
    let after = open(out, &prefix, body, style);
    out.ascii(text.get(..1).unwrap_or(&[]));
    if has_point {
        out.ascii(b".");
    }
    let shown = digits.get(..precision.min(significant)).unwrap_or(&[]);
    out.ascii(shown);
    out.fill(b'0', precision - shown.len());
    out.ascii(tail);
    out.fill(b' ', after);
}

#[cfg(test)]
mod tests {
    use super::super::float::{BINARY128, F64, Format, X87};
    use super::*;

    impl Output for Vec<u8> {
        fn ascii(&mut self, text: &[u8]) {
            self.extend_from_slice(text);
        }
        fn fill(&mut self, byte: u8, count: usize) {
            self.resize(self.len() + count, byte);
        }
    }

    fn print_as(format: &Format, bits: u128, style: Style) -> String {
        let mut out = Vec::new();
        let (negative, magnitude) = format.unpack(bits);
        if *format == F64 {
            print_float::<DIGITS_DOUBLE, WORDS_DOUBLE>(&mut out, negative, magnitude, &style);
        } else {
            print_float::<DIGITS_LONG, WORDS_LONG>(&mut out, negative, magnitude, &style);
        }
        String::from_utf8(out).unwrap()
    }

    fn print(value: f64, conversion: u8, precision: Option<usize>) -> String {
        print_as(&F64, value.to_bits().into(), Style { conversion, precision, ..Style::default() })
    }

    #[test]
    fn known_values() {
        for (value, conversion, precision, text) in [
            (0.0, b'f', None, "0.000000"),
            (-0.0, b'f', Some(0), "-0"),
            (0.5, b'f', Some(0), "0"),
            (1.5, b'f', Some(0), "2"),
            (2.5, b'f', Some(0), "2"),
            (0.05, b'f', Some(1), "0.1"),
            (0.25, b'f', Some(1), "0.2"),
            (9.995, b'f', Some(2), "9.99"),
            (99.99, b'f', Some(1), "100.0"),
            (0.001, b'f', Some(2), "0.00"),
            (0.0, b'e', None, "0.000000e+00"),
            (9.5, b'e', Some(0), "1e+01"),
            (12345.678, b'e', Some(3), "1.235e+04"),
            (1e100, b'e', Some(2), "1.00e+100"),
            (1e-5, b'g', None, "1e-05"),
            (1e-4, b'g', None, "0.0001"),
            (0.0, b'g', None, "0"),
            (100_000.0, b'g', None, "100000"),
            (1_000_000.0, b'g', None, "1e+06"),
            (999_999.5, b'g', None, "1e+06"),
            (0.1, b'g', Some(17), "0.10000000000000001"),
            (3.0, b'g', Some(0), "3"),
            (1e23, b'g', Some(17), "9.9999999999999992e+22"),
            (1.0, b'a', None, "0x1p+0"),
            (0.0, b'a', None, "0x0p+0"),
            (0.0, b'a', Some(2), "0x0.00p+0"),
            (-3.0, b'a', None, "-0x1.8p+1"),
            (1.0, b'A', Some(3), "0X1.000P+0"),
            (1.96875, b'a', Some(1), "0x1.0p+1"),
            (5e-324, b'a', None, "0x1p-1074"),
            (f64::MAX, b'a', None, "0x1.fffffffffffffp+1023"),
            (f64::INFINITY, b'f', None, "inf"),
            (f64::NEG_INFINITY, b'F', None, "-INF"),
            (f64::NAN, b'e', None, "nan"),
        ] {
            assert_eq!(print(value, conversion, precision), text, "{value} {} {precision:?}", conversion as char);
        }
    }

    #[test]
    fn flags_and_width() {
        let base = Style { conversion: b'f', precision: Some(1), width: 8, ..Style::default() };
        let one = u128::from(1.25_f64.to_bits());
        assert_eq!(print_as(&F64, one, base), "     1.2");
        assert_eq!(print_as(&F64, one, Style { left: true, zeros: true, ..base }), "1.2     ");
        assert_eq!(print_as(&F64, one, Style { zeros: true, plus: Some(b'+'), ..base }), "+00001.2");
        assert_eq!(print_as(&F64, F64.infinity(), Style { zeros: true, ..base }), "     inf");
        assert_eq!(print_as(&F64, one, Style { precision: Some(0), alternative: true, ..base }), "      1.");
        let general = Style { conversion: b'g', alternative: true, ..Style::default() };
        assert_eq!(print_as(&F64, one, general), "1.25000");
        assert_eq!(print_as(&F64, 0, general), "0.00000");
        assert_eq!(
            print_as(&F64, one, Style { conversion: b'a', zeros: true, width: 10, ..Style::default() }),
            "0x001.4p+0"
        );
    }

    #[test]
    fn agrees_with_the_exact_formatter_of_rust() {
        let mut state = 3_u64;
        for round in 0..30_000_usize {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            // All magnitudes, and, more often, those of daily life.
            let value = match round % 3 {
                0 => f64::from_bits(state),
                1 => (state >> 32) as f64 / f64::from(1_u32 << (state % 31)),
                _ => (state >> 40) as f64 / 1000.0,
            };
            if !value.is_finite() {
                continue;
            }
            let precision = round % 23;
            assert_eq!(print(value, b'f', Some(precision)), format!("{value:.precision$}"), "{value:e} {precision}");
            let expected = format!("{value:.precision$e}");
            let (digits, exponent) = expected.split_once('e').unwrap();
            let exponent: i32 = exponent.parse().unwrap();
            let sign = if exponent < 0 { '-' } else { '+' };
            let expected = format!("{digits}e{sign}{:02}", exponent.abs());
            assert_eq!(print(value, b'e', Some(precision)), expected, "{value:e} {precision}");
        }
    }

    #[test]
    fn every_digit_is_there() {
        for value in [f64::MAX, f64::MIN_POSITIVE, f64::from_bits(1), f64::from_bits(0x000f_ffff_ffff_ffff), 0.1, 1e22]
        {
            assert_eq!(print(value, b'f', Some(1200)), format!("{value:.1200}"));
        }
        assert_eq!(print(1.0, b'f', Some(100_000)).len(), 100_002);
    }

    #[test]
    fn long_doubles_are_exact() {
        let style = |conversion, precision| Style { conversion, precision: Some(precision), ..Style::default() };
        let pi = 0x4000_c90f_daa2_2168_c235;
        assert_eq!(print_as(&X87, pi, style(b'f', 30)), "3.141592653589793238512808959406");
        assert_eq!(print_as(&X87, pi, Style { conversion: b'a', ..Style::default() }), "0x1.921fb54442d1846ap+1");
        assert_eq!(print_as(&X87, 0x7ffe_ffff_ffff_ffff_ffff, style(b'e', 20)), "1.18973149535723176502e+4932");
        assert_eq!(print_as(&X87, 0x7ffe_ffff_ffff_ffff_ffff, style(b'f', 0)).len(), 4933);
        assert_eq!(print_as(&X87, 1, style(b'e', 20)), "3.64519953188247460253e-4951");
        assert_eq!(print_as(&BINARY128, 1, style(b'e', 20)), "6.47517511943802511092e-4966");
        let tenth = 0x3ffb_9999_9999_9999_9999_9999_9999_999a;
        assert_eq!(print_as(&BINARY128, tenth, style(b'g', 36)), "0.100000000000000000000000000000000005");
        assert_eq!(
            print_as(&BINARY128, tenth, Style { conversion: b'a', ..Style::default() }),
            "0x1.999999999999999999999999999ap-4"
        );
        let all = print_as(&BINARY128, 0x0000_ffff_ffff_ffff_ffff_ffff_ffff_ffff, style(b'e', 12_000));
        assert_eq!(all.trim_end_matches("e-4932").trim_end_matches('0').len(), 1 + 11_563);
    }
}
