//! SSE has MXCSR, x87 has a control and a status word: C code uses both, so modes are set in both and exceptions read from both.

use core::arch::{asm, naked_asm};

use crate::math::fenv::{Exceptions, Rounding};

/// `fexcept_t`.
#[doc(alias = "fexcept_t")]
pub type Flags = u16;

#[expect(missing_docs, reason = "C's names")]
impl Exceptions {
    pub const NONE: Self = Self(0);
    pub const INVALID: Self = Self(1);
    pub const DIVIDE_BY_ZERO: Self = Self(4);
    pub const OVERFLOW: Self = Self(8);
    pub const UNDERFLOW: Self = Self(16);
    pub const INEXACT: Self = Self(32);
    pub const ALL: Self = Self(63);
}

impl Rounding {
    /// The mode with C's number.
    #[must_use]
    pub fn from_c(number: i32) -> Option<Self> {
        match number {
            0 => Some(Self::ToNearest),
            0x400 => Some(Self::Downward),
            0x800 => Some(Self::Upward),
            0xC00 => Some(Self::TowardZero),
            _ => None,
        }
    }
    /// C's number of the mode.
    #[must_use]
    pub fn to_c(self) -> i32 {
        (self as i32) << 10
    }
}

/// `fenv_t`: what `fnstenv` stores, and MXCSR.
#[doc(alias = "fenv_t")]
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Environment {
    control: u16,
    _reserved1: u16,
    status: u16,
    _reserved2: u16,
    tags: u16,
    _reserved3: u16,
    instruction: u32,
    selector_opcode: u32,
    data: u32,
    data_selector: u32,
    mxcsr: u32,
}

const _: () = assert!(size_of::<Environment>() == 32 && core::mem::offset_of!(Environment, mxcsr) == 28);

impl Environment {
    /// `FE_DFL_ENV`: all exceptions masked, to nearest, 64 bits of precision.
    pub const DEFAULT: Self = Self {
        control: 0x37F,
        _reserved1: 0,
        status: 0,
        _reserved2: 0,
        tags: 0xFFFF,
        _reserved3: 0,
        instruction: 0,
        selector_opcode: 0,
        data: 0,
        data_selector: 0,
        mxcsr: 0x1F80,
    };

    /// The environment now.
    #[must_use]
    pub fn current() -> Self {
        let mut environment = Self::DEFAULT;
        // SAFETY: room for what is stored.
        unsafe { store(&mut environment) };
        environment
    }
    /// Makes it the environment.
    pub fn install(&self) {
        // SAFETY: a whole environment.
        unsafe { load(self) };
    }
    /// The same without exceptions, all of them masked (C23 7.6.6.2).
    #[must_use]
    pub fn held(mut self) -> Self {
        self.status &= !0xBF;
        self.control |= 0x3F;
        self.mxcsr = self.mxcsr & !0x3F | 0x1F80;
        self
    }
}

/// `fnstenv` masks every exception, so the environment is loaded again.
///
/// # Safety
/// `to` is writable.
#[unsafe(naked)]
unsafe extern "C" fn store(to: &mut Environment) {
    naked_asm!("fnstenv [rdi]", "fldenv [rdi]", "stmxcsr [rdi + 28]", "ret")
}

/// # Safety
/// `from` is an environment.
#[unsafe(naked)]
unsafe extern "C" fn load(from: &Environment) {
    naked_asm!("fldenv [rdi]", "ldmxcsr [rdi + 28]", "ret")
}

/// Sets MXCSR.
#[unsafe(naked)]
extern "C" fn set_mxcsr(value: u32) {
    naked_asm!("push rdi", "ldmxcsr [rsp]", "pop rdi", "ret")
}

/// Sets bits 10 and 11 of the x87 control word and bits 13 and 14 of MXCSR.
#[unsafe(naked)]
extern "C" fn set_rounding_bits(bits: u32) {
    naked_asm!(
        "push rdi",
        "fnstcw [rsp]",
        "and word ptr [rsp], 0xF3FF",
        "or word ptr [rsp], di",
        "fldcw [rsp]",
        "stmxcsr [rsp]",
        "shl edi, 3",
        "and dword ptr [rsp], 0xFFFF9FFF",
        "or dword ptr [rsp], edi",
        "ldmxcsr [rsp]",
        "pop rdi",
        "ret",
    )
}

