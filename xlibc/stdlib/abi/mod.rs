//! Arithmetic, sorting and searching, and the small text functions of `<stdlib.h>`.

pub mod file_names;
pub mod options;
pub mod random;

use core::cell::UnsafeCell;

use crate::rt::c_bytes;
use crate::types::{c_char, c_int, c_long, c_longlong, intmax_t};

/// C23 7.24.6.1. The most negative number stays as it is, where C leaves the result undefined.
#[export]
pub extern "C" fn abs(number: c_int) -> c_int {
    number.wrapping_abs()
}

/// C23 7.24.6.1.
#[export]
pub extern "C" fn labs(number: c_long) -> c_long {
    number.wrapping_abs()
}

/// C23 7.24.6.1.
#[export]
pub extern "C" fn llabs(number: c_longlong) -> c_longlong {
    number.wrapping_abs()
}

/// C23 7.8.2.1.
#[export]
pub extern "C" fn imaxabs(number: intmax_t) -> intmax_t {
    number.wrapping_abs()
}

/// C23 7.24: `div_t`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
#[expect(missing_docs, reason = "C's names")]
pub struct div_t {
    pub quot: c_int,
    pub rem: c_int,
}

/// C23 7.24.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
#[expect(missing_docs, reason = "C's names")]
pub struct ldiv_t {
    pub quot: c_long,
    pub rem: c_long,
}
/// C23 7.24.
#[expect(non_camel_case_types, reason = "C's name")]
pub type lldiv_t = ldiv_t;
/// C23 7.8.
#[expect(non_camel_case_types, reason = "C's name")]
pub type imaxdiv_t = ldiv_t;

/// C23 7.24.6.2. A divisor of 0 stops the program, as the CPU's own division does on x86_64.
#[export]
pub extern "C" fn div(number: c_int, by: c_int) -> div_t {
    div_t { quot: quotient(number.into(), by.into()) as c_int, rem: remainder(number.into(), by.into()) as c_int }
}

/// C23 7.24.6.2.
#[export]
pub extern "C" fn ldiv(number: c_long, by: c_long) -> ldiv_t {
    ldiv_t { quot: quotient(number, by), rem: remainder(number, by) }
}

/// C23 7.24.6.2.
#[export]
pub extern "C" fn lldiv(number: c_longlong, by: c_longlong) -> lldiv_t {
    ldiv(number, by)
}

/// C23 7.8.2.2.
#[export]
pub extern "C" fn imaxdiv(number: intmax_t, by: intmax_t) -> imaxdiv_t {
    ldiv(number, by)
}

/// The quotient; the overflow of the most negative number by -1 wraps.
fn quotient(number: i64, by: i64) -> i64 {
    if by == 0 {
        crate::rt::fatal(&["division by zero"]);
    }
    number.wrapping_div(by)
}

fn remainder(number: i64, by: i64) -> i64 {
    if by == 0 { 0 } else { number.wrapping_rem(by) }
}

crate::export_c!(qsort => xlibc_qsort, qsort_r => xlibc_qsort_r, bsearch => xlibc_bsearch);

/// The digits of `a64l`, least first.
const RADIX_64: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// POSIX.1-2024 (XSI): up to six digits of base 64, the least first, as a signed 32-bit number. Stops at the first other character.
///
/// # Safety
/// `text` is a string.
#[export]
pub unsafe extern "C" fn a64l(text: *const c_char) -> c_long {
    // SAFETY: caller contract.
    let digits = unsafe { c_bytes(text) }.iter().take(6).map_while(|byte| RADIX_64.iter().position(|d| d == byte));
    let bits = digits.enumerate().fold(0_u64, |bits, (at, digit)| bits | (digit as u64) << (6 * at));
    c_long::from(bits as u32 as i32)
}

/// POSIX.1-2024 (XSI): the other direction, of the low 32 bits; overwritten by the next call.
#[export]
pub extern "C" fn l64a(number: c_long) -> *mut c_char {
    struct Digits(UnsafeCell<[u8; 7]>);
    // SAFETY: POSIX makes the callers exclude each other.
    unsafe impl Sync for Digits {}
    static DIGITS: Digits = Digits(UnsafeCell::new([0; 7]));
    let mut rest = number as u32;
    let mut text = [0; 7];
    for digit in &mut text {
        if rest == 0 {
            break;
        }
        *digit = RADIX_64[(rest % 64) as usize];
        rest /= 64;
    }
    // SAFETY: see `Digits`.
    unsafe { *DIGITS.0.get() = text };
    DIGITS.0.get().cast()
}

