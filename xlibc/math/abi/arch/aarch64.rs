//! Arguments and results are in vector registers.

use crate::math::fenv::{raise, rounding};
use crate::math::long_double::LONG;

/// Calls the work and makes the bits that it returns the result.
macro_rules! call {
    () => {
        "stp x29, x30, [sp, #-16]!
        mov x29, sp
        bl {}
        fmov d0, x0
        mov v0.d[1], x1
        ldp x29, x30, [sp], #16
        ret"
    };
}

/// The trampolines of this CPU, by the shape of the prototype.
macro_rules! trampoline {
    // long double (long double), also with a pointer or a number after it.
    (value $work:path) => {
        naked_asm!("mov x2, x0", "fmov x0, d0", "mov x1, v0.d[1]", call!(), sym $work)
    };
    // An integer from a long double.
    (integer $work:path) => {
        naked_asm!("fmov x0, d0", "mov x1, v0.d[1]", "b {}", sym $work)
    };
    // long double (long double, long double), also with a pointer after them.
    (values $work:path) => {
        naked_asm!(
            "mov x4, x0",
            "fmov x0, d0",
            "mov x1, v0.d[1]",
            "fmov x2, d1",
            "mov x3, v1.d[1]",
            call!(),
            sym $work
        )
    };
    // long double (pointer).
    (made $work:path) => {
        naked_asm!(call!(), sym $work)
    };
    // atan2l.
    (angle $work:path) => {
        trampoline!(values $work)
    };
    // double or float (double or float, long double): the first stays where it is.
    (second $work:path) => {
        naked_asm!("fmov x0, d1", "mov x1, v1.d[1]", "b {}", sym $work)
    };
}

pub(crate) use {call, trampoline};

/// The work of `atan2l`.
pub extern "C" fn angle(y: u128, x: u128) -> u128 {
    let (angle, exceptions) = LONG.angle(y, x, rounding());
    raise(exceptions);
    angle
}
