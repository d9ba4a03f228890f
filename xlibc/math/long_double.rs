//! Functions on the bits of a floating format, in integers: exact, the same on every CPU. C's `long double` uses them, as Rust has no
//! type for it; `nexttoward` and the tests use them for the other formats too.
#![forbid(unsafe_code)]

use core::cmp::Ordering;
use core::num::FpCategory;

use super::fenv::{Exceptions, Rounding};
use crate::text::float::{Format, LONG_DOUBLE, Magnitude};

mod angle;
mod divide;
mod root;

/// C's `long double` on this CPU.
pub const LONG: Engine = Engine(LONG_DOUBLE);

/// How `to_integer` decides about fractions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// By a rounding mode.
    Mode(Rounding),
    /// To nearest, halves away from zero: `round`.
    HalfAway,
}

/// A result and the exceptions it raises.
pub type Raising<T> = (T, Exceptions);

/// The functions of one format. Values are its bits.
#[derive(Clone, Copy, Debug)]
pub struct Engine(pub Format);

/// A finite value that is not 0: `significand * 2^exponent`, the significand with as many bits as the format's precision.
#[derive(Clone, Copy, Debug)]
struct Normal {
    significand: u128,
    exponent: i32,
}

impl Engine {
    fn precision(&self) -> i32 {
        self.0.precision as i32
    }
    /// The sign bit.
    fn sign(&self) -> u128 {
        1 << self.0.sign_bit()
    }
    fn with_sign(&self, magnitude: u128, negative: bool) -> u128 {
        if negative { magnitude | self.sign() } else { magnitude }
    }
    /// Largest finite magnitude.
    fn largest(&self) -> u128 {
        let exponent = 3 - self.0.least_exponent() - 2 * self.precision();
        self.0.round((1 << self.0.precision) - 1, exponent, false).bits
    }
    fn quiet_nan(&self) -> u128 {
        self.0.nan(0)
    }
    /// A NaN operand as result: quiet, its sign and payload kept.
    fn quieted(&self, nan: u128) -> u128 {
        // The x87 CPU makes the default NaN of encodings it refuses.
        let payload = nan & ((1 << (self.0.precision - 2)) - 1);
        self.with_sign(self.0.nan(payload), nan & self.sign() != 0)
    }
    fn normal(&self, significand: u128, exponent: i32) -> Normal {
        let shift = self.precision() - (128 - significand.leading_zeros() as i32);
        Normal { significand: significand << shift, exponent: exponent - shift }
    }
    fn is_nan(&self, x: u128) -> bool {
        self.0.unpack(x).1 == Magnitude::Nan
    }

    /// Rounds `significand * 2^exponent`, and a little more if `sticky`.
    fn rounded(&self, negative: bool, significand: u128, exponent: i32, sticky: bool, mode: Rounding) -> Raising<u128> {
        if significand == 0 {
            return (self.with_sign(0, negative), Exceptions::NONE);
        }
        let length = 128 - significand.leading_zeros() as i32;
        let unit = (exponent + length - self.precision()).max(self.0.least_exponent());
        let shift = unit - exponent;
        let (kept, rest, half) = match shift {
            ..=0 => (significand, 0, 1),
            1..=127 => (significand >> shift, significand & ((1 << shift) - 1), 1 << (shift - 1)),
            // Below half a unit, or above it at 128 bits, which no caller has.
            _ => (0, 1, 2),
        };
        let unit = if shift <= 0 { exponent } else { unit };
        let inexact = rest != 0 || sticky;
        let up = match mode {
            Rounding::ToNearest => rest > half || rest == half && (sticky || kept & 1 != 0),
            Rounding::TowardZero => false,
            Rounding::Upward => inexact && !negative,
            Rounding::Downward => inexact && negative,
        };
        // Exact from here on.
        let packed = self.0.round(kept + u128::from(up), unit, false).bits;
        if packed == self.0.infinity() {
            let stays = match mode {
                Rounding::ToNearest => false,
                Rounding::TowardZero => true,
                Rounding::Upward => negative,
                Rounding::Downward => !negative,
            };
            let magnitude = if stays { self.largest() } else { packed };
            return (self.with_sign(magnitude, negative), Exceptions::OVERFLOW | Exceptions::INEXACT);
        }
        let tiny = unit == self.0.least_exponent() && kept >> (self.precision() - 1) == 0;
        let raised = match (inexact, tiny) {
            (false, _) => Exceptions::NONE,
            (true, false) => Exceptions::INEXACT,
            (true, true) => Exceptions::UNDERFLOW | Exceptions::INEXACT,
        };
        (self.with_sign(packed, negative), raised)
    }

