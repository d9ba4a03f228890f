//! `<math.h>`: what C sees. `long double` is in `abi/long.rs`, `<fenv.h>` in `abi/environment.rs`, classes and exponents in
//! `abi/parts.rs`.

use core::sync::atomic::{AtomicI32, Ordering};

use super::{gamma, hyperbolic, nearest};
use crate::types::{c_double, c_float, c_int, c_long, c_longlong};

mod arch;
pub mod fenv;
pub mod long;
pub mod parts;

/// `signgam`: the sign of the last `lgamma` (POSIX.1-2024).
#[export("signgam")]
pub static SIGN_OF_GAMMA: AtomicI32 = AtomicI32::new(0);

/// Functions that crate `libm` has under their own names.
macro_rules! forward {
    ($($clause:literal: $($name:ident($($argument:ident: $from:ty),*) -> $to:ty),*;)*) => {$($(
        #[doc = concat!($clause, ".")]
        #[export]
        pub extern "C" fn $name($($argument: $from),*) -> $to {
            libm::$name($($argument),*)
        }
    )*)*};
}

forward! {
    "C23 7.12.4.1": acos(x: f64) -> f64, acosf(x: f32) -> f32;
    "C23 7.12.4.2": asin(x: f64) -> f64, asinf(x: f32) -> f32;
    "C23 7.12.4.3": atan(x: f64) -> f64, atanf(x: f32) -> f32;
    "C23 7.12.4.5": cos(x: f64) -> f64, cosf(x: f32) -> f32;
    "C23 7.12.4.6": sin(x: f64) -> f64, sinf(x: f32) -> f32;
    "C23 7.12.4.7": tan(x: f64) -> f64, tanf(x: f32) -> f32;
    "C23 7.12.5.1": acosh(x: f64) -> f64;
    "C23 7.12.5.2": asinh(x: f64) -> f64, asinhf(x: f32) -> f32;
    "C23 7.12.5.3": atanh(x: f64) -> f64, atanhf(x: f32) -> f32;
    "C23 7.12.5.4": cosh(x: f64) -> f64, coshf(x: f32) -> f32;
    "C23 7.12.5.5": sinh(x: f64) -> f64, sinhf(x: f32) -> f32;
    "C23 7.12.5.6": tanh(x: f64) -> f64, tanhf(x: f32) -> f32;
    "C23 7.12.6.1": exp(x: f64) -> f64, expf(x: f32) -> f32;
    "C23 7.12.6.2": exp10(x: f64) -> f64, exp10f(x: f32) -> f32;
    "C23 7.12.6.4": exp2(x: f64) -> f64, exp2f(x: f32) -> f32;
    "C23 7.12.6.6": expm1(x: f64) -> f64, expm1f(x: f32) -> f32;
    "C23 7.12.6.11": log(x: f64) -> f64, logf(x: f32) -> f32;
    "C23 7.12.6.12": log10(x: f64) -> f64, log10f(x: f32) -> f32;
    "C23 7.12.6.14": log1p(x: f64) -> f64, log1pf(x: f32) -> f32;
    "C23 7.12.6.15": log2(x: f64) -> f64, log2f(x: f32) -> f32;
    "C23 7.12.7.1": cbrt(x: f64) -> f64, cbrtf(x: f32) -> f32;
    "C23 7.12.7.3": fabs(x: f64) -> f64, fabsf(x: f32) -> f32;
    "C23 7.12.7.10": sqrt(x: f64) -> f64, sqrtf(x: f32) -> f32;
    "C23 7.12.8.1": erf(x: f64) -> f64, erff(x: f32) -> f32;
    "C23 7.12.8.2": erfc(x: f64) -> f64, erfcf(x: f32) -> f32;
    "C23 7.12.9.1": ceil(x: f64) -> f64, ceilf(x: f32) -> f32;
    "C23 7.12.9.2": floor(x: f64) -> f64, floorf(x: f32) -> f32;
    "C23 7.12.9.6": round(x: f64) -> f64, roundf(x: f32) -> f32;
    "C23 7.12.9.9": trunc(x: f64) -> f64, truncf(x: f32) -> f32;
    "POSIX.1-2024": j0(x: f64) -> f64, j0f(x: f32) -> f32;
    "POSIX.1-2024": j1(x: f64) -> f64, j1f(x: f32) -> f32;
    "POSIX.1-2024": y0(x: f64) -> f64, y0f(x: f32) -> f32;
    "POSIX.1-2024": y1(x: f64) -> f64, y1f(x: f32) -> f32;
    "C23 7.12.4.4": atan2(x: f64, y: f64) -> f64, atan2f(x: f32, y: f32) -> f32;
    "C23 7.12.11.1": copysign(x: f64, y: f64) -> f64, copysignf(x: f32, y: f32) -> f32;
    "C23 7.12.12.1": fdim(x: f64, y: f64) -> f64, fdimf(x: f32, y: f32) -> f32;
    "C23 7.12.12.2": fmax(x: f64, y: f64) -> f64, fmaxf(x: f32, y: f32) -> f32;
    "C23 7.12.12.3": fmin(x: f64, y: f64) -> f64, fminf(x: f32, y: f32) -> f32;
    "C23 7.12.10.1": fmod(x: f64, y: f64) -> f64, fmodf(x: f32, y: f32) -> f32;
    "C23 7.12.7.4": hypot(x: f64, y: f64) -> f64, hypotf(x: f32, y: f32) -> f32;
    "C23 7.12.11.3": nextafter(x: f64, y: f64) -> f64, nextafterf(x: f32, y: f32) -> f32;
    "C23 7.12.7.5": pow(x: f64, y: f64) -> f64, powf(x: f32, y: f32) -> f32;
    "C23 7.12.10.2": remainder(x: f64, y: f64) -> f64, remainderf(x: f32, y: f32) -> f32;
    "C23 7.12.13.1": fma(x: f64, y: f64, z: f64) -> f64, fmaf(x: f32, y: f32, z: f32) -> f32;
    "C23 7.12.6.8": ilogb(x: f64) -> i32, ilogbf(x: f32) -> i32;
    "C23 7.12.6.9": ldexp(x: f64, n: i32) -> f64, ldexpf(x: f32, n: i32) -> f32;
    "C23 7.12.6.19": scalbn(x: f64, n: i32) -> f64, scalbnf(x: f32, n: i32) -> f32;
    "POSIX.1-2024": jn(n: i32, x: f64) -> f64, jnf(n: i32, x: f32) -> f32;
    "POSIX.1-2024": yn(n: i32, x: f64) -> f64, ynf(n: i32, x: f32) -> f32;
}

