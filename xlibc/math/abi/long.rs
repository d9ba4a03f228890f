//! `long double`: what C sees. Rust has no type for it, so each entry point is a trampoline that carries the bits to a function on `u128` and
//! back. On x86_64 the argument lies on the stack and the result in x87's st(0); on aarch64 both are in vector registers.

use core::arch::naked_asm;

use super::arch::{call, trampoline};
use super::parts::{category_number, nan_bits};
use crate::math::fenv::{self, Rounding};
use crate::math::long_double::{Direction, Engine, LONG, Raising};
use crate::text::float::{F32, F64, LONG_DOUBLE};
use crate::types::{c_char, c_int, c_long};

/// An entry point: the shape of its prototype, and the function on bits behind it. Numbers of the prototype come after the values.
macro_rules! long {
    ($($doc:literal: $name:ident $shape:ident $work:path;)*) => {$(
        #[doc = concat!($doc, ".")]
        ///
        /// # Safety
        /// Called with C's prototype; pointers are writable.
        #[export]
        #[unsafe(naked)]
        pub unsafe extern "C" fn $name() {
            trampoline!($shape $work)
        }
    )*};
}

long! {
    "C23 7.12.4.4": atan2l angle super::arch::angle;
    "C23 7.12.3.1": __fpclassifyl integer classify;
    "C23 7.12.3.7": __signbitl integer sign_bit;
    "C23 7.12.6.7": frexpl value fraction;
    "C23 7.12.6.8": ilogbl integer exponent;
    "C23 7.12.6.9": ldexpl value scaled_int;
    "C23 7.12.6.17": logbl value exponent_value;
    "C23 7.12.6.18": modfl value split;
    "C23 7.12.6.19": scalbnl value scaled_int;
    "C23 7.12.6.19": scalblnl value scaled;
    "C23 7.12.7.3": fabsl value absolute;
    "C23 7.12.7.10": sqrtl value root;
    "C23 7.12.9.1": ceill value ceiling;
    "C23 7.12.9.2": floorl value floor;
    "C23 7.12.9.3": nearbyintl value to_integer_quietly;
    "C23 7.12.9.4": rintl value to_integer;
    "C23 7.12.9.5. Out of range raises \"invalid\"": lrintl integer to_i64;
    "C23 7.12.9.5": llrintl integer to_i64;
    "C23 7.12.9.6": roundl value rounded;
    "C23 7.12.9.7. Out of range raises \"invalid\"": lroundl integer rounded_i64;
    "C23 7.12.9.7": llroundl integer rounded_i64;
    "C23 7.12.9.9": truncl value truncated;
    "C23 7.12.10.1": fmodl values modulo;
    "C23 7.12.10.2": remainderl values remainder;
    "C23 7.12.10.3": remquol values remainder_quotient;
    "C23 7.12.11.1": copysignl values copy_sign;
    "C23 7.12.11.2": nanl made nan;
    "C23 7.12.11.3": nextafterl values next;
    "C23 7.12.11.4": nexttowardl values next;
    "C23 7.12.11.4": nexttoward second next_double;
    "C23 7.12.11.4": nexttowardf second next_float;
    "C23 7.12.12.1": fdiml values excess;
    "C23 7.12.12.2": fmaxl values larger;
    "C23 7.12.12.3": fminl values smaller;
}

/// A result whose exceptions are raised.
fn raising<T>((value, exceptions): Raising<T>) -> T {
    fenv::raise(exceptions);
    value
}

/// By the rounding mode.
fn by_mode() -> Direction {
    Direction::Mode(fenv::rounding())
}

