//! Conversions as C sees them, each test in a thread with the locale it needs.

use super::strings::*;
use super::*;
use crate::locale::abi::{newlocale, uselocale};
use crate::rt::thread;

/// Makes this test's thread use UTF-8.
fn utf8() {
    // SAFETY: a literal and a locale.
    unsafe { uselocale(newlocale(1, c"C.UTF-8".as_ptr(), ptr::null())) };
}

fn wide(text: &str) -> Vec<wchar_t> {
    text.chars().map(|c| c as wchar_t).chain([0]).collect()
}

fn errno() -> c_int {
    thread().errno.replace(0)
}

#[test]
fn one_character() {
    utf8();
    let (mut to, mut state) = (0, State::default());
    let text = c"\u{E9}\u{20AC}";
    // SAFETY: literals and locals.
    unsafe {
        let from = text.as_ptr();
        assert_eq!((mbrtowc(&mut to, from, 9, &mut state), to), (2, 0xE9));
        assert_eq!((mbrtowc(&mut to, from.add(2), 1, &mut state), mbsinit(&state)), (INCOMPLETE, 0));
        assert_eq!((mbrtowc(&mut to, from.add(3), 1, &mut state), mbsinit(&state)), (INCOMPLETE, 0));
        assert_eq!((mbrtowc(&mut to, from.add(4), 1, &mut state), to, mbsinit(&state)), (1, 0x20AC, 1));
        assert_eq!((mbrtowc(&mut to, from.add(5), 1, &mut state), to), (0, 0));
        assert_eq!((mbrtowc(&mut to, from, 0, &mut state), errno()), (INCOMPLETE, 0));
        assert_eq!((mbrtowc(&mut to, c"\xFF".as_ptr(), 1, &mut state), errno()), (ILLEGAL, 84));
        assert_eq!((mbrtowc(&mut to, c"\xED\xA0\x80".as_ptr(), 3, &mut state), errno()), (ILLEGAL, 84));
        // A null string ends a whole character only.
        assert_eq!(mbrtowc(&mut to, ptr::null(), 0, &mut state), 0);
        assert_eq!(mbrlen(from, 1, &mut state), INCOMPLETE);
        assert_eq!((mbrtowc(ptr::null_mut(), ptr::null(), 0, &mut state), errno()), (ILLEGAL, 84));
        assert_eq!((mbtowc(&mut to, from, 2), mbtowc(&mut to, from, 1), errno()), (2, -1, 84));
        assert_eq!((mbtowc(&mut to, ptr::null(), 0), mblen(from.add(2), 3), mblen(c"".as_ptr(), 1)), (0, 3, 0));
        let mut buffer = [0 as c_char; 4];
        let to = buffer.as_mut_ptr();
        assert_eq!((wctomb(to, 0x20AC), wctomb(ptr::null_mut(), 1)), (3, 0));
        assert_eq!((wcrtomb(to, 0x1F600, ptr::null_mut()), wcrtomb(ptr::null_mut(), 0x41, ptr::null_mut())), (4, 1));
        assert_eq!((wcrtomb(to, 0xD800, ptr::null_mut()), errno()), (ILLEGAL, 84));
        assert_eq!((wctomb(to, -1i32 as wchar_t), errno()), (-1, 84));
        assert_eq!([btowc(0x41), btowc(0xE9), btowc(-1), btowc(0x141)], [0x41, WEOF, WEOF, WEOF]);
        assert_eq!([wctob(0x41), wctob(0xE9), wctob(WEOF)], [0x41, -1, -1]);
    }
}

