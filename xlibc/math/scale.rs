//! Exponents: the functions that crate `libm` lacks.
#![forbid(unsafe_code)]

use super::{fenv, nearest};

/// C23 7.12.6.17: the exponent as a number. -infinity with "divide by zero" for 0.
#[must_use]
pub fn logb(x: f64) -> f64 {
    if !x.is_finite() {
        x * x
    } else if x == 0.0 {
        -1.0 / (x * x)
    } else {
        libm::ilogb(x).into()
    }
}

/// C23 7.12.6.19 for any `long`: beyond these limits every result is 0 or infinite.
#[must_use]
pub fn scalbln(x: f64, n: i64) -> f64 {
    libm::scalbn(x, n.clamp(-5000, 5000) as i32)
}

/// As [`scalbln`].
#[must_use]
pub fn scalblnf(x: f32, n: i64) -> f32 {
    libm::scalbnf(x, n.clamp(-5000, 5000) as i32)
}

/// XPG4 `scalb`: `x * 2^n`. "Invalid" and NaN if `n` is no integer, or for 0 times and infinity by an infinite power.
#[must_use]
pub fn scalb(x: f64, n: f64) -> f64 {
    if x.is_nan() || n.is_nan() {
        x * n
    } else if n.is_infinite() {
        if n > 0.0 { x * n } else { x / -n }
    } else if nearest::rint(n) != n {
        fenv::raise(fenv::Exceptions::INVALID);
        f64::NAN
    } else {
        libm::scalbn(x, n.clamp(-65000.0, 65000.0) as i32)
    }
}

/// The significand, from 1 to below 2; zeros, infinities and NaN stay.
#[must_use]
pub fn significand(x: f64) -> f64 {
    if x == 0.0 || !x.is_finite() { x + x } else { libm::scalbn(x, -libm::ilogb(x)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges() {
        assert_eq!(
            (logb(8.0), logb(0.75), logb(f64::from_bits(1)), logb(0.0)),
            (3.0, -1.0, -1074.0, f64::NEG_INFINITY)
        );
        assert_eq!((logb(f64::NEG_INFINITY), logb(f64::NAN).is_nan()), (f64::INFINITY, true));
        assert_eq!((scalbln(1.0, i64::MAX), scalbln(1.0, i64::MIN)), (f64::INFINITY, 0.0));
        assert_eq!((scalblnf(1.5, 2), scalblnf(1.0, -149)), (6.0, f32::from_bits(1)));
        assert_eq!(
            (scalb(3.0, 2.0), scalb(3.0, f64::INFINITY), scalb(3.0, f64::NEG_INFINITY)),
            (12.0, f64::INFINITY, 0.0)
        );
        assert!(
            scalb(3.0, 0.5).is_nan()
                && scalb(0.0, f64::INFINITY).is_nan()
                && scalb(f64::INFINITY, f64::NEG_INFINITY).is_nan()
        );
        assert_eq!((significand(12.0), significand(-f64::from_bits(3)), significand(-0.0)), (1.5, -1.5, -0.0));
    }
}
