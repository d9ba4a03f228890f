//! What scanf reads: strings and streams.

use super::scan::Input;
use super::stream::Stream;
use crate::rt::Errno;
use crate::text::Unit;

/// A string that ends in a zero.
#[derive(Debug)]
pub struct StringInput<U> {
    at: *const U,
}

impl<U> StringInput<U> {
    /// # Safety
    /// `string` ends in a zero and is not written meanwhile.
    pub unsafe fn new(string: *const U) -> Self {
        Self { at: string }
    }
}

impl<U: Unit> Input for StringInput<U> {
    fn next(&mut self) -> Option<u32> {
        // SAFETY: contract of `new`; `at` never moves past the zero.
        let character = unsafe { *self.at }.into();
        if character == 0 {
            return None;
        }
        // SAFETY: not at the zero.
        self.at = unsafe { self.at.add(1) };
        Some(character)
    }

    fn back(&mut self, _character: u32) {
        // SAFETY: only called after `next` gave a character.
        self.at = unsafe { self.at.sub(1) };
    }

    fn error(&self) -> Option<Errno> {
        None
    }
}

/// The bytes of a stream.
#[derive(Debug)]
pub struct StreamInput<'a> {
    stream: &'a mut Stream,
    error: Option<Errno>,
}

impl<'a> StreamInput<'a> {
    /// From where the stream is.
    pub fn new(stream: &'a mut Stream) -> Self {
        Self { stream, error: None }
    }
}

impl Input for StreamInput<'_> {
    fn next(&mut self) -> Option<u32> {
        match self.stream.get() {
            Ok(byte) => byte.map(u32::from),
            Err(errno) => {
                self.error = Some(errno);
                None
            }
        }
    }

    fn back(&mut self, character: u32) {
        // There is room for what was just taken.
        let _ = self.stream.unget(character as u8);
    }

    fn error(&self) -> Option<Errno> {
        self.error
    }
}

/// The characters of a stream.
#[derive(Debug)]
pub struct WideStreamInput<'a> {
    stream: &'a mut Stream,
    error: Option<Errno>,
}

impl<'a> WideStreamInput<'a> {
    /// From where the stream is.
    pub fn new(stream: &'a mut Stream) -> Self {
        Self { stream, error: None }
    }
}

impl Input for WideStreamInput<'_> {
    fn next(&mut self) -> Option<u32> {
        match self.stream.get_wide() {
            Ok(character) => character,
            Err(errno) => {
                self.error = Some(errno);
                None
            }
        }
    }

    fn back(&mut self, character: u32) {
        // There is room for what was just taken.
        let _ = self.stream.unget_wide(character);
    }

    fn error(&self) -> Option<Errno> {
        self.error
    }
}
