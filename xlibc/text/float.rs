//! The binary formats of C's floating types, and rounding into them.

/// A binary floating format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// Bits of the significand, with the leading one.
    pub precision: u32,
    /// Bits of the exponent field.
    pub exponent_bits: u32,
    /// Whether the leading one is stored (x87).
    pub explicit_one: bool,
}

/// IEEE binary32.
pub const F32: Format = Format { precision: 24, exponent_bits: 8, explicit_one: false };
/// IEEE binary64.
pub const F64: Format = Format { precision: 53, exponent_bits: 11, explicit_one: false };
/// x87 double extended.
pub const X87: Format = Format { precision: 64, exponent_bits: 15, explicit_one: true };
/// IEEE binary128.
pub const BINARY128: Format = Format { precision: 113, exponent_bits: 15, explicit_one: false };
/// C's `long double` on this CPU.
#[cfg(target_arch = "x86_64")]
pub const LONG_DOUBLE: Format = X87;
/// C's `long double` on this CPU.
#[cfg(not(target_arch = "x86_64"))]
pub const LONG_DOUBLE: Format = BINARY128;

/// The magnitude of a floating value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Magnitude {
    /// `significand * 2^exponent`; the significand may be zero.
    Finite {
        /// Integer significand.
        significand: u128,
        /// Power of two.
        exponent: i32,
    },
    /// Infinity.
    Infinite,
    /// Not a number.
    Nan,
}

/// A value rounded into a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rounded {
    /// The bits, without the sign.
    pub bits: u128,
    /// The value overflowed, or is tiny and not exact: `ERANGE`.
    pub out_of_range: bool,
}

impl Format {
    const fn stored_bits(&self) -> u32 {
        self.precision - if self.explicit_one { 0 } else { 1 }
    }

    /// Position of the sign bit.
    #[must_use]
    pub const fn sign_bit(&self) -> u32 {
        self.stored_bits() + self.exponent_bits
    }

    const fn bias(&self) -> i32 {
        (1 << (self.exponent_bits - 1)) - 1
    }

    /// Power of two of the last bit of the smallest numbers.
    #[must_use]
    pub const fn least_exponent(&self) -> i32 {
        2 - self.bias() - self.precision as i32
    }

    const fn exponent_mask(&self) -> u128 {
        (1 << self.exponent_bits) - 1
    }

    const fn leading_one(&self) -> u128 {
        1 << (self.precision - 1)
    }

    /// Infinity without sign.
    #[must_use]
    pub const fn infinity(&self) -> u128 {
        let one = if self.explicit_one { self.leading_one() } else { 0 };
        self.exponent_mask() << self.stored_bits() | one
    }

    /// A quiet NaN with this payload, as far as the format has room for it.
    #[must_use]
    pub const fn nan(&self, payload: u128) -> u128 {
        let quiet = 1 << (self.precision - 2);
        self.infinity() | quiet | (payload & (quiet - 1))
    }

    /// Sign and magnitude of a value's bits. x87 encodings that the CPU refuses count as NaN.
    #[must_use]
    pub const fn unpack(&self, bits: u128) -> (bool, Magnitude) {
        let negative = bits >> self.sign_bit() & 1 != 0;
        let field = bits >> self.stored_bits() & self.exponent_mask();
        let stored = bits & ((1 << self.stored_bits()) - 1);
        let fraction = stored & (self.leading_one() - 1);
        let magnitude = if field == self.exponent_mask() {
            let invalid = self.explicit_one && stored & self.leading_one() == 0;
            if fraction == 0 && !invalid { Magnitude::Infinite } else { Magnitude::Nan }
        } else if field == 0 {
            Magnitude::Finite { significand: stored, exponent: self.least_exponent() }
        } else if self.explicit_one && stored & self.leading_one() == 0 {
            Magnitude::Nan
        } else {
            let exponent = field as i32 - 1 + self.least_exponent();
            Magnitude::Finite { significand: fraction | self.leading_one(), exponent }
        };
        (negative, magnitude)
    }

