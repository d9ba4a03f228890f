//! `<wctype.h>`: what C sees.

use crate::ctype::class::Class;
use crate::ctype::fold;
use crate::locale::locale_t;
use crate::rt::{Errno, c_bytes, set_errno};
use crate::types::{c_char, c_int, wctype_t, wint_t};

/// `wctrans_t`: 0, or one of the two below.
#[expect(non_camel_case_types, reason = "C's name")]
pub type wctrans_t = *const c_int;
const TO_UPPER: usize = 1;
const TO_LOWER: usize = 2;

/// A test of wide characters and its twin with a locale, which changes nothing.
macro_rules! wide_class {
    ($($name:ident $twin:ident $class:ident $clause:literal;)*) => {$(
        #[doc = concat!("C23 ", $clause, ". Unicode's classes in every locale; zero for WEOF.")]
        #[export]
        pub extern "C" fn $name(character: wint_t) -> c_int {
            Class::$class.has(character).into()
        }
        #[doc = concat!("POSIX.1-2024; see [`", stringify!($name), "`].")]
        #[export]
        pub extern "C" fn $twin(character: wint_t, _locale: locale_t) -> c_int {
            Class::$class.has(character).into()
        }
    )*};
}

wide_class! {
    iswalnum iswalnum_l Alnum "7.32.2.1.1";
    iswalpha iswalpha_l Alpha "7.32.2.1.2";
    iswblank iswblank_l Blank "7.32.2.1.3";
    iswcntrl iswcntrl_l Cntrl "7.32.2.1.4";
    iswdigit iswdigit_l Digit "7.32.2.1.5";
    iswgraph iswgraph_l Graph "7.32.2.1.6";
    iswlower iswlower_l Lower "7.32.2.1.7";
    iswprint iswprint_l Print "7.32.2.1.8";
    iswpunct iswpunct_l Punct "7.32.2.1.9";
    iswspace iswspace_l Space "7.32.2.1.10";
    iswupper iswupper_l Upper "7.32.2.1.11";
    iswxdigit iswxdigit_l Xdigit "7.32.2.1.12";
}

/// C23 7.32.2.2.1. Zero for a number that `wctype` did not give.
#[export]
pub extern "C" fn iswctype(character: wint_t, class: wctype_t) -> c_int {
    Class::numbered(class).is_some_and(|class| class.has(character)).into()
}

/// POSIX.1-2024; see [`iswctype`].
#[export]
pub extern "C" fn iswctype_l(character: wint_t, class: wctype_t, _locale: locale_t) -> c_int {
    iswctype(character, class)
}

/// C23 7.32.2.2.2. Zero for an unknown name.
///
/// # Safety
/// `name` is NUL-terminated.
#[export]
pub unsafe extern "C" fn wctype(name: *const c_char) -> wctype_t {
    // SAFETY: caller contract.
    Class::named(unsafe { c_bytes(name) }).map_or(0, |class| class as wctype_t)
}

/// POSIX.1-2024; see [`wctype`].
///
/// # Safety
/// `name` is NUL-terminated.
#[export]
pub unsafe extern "C" fn wctype_l(name: *const c_char, _locale: locale_t) -> wctype_t {
    // SAFETY: caller contract.
    unsafe { wctype(name) }
}

/// C23 7.32.3.1.1.
#[export]
pub extern "C" fn towlower(character: wint_t) -> wint_t {
    fold::lower(character)
}

/// POSIX.1-2024; see [`towlower`].
#[export]
pub extern "C" fn towlower_l(character: wint_t, _locale: locale_t) -> wint_t {
    fold::lower(character)
}

/// C23 7.32.3.1.2.
#[export]
pub extern "C" fn towupper(character: wint_t) -> wint_t {
    fold::upper(character)
}

/// POSIX.1-2024; see [`towupper`].
#[export]
pub extern "C" fn towupper_l(character: wint_t, _locale: locale_t) -> wint_t {
    fold::upper(character)
}

/// C23 7.32.3.2.2: "tolower", "toupper". Null with EINVAL for another name (POSIX.1-2024).
///
/// # Safety
/// `name` is NUL-terminated.
#[export]
pub unsafe extern "C" fn wctrans(name: *const c_char) -> wctrans_t {
    // SAFETY: caller contract.
    core::ptr::without_provenance(match unsafe { c_bytes(name) } {
        b"toupper" => TO_UPPER,
        b"tolower" => TO_LOWER,
        _ => {
            set_errno(Errno::INVAL);
            0
        }
    })
}

/// POSIX.1-2024; see [`wctrans`].
///
/// # Safety
/// `name` is NUL-terminated.
#[export]
pub unsafe extern "C" fn wctrans_l(name: *const c_char, _locale: locale_t) -> wctrans_t {
    // SAFETY: caller contract.
    unsafe { wctrans(name) }
}

/// C23 7.32.3.2.1. The character itself, with EINVAL (POSIX.1-2024), for a mapping that `wctrans` did not give.
#[export]
pub extern "C" fn towctrans(character: wint_t, mapping: wctrans_t) -> wint_t {
    match mapping.addr() {
        TO_UPPER => fold::upper(character),
        TO_LOWER => fold::lower(character),
        _ => {
            set_errno(Errno::INVAL);
            character
        }
    }
}

/// POSIX.1-2024; see [`towctrans`].
#[export]
pub extern "C" fn towctrans_l(character: wint_t, mapping: wctrans_t, _locale: locale_t) -> wint_t {
    towctrans(character, mapping)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_and_mappings_by_name() {
        // SAFETY: literals.
        unsafe {
            assert_eq!(
                (iswctype(0xE9, wctype(c"alpha".as_ptr())), iswctype(0xE9, wctype(c"nothing".as_ptr()))),
                (1, 0)
            );
            assert_eq!(towctrans(0xE9, wctrans(c"toupper".as_ptr())), 0xC9);
            assert_eq!(towctrans(0xC9, wctrans(c"tolower".as_ptr())), 0xE9);
            assert_eq!(towctrans(0xC9, wctrans(c"tonothing".as_ptr())), 0xC9);
            assert_eq!([iswalpha(u32::MAX), iswcntrl(u32::MAX), iswprint(0)], [0; 3]);
        }
    }
}
