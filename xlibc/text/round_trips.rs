//! Printing and reading together: what one writes the other reads back.

use proptest::prelude::*;

use super::decimal::DIGITS_MAX;
use super::float::{BINARY128, F64, Format, LONG_DOUBLE, Magnitude, X87};
use super::parse_float::FloatScan;
use super::parse_int::IntScan;
use super::print_float::{DIGITS_LONG, Style, WORDS_LONG, print_float};
use super::print_int::Digits;

fn text_of(format: &Format, bits: u128, conversion: u8, precision: Option<usize>) -> String {
    let mut out = Vec::new();
    let (negative, magnitude) = format.unpack(bits);
    let style = Style { conversion, precision, ..Style::default() };
    print_float::<DIGITS_LONG, WORDS_LONG>(&mut out, negative, magnitude, &style);
    String::from_utf8(out).unwrap()
}

fn bits_of(format: &Format, text: &str) -> u128 {
    FloatScan::<DIGITS_MAX>::new().read(text.bytes()).value(format).bits
}

/// Bits of a finite value that are the only ones for it.
fn canonical(format: &Format, bits: u128) -> Option<u128> {
    let bits = bits & (u128::MAX >> (127 - format.sign_bit()));
    match format.unpack(bits) {
        (negative, Magnitude::Finite { significand, exponent }) => {
            Some(format.round(significand, exponent, false).bits | u128::from(negative) << format.sign_bit())
        }
        _ => None,
    }
}

proptest! {
    #[test]
    fn enough_digits_give_the_value_back(bits: u128) {
        for (format, digits) in [(&F64, 17), (&X87, 21), (&BINARY128, 36)] {
            let Some(bits) = canonical(format, bits) else { continue };
            prop_assert_eq!(bits_of(format, &text_of(format, bits, b'e', Some(digits - 1))), bits);
            prop_assert_eq!(bits_of(format, &text_of(format, bits, b'a', None)), bits);
        }
    }

    #[test]
    fn all_digits_are_the_exact_value(significand in 1_u64.., exponent in -200_i32..200) {
        // Whatever rounds the text again finds nothing to round.
        let bits = LONG_DOUBLE.round(significand.into(), exponent, false).bits;
        let text = text_of(&LONG_DOUBLE, bits, b'f', Some(300));
        let scan = FloatScan::<DIGITS_MAX>::new().read(text.bytes());
        prop_assert_eq!(scan.value(&LONG_DOUBLE).bits, bits);
        prop_assert_eq!(scan.value(&BINARY128).bits, BINARY128.round(significand.into(), exponent, false).bits);
    }

    #[test]
    fn any_text_is_read_as_rust_reads_it(text in "[-+]?[0-9]{1,30}(\\.[0-9]{0,30})?([eE][-+]?[0-9]{1,3})?") {
        let mut scan = FloatScan::<800>::new();
        scan.take(text.bytes());
        prop_assert_eq!(scan.used(), text.len());
        prop_assert_eq!(scan.double().0.to_bits(), text.parse::<f64>().unwrap().to_bits());
        prop_assert_eq!(scan.float().0.to_bits(), text.parse::<f32>().unwrap().to_bits());
    }

    #[test]
    fn no_input_is_too_strange(text: Vec<u8>, base in 0_i32..=36) {
        let mut scan = FloatScan::<20>::new();
        scan.take(text.iter().copied());
        prop_assert!(scan.used() <= text.len());
        let _ = scan.value(&BINARY128);
        if let Some(scan) = IntScan::new(base) {
            prop_assert!(scan.read(text.iter().copied()).used() <= text.len());
        }
    }

    #[test]
    fn integers_return_in_every_base(value: u64) {
        for base in [2, 8, 10, 16] {
            let digits = Digits::new(value, base, value & 1 != 0);
            let scan = IntScan::new(base as i32).unwrap().read(digits.as_bytes().iter().copied());
            prop_assert_eq!((scan.unsigned(), scan.used()), ((value, false), digits.as_bytes().len()));
        }
    }
}
