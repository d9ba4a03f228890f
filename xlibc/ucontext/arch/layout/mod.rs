//! The layout of a context by CPU, and how one begins.

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(target_arch = "aarch64")]
pub use aarch64::{begin, ucontext_t};
#[cfg(target_arch = "x86_64")]
mod x86_64;
#[cfg(target_arch = "x86_64")]
pub use x86_64::{begin, ucontext_t};

/// A function and its arguments.
pub struct Call<'a> {
    pub function: usize,
    pub arguments: Arguments<'a>,
    /// Where it returns to.
    pub end: usize,
}

/// The words that a variadic caller passed: some in registers, the others on its stack.
pub type Arguments<'a> =
    core::iter::Take<core::iter::Copied<core::iter::Chain<core::slice::Iter<'a, u64>, core::slice::Iter<'a, u64>>>>;
