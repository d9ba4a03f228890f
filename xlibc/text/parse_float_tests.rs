use super::super::float::{BINARY128, X87};
use super::*;

fn scan_as<const DIGITS: usize>(text: &str) -> FloatScan<DIGITS> {
    FloatScan::new().read(text.bytes())
}

fn scan(text: &str) -> FloatScan<DIGITS_DOUBLE> {
    scan_as(text)
}

#[test]
fn the_longest_valid_prefix_counts() {
    for (text, value, used) in [
        ("1", 1.0, 1),
        ("-1.5e3x", -1500.0, 6),
        ("1e", 1.0, 1),
        ("1e+", 1.0, 1),
        ("1.", 1.0, 2),
        (".5", 0.5, 2),
        (".", 0.0, 0),
        ("", 0.0, 0),
        ("+", 0.0, 0),
        ("-.e1", 0.0, 0),
        ("0x", 0.0, 1),
        ("0x.", 0.0, 1),
        ("0xg", 0.0, 1),
        ("0x1.8p1", 3.0, 7),
        ("0x1.8p", 1.5, 5),
        ("0x.8", 0.5, 4),
        ("0xAp0", 10.0, 5),
        ("inf", f64::INFINITY, 3),
        ("-INFINITYx", f64::NEG_INFINITY, 9),
        ("infinit", f64::INFINITY, 3),
        ("in", 0.0, 0),
        ("1.5.5", 1.5, 3),
        ("0e5", 0.0, 3),
        ("00012", 12.0, 5),
        ("1e0000000000000000000001", 10.0, 24),
        ("1p3", 1.0, 1),
    ] {
        let number = scan(text);
        assert_eq!((number.double().0, number.used()), (value, used), "{text}");
    }
    assert!(scan("-0").double().0.is_sign_negative());
    assert!(!scan("1e+").is_complete());
    assert!(scan("1e+5").is_complete());
}

#[test]
fn nan_takes_its_parentheses_only_whole() {
    for (text, used) in
        [("nan", 3), ("NaN(12_ab)", 10), ("nan(", 3), ("nan(1", 3), ("nan(-)", 3), ("nan()", 5), ("na", 0)]
    {
        let number = scan(text);
        assert_eq!(number.used(), used, "{text}");
        assert_eq!(number.double().0.is_nan(), used > 0, "{text}");
    }
    assert_eq!(scan("nan(0x5)").double().0.to_bits(), 0x7ff8_0000_0000_0005);
    assert!(scan("-nan").double().0.is_sign_negative());
}

#[test]
fn limits_are_out_of_range() {
    for (text, value, out) in [
        ("1e400", f64::INFINITY, true),
        ("-1e400", f64::NEG_INFINITY, true),
        ("1e-400", 0.0, true),
        ("1.7976931348623157e308", f64::MAX, false),
        ("1.7976931348623159e308", f64::INFINITY, true),
        ("2.2250738585072014e-308", f64::MIN_POSITIVE, false),
        ("4.9406564584124654e-324", f64::from_bits(1), true),
        ("0x1p-1074", f64::from_bits(1), false),
        ("0x1p-1075", 0.0, true),
        ("0x1.8p-1075", f64::from_bits(1), true),
        ("0e999999999999999999", 0.0, false),
        ("1e99999999999999999999", f64::INFINITY, true),
        ("1e-99999999999999999999", 0.0, true),
        ("0x1p1024", f64::INFINITY, true),
        ("0x1p99999999999", f64::INFINITY, true),
    ] {
        assert_eq!(scan(text).double(), (value, out), "{text}");
    }
    let zeros = "0".repeat(5000);
    assert_eq!(scan(&format!("0.{zeros}1e5001")).double().0, 1.0);
    assert_eq!(scan(&format!("1{zeros}e-5000")).double().0, 1.0);
    assert_eq!(scan("3.4028236e38").float(), (f32::INFINITY, true));
    assert_eq!(scan("16777217").float(), (16_777_216.0, false));
    assert_eq!(scan("0.1").float(), (0.1, false));
}

#[test]
fn both_paths_of_double_agree() {
    let mut state = 7_u64;
    for _ in 0..20_000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let expected = f64::from_bits(state);
        if !expected.is_finite() {
            continue;
        }
        let text = if state & 1 == 0 { format!("{expected:e}") } else { format!("{expected:.20e}") };
        let number = scan(&text);
        assert_eq!(number.double().0.to_bits(), state, "{text}");
        assert_eq!(number.value(&F64).bits, u128::from(state), "{text}");
        assert_eq!(number.float().0.to_bits(), text.parse::<f32>().unwrap().to_bits(), "{text}");
    }
}

#[test]
fn long_doubles_have_their_own_precision() {
    let number = scan_as::<11_600>("-3.14159265358979323846264338327950288");
    assert_eq!(number.value(&X87).bits, 0xc000_c90f_daa2_2168_c235);
    assert_eq!(number.value(&BINARY128).bits, 0xc000_921f_b544_42d1_8469_898c_c517_01b8);
    let number = scan_as::<11_600>("0x1.ffffffffffffffff8p0");
    assert_eq!(number.value(&X87).bits, 0x4000_8000_0000_0000_0000);
}
