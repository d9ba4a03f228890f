//! `strtol` with an `int` result: the comparison must refuse it. Not compiled by rustc.

#[export]
pub unsafe extern "C" fn strtol(nptr: *const c_char, endptr: *mut *mut c_char, base: c_int) -> c_int {}
