//! Digits of integers.

/// The digits of a number, most significant first: as many as 64 bits need in base 2.
#[derive(Clone, Copy, Debug)]
pub struct Digits {
    bytes: [u8; 64],
    start: usize,
}

impl Digits {
    /// No digits: what printf shows of zero with precision zero.
    pub const NONE: Self = Self { bytes: [0; 64], start: 64 };

    /// The digits of `value` in base 2, 8, 10 or 16; letters are capitals with `upper`. Zero is `0`.
    #[must_use]
    pub fn new(mut value: u64, base: u32, upper: bool) -> Self {
        let mut digits = Self::NONE;
        if base == 10 {
            digits.decimal(value);
            return digits;
        }
        let (bits, mask) = (base.trailing_zeros(), u64::from(base) - 1);
        let letter = if upper { b'A' - 10 } else { b'a' - 10 };
        loop {
            let digit = (value & mask) as u8;
            digits.push(digit + if digit < 10 { b'0' } else { letter });
            value >>= bits;
            if value == 0 {
                return digits;
            }
        }
    }

    fn decimal(&mut self, mut value: u64) {
        loop {
            self.push(b'0' + (value % 10) as u8);
            value /= 10;
            if value == 0 {
                return;
            }
        }
    }

    #[inline]
    fn push(&mut self, digit: u8) {
        // 64 digits are the most that occur.
        self.start = self.start.saturating_sub(1);
        if let Some(place) = self.bytes.get_mut(self.start) {
            *place = digit;
        }
    }

    /// As ASCII.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or(&[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_base_is_exact_at_both_ends() {
        for value in [0, 1, 7, 8, 9, 10, 255, 1 << 63, u64::MAX] {
            assert_eq!(Digits::new(value, 10, false).as_bytes(), value.to_string().as_bytes());
            assert_eq!(Digits::new(value, 16, false).as_bytes(), format!("{value:x}").as_bytes());
            assert_eq!(Digits::new(value, 16, true).as_bytes(), format!("{value:X}").as_bytes());
            assert_eq!(Digits::new(value, 8, false).as_bytes(), format!("{value:o}").as_bytes());
            assert_eq!(Digits::new(value, 2, false).as_bytes(), format!("{value:b}").as_bytes());
        }
        assert_eq!(Digits::NONE.as_bytes(), b"");
    }
}
