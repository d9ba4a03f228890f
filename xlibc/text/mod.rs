//! Engines without state or host: numbers, printf and scanf directives, UTF-8.
#![forbid(unsafe_code)]

pub mod decimal;
pub mod directive;
pub mod encoding;
pub mod float;
mod float_digits;
#[cfg(test)]
pub(crate) mod float_model;
#[cfg(any(test, fuzzing))]
pub mod fuzz;
pub mod parse_float;
pub mod parse_int;
pub mod print_float;
pub mod print_int;
#[cfg(test)]
mod round_trips;
pub mod utf8;

/// A character of a format or an input: a byte, or a wide character.
pub trait Unit: Copy + Into<u32> + PartialEq {
    /// The unit of an ASCII character.
    fn from_ascii(byte: u8) -> Self;

    /// The ASCII character, or 0xff, which no format means, for anything else.
    #[inline]
    fn ascii(self) -> u8 {
        let value: u32 = self.into();
        if value < 0x80 { value as u8 } else { 0xff }
    }
}

impl Unit for u8 {
    #[inline]
    fn from_ascii(byte: u8) -> Self {
        byte
    }
}

impl Unit for u32 {
    #[inline]
    fn from_ascii(byte: u8) -> Self {
        byte.into()
    }
}
