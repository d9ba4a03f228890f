//! FPCR controls, FPSR reports.

use core::arch::{asm, naked_asm};

use crate::math::fenv::{Exceptions, Rounding};

/// `fexcept_t`.
#[doc(alias = "fexcept_t")]
pub type Flags = u32;

#[expect(missing_docs, reason = "C's names")]
impl Exceptions {
    pub const NONE: Self = Self(0);
    pub const INVALID: Self = Self(1);
    pub const DIVIDE_BY_ZERO: Self = Self(2);
    pub const OVERFLOW: Self = Self(4);
    pub const UNDERFLOW: Self = Self(8);
    pub const INEXACT: Self = Self(16);
    pub const ALL: Self = Self(31);
}

const UPWARD: i32 = 0x40_0000;
const DOWNWARD: i32 = 0x80_0000;
const TOWARD_ZERO: i32 = 0xC0_0000;

impl Rounding {
    /// The mode with C's number.
    #[must_use]
    pub fn from_c(number: i32) -> Option<Self> {
        match number {
            0 => Some(Self::ToNearest),
            UPWARD => Some(Self::Upward),
            DOWNWARD => Some(Self::Downward),
            TOWARD_ZERO => Some(Self::TowardZero),
            _ => None,
        }
    }
    /// C's number of the mode.
    #[must_use]
    pub fn to_c(self) -> i32 {
        match self {
            Self::ToNearest => 0,
            Self::Upward => UPWARD,
            Self::Downward => DOWNWARD,
            Self::TowardZero => TOWARD_ZERO,
        }
    }
}

/// `fenv_t`.
#[doc(alias = "fenv_t")]
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Environment {
    control: u32,
    status: u32,
}

const _: () = assert!(size_of::<Environment>() == 8);

impl Environment {
    /// `FE_DFL_ENV`.
    pub const DEFAULT: Self = Self { control: 0, status: 0 };

    /// The environment now.
    #[must_use]
    pub fn current() -> Self {
        Self { control: control() as u32, status: status() as u32 }
    }
    /// Makes it the environment.
    pub fn install(&self) {
        set_control(self.control.into());
        set_status(self.status.into());
    }
    /// The same without exceptions, all of them masked (C23 7.6.6.2).
    #[must_use]
    pub fn held(mut self) -> Self {
        self.control &= !(Exceptions::ALL.0 << 8);
        self.status &= !Exceptions::ALL.0;
        self
    }
}

#[unsafe(naked)]
extern "C" fn set_control(value: u64) {
    naked_asm!("msr fpcr, x0", "ret")
}

#[unsafe(naked)]
extern "C" fn set_status(value: u64) {
    naked_asm!("msr fpsr, x0", "ret")
}

fn control() -> u64 {
    let value;
    // SAFETY: reads a register.
    unsafe { asm!("mrs {}, fpcr", out(reg) value, options(nomem, nostack, preserves_flags)) };
    value
}

fn status() -> u64 {
    let value;
    // SAFETY: reads a register.
    unsafe { asm!("mrs {}, fpsr", out(reg) value, options(nomem, nostack, preserves_flags)) };
    value
}

/// The exceptions that are set.
#[must_use]
pub fn raised() -> Exceptions {
    Exceptions(status() as u32 & Exceptions::ALL.0)
}

/// Sets exceptions.
pub fn raise(exceptions: Exceptions) {
    if exceptions.0 & Exceptions::ALL.0 != 0 {
        set_status(status() | u64::from(exceptions.0 & Exceptions::ALL.0));
    }
}

/// Clears exceptions.
pub fn clear(exceptions: Exceptions) {
    set_status(status() & !u64::from(exceptions.0 & Exceptions::ALL.0));
}

/// The rounding mode.
#[must_use]
pub fn rounding() -> Rounding {
    Rounding::from_c(control() as i32 & TOWARD_ZERO).unwrap_or(Rounding::ToNearest)
}

/// Sets the rounding mode.
pub fn set_rounding(mode: Rounding) {
    set_control(control() & !(TOWARD_ZERO as u64) | mode.to_c() as u64);
}

/// C23 7.12.9.4. Raises "inexact" if the value changes.
#[must_use]
pub fn rint(x: f64) -> f64 {
    let integer;
    // SAFETY: arithmetic on registers.
    unsafe { asm!("frintx {:d}, {:d}", out(vreg) integer, in(vreg) x, options(nomem, nostack, preserves_flags)) };
    integer
}

/// As [`rint`].
#[must_use]
pub fn rintf(x: f32) -> f32 {
    let integer;
    // SAFETY: arithmetic on registers.
    unsafe { asm!("frintx {:s}, {:s}", out(vreg) integer, in(vreg) x, options(nomem, nostack, preserves_flags)) };
    integer
}

/// C23 7.12.9.5. Out of range: "invalid" and the nearest limit.
#[must_use]
pub fn lrint(x: f64) -> i64 {
    let integer;
    // SAFETY: arithmetic on registers.
    unsafe { asm!("fcvtzs {}, {:d}", out(reg) integer, in(vreg) rint(x), options(nomem, nostack, preserves_flags)) };
    integer
}

/// As [`lrint`].
#[must_use]
pub fn lrintf(x: f32) -> i64 {
    lrint(rintf(x).into())
}

/// C23 7.12.9.7: halves away from zero. Out of range: "invalid" and the nearest limit.
#[must_use]
pub fn lround(x: f64) -> i64 {
    let integer;
    // SAFETY: arithmetic on registers.
    unsafe { asm!("fcvtas {}, {:d}", out(reg) integer, in(vreg) x, options(nomem, nostack, preserves_flags)) };
    integer
}