fn mxcsr() -> u32 {
    let mut value = 0u32;
    // SAFETY: stores four bytes there.
    unsafe { asm!("stmxcsr [{}]", in(reg) &raw mut value, options(nostack, preserves_flags)) };
    value
}

fn status() -> u32 {
    let value: u16;
    // SAFETY: reads the status word.
    unsafe { asm!("fnstsw ax", out("ax") value, options(nomem, nostack, preserves_flags)) };
    value.into()
}

/// The exceptions that are set.
#[must_use]
pub fn raised() -> Exceptions {
    Exceptions((mxcsr() | status()) & Exceptions::ALL.0)
}

/// Sets exceptions.
pub fn raise(exceptions: Exceptions) {
    if exceptions.0 & Exceptions::ALL.0 != 0 {
        set_mxcsr(mxcsr() | exceptions.0 & Exceptions::ALL.0);
    }
}

/// Clears exceptions.
pub fn clear(exceptions: Exceptions) {
    let wanted = exceptions.0 & Exceptions::ALL.0;
    if status() & wanted != 0 {
        let mut environment = Environment::current();
        environment.status &= !(wanted as u16);
        environment.install();
    }
    if mxcsr() & wanted != 0 {
        set_mxcsr(mxcsr() & !wanted);
    }
}

/// The rounding mode.
#[must_use]
pub fn rounding() -> Rounding {
    match mxcsr() >> 13 & 3 {
        0 => Rounding::ToNearest,
        1 => Rounding::Downward,
        2 => Rounding::Upward,
        _ => Rounding::TowardZero,
    }
}

/// Sets the rounding mode.
pub fn set_rounding(mode: Rounding) {
    set_rounding_bits(mode.to_c() as u32);
}

/// C23 7.12.9.4. Raises "inexact" if the value changes.
#[must_use]
pub fn rint(x: f64) -> f64 {
    // From here on numbers are integers.
    const LIMIT: f64 = (1u64 << 52) as f64;
    if x.abs() >= LIMIT || x.is_nan() {
        // A signaling NaN becomes quiet.
        return x + 0.0;
    }
    let mut sum = x;
    // SAFETY: arithmetic on registers. Adding the limit leaves no room for a fraction.
    unsafe {
        asm!("addsd {sum}, {limit}", "subsd {sum}, {limit}", sum = inout(xmm_reg) sum, limit = in(xmm_reg) LIMIT.copysign(x),
            options(nomem, nostack, preserves_flags));
    }
    sum.copysign(x)
}

/// As [`rint`].
#[must_use]
pub fn rintf(x: f32) -> f32 {
    const LIMIT: f32 = (1u32 << 23) as f32;
    if x.abs() >= LIMIT || x.is_nan() {
        return x + 0.0;
    }
    let mut sum = x;
    // SAFETY: as `rint`.
    unsafe {
        asm!("addss {sum}, {limit}", "subss {sum}, {limit}", sum = inout(xmm_reg) sum, limit = in(xmm_reg) LIMIT.copysign(x),
            options(nomem, nostack, preserves_flags));
    }
    sum.copysign(x)
}

/// C23 7.12.9.5. Out of range: "invalid" and the least number.
#[must_use]
pub fn lrint(x: f64) -> i64 {
    let integer;
    // SAFETY: arithmetic on registers.
    unsafe {
        asm!("cvtsd2si {}, {}", out(reg) integer, in(xmm_reg) x, options(nomem, nostack, preserves_flags));
    }
    integer
}

/// As [`lrint`].
#[must_use]
pub fn lrintf(x: f32) -> i64 {
    let integer;
    // SAFETY: arithmetic on registers.
    unsafe {
        asm!("cvtss2si {}, {}", out(reg) integer, in(xmm_reg) x, options(nomem, nostack, preserves_flags));
    }
    integer
}

/// C23 7.12.9.7: halves away from zero. Out of range: "invalid" and the least number.
#[must_use]
pub fn lround(x: f64) -> i64 {
    lrint(libm::round(x))
}