extern "C" fn classify(x: u128) -> c_int {
    category_number(LONG.category(x))
}
extern "C" fn sign_bit(x: u128) -> c_int {
    LONG.is_negative(x).into()
}
unsafe extern "C" fn fraction(x: u128, exponent: *mut c_int) -> u128 {
    let (fraction, power) = LONG.fraction(x);
    // SAFETY: caller contract of `frexpl`.
    unsafe { *exponent = power };
    fraction
}
extern "C" fn exponent(x: u128) -> c_int {
    raising(LONG.exponent(x))
}
extern "C" fn exponent_value(x: u128) -> u128 {
    raising(LONG.exponent_value(x))
}
unsafe extern "C" fn split(x: u128, integer: *mut u128) -> u128 {
    let (whole, fraction) = LONG.split(x);
    // SAFETY: caller contract of `modfl`; a long double has the size and alignment of u128 on both CPUs.
    unsafe { *integer = whole };
    fraction
}
extern "C" fn scaled_int(x: u128, n: c_int) -> u128 {
    raising(LONG.scaled(x, n.into(), fenv::rounding()))
}
extern "C" fn scaled(x: u128, n: c_long) -> u128 {
    raising(LONG.scaled(x, n, fenv::rounding()))
}
extern "C" fn absolute(x: u128) -> u128 {
    LONG.copy_sign(x, 0)
}
extern "C" fn root(x: u128) -> u128 {
    raising(LONG.root(x, fenv::rounding()))
}
extern "C" fn ceiling(x: u128) -> u128 {
    LONG.to_integer(x, Direction::Mode(Rounding::Upward)).0
}
extern "C" fn floor(x: u128) -> u128 {
    LONG.to_integer(x, Direction::Mode(Rounding::Downward)).0
}
extern "C" fn truncated(x: u128) -> u128 {
    LONG.to_integer(x, Direction::Mode(Rounding::TowardZero)).0
}
extern "C" fn rounded(x: u128) -> u128 {
    LONG.to_integer(x, Direction::HalfAway).0
}
extern "C" fn to_integer_quietly(x: u128) -> u128 {
    LONG.to_integer(x, by_mode()).0
}
extern "C" fn to_integer(x: u128) -> u128 {
    raising(LONG.to_integer(x, by_mode()))
}
extern "C" fn to_i64(x: u128) -> i64 {
    raising(LONG.to_i64(x, by_mode()))
}
extern "C" fn rounded_i64(x: u128) -> i64 {
    raising(LONG.to_i64(x, Direction::HalfAway))
}
extern "C" fn modulo(x: u128, y: u128) -> u128 {
    raising(LONG.modulo(x, y))
}
extern "C" fn remainder(x: u128, y: u128) -> u128 {
    raising(LONG.remainder(x, y).0)
}
unsafe extern "C" fn remainder_quotient(x: u128, y: u128, quotient: *mut c_int) -> u128 {
    let (rest, low) = LONG.remainder(x, y);
    // SAFETY: caller contract of `remquol`.
    unsafe { *quotient = low };
    raising(rest)
}
extern "C" fn copy_sign(x: u128, y: u128) -> u128 {
    LONG.copy_sign(x, y)
}
unsafe extern "C" fn nan(tag: *const c_char) -> u128 {
    // SAFETY: caller contract of `nanl`.
    unsafe { nan_bits(tag, &LONG_DOUBLE) }
}
extern "C" fn next(x: u128, y: u128) -> u128 {
    raising(LONG.toward(x, y, &LONG_DOUBLE, || y))
}
/// Where both are equal C23 7.12.11.4 wants `y` as a double: it is `x` but for the sign of zero.
extern "C" fn next_double(y: u128, x: f64) -> f64 {
    let same =
        || x.abs().copysign(if x == 0.0 && LONG.is_negative(y) || x < 0.0 { -1.0 } else { 1.0 }).to_bits().into();
    f64::from_bits(raising(Engine(F64).toward(x.to_bits().into(), y, &LONG_DOUBLE, same)) as u64)
}
extern "C" fn next_float(y: u128, x: f32) -> f32 {
    let same =
        || x.abs().copysign(if x == 0.0 && LONG.is_negative(y) || x < 0.0 { -1.0 } else { 1.0 }).to_bits().into();
    f32::from_bits(raising(Engine(F32).toward(x.to_bits().into(), y, &LONG_DOUBLE, same)) as u32)
}
extern "C" fn excess(x: u128, y: u128) -> u128 {
    raising(LONG.excess(x, y, fenv::rounding()))
}
extern "C" fn larger(x: u128, y: u128) -> u128 {
    LONG.larger(x, y)
}
extern "C" fn smaller(x: u128, y: u128) -> u128 {
    LONG.smaller(x, y)
}
