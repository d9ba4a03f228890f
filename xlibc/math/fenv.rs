//! The floating-point environment: C23 7.6. Exceptions and rounding modes have the numbers of the CPU, as in its ABI.

pub use super::arch::{Environment, Flags, clear, raise, raised, rounding, set_rounding};

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
