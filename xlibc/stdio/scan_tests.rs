use super::*;
use crate::stdio::scan_input::StringInput;

/// What scanf returns, `-1` for EOF, and why it stopped.
fn scan_from(text: &str, format: &str, places: &[u64]) -> (i32, Option<Stop>) {
    let bytes: Vec<u8> = text.bytes().chain([0]).collect();
    let mut slots = places.to_vec();
    // SAFETY: tests pass places for what their formats store.
    let narrow =
        unsafe { scan(&mut StringInput::new(bytes.as_ptr()), format.as_bytes(), &mut VaList::on_stack(&mut slots)) };
    (narrow.assigned, narrow.stop)
}

fn scan_wide(text: &str, format: &str, places: &[u64]) -> (i32, Option<Stop>) {
    let text: Vec<u32> = text.chars().map(u32::from).chain([0]).collect();
    let format: Vec<u32> = format.chars().map(u32::from).collect();
    let mut slots = places.to_vec();
    // SAFETY: tests pass places for what their formats store.
    let wide = unsafe { scan(&mut StringInput::new(text.as_ptr()), &format, &mut VaList::on_stack(&mut slots)) };
    (wide.assigned, wide.stop)
}

fn at<T>(place: &mut T) -> u64 {
    core::ptr::from_mut(place).expose_provenance() as u64
}

#[test]
fn integers() {
    for (text, format, value, stop) in [
        ("42", "%d", 42, None),
        (" \n-42x", "%d", -42, None),
        ("0x1f", "%i", 31, None),
        ("017", "%i", 15, None),
        ("0b11", "%i", 3, None),
        ("1f", "%x", 31, None),
        ("0x1f", "%x", 31, None),
        ("12345", "%3d", 123, None),
        ("77", "%o", 63, None),
        ("101", "%b", 5, None),
        ("0xbeef", "%p", 0xbeef, None),
        ("x=7", "x=%d", 7, None),
        ("  x  = 7", " x =%d", 7, None),
        ("%7", "%%%d", 7, None),
        ("", "%d", -1, Some(Stop::End)),
        ("   ", "%d", -1, Some(Stop::End)),
        ("abc", "%d", -1, Some(Stop::Mismatch)),
        ("0x", "%x", -1, Some(Stop::Mismatch)),
        ("-", "%d", -1, Some(Stop::Mismatch)),
        ("y7", "x%d", -1, Some(Stop::Mismatch)),
        ("7", "%y", -1, Some(Stop::Failed(Errno::INVAL))),
    ] {
        let assigned = i32::from(stop.is_none());
        let mut place = -1_i64;
        let expected = (value, assigned, stop);
        let (count, why) = scan_from(text, format, &[at(&mut place)]);
        assert_eq!((place as i32, count, why), expected, "{text} {format}");
        let mut place = -1_i64;
        let (count, why) = scan_wide(text, format, &[at(&mut place)]);
        assert_eq!((place as i32, count, why), expected, "{text} {format}");
    }
}

#[test]
fn lengths_store_as_much_as_they_say() {
    let (mut byte, mut short, mut int, mut long) = ([7_i8; 2], [7_i16; 2], [7_i32; 2], [7_i64; 2]);
    let places = [at(&mut byte), at(&mut short), at(&mut int), at(&mut long), at(&mut long[1])];
    assert_eq!(scan_from("-1 -2 -3 -4 5", "%hhd%hd%d%lld%w64d", &places), (5, None));
    assert_eq!((byte, short, int, long), ([-1, 7], [-2, 7], [-3, 7], [-4, 5]));
    // What does not fit any integer is the nearest.
    assert_eq!(scan_from("99999999999999999999", "%ld", &places[3..]), (1, None));
    assert_eq!(long[0], i64::MAX);
}

#[test]
fn floats() {
    let (mut single, mut double) = (0_f32, 0_f64);
    assert_eq!(scan_from("1.5e3 -0x1.8p1", "%f%lf", &[at(&mut single), at(&mut double)]), (2, None));
    assert_eq!((single, double), (1500.0, -3.0));
    assert_eq!(scan_wide("inf 0.1", "%f%lg", &[at(&mut single), at(&mut double)]), (2, None));
    assert_eq!((single, double), (f32::INFINITY, 0.1));
    assert_eq!(scan_from("100ergs", "%lf", &[at(&mut double)]), (0, Some(Stop::Mismatch)));
    assert_eq!(scan_from("1.25", "%3lf", &[at(&mut double)]), (1, None));
    assert_eq!(double, 1.2);
    let mut long = 0_u128;
    assert_eq!(scan_from("0.5", "%Lf", &[at(&mut long)]), (1, None));
    assert_eq!(LONG_DOUBLE.unpack(long).1, LONG_DOUBLE.unpack(LONG_DOUBLE.round(1, -1, false).bits).1);
}

