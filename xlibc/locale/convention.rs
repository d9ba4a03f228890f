//! What `localeconv` gives.

use crate::types::c_char;

/// C23 7.11, POSIX.1-2024 `<locale.h>`.
#[allow(non_camel_case_types, missing_docs, reason = "C's members")]
#[derive(Debug)]
#[repr(C)]
pub struct lconv {
    pub decimal_point: *const c_char,
    pub thousands_sep: *const c_char,
    pub grouping: *const c_char,
    pub int_curr_symbol: *const c_char,
    pub currency_symbol: *const c_char,
    pub mon_decimal_point: *const c_char,
    pub mon_thousands_sep: *const c_char,
    pub mon_grouping: *const c_char,
    pub positive_sign: *const c_char,
    pub negative_sign: *const c_char,
    pub int_frac_digits: c_char,
    pub frac_digits: c_char,
    pub p_cs_precedes: c_char,
    pub p_sep_by_space: c_char,
    pub n_cs_precedes: c_char,
    pub n_sep_by_space: c_char,
    pub p_sign_posn: c_char,
    pub n_sign_posn: c_char,
    pub int_p_cs_precedes: c_char,
    pub int_p_sep_by_space: c_char,
    pub int_n_cs_precedes: c_char,
    pub int_n_sep_by_space: c_char,
    pub int_p_sign_posn: c_char,
    pub int_n_sign_posn: c_char,
}

const _: () = assert!(size_of::<lconv>() == 96 && core::mem::offset_of!(lconv, int_frac_digits) == 80);

/// An `lconv` that never changes.
#[derive(Debug)]
#[repr(transparent)]
pub struct Constant(pub lconv);
// SAFETY: the pointers lead to constants.
unsafe impl Sync for Constant {}

const EMPTY: *const c_char = c"".as_ptr();
/// "Not available" of a number: CHAR_MAX.
const NONE: c_char = c_char::MAX;

/// C23 7.11.2.1: the values of "C".
pub static C: Constant = Constant(lconv {
    decimal_point: c".".as_ptr(),
    thousands_sep: EMPTY,
    grouping: EMPTY,
    int_curr_symbol: EMPTY,
    currency_symbol: EMPTY,
    mon_decimal_point: EMPTY,
    mon_thousands_sep: EMPTY,
    mon_grouping: EMPTY,
    positive_sign: EMPTY,
    negative_sign: EMPTY,
    int_frac_digits: NONE,
    frac_digits: NONE,
    p_cs_precedes: NONE,
    p_sep_by_space: NONE,
    n_cs_precedes: NONE,
    n_sep_by_space: NONE,
    p_sign_posn: NONE,
    n_sign_posn: NONE,
    int_p_cs_precedes: NONE,
    int_p_sep_by_space: NONE,
    int_n_cs_precedes: NONE,
    int_n_sep_by_space: NONE,
    int_p_sign_posn: NONE,
    int_n_sign_posn: NONE,
});
