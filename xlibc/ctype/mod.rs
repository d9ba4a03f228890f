//! `<ctype.h>`, `<wctype.h>`.
//!
//! Bytes are classified as ASCII in every locale: no byte above 0x7F is a character of UTF-8, nor has one a class in "C". Wide characters are
//! classified by Unicode in every locale.

pub mod abi;
pub mod class;
pub mod fold;