#[test]
fn strings_stop_where_room_or_input_ends() {
    utf8();
    let mut to = [7 as wchar_t; 8];
    let text = c"a\u{E9}\u{20AC}z";
    // SAFETY: literals and locals.
    unsafe {
        let mut from = text.as_ptr();
        assert_eq!(mbsrtowcs(ptr::null_mut(), &mut from, 0, ptr::null_mut()), 4);
        assert_eq!(from, text.as_ptr());
        assert_eq!(mbsrtowcs(to.as_mut_ptr(), &mut from, 2, ptr::null_mut()), 2);
        assert_eq!((from, to[..3].to_vec()), (text.as_ptr().add(3), vec![0x61, 0xE9, 7]));
        let mut state = State::default();
        // Two of the three bytes of the euro sign.
        assert_eq!(mbsnrtowcs(to.as_mut_ptr(), &mut from, 2, 8, &mut state), 0);
        assert_eq!((from, mbsinit(&state)), (text.as_ptr().add(5), 0));
        assert_eq!(mbsnrtowcs(to.as_mut_ptr(), &mut from, 9, 8, &mut state), 2);
        assert_eq!((from, to[..3].to_vec(), mbsinit(&state)), (ptr::null(), vec![0x20AC, 0x7A, 0], 1));
        assert_eq!(mbstowcs(to.as_mut_ptr(), text.as_ptr(), 8), 4);
        assert_eq!((mbstowcs(to.as_mut_ptr(), c"ab\xC3".as_ptr(), 8), errno()), (ILLEGAL, 84));

        let source = wide("a\u{E9}\u{20AC}z");
        let mut bytes = [7 as c_char; 12];
        let mut from = source.as_ptr();
        assert_eq!(wcsrtombs(ptr::null_mut(), &mut from, 0, ptr::null_mut()), 7);
        // The euro sign needs three bytes and has two.
        assert_eq!(wcsrtombs(bytes.as_mut_ptr(), &mut from, 5, ptr::null_mut()), 3);
        assert_eq!((from, bytes[3]), (source.as_ptr().add(2), 7));
        assert_eq!(wcsnrtombs(bytes.as_mut_ptr(), &mut from, 1, 12, ptr::null_mut()), 3);
        assert_eq!(wcsnrtombs(bytes.as_mut_ptr(), &mut from, 9, 12, ptr::null_mut()), 1);
        assert_eq!((from, bytes[1]), (ptr::null(), 0));
        assert_eq!(wcstombs(bytes.as_mut_ptr(), source.as_ptr(), 7), 7);
        assert_eq!((wcstombs(bytes.as_mut_ptr(), [0xDFFF, 0].as_ptr(), 7), errno()), (ILLEGAL, 84));
    }
}

#[test]
fn c_takes_every_byte() {
    // SAFETY: literals and locals.
    unsafe {
        uselocale(newlocale(1, c"C".as_ptr(), ptr::null()));
        let mut to = 0;
        assert_eq!((mbtowc(&mut to, c"\xE9".as_ptr(), 1), to), (1, 0xDFE9));
        let mut byte = 0 as c_char;
        assert_eq!((wctomb(&mut byte, 0xDFE9), byte as u8), (1, 0xE9));
        assert_eq!((wctomb(&mut byte, 0xE9), errno()), (-1, 84));
        assert_eq!((btowc(0xE9), wctob(0xDFE9)), (0xDFE9, 0xE9));
    }
}

#[test]
fn utf16_and_utf32() {
    utf8();
    let (mut unit, mut state, mut wide, mut bytes) = (0, State::default(), 0, [0 as c_char; 4]);
    let from = c"\u{1F600}".as_ptr();
    // SAFETY: literals and locals.
    unsafe {
        assert_eq!((mbrtoc16(&mut unit, from, 9, &mut state), unit), (4, 0xD83D));
        assert_eq!((mbrtoc16(&mut unit, from.add(4), 1, &mut state), unit), (SECOND, 0xDE00));
        assert_eq!((mbrtoc16(&mut unit, from.add(4), 1, &mut state), unit), (0, 0));
        assert_eq!((mbrtoc32(&mut wide, from, 9, &mut state), wide), (4, 0x1F600));
        assert_eq!(c16rtomb(bytes.as_mut_ptr(), 0xD83D, &mut state), 0);
        assert_eq!(c16rtomb(bytes.as_mut_ptr(), 0xDE00, &mut state), 4);
        assert_eq!((c16rtomb(bytes.as_mut_ptr(), 0xDE00, &mut state), errno()), (ILLEGAL, 84));
        assert_eq!(c32rtomb(bytes.as_mut_ptr(), 0x20AC, &mut state), 3);
        assert_eq!((c32rtomb(bytes.as_mut_ptr(), 0x11_0000, &mut state), errno()), (ILLEGAL, 84));
    }
}