macro_rules! alias {
    ($($doc:literal: $name:ident($($argument:ident: $from:ty),*) -> $to:ty = $path:path;)*) => {$(
        #[doc = concat!($doc, ".")]
        #[export]
        pub extern "C" fn $name($($argument: $from),*) -> $to {
            $path($($argument),*)
        }
    )*};
}

alias! {
    "GNU: `exp10`": pow10(x: c_double) -> c_double = libm::exp10;
    "GNU: `exp10f`": pow10f(x: c_float) -> c_float = libm::exp10f;
    "BSD: `remainder`": drem(x: c_double, y: c_double) -> c_double = libm::remainder;
    "BSD: `remainderf`": dremf(x: c_float, y: c_float) -> c_float = libm::remainderf;
    "C23 7.12.9.4. By the rounding mode, with \"inexact\"": rint(x: c_double) -> c_double = nearest::rint;
    "C23 7.12.9.4": rintf(x: c_float) -> c_float = nearest::rintf;
    "C23 7.12.9.3. By the rounding mode, without \"inexact\"": nearbyint(x: c_double) -> c_double = nearest::nearbyint;
    "C23 7.12.9.3": nearbyintf(x: c_float) -> c_float = nearest::nearbyintf;
    "C23 7.12.9.5. Out of range raises \"invalid\"": lrint(x: c_double) -> c_long = nearest::lrint;
    "C23 7.12.9.5": lrintf(x: c_float) -> c_long = nearest::lrintf;
    "C23 7.12.9.5": llrint(x: c_double) -> c_longlong = nearest::lrint;
    "C23 7.12.9.5": llrintf(x: c_float) -> c_longlong = nearest::lrintf;
    "C23 7.12.5.1": acoshf(x: c_float) -> c_float = hyperbolic::acoshf;
    "C23 7.12.8.4. A negative integer raises \"invalid\"": tgamma(x: c_double) -> c_double = gamma::tgamma;
    "C23 7.12.8.4": tgammaf(x: c_float) -> c_float = gamma::tgammaf;
    "C23 7.12.9.7. Out of range raises \"invalid\"": lround(x: c_double) -> c_long = nearest::lround;
    "C23 7.12.9.7": llround(x: c_double) -> c_longlong = nearest::lround;
}

