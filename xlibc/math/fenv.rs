//! The floating-point environment: C23 7.6. Exceptions and rounding modes have the numbers of the CPU, as in its ABI.

use core::arch::{asm, naked_asm};

/// A rounding direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "C's names")]
pub enum Rounding {
    ToNearest,
    Downward,
    Upward,
    TowardZero,
}

/// A set of exceptions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exceptions(pub u32);

impl core::ops::BitOr for Exceptions {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

#[cfg(target_arch = "x86_64")]
pub use x86_64::*;
#[cfg(target_arch = "x86_64")]
mod x86_64 {
    //! SSE has MXCSR, x87 has a control and a status word: C code uses both, so modes are set in both and exceptions read from both.

    use super::{Exceptions, Rounding, asm, naked_asm};

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
}

#[cfg(target_arch = "aarch64")]
pub use aarch64::*;
#[cfg(target_arch = "aarch64")]
mod aarch64 {
    //! FPCR controls, FPSR reports.

    use super::{Exceptions, Rounding, asm, naked_asm};

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
}
