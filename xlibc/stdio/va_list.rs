//! Reads C's variable arguments: the `va_list` of the System V ABI for x86_64 (3.5.7) and of the Arm 64-bit procedure call
//! standard (appendix B). C passes either as a pointer to the structure.

pub use super::arch::VaList;