    /// `fpclassify`.
    #[must_use]
    pub fn category(&self, x: u128) -> FpCategory {
        match self.0.unpack(x).1 {
            Magnitude::Nan => FpCategory::Nan,
            Magnitude::Infinite => FpCategory::Infinite,
            Magnitude::Finite { significand: 0, .. } => FpCategory::Zero,
            Magnitude::Finite { significand, .. } if significand >> (self.precision() - 1) == 0 => {
                FpCategory::Subnormal
            }
            Magnitude::Finite { .. } => FpCategory::Normal,
        }
    }
    /// `signbit`.
    #[must_use]
    pub fn is_negative(&self, x: u128) -> bool {
        x & self.sign() != 0
    }
    /// `copysign`.
    #[must_use]
    pub fn copy_sign(&self, x: u128, y: u128) -> u128 {
        x & (self.sign() - 1) | y & self.sign()
    }

    /// The order of two values of any formats; `None` with a NaN.
    fn order(a: (bool, Magnitude), b: (bool, Magnitude)) -> Option<Ordering> {
        // Sign, class and place of the leading one, then the bits after it.
        let key = |(negative, magnitude)| {
            let sign = if negative { -1 } else { 1 };
            match magnitude {
                Magnitude::Nan => None,
                Magnitude::Infinite => Some((sign, i32::MAX, 0)),
                Magnitude::Finite { significand: 0, .. } => Some((0, 0, 0)),
                Magnitude::Finite { significand, exponent } => {
                    let zeros = significand.leading_zeros();
                    Some((sign, exponent - zeros as i32, significand << zeros))
                }
            }
        };
        let (a, b) = (key(a)?, key(b)?);
        Some(a.0.cmp(&b.0).then_with(|| {
            let magnitudes = (a.1, a.2).cmp(&(b.1, b.2));
            if a.0 < 0 { magnitudes.reverse() } else { magnitudes }
        }))
    }
    /// The order of two values; `None` with a NaN.
    #[must_use]
    pub fn compare(&self, x: u128, y: u128) -> Option<Ordering> {
        Self::order(self.0.unpack(x), self.0.unpack(y))
    }

    /// `fmax` (C23 7.12.12.2): the number where one is NaN; +0 above -0.
    #[must_use]
    pub fn larger(&self, x: u128, y: u128) -> u128 {
        self.chosen(x, y, Ordering::Greater)
    }

    /// `fmin` (C23 7.12.12.3).
    #[must_use]
    pub fn smaller(&self, x: u128, y: u128) -> u128 {
        self.chosen(x, y, Ordering::Less)
    }

    /// `x` where it stands to `y` as asked, else `y`; the number where one is NaN.
    fn chosen(&self, x: u128, y: u128, wanted: Ordering) -> u128 {
        match self.compare(x, y) {
            // Zeros of both signs compare equal.
            Some(Ordering::Equal) if self.is_negative(x) == (wanted == Ordering::Less) => x,
            Some(order) if order == wanted => x,
            Some(_) => y,
            None if !self.is_nan(x) => x,
            None if !self.is_nan(y) => y,
            None => self.quieted(x),
        }
    }

    /// `fdim` (C23 7.12.12.1): `x - y`, or +0 where `x` is not above `y`.
    #[must_use]
    pub fn excess(&self, x: u128, y: u128, mode: Rounding) -> Raising<u128> {
        match self.compare(x, y) {
            None => (self.quieted(if self.is_nan(x) { x } else { y }), Exceptions::NONE),
            Some(Ordering::Greater) => self.difference(x, y, mode),
            Some(_) => (0, Exceptions::NONE),
        }
    }

    /// `x - y` where `x` is above `y`.
    fn difference(&self, x: u128, y: u128, mode: Rounding) -> Raising<u128> {
        let ((x_negative, x), (y_negative, y)) = (self.0.unpack(x), self.0.unpack(y));
        let (Magnitude::Finite { significand: a, exponent: e }, Magnitude::Finite { significand: b, exponent: f }) =
            (x, y)
        else {
            return (self.0.infinity(), Exceptions::NONE);
        };
        if x_negative == y_negative {
            // Both signs negative: the magnitude of `y` is the larger.
            if x_negative { self.magnitudes(b, f, a, e, true, mode) } else { self.magnitudes(a, e, b, f, true, mode) }
        } else if (e, a) >= (f, b) {
            self.magnitudes(a, e, b, f, false, mode)
        } else {
            self.magnitudes(b, f, a, e, false, mode)
        }
    }

