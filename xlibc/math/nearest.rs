//! Rounding to an integer as the rounding mode says. Assembly, as a compiler takes the mode for fixed.

pub use super::arch::{lrint, lrintf, lround, rint, rintf};
use super::fenv::{self, Exceptions};

/// Does something without raising "inexact".
pub(super) fn quietly<T>(work: impl FnOnce() -> T) -> T {
    let before = fenv::raised().0 & Exceptions::INEXACT.0;
    let result = work();
    if before == 0 {
        fenv::clear(Exceptions::INEXACT);
    }
    result
}

/// C23 7.12.9.3: [`rint`] without "inexact".
#[must_use]
pub fn nearbyint(x: f64) -> f64 {
    quietly(|| rint(x))
}

/// As [`nearbyint`].
#[must_use]
pub fn nearbyintf(x: f32) -> f32 {
    quietly(|| rintf(x))
}

#[cfg(test)]
mod tests {
    use super::*;
    use fenv::{Rounding, set_rounding};

    #[test]
    fn every_mode_is_honoured() {
        for (mode, results) in [
            (Rounding::ToNearest, [0.0, 2.0, 2.0, -2.0, -0.0, 3.0]),
            (Rounding::Downward, [0.0, 1.0, 2.0, -2.0, -1.0, 2.0]),
            (Rounding::Upward, [1.0, 2.0, 3.0, -1.0, -0.0, 3.0]),
            (Rounding::TowardZero, [0.0, 1.0, 2.0, -1.0, -0.0, 2.0]),
        ] {
            for (x, expected) in [0.5, 1.5, 2.5, -1.5, -0.5, 2.75].into_iter().zip(results) {
                set_rounding(mode);
                let wide = (rint(x), nearbyint(x), lrint(x));
                let narrow = (rintf(x as f32), nearbyintf(x as f32), lrintf(x as f32));
                set_rounding(Rounding::ToNearest);
                assert_eq!(wide, (expected, expected, expected as i64), "{mode:?} {x}");
                assert_eq!(narrow, (expected as f32, expected as f32, expected as i64), "{mode:?} {x}");
                assert_eq!(wide.0.is_sign_negative(), expected.is_sign_negative(), "{mode:?} {x}");
            }
        }
    }

    #[test]
    fn large_and_special_values_stay() {
        for x in [0.0, -0.0, 4503599627370496.0, -4503599627370497.0, f64::MAX, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(rint(x).to_bits(), x.to_bits());
            assert_eq!(rintf(x as f32).to_bits(), (x as f32).to_bits());
        }
        assert!(rint(f64::NAN).is_nan());
        assert_eq!(rint(4503599627370495.5), 4503599627370496.0);
    }

    #[test]
    fn only_rint_raises_inexact() {
        fenv::clear(Exceptions::ALL);
        assert_eq!(nearbyint(core::hint::black_box(0.25)), 0.0);
        assert_eq!(fenv::raised(), Exceptions::NONE);
        assert_eq!(rint(core::hint::black_box(0.25)), 0.0);
        assert_eq!(fenv::raised(), Exceptions::INEXACT);
        assert_eq!(nearbyint(core::hint::black_box(0.25)), 0.0);
        assert_eq!(fenv::raised(), Exceptions::INEXACT);
        fenv::clear(Exceptions::ALL);
        let _ = lrint(core::hint::black_box(1e300));
        assert_eq!(fenv::raised().0 & Exceptions::INVALID.0, Exceptions::INVALID.0);
        fenv::clear(Exceptions::ALL);
    }

    #[test]
    fn halves_go_away_from_zero() {
        for (x, expected) in
            [(0.5, 1), (-0.5, -1), (1.5, 2), (2.5, 3), (0.49999999999999994, 0), (4503599627370497.5, 4503599627370498)]
        {
            assert_eq!(lround(x), expected, "{x}");
        }
    }
}
