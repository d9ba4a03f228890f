//! Remainders: long division of significands, exact.
#![forbid(unsafe_code)]

use super::{Engine, Exceptions, Magnitude, Normal, Raising};

/// What is left of a division, and the low bits of the quotient.
struct Division {
    rest: u128,
    exponent: i32,
    quotient: u64,
}

impl Engine {
    /// `|x| / |y|` truncated. The rest is below `y`.
    fn divide(x: Normal, y: Normal) -> Division {
        let places = x.exponent - y.exponent;
        if places < 0 {
            return Division { rest: x.significand, exponent: x.exponent, quotient: 0 };
        }
        let (mut rest, mut quotient) = (x.significand, 0u64);
        for place in 0..=places {
            if place > 0 {
                rest <<= 1;
                quotient <<= 1;
            }
            if rest >= y.significand {
                rest -= y.significand;
                quotient |= 1;
            }
        }
        Division { rest, exponent: y.exponent, quotient }
    }

    /// Both operands as normal numbers, or the result where one has none.
    fn operands(&self, x: u128, y: u128) -> Result<(bool, Normal, bool, Normal), Raising<u128>> {
        match (self.0.unpack(x), self.0.unpack(y)) {
            ((_, Magnitude::Nan), _) => Err((self.quieted(x), Exceptions::NONE)),
            (_, (_, Magnitude::Nan)) => Err((self.quieted(y), Exceptions::NONE)),
            ((_, Magnitude::Infinite), _) | (_, (_, Magnitude::Finite { significand: 0, .. })) => {
                Err((self.quiet_nan(), Exceptions::INVALID))
            }
            ((_, Magnitude::Finite { significand: 0, .. }), _) | (_, (_, Magnitude::Infinite)) => {
                Err((x, Exceptions::NONE))
            }
            (
                (s, Magnitude::Finite { significand: a, exponent: e }),
                (t, Magnitude::Finite { significand: b, exponent: f }),
            ) => Ok((s, self.normal(a, e), t, self.normal(b, f))),
        }
    }

    /// `fmod` (C23 7.12.10.1): the rest of the truncated quotient, with the sign of `x`. "Invalid" for infinite `x` and for `y` = 0.
    #[must_use]
    pub fn modulo(&self, x: u128, y: u128) -> Raising<u128> {
        let (negative, x, _, y) = match self.operands(x, y) {
            Ok(operands) => operands,
            Err(result) => return result,
        };
        let Division { rest, exponent, .. } = Self::divide(x, y);
        (self.with_sign(self.0.round(rest, exponent, false).bits, negative), Exceptions::NONE)
    }

    /// `remquo` (C23 7.12.10.3): the rest of the quotient rounded to nearest, ties to even, and its low bits with its sign.
    #[must_use]
    pub fn remainder(&self, x: u128, y: u128) -> (Raising<u128>, i32) {
        let (x_negative, x, y_negative, y) = match self.operands(x, y) {
            Ok(operands) => operands,
            Err(result) => return (result, 0),
        };
        let Division { rest, exponent, quotient } = Self::divide(x, y);
        // The divisor in units of the rest; where the rest is far below half of it nothing is rounded up.
        let divisor = match y.exponent - exponent {
            0 => Some(y.significand),
            1 => Some(y.significand << 1),
            _ => None,
        };
        let (rest, up) = match divisor {
            Some(divisor) if rest << 1 > divisor || rest << 1 == divisor && quotient & 1 != 0 => (divisor - rest, true),
            _ => (rest, false),
        };
        let low = (quotient.wrapping_add(up.into()) & 0x7FFF_FFFF) as i32;
        let rest = self.0.round(rest, exponent, false).bits;
        let quotient = if x_negative == y_negative { low } else { -low };
        ((self.with_sign(rest, x_negative != (up && rest != 0)), Exceptions::NONE), quotient)
    }
}