/// POSIX.1-2024: the index of the first suboption of `*option` among `tokens`, -1 for an unknown one; `*option` moves behind it,
/// `*value` is what follows its `=`, null without one, the whole suboption when it is unknown.
///
/// # Safety
/// `*option` is a writable string, `tokens` a list of strings ended by a null pointer, `value` valid for one write.
#[export]
pub unsafe extern "C" fn getsubopt(
    option: *mut *mut c_char,
    tokens: *const *mut c_char,
    value: *mut *mut c_char,
) -> c_int {
    // SAFETY: caller contract.
    let start = unsafe { *option };
    // SAFETY: caller contract.
    let text = unsafe { c_bytes(start) };
    let length = text.iter().position(|byte| *byte == b',').unwrap_or(text.len());
    let equals = text.iter().take(length).position(|byte| *byte == b'=');
    let name = text.get(..equals.unwrap_or(length)).unwrap_or_default();
    // SAFETY: caller contract: the list ends with a null pointer.
    let token = |index: usize| unsafe { tokens.add(index).read() };
    // SAFETY: caller contract: strings.
    let found = (0..)
        .map_while(|index| Some(token(index)).filter(|token| !token.is_null()))
        .position(|token| unsafe { c_bytes(token) } == name);
    let place = match (found, equals) {
        (None, _) => start,
        (Some(_), Some(at)) => start.wrapping_add(at + 1),
        (Some(_), None) => core::ptr::null_mut(),
    };
    let after = if length < text.len() { length + 1 } else { length };
    // SAFETY: inside the writable string or at its NUL; the rest by caller contract.
    unsafe {
        start.add(length).write(0);
        option.write(start.add(after));
        value.write(place);
    }
    found.map_or(-1, |index| index as c_int)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{c_void, size_t};
    use proptest::prelude::*;

    #[test]
    fn the_limits_wrap_and_the_sign_follows_the_dividend() {
        assert_eq!((abs(c_int::MIN), labs(-5), llabs(c_longlong::MIN)), (c_int::MIN, 5, c_longlong::MIN));
        assert_eq!(div(-7, 2), div_t { quot: -3, rem: -1 });
        assert_eq!(div(7, -2), div_t { quot: -3, rem: 1 });
        assert_eq!(ldiv(c_long::MIN, -1), ldiv_t { quot: c_long::MIN, rem: 0 });
    }

    #[test]
    fn base_64_goes_both_ways() {
        for number in [0, 1, 63, 64, 12345, i64::from(i32::MAX), -1, i64::from(i32::MIN)] {
            // SAFETY: the static string of `l64a`.
            assert_eq!(unsafe { a64l(l64a(number)) }, number);
        }
        // SAFETY: strings.
        assert_eq!(unsafe { (a64l(c"".as_ptr()), a64l(c"./ 9".as_ptr())) }, (0, 64));
    }

    #[test]
    fn suboptions_are_taken_one_by_one() {
        let mut text = *b"ro,size=10,what=x\0";
        let mut at = text.as_mut_ptr().cast::<c_char>();
        let tokens = [c"size".as_ptr(), c"ro".as_ptr(), core::ptr::null()];
        let mut value = core::ptr::null_mut();
        // SAFETY: a writable string and a list.
        unsafe {
            assert_eq!((getsubopt(&raw mut at, tokens.as_ptr().cast(), &raw mut value), value.is_null()), (1, true));
            assert_eq!(getsubopt(&raw mut at, tokens.as_ptr().cast(), &raw mut value), 0);
            assert_eq!(c_bytes(value), b"10");
            assert_eq!(getsubopt(&raw mut at, tokens.as_ptr().cast(), &raw mut value), -1);
            assert_eq!((c_bytes(value), *at), (&b"what=x"[..], 0));
        }
    }

    type Order = unsafe extern "C" fn(*const c_void, *const c_void) -> c_int;

    unsafe extern "C" {
        fn xlibc_qsort(data: *mut c_void, count: size_t, size: size_t, order: Order);
        fn xlibc_bsearch(
            key: *const c_void,
            data: *const c_void,
            count: size_t,
            size: size_t,
            order: Order,
        ) -> *mut c_void;
    }

    unsafe extern "C" fn by_value(left: *const c_void, right: *const c_void) -> c_int {
        // SAFETY: the tests sort i32.
        let (left, right) = unsafe { (*left.cast::<i32>(), *right.cast::<i32>()) };
        left.cmp(&right) as c_int
    }

    unsafe extern "C" fn nonsense(left: *const c_void, right: *const c_void) -> c_int {
        ((left.addr() ^ right.addr()) >> 2 & 7) as c_int - 3
    }

    proptest! {
        #[test]
        fn sorting_and_searching_agree_with_rust(mut numbers in proptest::collection::vec(-50_i32..50, 0..300), key in -60_i32..60) {
            let mut expected = numbers.clone();
            expected.sort_unstable();
            // SAFETY: a vector of i32 and a comparison of i32.
            unsafe { xlibc_qsort(numbers.as_mut_ptr().cast(), numbers.len(), 4, by_value) };
            prop_assert_eq!(&numbers, &expected);
            // SAFETY: as above.
            let found = unsafe { xlibc_bsearch((&raw const key).cast(), numbers.as_ptr().cast(), numbers.len(), 4, by_value) };
            prop_assert_eq!(!found.is_null(), numbers.contains(&key));
            if !found.is_null() {
                // SAFETY: an element of the vector.
                prop_assert_eq!(unsafe { *found.cast::<i32>() }, key);
            }
        }

        #[test]
        fn an_inconsistent_order_loses_no_element(mut numbers in proptest::collection::vec(any::<i32>(), 0..300)) {
            let mut expected = numbers.clone();
            expected.sort_unstable();
            // SAFETY: a vector of i32; the comparison touches no memory.
            unsafe { xlibc_qsort(numbers.as_mut_ptr().cast(), numbers.len(), 4, nonsense) };
            numbers.sort_unstable();
            prop_assert_eq!(numbers, expected);
        }
    }
}
