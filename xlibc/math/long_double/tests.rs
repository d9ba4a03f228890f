//! The engine on binary64 against the CPU, and edges of the two long formats.

use super::*;
use crate::math::fenv::{Rounding::*, set_rounding};
use crate::text::float::{BINARY128, F64, X87};
use proptest::prelude::*;

const DOUBLE: Engine = Engine(F64);

fn bits(x: f64) -> u128 {
    x.to_bits().into()
}

/// Any number, small exponents more often.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<u64>().prop_map(f64::from_bits),
        (-1000i32..1000).prop_map(|n| f64::from(n) / 8.0),
        (any::<u64>(), 1000u64..1100)
            .prop_map(|(fraction, exponent)| f64::from_bits(fraction & !(0x7FF << 52) | exponent << 52)),
        (0u64..3, any::<bool>()).prop_map(|(bits, sign)| f64::from_bits(bits | u64::from(sign) << 63)),
        prop_oneof![Just(f64::INFINITY), Just(f64::NAN), Just(f64::MAX), Just(f64::MIN_POSITIVE)],
    ]
}

fn same(found: u128, expected: f64, what: &str, x: f64, y: f64) {
    let found = f64::from_bits(found as u64);
    assert!(
        found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan(),
        "{what} {x:e} {y:e}: {found:e}, not {expected:e}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]
    #[test]
    fn one_operand(x in number()) {
        let z = bits(x);
        same(DOUBLE.to_integer(z, Direction::Mode(Upward)).0, x.ceil(), "ceil", x, x);
        same(DOUBLE.to_integer(z, Direction::Mode(Downward)).0, x.floor(), "floor", x, x);
        same(DOUBLE.to_integer(z, Direction::Mode(TowardZero)).0, x.trunc(), "trunc", x, x);
        same(DOUBLE.to_integer(z, Direction::Mode(ToNearest)).0, x.round_ties_even(), "rint", x, x);
        same(DOUBLE.to_integer(z, Direction::HalfAway).0, x.round(), "round", x, x);
        same(DOUBLE.root(z, ToNearest).0, x.sqrt(), "sqrt", x, x);
        same(DOUBLE.fraction(z).0, libm::frexp(x).0, "frexp", x, x);
        same(DOUBLE.split(z).1, if x.is_infinite() { 0f64.copysign(x) } else { x.fract().copysign(x) }, "modf", x, x);
        same(DOUBLE.exponent_value(z).0, crate::math::scale::logb(x), "logb", x, x);
        assert_eq!(DOUBLE.exponent(z).0, libm::ilogb(x));
        if x.is_finite() && x != 0.0 { assert_eq!(DOUBLE.fraction(z).1, libm::frexp(x).1); }
        assert_eq!(DOUBLE.category(z), x.classify());
        let truncated = x.trunc();
        let expected = if (i64::MIN as f64..-(i64::MIN as f64)).contains(&truncated) { truncated as i64 } else { i64::MIN };
        assert_eq!(DOUBLE.to_i64(z, Direction::Mode(TowardZero)).0, expected);
    }

    #[test]
    fn two_operands(x in number(), y in number()) {
        let (a, b) = (bits(x), bits(y));
        same(DOUBLE.modulo(a, b).0, x % y, "fmod", x, y);
        same(DOUBLE.remainder(a, b).0.0, libm::remainder(x, y), "remainder", x, y);
        let quotient = DOUBLE.remainder(a, b).1;
        if x.is_finite() && y.is_finite() && y != 0.0 { assert_eq!(quotient & 7, libm::remquo(x, y).1 & 7, "{x:e} {y:e}"); }
        same(DOUBLE.excess(a, b, ToNearest).0, if x > y { x - y } else if x.is_nan() || y.is_nan() { f64::NAN } else { 0.0 }, "fdim", x, y);
        same(DOUBLE.toward(a, b, &F64, || b).0, libm::nextafter(x, y), "nextafter", x, y);
        assert_eq!(DOUBLE.compare(a, b), x.partial_cmp(&y));
        if x != y {
            same(DOUBLE.larger(a, b), x.max(y), "fmax", x, y);
            same(DOUBLE.smaller(a, b), x.min(y), "fmin", x, y);
        }
        same(DOUBLE.copy_sign(a, b), x.copysign(y), "copysign", x, y);
    }

    #[test]
    fn angles(y in number(), x in number()) {
        let near = |found: u128, expected: f64| {
            let found = f64::from_bits(found as u64);
            let (a, b) = (found.to_bits() as i64, expected.to_bits() as i64);
            assert!(a.abs_diff(b) <= 1 || found.is_nan() && expected.is_nan(), "{y:e} {x:e}: {found:e}, not {expected:e}");
        };
        near(DOUBLE.angle(bits(y), bits(x), ToNearest).0, libm::atan2(y, x));
        // An angle in a longer format, rounded twice, is the same to an ulp.
        for long in [Engine(X87), Engine(BINARY128)] {
            let wide = |x: f64| match F64.unpack(bits(x)) {
                (negative, Magnitude::Finite { significand, exponent }) => long.with_sign(long.0.round(significand, exponent, false).bits, negative),
                (negative, Magnitude::Infinite) => long.with_sign(long.0.infinity(), negative),
                _ => long.0.nan(0),
            };
            let (negative, angle) = long.0.unpack(long.angle(wide(y), wide(x), ToNearest).0);
            let narrow = match angle {
                Magnitude::Finite { significand, exponent } => DOUBLE.with_sign(F64.round(significand, exponent, false).bits, negative),
                _ => bits(f64::NAN),
            };
            near(narrow, libm::atan2(y, x));
        }
    }

    #[test]
    fn scaling(x in number(), n in -2200i64..2200) {
        same(DOUBLE.scaled(bits(x), n, ToNearest).0, libm::scalbn(x, n as i32), "scalbn", x, n as f64);
    }

    #[test]
    fn rounding_modes(x in number(), y in number(), mode in prop_oneof![Just(Upward), Just(Downward), Just(TowardZero)]) {
        set_rounding(mode);
        let (root, excess) = (core::hint::black_box(x).sqrt(), core::hint::black_box(x) - core::hint::black_box(y));
        set_rounding(ToNearest);
        same(DOUBLE.root(bits(x), mode).0, root, "sqrt", x, x);
        if x > y { same(DOUBLE.excess(bits(x), bits(y), mode).0, excess, "fdim", x, y); }
    }

    #[test]
    fn long_formats_agree_with_double(x in number(), y in number()) {
        for long in [Engine(X87), Engine(BINARY128)] {
            // Exact, as both formats hold every double.
            let wide = |x: f64| match F64.unpack(bits(x)) {
                (negative, Magnitude::Finite { significand, exponent }) => long.with_sign(long.0.round(significand, exponent, false).bits, negative),
                (negative, Magnitude::Infinite) => long.with_sign(long.0.infinity(), negative),
                _ => long.0.nan(0),
            };
            let check = |found: u128, expected: f64| assert!(found == wide(expected) || long.is_nan(found) && expected.is_nan(), "{x:e} {y:e}: {found:x} {expected:e}");
            let (a, b) = (wide(x), wide(y));
            check(long.modulo(a, b).0, x % y);
            check(long.remainder(a, b).0.0, libm::remainder(x, y));
            check(long.to_integer(a, Direction::HalfAway).0, x.round());
            check(long.to_integer(a, Direction::Mode(Downward)).0, x.floor());
            check(long.split(a).0, x.trunc());
            check(long.exponent_value(a).0, crate::math::scale::logb(x));
            assert_eq!(long.compare(a, b), x.partial_cmp(&y));
            // The root of a square of 26 bits is exact.
            let small = f64::from(x as f32 as i32 & 0x3FF_FFFF);
            assert_eq!(long.root(wide(small * small), Upward), (wide(small), Exceptions::NONE));
            let back = long.toward(long.toward(a, b, &long.0, || b).0, a, &long.0, || a).0;
            if !x.is_nan() && !y.is_nan() && x != 0.0 && x.is_finite() { assert_eq!(back, a); }
            // nexttoward: the neighbour of a double, on the way to a long double.
            same(DOUBLE.toward(bits(x), b, &long.0, || bits(y)).0, libm::nextafter(x, y), "nexttoward", x, y);
        }
    }
}

#[test]
fn edges_of_the_long_formats() {
    for long in [Engine(X87), Engine(BINARY128)] {
        let f = long.0;
        let (one, tiny, huge) = (f.round(1, 0, false).bits, 1, long.largest());
        let infinity = f.infinity();
        assert_eq!(long.toward(huge, infinity, &f, || 0), (infinity, Exceptions::OVERFLOW | Exceptions::INEXACT));
        assert_eq!(long.toward(infinity, 0, &f, || 0), (huge, Exceptions::NONE));
        assert_eq!(long.toward(0, one, &f, || 0), (tiny, Exceptions::UNDERFLOW | Exceptions::INEXACT));
        assert_eq!(long.toward(tiny, 0, &f, || 0), (0, Exceptions::UNDERFLOW | Exceptions::INEXACT));
        assert_eq!(long.toward(0, long.sign(), &f, || long.sign()), (long.sign(), Exceptions::NONE));
        assert_eq!(long.scaled(one, -40_000, ToNearest).0, 0);
        assert_eq!(long.scaled(one, -40_000, Upward).0, tiny);
        assert_eq!(long.scaled(one, i64::MAX, ToNearest), (infinity, Exceptions::OVERFLOW | Exceptions::INEXACT));
        assert_eq!(long.scaled(one, i64::MAX, Downward).0, huge);
        let normal_least = f.round(1, -16382, false).bits;
        assert_eq!(long.scaled(one, -16382, ToNearest), (normal_least, Exceptions::NONE));
        let subnormal_largest = f.round((1 << (f.precision - 1)) - 1, f.least_exponent(), false).bits;
        assert_eq!(long.category(subnormal_largest), FpCategory::Subnormal);
        assert_eq!(long.toward(normal_least, 0, &f, || 0).0, subnormal_largest);
        assert_eq!(long.toward(subnormal_largest, one, &f, || 0).0, normal_least);
        assert_eq!(long.exponent(tiny).0, -16382 - (f.precision as i32 - 1));
        assert_eq!(long.fraction(tiny), (f.round(1, -1, false).bits, -16382 - (f.precision as i32 - 1) + 1));
        assert_eq!(long.root(long.sign() | one, ToNearest), (long.quiet_nan(), Exceptions::INVALID));
        assert_eq!(long.modulo(infinity, one).1, Exceptions::INVALID);
        assert_eq!(long.modulo(one, 0).1, Exceptions::INVALID);
        assert_eq!(long.modulo(huge, tiny), (0, Exceptions::NONE));
        assert_eq!(long.to_i64(f.round(1, 63, false).bits, Direction::HalfAway), (i64::MIN, Exceptions::INVALID));
        assert_eq!(
            long.to_i64(f.round((1 << 63) - 1, 0, false).bits, Direction::HalfAway),
            (i64::MAX, Exceptions::NONE)
        );
        assert_eq!(
            long.to_i64(long.sign() | f.round(1, 63, false).bits, Direction::HalfAway),
            (i64::MIN, Exceptions::NONE)
        );
        // 1 - 2^-40000 rounds to 1, or to its neighbour below.
        assert_eq!(long.excess(one, tiny, ToNearest), (one, Exceptions::INEXACT));
        assert_eq!(long.excess(one, tiny, TowardZero).0, long.toward(one, 0, &f, || 0).0);
        // The root of 2: the square of the rounded-down result is below 2, that of its neighbour above.
        let two = f.round(2, 0, false).bits;
        let (low, high) = (long.root(two, Downward).0, long.root(two, Upward).0);
        assert_eq!(long.toward(low, high, &f, || 0).0, high);
        let square = |x: u128| {
            let Magnitude::Finite { significand, .. } = f.unpack(x).1 else { panic!() };
            // High 64 bits are enough to tell the two sides for x87 only; binary128 is compared through its leading bits.
            let top = significand >> (f.precision - 63);
            top * top
        };
        assert!(square(low) <= 1 << 125 && square(high) + (1 << 64) > 1 << 125);
    }
}