#[test]
fn strings_and_sets() {
    let mut text = [b'#'; 16];
    for (input, format, stored, result) in [
        ("  hello world", "%s", &b"hello\0#"[..], (1, None)),
        ("hello", "%3s", b"hel\0#", (1, None)),
        ("hello", "%c", b"h#", (1, None)),
        (" x", "%c", b" #", (1, None)),
        ("hello", "%3c", b"hel#", (1, None)),
        ("ab", "%3c", b"ab#", (0, Some(Stop::Mismatch))),
        ("abc123", "%[a-z]", b"abc\0#", (1, None)),
        ("abc123", "%[^0-9]", b"abc\0#", (1, None)),
        ("a]b", "%[]a]", b"a]\0#", (1, None)),
        ("123", "%[a-z]", b"#", (0, Some(Stop::Mismatch))),
        ("", "%[a-z]", b"#", (0, Some(Stop::End))),
        ("", "%c", b"#", (0, Some(Stop::End))),
        (" ", "%s", b"#", (0, Some(Stop::End))),
        ("skip keep", "%*s%s", b"keep\0#", (1, None)),
    ] {
        for wide in [false, true] {
            text.fill(b'#');
            let scan = if wide { scan_wide } else { scan_from };
            assert_eq!(scan(input, format, &[at(&mut text)]), result, "{input} {format}");
            assert!(text.starts_with(stored), "{input} {format} {text:?}");
        }
    }
    let mut wide = [7_u32; 8];
    assert_eq!(scan_from("hi", "%ls", &[at(&mut wide)]), (1, None));
    assert_eq!(wide[..4], [0x68, 0x69, 0, 7]);
    assert_eq!(scan_wide("hi", "%S", &[at(&mut wide)]), (1, None));
}

#[test]
fn wide_characters_come_from_as_many_bytes_as_they_have() {
    use crate::locale::abi::{newlocale, uselocale};
    // SAFETY: a literal; the locale of this thread alone.
    let c = unsafe { uselocale(newlocale(1, c"C.UTF-8".as_ptr(), core::ptr::null())) };
    for (input, format, stored, result, rest) in [
        ("\u{e4}b", "%lc%n", &[0xe4, 7][..], (1, None), 2),
        ("\u{1f600}b", "%lc%n", &[0x1_f600, 7], (1, None), 4),
        ("\u{e4}b\u{20ac}d", "%3lc%n", &[0xe4, 0x62, 0x20ac, 7], (1, None), 6),
        ("\u{e4}b", "%3lc%n", &[0xe4, 0x62, 7], (0, Some(Stop::Mismatch)), 7),
        ("", "%lc%n", &[7], (0, Some(Stop::End)), 7),
        (" \u{e4}", "%lc%n", &[0x20, 7], (1, None), 1),
        ("\u{e4}\u{f6} x", "%ls%n", &[0xe4, 0xf6, 0, 7], (1, None), 4),
        ("\u{e4}\u{f6}x", "%4ls%n", &[0xe4, 0xf6, 0, 7], (1, None), 4),
        ("\u{e4}\u{f6}x", "%3ls%n", &[0xe4, 7], (0, Some(Stop::Failed(Errno::ILSEQ))), 7),
        ("a\u{e4}\u{f6}x", "%l[^x]%n", &[0x61, 0xe4, 0xf6, 0, 7], (1, None), 5),
        ("\u{e4}\u{f6}x", "%l[\u{f6}\u{e4}]%n", &[0xe4, 0xf6, 0, 7], (1, None), 4),
        ("x\u{e4}", "%*lc%lc%n", &[0xe4, 7], (1, None), 3),
        ("\u{e4}x", "%*lc%lc%n", &[0x78, 7], (1, None), 3),
    ] {
        let (mut wide, mut count) = ([7_u32; 8], 7_i32);
        assert_eq!(scan_from(input, format, &[at(&mut wide), at(&mut count)]), result, "{input} {format}");
        assert!(wide.starts_with(stored), "{input} {format} {wide:x?}");
        assert_eq!(count, rest, "{input} {format}");
    }
    let mut pointer = core::ptr::null_mut::<u32>();
    assert_eq!(scan_from("\u{e4}\u{20ac}!", "%2mlc", &[at(&mut pointer)]), (1, None));
    // SAFETY: two characters from malloc, as the test shows.
    unsafe {
        assert_eq!(core::slice::from_raw_parts(pointer, 2), [0xe4, 0x20ac]);
        crate::rt::heap::release(pointer.cast());
        uselocale(c);
    }
    // Every byte is a character in "C".
    let mut wide = [7_u32; 4];
    assert_eq!(scan_from("\u{e4}", "%2lc", &[at(&mut wide)]), (1, None));
    assert_eq!(wide, [0xdfc3, 0xdfa4, 7, 7]);
}

#[test]
fn memory_is_allocated_for_m() {
    let mut pointer = core::ptr::null_mut::<u8>();
    let long = "x".repeat(100);
    assert_eq!(scan_from(&long, "%ms", &[at(&mut pointer)]), (1, None));
    // SAFETY: a string from malloc, as the test shows.
    unsafe {
        assert_eq!(core::ffi::CStr::from_ptr(pointer.cast()).to_bytes(), long.as_bytes());
        crate::rt::heap::release(pointer);
    }
    pointer = core::ptr::null_mut();
    assert_eq!(scan_from("1", "%m[a-z]", &[at(&mut pointer)]), (0, Some(Stop::Mismatch)));
    assert!(pointer.is_null());
}

#[test]
fn counts_and_positions() {
    let (mut first, mut second, mut count) = (0_i32, 0_i32, 0_i32);
    let places = [at(&mut first), at(&mut second), at(&mut count)];
    assert_eq!(scan_from("12 34rest", "%d%d%n", &places), (2, None));
    assert_eq!((first, second, count), (12, 34, 5));
    assert_eq!(scan_from("5 6", "%2$d%1$d", &places), (2, None));
    assert_eq!((first, second), (6, 5));
    assert_eq!(scan_from("5 6", "%2$d%d", &places), (1, Some(Stop::Failed(Errno::INVAL))));
    assert_eq!(scan_from("1", "%d%d", &places), (1, Some(Stop::End)));
}
