//! Square root, digit by digit: two bits of the operand for each of the result.
#![forbid(unsafe_code)]

use super::{Engine, Exceptions, Magnitude, Raising, Rounding};

impl Engine {
    /// `sqrt` (C23 7.12.7.10), correctly rounded. "Invalid" for negative numbers; -0 stays.
    #[must_use]
    pub fn root(&self, x: u128, mode: Rounding) -> Raising<u128> {
        let normal = match self.0.unpack(x) {
            (_, Magnitude::Nan) => return (self.quieted(x), Exceptions::NONE),
            (_, Magnitude::Finite { significand: 0, .. }) | (false, Magnitude::Infinite) => {
                return (x, Exceptions::NONE);
            }
            (true, _) => return (self.quiet_nan(), Exceptions::INVALID),
            (false, Magnitude::Finite { significand, exponent }) => self.normal(significand, exponent),
        };
        // An even exponent, and as many zeros behind the significand as two more bits of the result need.
        let odd = normal.exponent & 1;
        let (significand, exponent) = (normal.significand << odd, normal.exponent - odd);
        let zeros = (self.precision() + 3) & !1;
        let pairs = (self.precision() + 1 + zeros + 1) / 2;
        let (mut root, mut rest) = (0u128, 0u128);
        for pair in (0..pairs).rev() {
            let place = 2 * pair - zeros;
            let digits = if place < 0 { 0 } else { significand >> place & 3 };
            rest = rest << 2 | digits;
            let trial = root << 2 | 1;
            root <<= 1;
            if rest >= trial {
                rest -= trial;
                root |= 1;
            }
        }
        self.rounded(false, root, (exponent - zeros) / 2, rest != 0, mode)
    }
}
