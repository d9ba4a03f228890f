//! Where hyperbolic functions of crate `libm` answer outside of their domain.

use super::fenv::{self, Exceptions};

/// C23 7.12.5.1, F.10.2.1: no number and "invalid" below 1. The crate's function is right from there on only.
#[must_use]
pub fn acoshf(x: f32) -> f32 {
    if x < 1.0 {
        fenv::raise(Exceptions::INVALID);
        return f32::NAN;
    }
    libm::acoshf(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_one_is_no_number() {
        for x in [0.99, 0.0, -0.5, -1.0, -2.5, -1e30, f32::NEG_INFINITY] {
            fenv::clear(Exceptions::ALL);
            assert!(acoshf(x).is_nan(), "{x}");
            assert_eq!(fenv::raised().0 & Exceptions::INVALID.0, Exceptions::INVALID.0, "{x}");
        }
        fenv::clear(Exceptions::ALL);
        assert_eq!(acoshf(1.0), 0.0);
        assert!(acoshf(f32::NAN).is_nan());
        assert_eq!(fenv::raised().0 & Exceptions::INVALID.0, 0);
        fenv::clear(Exceptions::ALL);
    }
}