    /// Sum or difference of two magnitudes, the first not below the second or of the larger exponent.
    fn magnitudes(&self, a: u128, e: i32, b: u128, f: i32, subtract: bool, mode: Rounding) -> Raising<u128> {
        // Room above the significand, less one bit for the carry of a sum.
        let room = 127 - 1 - self.precision();
        let apart = e - f;
        if apart < 0 {
            // Only with equal leading places, one bit apart at most: subnormal operands have equal exponents.
            return self.rounded(false, if subtract { a - (b << -apart) } else { a + (b << -apart) }, e, false, mode);
        }
        let lift = apart.min(room);
        let drop = (apart - lift) as u32;
        let (b, sticky) = match drop {
            0 => (b, false),
            1..=127 => (b >> drop, b & ((1 << drop) - 1) != 0),
            _ => (0, b != 0),
        };
        let a = a << lift;
        // What was dropped of the subtrahend leaves a little less than the next integer.
        let sum = if subtract { a - b - u128::from(sticky) } else { a + b };
        self.rounded(false, sum, e - lift, sticky, mode)
    }

    /// `ceil`, `floor`, `trunc`, `round`, `rint`: "inexact" if the value changes.
    #[must_use]
    pub fn to_integer(&self, x: u128, direction: Direction) -> Raising<u128> {
        let (negative, magnitude) = self.0.unpack(x);
        let Magnitude::Finite { significand, exponent } = magnitude else {
            return (if magnitude == Magnitude::Nan { self.quieted(x) } else { x }, Exceptions::NONE);
        };
        if exponent >= 0 || significand == 0 {
            return (x, Exceptions::NONE);
        }
        let shift = -exponent;
        let (kept, rest, half) = if shift > self.precision() {
            (0, 1, 2)
        } else {
            (significand >> shift, significand & ((1 << shift) - 1), 1 << (shift - 1))
        };
        let up = rest != 0
            && match direction {
                Direction::HalfAway => rest >= half,
                Direction::Mode(Rounding::ToNearest) => rest > half || rest == half && kept & 1 != 0,
                Direction::Mode(Rounding::TowardZero) => false,
                Direction::Mode(Rounding::Upward) => !negative,
                Direction::Mode(Rounding::Downward) => negative,
            };
        let magnitude = self.0.round(kept + u128::from(up), 0, false).bits;
        (self.with_sign(magnitude, negative), if rest == 0 { Exceptions::NONE } else { Exceptions::INEXACT })
    }

    /// `lrint`, `lround`: the integer. Out of range: "invalid" and the least number.
    #[must_use]
    pub fn to_i64(&self, x: u128, direction: Direction) -> Raising<i64> {
        let (integer, raised) = self.to_integer(x, direction);
        let (negative, magnitude) = self.0.unpack(integer);
        let Magnitude::Finite { significand, exponent } = magnitude else { return (i64::MIN, Exceptions::INVALID) };
        let value = match exponent {
            // An integer: what is shifted out is zero.
            -127..=0 => significand >> -exponent,
            1..=63 if significand.leading_zeros() as i32 > exponent => significand << exponent,
            _ if significand == 0 => 0,
            _ => u128::MAX,
        };
        let value = i128::try_from(value).ok().map(|value| if negative { -value } else { value });
        match value.and_then(|value| i64::try_from(value).ok()) {
            Some(value) => (value, raised),
            None => (i64::MIN, Exceptions::INVALID),
        }
    }

    /// `modf`: integer part and fraction, both with the sign of `x`.
    #[must_use]
    pub fn split(&self, x: u128) -> (u128, u128) {
        let (integer, _) = self.to_integer(x, Direction::Mode(Rounding::TowardZero));
        let (negative, magnitude) = self.0.unpack(x);
        let fraction = match magnitude {
            Magnitude::Nan => return (integer, integer),
            Magnitude::Finite { significand, exponent: exponent @ -127..0 } => {
                self.0.round(significand & ((1 << -exponent) - 1), exponent, false).bits
            }
            Magnitude::Finite { significand, exponent } if exponent < 0 => {
                self.0.round(significand, exponent, false).bits
            }
            _ => 0,
        };
        (integer, self.with_sign(fraction, negative))
    }

    /// `frexp`: a fraction from 1/2 to below 1 and its power of two; 0 for what has none.
    #[must_use]
    pub fn fraction(&self, x: u128) -> (u128, i32) {
        match self.0.unpack(x) {
            (negative, Magnitude::Finite { significand: significand @ 1.., exponent }) => {
                let normal = self.normal(significand, exponent);
                let fraction = self.0.round(normal.significand, -self.precision(), false).bits;
                (self.with_sign(fraction, negative), normal.exponent + self.precision())
            }
            (_, Magnitude::Nan) => (self.quieted(x), 0),
            _ => (x, 0),
        }
    }