    /// Rounds `significand * 2^exponent` to nearest, ties to even. `sticky`: the value is a little larger than that (by less
    /// than one unit of the significand, which then must have more bits than the format).
    #[must_use]
    pub const fn round(&self, significand: u128, exponent: i32, sticky: bool) -> Rounded {
        if significand == 0 {
            return Rounded { bits: 0, out_of_range: sticky };
        }
        let length = 128 - significand.leading_zeros() as i32;
        // Far outside every format; keeps the sums below in range.
        if exponent > 1 << 20 {
            return Rounded { bits: self.infinity(), out_of_range: true };
        }
        if exponent < -(1 << 20) {
            return Rounded { bits: 0, out_of_range: true };
        }
        // Power of two of the last bit kept.
        let mut unit = exponent + length - self.precision as i32;
        if unit < self.least_exponent() {
            unit = self.least_exponent();
        }
        let shift = unit - exponent;
        let (mut kept, inexact) = if shift <= 0 {
            (significand << (-shift), sticky)
        } else if shift > 128 {
            (0, true)
        } else {
            let kept = if shift == 128 { 0 } else { significand >> shift };
            let half = 1 << (shift - 1);
            let rest = significand & (half | (half - 1));
            let up = rest > half || rest == half && (sticky || kept & 1 != 0);
            (kept + up as u128, rest != 0 || sticky)
        };
        if kept == self.leading_one() << 1 {
            kept >>= 1;
            unit += 1;
        }
        if kept < self.leading_one() {
            // Subnormal numbers have exponent field 0, and the unit of the smallest normal ones.
            return Rounded { bits: kept, out_of_range: inexact };
        }
        let field = (unit - self.least_exponent() + 1) as u128;
        if field >= self.exponent_mask() {
            return Rounded { bits: self.infinity(), out_of_range: true };
        }
        let stored = if self.explicit_one { kept } else { kept & (self.leading_one() - 1) };
        Rounded { bits: field << self.stored_bits() | stored, out_of_range: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unpacking_and_rounding_are_inverse() {
        for bits in
            [0, 1, 0x000f_ffff_ffff_ffff, 0x0010_0000_0000_0000, 0x3ff0_0000_0000_0000, 0x7fef_ffff_ffff_ffff_u128]
        {
            let (negative, Magnitude::Finite { significand, exponent }) = F64.unpack(bits) else { panic!() };
            assert!(!negative);
            assert_eq!(F64.round(significand, exponent, false), Rounded { bits, out_of_range: false });
        }
        assert_eq!(F64.unpack(f64::INFINITY.to_bits().into()), (false, Magnitude::Infinite));
        assert_eq!(F64.unpack((-f64::NAN).to_bits().into()).1, Magnitude::Nan);
        assert_eq!(u128::from(f64::INFINITY.to_bits()), F64.infinity());
        assert_eq!(u128::from(f32::INFINITY.to_bits()), F32.infinity());
    }

    #[test]
    fn ties_go_to_even_and_limits_are_seen() {
        let one = 0x3ff0_0000_0000_0000;
        assert_eq!(F64.round((1 << 53) + 1, -53, false).bits, one);
        assert_eq!(F64.round((1 << 53) + 1, -53, true).bits, one + 1);
        assert_eq!(F64.round((1 << 53) + 3, -53, false).bits, one + 2);
        assert_eq!(F64.round(1, 1024, false), Rounded { bits: F64.infinity(), out_of_range: true });
        assert_eq!(F64.round(u128::MAX, 1023 - 127, false), Rounded { bits: F64.infinity(), out_of_range: true });
        assert_eq!(F64.round(1, -1075, false), Rounded { bits: 0, out_of_range: true });
        assert_eq!(F64.round(3, -1076, false), Rounded { bits: 1, out_of_range: true });
        assert_eq!(F64.round(1, -1074, false), Rounded { bits: 1, out_of_range: false });
        assert_eq!(F64.round(1, i32::MAX, false).bits, F64.infinity());
        assert_eq!(F64.round(1, i32::MIN, false).bits, 0);
    }

    #[test]
    fn x87_stores_its_leading_one() {
        assert_eq!(X87.round(1, 0, false).bits, 0x3fff_8000_0000_0000_0000);
        assert_eq!(
            X87.unpack(0x3fff_8000_0000_0000_0000),
            (false, Magnitude::Finite { significand: 1 << 63, exponent: -63 })
        );
        assert_eq!(X87.infinity(), 0x7fff_8000_0000_0000_0000);
        assert_eq!(X87.unpack(0x3fff_0000_0000_0000_0001).1, Magnitude::Nan);
        assert_eq!(BINARY128.round(1, 0, false).bits, 0x3fff << 112);
    }
}
