//! Fuzz targets: numbers from outside.

use super::parse_float::{DIGITS_DOUBLE, FloatScan};

/// strtod: what Rust's own parser reads as well has the same value, and the number alone is read as it is with more behind it.
pub fn strtod(data: &[u8]) {
    let scan = FloatScan::<DIGITS_DOUBLE>::new().read(data.iter().copied());
    let number = data.get(..scan.used()).unwrap_or_else(|| panic!("{} bytes of {}", scan.used(), data.len()));
    let value = scan.double().0;
    let again = FloatScan::<DIGITS_DOUBLE>::new().read(number.iter().copied());
    assert_eq!((again.used(), again.double().0.to_bits()), (number.len(), value.to_bits()));
    if let Ok(text) = core::str::from_utf8(number)
        && let Ok(expected) = text.parse::<f64>()
    {
        assert!(value == expected || value.is_nan() && expected.is_nan(), "{value:e} is not {expected:e}");
    }
}

#[cfg(test)]
mod tests {
    use crate::fuzz::drive;

    #[test]
    fn strtod() {
        let good: [&[u8]; 9] = [
            b"0.1",
            b"-123456789012345678901234567890e-10",
            b"1.7976931348623157e308",
            b"4.9e-324",
            b"2.2250738585072011e-308",
            b"0x1.fffffffffffffp1023",
            b"9007199254740993.00000000000000000000000001",
            b"infinity",
            b"nan(0x7)",
        ];
        drive(super::strtod, &good, 50_000);
    }
}