#[test]
fn wide_strings() {
    let (text, mut buffer) = (wide("key=value=x"), [9 as wchar_t; 16]);
    let (string, to) = (text.as_ptr(), buffer.as_mut_ptr());
    // SAFETY: terminated strings and room enough.
    unsafe {
        assert_eq!([wcslen(string), wcsnlen(string, 4), wcsnlen(string, 99)], [11, 4, 11]);
        assert_eq!(wcpcpy(to, wide("abc").as_ptr()), to.add(3));
        assert_eq!(wcpncpy(to, wide("xy").as_ptr(), 5), to.add(2));
        assert_eq!(buffer[..6], [0x78, 0x79, 0, 0, 0, 9]);
        assert_eq!(wcsncat(wcscpy(to, wide("a").as_ptr()), string, 3), to);
        assert_eq!(wcscat(to, wide("!").as_ptr()), to);
        assert_eq!(wcscmp(to, wide("akey!").as_ptr()), 0);
        assert_eq!((wcscmp(to, wide("akez").as_ptr()), wcsncmp(to, wide("akez").as_ptr(), 3)), (-1, 0));
        assert_eq!(
            (
                wcscasecmp(wide("É").as_ptr(), wide("é").as_ptr()),
                wcsncasecmp(wide("ab").as_ptr(), wide("AC").as_ptr(), 2)
            ),
            (0, -1)
        );
        let equals = '=' as wchar_t;
        assert_eq!(
            (wcschr(string, equals), wcsrchr(string, equals)),
            (string.add(3).cast_mut(), string.add(9).cast_mut())
        );
        assert_eq!((wcschr(string, 0), wcsrchr(string, 0)), (string.add(11).cast_mut(), string.add(11).cast_mut()));
        assert!(
            wcschr(string, 1).is_null()
                && wcsrchr(string, 1).is_null()
                && wcsstr(string, wide("values").as_ptr()).is_null()
        );
        assert_eq!(wcsstr(string, wide("=x").as_ptr()), string.add(9).cast_mut());
        assert_eq!(wcsstr(string, wide("").as_ptr()), string.cast_mut());
        assert_eq!((wcsspn(string, wide("yek").as_ptr()), wcscspn(string, wide("v=").as_ptr())), (3, 3));
        assert_eq!(wcspbrk(string, wide("v").as_ptr()), string.add(4).cast_mut());
        assert_eq!(
            (wmemchr(string, equals, 3), wmemchr(string, equals, 4)),
            (ptr::null_mut(), string.add(3).cast_mut())
        );
        assert_eq!((wmemcmp(string, string, 11), wmemcmp(string, string.add(1), 1)), (0, 1));
        assert_eq!(*wmemset(to, 5, 3).add(2), 5);
        assert_eq!(
            (wcswidth(wide("a\u{4E00}\u{301}").as_ptr(), 9), wcswidth(wide("\t").as_ptr(), 9), wcwidth(0x41)),
            (3, -1, 1)
        );
        let (mut text, mut rest, mut tokens) = (wide("..a.bc.."), ptr::null_mut(), Vec::new());
        let (mut start, separators) = (text.as_mut_ptr(), wide("."));
        loop {
            let found = wcstok(start, separators.as_ptr(), &mut rest);
            if found.is_null() {
                break;
            }
            tokens.push(wcslen(found));
            start = ptr::null_mut();
        }
        assert_eq!(tokens, [1, 2]);
    }
}
