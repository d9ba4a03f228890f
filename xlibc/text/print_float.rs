//! Floating numbers of printf: exact for every precision (C23 7.23.6.1). Values are `significand * 2^exponent`.

use super::float::Magnitude;

pub use super::float_digits::{DIGITS_DOUBLE, DIGITS_LONG, WORDS_DOUBLE, WORDS_LONG};
use super::float_digits::{Decimal, Want, round_half_even};
use super::print_int::Digits;

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

/// `count` digits from the one at `from`.
fn emit<const DIGITS: usize>(out: &mut impl Output, decimal: &Decimal<DIGITS>, from: usize, count: usize) {
    let stored = decimal.stored(from, count);
    out.ascii(stored);
    out.fill(b'0', count - stored.len());
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
        emit(out, decimal, 0, before);
    }
    if has_point {
        out.ascii(b".");
    }
    let zeros = if decimal.point < 0 { (decimal.point.unsigned_abs() as usize).min(after_point) } else { 0 };
    out.fill(b'0', zeros);
    emit(out, decimal, before, after_point - zeros);
    out.fill(b' ', after);
}

/// The exponent of a number: its mark, sign and digits, and where in the array they start.
#[inline(never)]
fn exponent_text(mark: u8, exponent: i32, least_digits: usize) -> ([u8; 8], usize) {
    let digits = Digits::new(exponent.unsigned_abs().into(), 10, false);
    let zeros = least_digits.saturating_sub(digits.as_bytes().len());
    let sign = if exponent < 0 { b'-' } else { b'+' };
    let mut text = [0; 8];
    let start = text.len().saturating_sub(2 + zeros + digits.as_bytes().len());
    let bytes =
        [mark, sign].into_iter().chain(core::iter::repeat_n(b'0', zeros)).chain(digits.as_bytes().iter().copied());
    for (place, byte) in text.iter_mut().skip(start).zip(bytes) {
        *place = byte;
    }
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
    emit(out, decimal, 0, 1);
    if has_point {
        out.ascii(b".");
    }
    emit(out, decimal, 1, precision);
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
        // What rounds up to two stays there, as with other C libraries.
        let (kept, rest) = (value >> away, value & ((1 << away) - 1));
        value = round_half_even(kept, rest, 1 << (away - 1), 0) << away;
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
            (1.96875, b'a', Some(1), "0x2.0p+0"),
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