    /// `scalbn`: `x * 2^n`.
    #[must_use]
    pub fn scaled(&self, x: u128, n: i64, mode: Rounding) -> Raising<u128> {
        match self.0.unpack(x) {
            (negative, Magnitude::Finite { significand: significand @ 1.., exponent }) => {
                // Beyond these every result is infinite or below every number.
                let n = n.clamp(-80_000, 80_000) as i32;
                self.rounded(negative, significand, exponent + n, false, mode)
            }
            (_, Magnitude::Nan) => (self.quieted(x), Exceptions::NONE),
            _ => (x, Exceptions::NONE),
        }
    }

    /// `ilogb`: the exponent. INT_MAX for infinity, INT_MIN for 0 and NaN, both with "invalid".
    #[must_use]
    pub fn exponent(&self, x: u128) -> Raising<i32> {
        match self.0.unpack(x).1 {
            Magnitude::Finite { significand: significand @ 1.., exponent } => {
                (self.normal(significand, exponent).exponent + self.precision() - 1, Exceptions::NONE)
            }
            Magnitude::Infinite => (i32::MAX, Exceptions::INVALID),
            _ => (i32::MIN, Exceptions::INVALID),
        }
    }

    /// `logb`: the exponent as a value. -infinity with "divide by zero" for 0.
    #[must_use]
    pub fn exponent_value(&self, x: u128) -> Raising<u128> {
        match self.0.unpack(x).1 {
            Magnitude::Nan => (self.quieted(x), Exceptions::NONE),
            Magnitude::Infinite => (self.0.infinity(), Exceptions::NONE),
            Magnitude::Finite { significand: 0, .. } => {
                (self.with_sign(self.0.infinity(), true), Exceptions::DIVIDE_BY_ZERO)
            }
            Magnitude::Finite { .. } => {
                let exponent = self.exponent(x).0;
                let magnitude = self.0.round(exponent.unsigned_abs().into(), 0, false).bits;
                (self.with_sign(magnitude, exponent < 0), Exceptions::NONE)
            }
        }
    }

    /// The neighbour of a number, not NaN, toward plus or minus infinity. "Overflow" and "underflow" as C23 F.10.8.3 says.
    fn step(&self, x: u128, upward: bool) -> Raising<u128> {
        let (negative, magnitude) = self.0.unpack(x);
        let least = self.0.least_exponent();
        let (negative, stepped) = match magnitude {
            Magnitude::Finite { significand: 0, .. } => (!upward, 1),
            Magnitude::Finite { significand, exponent } if negative != upward => {
                (negative, self.0.round(significand + 1, exponent, false).bits)
            }
            Magnitude::Finite { significand, exponent } => {
                // Below a power of two the spacing halves, but not below the smallest normal number.
                let halves = significand == 1 << (self.precision() - 1) && exponent > least;
                let (significand, exponent) =
                    if halves { ((significand << 1) - 1, exponent - 1) } else { (significand - 1, exponent) };
                (negative, self.0.round(significand, exponent, false).bits)
            }
            _ if negative == upward => (negative, self.largest()),
            _ => return (x, Exceptions::NONE),
        };
        let raised = match self.category(stepped) {
            FpCategory::Infinite => Exceptions::OVERFLOW | Exceptions::INEXACT,
            FpCategory::Zero | FpCategory::Subnormal => Exceptions::UNDERFLOW | Exceptions::INEXACT,
            _ => Exceptions::NONE,
        };
        (self.with_sign(stepped, negative), raised)
    }

    /// `nextafter`, `nexttoward`: the neighbour of `x` on the way to `y`, a value of any format. `y_here` is `y` in this format, for
    /// where the two are equal.
    #[must_use]
    pub fn toward(&self, x: u128, y: u128, y_format: &Format, y_here: impl FnOnce() -> u128) -> Raising<u128> {
        if self.is_nan(x) {
            return (self.quieted(x), Exceptions::NONE);
        }
        match Self::order(self.0.unpack(x), y_format.unpack(y)) {
            None => (self.quiet_nan(), Exceptions::NONE),
            Some(Ordering::Equal) => (y_here(), Exceptions::NONE),
            Some(order) => self.step(x, order == Ordering::Less),
        }
    }
}

#[cfg(test)]
mod tests;
