//! Windows 10 and later as a platform, without the C runtime.

#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod pure;
