//! Where gamma functions of crate `libm` fold a constant and so lose an exception.

use super::fenv::{self, Exceptions};

/// C23 7.12.8.4, F.10.5.4: no number and "invalid" for a negative integer and for minus infinity.
#[must_use]
pub fn tgamma(x: f64) -> f64 {
    if x < 0.0 && libm::floor(x) == x {
        fenv::raise(Exceptions::INVALID);
        return f64::NAN;
    }
    libm::tgamma(x)
}

/// [`tgamma`] for `float`.
#[must_use]
pub fn tgammaf(x: f32) -> f32 {
    if x < 0.0 && libm::floorf(x) == x {
        fenv::raise(Exceptions::INVALID);
        return f32::NAN;
    }
    libm::tgammaf(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negative_integers_are_invalid_and_nothing_else_is() {
        for (x, invalid) in
            [(-1.0, true), (-1e10, true), (f64::NEG_INFINITY, true), (-0.5, false), (0.0, false), (5.0, false)]
        {
            fenv::clear(Exceptions::ALL);
            let result = tgamma(core::hint::black_box(x));
            let narrow = tgammaf(core::hint::black_box(x as f32));
            let raised = fenv::raised().0 & Exceptions::INVALID.0 != 0;
            fenv::clear(Exceptions::ALL);
            assert_eq!((result.is_nan(), narrow.is_nan(), raised), (invalid, invalid, invalid), "{x}");
        }
    }
}
