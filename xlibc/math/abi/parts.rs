//! Classes, signs, exponents and NaN: what C sees.

use core::num::FpCategory;

use crate::math::scale;
use crate::rt::CBytes;
use crate::text::float::{F32, F64, Format};
use crate::text::parse_float::FloatScan;
use crate::types::{c_char, c_double, c_float, c_int, c_long};

/// The macro `fpclassify` (C23 7.12.3.1): FP_NAN, FP_INFINITE, FP_ZERO, FP_SUBNORMAL, FP_NORMAL are 0 to 4.
pub(super) fn category_number(category: FpCategory) -> c_int {
    match category {
        FpCategory::Nan => 0,
        FpCategory::Infinite => 1,
        FpCategory::Zero => 2,
        FpCategory::Subnormal => 3,
        FpCategory::Normal => 4,
    }
}

/// C23 7.12.11.2: the bits of the NaN that `strtod("NAN(tag)")` gives.
///
/// # Safety
/// `tag` is NUL-terminated.
pub(super) unsafe fn nan_bits(tag: *const c_char, format: &Format) -> u128 {
    // SAFETY: caller contract.
    let tag = unsafe { CBytes::new(tag) };
    let scan = FloatScan::<20>::new().read(b"nan(".iter().copied().chain(tag).chain([b')']));
    scan.value(format).bits
}

/// C23 7.12.3.1.
#[export]
pub extern "C" fn __fpclassify(x: c_double) -> c_int {
    category_number(x.classify())
}

/// C23 7.12.3.1.
#[export]
pub extern "C" fn __fpclassifyf(x: c_float) -> c_int {
    category_number(x.classify())
}

/// C23 7.12.3.7.
#[export]
pub extern "C" fn __signbit(x: c_double) -> c_int {
    x.is_sign_negative().into()
}

/// C23 7.12.3.7.
#[export]
pub extern "C" fn __signbitf(x: c_float) -> c_int {
    x.is_sign_negative().into()
}

/// BSD: neither infinite nor NaN.
#[export]
pub extern "C" fn finite(x: c_double) -> c_int {
    x.is_finite().into()
}

/// BSD: neither infinite nor NaN.
#[export]
pub extern "C" fn finitef(x: c_float) -> c_int {
    x.is_finite().into()
}

/// C23 7.12.11.2.
///
/// # Safety
/// `tag` is NUL-terminated.
#[export]
pub unsafe extern "C" fn nan(tag: *const c_char) -> c_double {
    // SAFETY: caller contract.
    f64::from_bits(unsafe { nan_bits(tag, &F64) } as u64)
}

/// C23 7.12.11.2.
///
/// # Safety
/// `tag` is NUL-terminated.
#[export]
pub unsafe extern "C" fn nanf(tag: *const c_char) -> c_float {
    // SAFETY: caller contract.
    f32::from_bits(unsafe { nan_bits(tag, &F32) } as u32)
}

/// C23 7.12.6.7.
///
/// # Safety
/// `exponent` is writable.
#[export]
pub unsafe extern "C" fn frexp(x: c_double, exponent: *mut c_int) -> c_double {
    let (fraction, power) = libm::frexp(x);
    // SAFETY: caller contract.
    unsafe { *exponent = power };
    fraction
}

/// C23 7.12.6.7.
///
/// # Safety
/// `exponent` is writable.
#[export]
pub unsafe extern "C" fn frexpf(x: c_float, exponent: *mut c_int) -> c_float {
    let (fraction, power) = libm::frexpf(x);
    // SAFETY: caller contract.
    unsafe { *exponent = power };
    fraction
}

/// C23 7.12.6.18.
///
/// # Safety
/// `integer` is writable.
#[export]
pub unsafe extern "C" fn modf(x: c_double, integer: *mut c_double) -> c_double {
    let (fraction, whole) = libm::modf(x);
    // SAFETY: caller contract.
    unsafe { *integer = whole };
    fraction
}

/// C23 7.12.6.18.
///
/// # Safety
/// `integer` is writable.
#[export]
pub unsafe extern "C" fn modff(x: c_float, integer: *mut c_float) -> c_float {
    let (fraction, whole) = libm::modff(x);
    // SAFETY: caller contract.
    unsafe { *integer = whole };
    fraction
}

/// C23 7.12.6.17. -infinity with "divide by zero" for 0.
#[export]
pub extern "C" fn logb(x: c_double) -> c_double {
    scale::logb(x)
}

/// C23 7.12.6.17. -infinity with "divide by zero" for 0.
#[export]
pub extern "C" fn logbf(x: c_float) -> c_float {
    scale::logb(x.into()) as c_float
}

/// C23 7.12.6.19.
#[export]
pub extern "C" fn scalbln(x: c_double, n: c_long) -> c_double {
    scale::scalbln(x, n)
}

/// C23 7.12.6.19.
#[export]
pub extern "C" fn scalblnf(x: c_float, n: c_long) -> c_float {
    scale::scalblnf(x, n)
}

/// XPG4. "Invalid" if `n` is no integer.
#[export]
pub extern "C" fn scalb(x: c_double, n: c_double) -> c_double {
    scale::scalb(x, n)
}

/// XPG4. "Invalid" if `n` is no integer.
#[export]
pub extern "C" fn scalbf(x: c_float, n: c_float) -> c_float {
    scale::scalb(x.into(), n.into()) as c_float
}

/// BSD: the significand, from 1 to below 2.
#[export]
pub extern "C" fn significand(x: c_double) -> c_double {
    scale::significand(x)
}

/// BSD: the significand, from 1 to below 2.
#[export]
pub extern "C" fn significandf(x: c_float) -> c_float {
    scale::significand(x.into()) as c_float
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_have_the_numbers_of_the_abi() {
        for (x, class) in [(f64::NAN, 0), (f64::INFINITY, 1), (-0.0, 2), (f64::from_bits(1), 3), (-1.0, 4)] {
            assert_eq!(__fpclassify(x), class);
        }
        assert_eq!(
            (__fpclassifyf(1e-40), __signbit(-0.0), __signbitf(0.0), finite(f64::MAX), finitef(f32::NAN)),
            (3, 1, 0, 1, 0)
        );
    }

    #[test]
    fn nan_takes_its_tag() {
        // SAFETY: literals.
        unsafe {
            assert_eq!(nan(c"5".as_ptr()).to_bits(), 0x7FF8_0000_0000_0005);
            assert_eq!(nan(c"".as_ptr()).to_bits(), 0x7FF8_0000_0000_0000);
            assert_eq!(nan(c"no tag".as_ptr()).to_bits(), 0x7FF8_0000_0000_0000);
            assert_eq!(nanf(c"0x3".as_ptr()).to_bits(), 0x7FC0_0003);
        }
    }

    #[test]
    fn exponents_and_fractions() {
        let (mut exponent, mut integer) = (0, 0.0);
        // SAFETY: locals.
        unsafe {
            assert_eq!((frexp(12.0, &mut exponent), exponent), (0.75, 4));
            assert_eq!((modf(-2.5, &mut integer), integer), (-0.5, -2.0));
        }
        assert_eq!(
            (scalbf(3.0, 2.0), scalbln(3.0, -1), significandf(12.0), logbf(0.0)),
            (12.0, 1.5, 1.5, f32::NEG_INFINITY)
        );
    }
}
