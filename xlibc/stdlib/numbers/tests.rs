//! Value, end and errno of every string in small against the C library of this machine.
#![cfg(target_env = "gnu")]

use core::ffi::{c_char, c_int};
use core::ptr::null_mut;

use proptest::prelude::*;

use super::abi;
use crate::rt::thread;
use crate::types::wchar_t;

mod host {
    use super::{c_char, c_int, wchar_t};
    unsafe extern "C" {
        pub fn strtod(text: *const c_char, end: *mut *mut c_char) -> f64;
        pub fn strtof(text: *const c_char, end: *mut *mut c_char) -> f32;
        pub fn wcstod(text: *const wchar_t, end: *mut *mut wchar_t) -> f64;
        pub fn wcstof(text: *const wchar_t, end: *mut *mut wchar_t) -> f32;
        pub fn strtol(text: *const c_char, end: *mut *mut c_char, base: c_int) -> i64;
        pub fn strtoul(text: *const c_char, end: *mut *mut c_char, base: c_int) -> u64;
        pub fn wcstol(text: *const wchar_t, end: *mut *mut wchar_t, base: c_int) -> i64;
        pub fn __errno_location() -> *mut c_int;
    }
}

/// Bits of the value, characters used, errno.
type Seen = (u64, usize, c_int);

fn seen<C>(text: *const C, errno: impl Fn() -> *mut c_int, read: impl FnOnce(*mut *mut C) -> u64) -> Seen {
    let mut end = null_mut();
    // SAFETY: the thread's own object.
    unsafe { errno().write(0) };
    let bits = read(&raw mut end);
    // SAFETY: as above; both pointers are into the text.
    unsafe { (bits, end.cast_const().offset_from_unsigned(text), errno().read()) }
}

fn ours<C>(text: *const C, read: impl FnOnce(*mut *mut C) -> u64) -> Seen {
    seen(text, || thread().errno.as_ptr(), read)
}

fn theirs<C>(text: *const C, read: impl FnOnce(*mut *mut C) -> u64) -> Seen {
    // SAFETY: always callable.
    seen(text, || unsafe { host::__errno_location() }, read)
}

fn compare(text: &[u8]) {
    let narrow: Vec<u8> = text.iter().copied().chain([0]).collect();
    let wide: Vec<wchar_t> = narrow.iter().map(|byte| (*byte).into()).collect();
    let (narrow, wide) = (narrow.as_ptr().cast::<c_char>(), wide.as_ptr());
    let shown = String::from_utf8_lossy(text);
    macro_rules! same {
        ($text:expr, $ours:path, $theirs:path, $bits:expr $(, $base:expr)?) => {
            // SAFETY: strings and valid places.
            let (our, their) = unsafe {
                (ours($text, |end| $bits($ours($text, end $(, $base)?))), theirs($text, |end| $bits($theirs($text, end $(, $base)?))))
            };
            assert_eq!(our, their, "{} of {shown:?}", stringify!($ours));
        };
    }
    same!(narrow, abi::strtod, host::strtod, f64::to_bits);
    same!(wide, abi::wide::wcstod, host::wcstod, f64::to_bits);
    same!(narrow, abi::strtof, host::strtof, |value: f32| u64::from(value.to_bits()));
    same!(wide, abi::wide::wcstof, host::wcstof, |value: f32| u64::from(value.to_bits()));
    // C23's prefix 0b is younger than some of these libraries.
    let bases: &[c_int] = if shown.to_lowercase().contains("0b") { &[8, 10, 16, 36] } else { &[0, 2, 8, 10, 16, 36] };
    for base in bases.iter().copied() {
        same!(narrow, abi::strtol, host::strtol, |value: i64| value as u64, base);
        same!(narrow, abi::strtoul, host::strtoul, |value: u64| value, base);
        same!(wide, abi::wide::wcstol, host::wcstol, |value: i64| value as u64, base);
    }
}

#[test]
fn every_short_string_reads_as_with_glibc() {
    const ALPHABET: &[u8] = b"+-.01xPeinfa( ";
    for length in 0..=4 {
        for number in 0..ALPHABET.len().pow(length) {
            let mut rest = number;
            let text: Vec<u8> = (0..length)
                .map(|_| {
                    let byte = ALPHABET[rest % ALPHABET.len()];
                    rest /= ALPHABET.len();
                    byte
                })
                .collect();
            compare(&text);
        }
    }
}

proptest! {
    #[test]
    fn parts_of_numbers_in_any_order_read_as_with_glibc(parts in prop::collection::vec(prop::sample::select(&[
        "+", "-", ".", "0", "1", "7", "9", "0x", "0X", "e", "E", "p", "P", "inf", "INF", "inity", "in", "nan", "NaN", "(", ")",
        "(1", "_z)", "0)", "e+", "p-", "e-40", "e30", "e308", "e-320", "p-1074", "p1024", "a", "f", " ", "\t", "z", "00", "99999999999999999999", "0.1", "g",
    ][..]), 0..9)) {
        compare(parts.concat().as_bytes());
    }
}

#[test]
fn no_number_is_plain_zero() {
    for text in [
        c"-", c"+", c"-.", c"-e1", c"-.e", c"-in", c"-inx", c"-na", c"-nax", c"- 1", c"--1", c"-x", c"  -", c"-(",
        c"-p",
    ] {
        let mut end = null_mut();
        // SAFETY: strings and valid places.
        unsafe {
            assert_eq!(abi::strtod(text.as_ptr(), &raw mut end).to_bits(), 0, "{text:?}");
            assert_eq!(end.cast_const(), text.as_ptr(), "{text:?}");
            assert_eq!(abi::strtof(text.as_ptr(), &raw mut end).to_bits(), 0, "{text:?}");
            assert_eq!(end.cast_const(), text.as_ptr(), "{text:?}");
            assert_eq!(abi::atof(text.as_ptr()).to_bits(), 0, "{text:?}");
            assert_eq!(super::long_double(crate::rt::CBytes::new(text.as_ptr())).value, 0, "{text:?}");
        }
    }
    // A 0 before what does not go on is one, with its sign.
    for (text, used) in
        [(c"-0x", 2), (c"-0x.", 2), (c"-0xp1", 2), (c"-0e", 2), (c"-0e+", 2), (c"-.0e-", 3), (c"-0x0p", 4)]
    {
        let mut end = null_mut();
        // SAFETY: strings and valid places.
        let value = unsafe { abi::strtod(text.as_ptr(), &raw mut end) };
        assert_eq!(value.to_bits(), 1 << 63, "{text:?}");
        assert_eq!(end.cast_const(), text.as_ptr().wrapping_add(used), "{text:?}");
    }
}