/// C23 7.12.9.7.
#[export]
pub extern "C" fn lroundf(x: c_float) -> c_long {
    nearest::lround(x.into())
}

/// C23 7.12.9.7.
#[export]
pub extern "C" fn llroundf(x: c_float) -> c_longlong {
    nearest::lround(x.into())
}

/// GNU.
///
/// # Safety
/// `sine` and `cosine` are writable.
#[export]
pub unsafe extern "C" fn sincos(x: c_double, sine: *mut c_double, cosine: *mut c_double) {
    // SAFETY: caller contract.
    unsafe { (*sine, *cosine) = libm::sincos(x) }
}

/// GNU.
///
/// # Safety
/// `sine` and `cosine` are writable.
#[export]
pub unsafe extern "C" fn sincosf(x: c_float, sine: *mut c_float, cosine: *mut c_float) {
    // SAFETY: caller contract.
    unsafe { (*sine, *cosine) = libm::sincosf(x) }
}

/// C23 7.12.8.3, POSIX.1-2024: sets `signgam`.
#[export]
pub extern "C" fn lgamma(x: c_double) -> c_double {
    let (value, sign) = libm::lgamma_r(x);
    SIGN_OF_GAMMA.store(sign, Ordering::Relaxed);
    value
}

/// C23 7.12.8.3, POSIX.1-2024: sets `signgam`.
#[export]
pub extern "C" fn lgammaf(x: c_float) -> c_float {
    let (value, sign) = libm::lgammaf_r(x);
    SIGN_OF_GAMMA.store(sign, Ordering::Relaxed);
    value
}

/// BSD: `lgamma` that gives the sign to the caller.
///
/// # Safety
/// `sign` is writable.
#[export]
pub unsafe extern "C" fn lgamma_r(x: c_double, sign: *mut c_int) -> c_double {
    let (value, found) = libm::lgamma_r(x);
    // SAFETY: caller contract.
    unsafe { *sign = found };
    value
}

/// BSD: `lgammaf` that gives the sign to the caller.
///
/// # Safety
/// `sign` is writable.
#[export]
pub unsafe extern "C" fn lgammaf_r(x: c_float, sign: *mut c_int) -> c_float {
    let (value, found) = libm::lgammaf_r(x);
    // SAFETY: caller contract.
    unsafe { *sign = found };
    value
}

/// C23 7.12.10.3.
///
/// # Safety
/// `quotient` is writable.
#[export]
pub unsafe extern "C" fn remquo(x: c_double, y: c_double, quotient: *mut c_int) -> c_double {
    let (rest, found) = libm::remquo(x, y);
    // SAFETY: caller contract.
    unsafe { *quotient = found };
    rest
}

/// C23 7.12.10.3.
///
/// # Safety
/// `quotient` is writable.
#[export]
pub unsafe extern "C" fn remquof(x: c_float, y: c_float, quotient: *mut c_int) -> c_float {
    let (rest, found) = libm::remquof(x, y);
    // SAFETY: caller contract.
    unsafe { *quotient = found };
    rest
}
