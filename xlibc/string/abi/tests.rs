//! Edges of the functions that do more than call an engine.

use super::copies::*;
use super::*;
use crate::rt::c_bytes;

fn text(buffer: &[u8]) -> &[u8] {
    &buffer[..buffer.iter().position(|byte| *byte == 0).expect("NUL")]
}

#[test]
fn copies_end_where_the_standards_say() {
    let mut buffer = [b'#'; 16];
    let to = buffer.as_mut_ptr().cast::<c_char>();
    // SAFETY: 16 bytes.
    unsafe {
        assert_eq!(stpcpy(to, c"abc".as_ptr()), to.add(3));
        assert_eq!(stpncpy(to, c"xy".as_ptr(), 5), to.add(2));
        assert_eq!(buffer[..6], *b"xy\0\0\0#");
        assert_eq!(stpncpy(to, c"12345678".as_ptr(), 4), to.add(4));
        assert_eq!(buffer[..6], *b"1234\0#");
        assert_eq!(strncat(to, c"56789".as_ptr(), 2), to);
        assert_eq!(buffer[..8], *b"123456\0#");
        assert_eq!(strlcat(to, c"789".as_ptr(), 9), 9);
        assert_eq!(text(&buffer), b"12345678");
        assert_eq!(strlcat(to, c"789".as_ptr(), 3), 6);
        assert_eq!(strlcpy(to, c"long text".as_ptr(), 5), 9);
        assert_eq!(text(&buffer), b"long");
        assert_eq!(strlcpy(core::ptr::null_mut(), c"abc".as_ptr(), 0), 3);
        assert_eq!(strcat(strcpy(to, c"a".as_ptr()), c"bc".as_ptr()), to);
        assert_eq!(text(&buffer), b"abc");
        assert_eq!(memccpy(to.cast(), c"key=value".as_ptr().cast(), b'='.into(), 9), to.add(4).cast());
        assert!(memccpy(to.cast(), c"key=value".as_ptr().cast(), b'!'.into(), 9).is_null());
        assert_eq!(strxfrm(to, c"abc".as_ptr(), 3), 3);
        assert_eq!(strxfrm(to, c"abc".as_ptr(), 4), 3);
        assert_eq!(text(&buffer), b"abc");
    }
}

#[test]
fn duplicates_are_separate() {
    unsafe extern "C" {
        fn free(memory: *mut c_void);
    }
    // SAFETY: results of malloc.
    unsafe {
        let (a, b) = (strdup(c"abc".as_ptr()), strndup(c"abcdef".as_ptr(), 2));
        assert_eq!((c_bytes(a), c_bytes(b)), (&b"abc"[..], &b"ab"[..]));
        free(a.cast());
        free(b.cast());
    }
}

#[test]
fn searches_give_addresses() {
    let string = c"key=value=x".as_ptr();
    // SAFETY: literals.
    unsafe {
        assert_eq!(strchr(string, b'='.into()), string.add(3).cast_mut());
        assert_eq!(strchr(string, 0), string.add(11).cast_mut());
        assert!(strchr(string, b'!'.into()).is_null());
        assert_eq!(strchrnul(string, b'!'.into()), string.add(11).cast_mut());
        assert_eq!(strrchr(string, b'='.into()), string.add(9).cast_mut());
        // The number is converted to a char first.
        assert_eq!(strchr(string, 0x100 + c_int::from(b'v')), string.add(4).cast_mut());
        assert_eq!(strpbrk(string, c"=v".as_ptr()), string.add(3).cast_mut());
        assert!(strpbrk(string, c"!".as_ptr()).is_null());
        assert_eq!(strstr(string, c"value".as_ptr()), string.add(4).cast_mut());
        assert!(strstr(string, c"values".as_ptr()).is_null());
        assert_eq!(strcasestr(string, c"VALUE".as_ptr()), string.add(4).cast_mut());
        assert_eq!(memmem(string.cast(), 11, c"=x".as_ptr().cast(), 2), string.add(9).cast_mut().cast());
        assert_eq!(memmem(string.cast(), 0, string.cast(), 0), string.cast_mut().cast());
        assert!(memmem(string.cast(), 1, c"key".as_ptr().cast(), 3).is_null());
    }
}

#[test]
fn strerror_r_reports_what_is_wrong() {
    let mut buffer = [b'#'; 32];
    let to = buffer.as_mut_ptr().cast::<c_char>();
    // SAFETY: 32 bytes.
    unsafe {
        assert_eq!(strerror_r(22, to, 32), 0);
        assert_eq!(text(&buffer), b"Invalid argument");
        assert_eq!(strerror_r(9999, to, 32), 22);
        assert_eq!(text(&buffer), b"Unknown error");
        assert_eq!(strerror_r(22, to, 4), 34);
        assert_eq!(text(&buffer), b"Inv");
        assert_eq!(strerror_r(22, to, 0), 34);
        assert_eq!(c_bytes(strerror(2)), b"No such file or directory");
    }
}

#[test]
fn bits_are_counted_from_one() {
    use super::legacy::*;
    assert_eq!([ffs(0), ffs(1), ffs(c_int::MIN), ffs(12)], [0, 1, 32, 3]);
    assert_eq!([ffsl(0), ffsl(i64::MIN), ffsll(1 << 40)], [0, 64, 41]);
}
