//! `<ctype.h>`, `<wctype.h>`: what C sees. Wide characters are in `abi/wide.rs`.

use super::class::Class;
use crate::locale::locale_t;
use crate::types::c_int;

pub mod wide;

/// A test of bytes and its twin with a locale, which changes nothing.
macro_rules! byte_class {
    ($($name:ident $twin:ident $class:ident $clause:literal;)*) => {$(
        #[doc = concat!("C23 ", $clause, ". Zero for EOF and for what is no ASCII character.")]
        #[export]
        pub extern "C" fn $name(byte: c_int) -> c_int {
            Class::$class.has_ascii(byte as u32).into()
        }
        #[doc = concat!("POSIX.1-2024; see [`", stringify!($name), "`].")]
        #[export]
        pub extern "C" fn $twin(byte: c_int, _locale: locale_t) -> c_int {
            Class::$class.has_ascii(byte as u32).into()
        }
    )*};
}

byte_class! {
    isalnum isalnum_l Alnum "7.4.1.1";
    isalpha isalpha_l Alpha "7.4.1.2";
    isblank isblank_l Blank "7.4.1.3";
    iscntrl iscntrl_l Cntrl "7.4.1.4";
    isdigit isdigit_l Digit "7.4.1.5";
    isgraph isgraph_l Graph "7.4.1.6";
    islower islower_l Lower "7.4.1.7";
    isprint isprint_l Print "7.4.1.8";
    ispunct ispunct_l Punct "7.4.1.9";
    isspace isspace_l Space "7.4.1.10";
    isupper isupper_l Upper "7.4.1.11";
    isxdigit isxdigit_l Xdigit "7.4.1.12";
}

/// C23 7.4.2.1. What is no ASCII letter stays, EOF too.
#[export]
pub extern "C" fn tolower(byte: c_int) -> c_int {
    if Class::Upper.has_ascii(byte as u32) { byte | 0x20 } else { byte }
}

/// POSIX.1-2024; see [`tolower`].
#[export]
pub extern "C" fn tolower_l(byte: c_int, _locale: locale_t) -> c_int {
    tolower(byte)
}

/// C23 7.4.2.2. What is no ASCII letter stays, EOF too.
#[export]
pub extern "C" fn toupper(byte: c_int) -> c_int {
    if Class::Lower.has_ascii(byte as u32) { byte & !0x20 } else { byte }
}

/// POSIX.1-2024; see [`toupper`].
#[export]
pub extern "C" fn toupper_l(byte: c_int, _locale: locale_t) -> c_int {
    toupper(byte)
}

/// POSIX issue 7: whether the value has seven bits.
#[export]
pub extern "C" fn isascii(value: c_int) -> c_int {
    (value & !0x7F == 0).into()
}

/// POSIX issue 7: the lower seven bits.
#[export]
pub extern "C" fn toascii(value: c_int) -> c_int {
    value & 0x7F
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_no_ascii_have_no_class_and_no_case() {
        for value in [-1, 0x80, 0xE9, 0xFF, 0x141, c_int::MIN, c_int::MAX] {
            for test in [
                isalnum, isalpha, isblank, iscntrl, isdigit, isgraph, islower, isprint, ispunct, isspace, isupper,
                isxdigit,
            ] {
                assert_eq!(test(value), 0, "{value}");
            }
            assert_eq!((tolower(value), toupper(value), isascii(value)), (value, value, 0));
        }
        assert_eq!((tolower(0x41), toupper(0x7A), isascii(0x7F), toascii(0xC1)), (0x61, 0x5A, 1, 0x41));
    }
}
