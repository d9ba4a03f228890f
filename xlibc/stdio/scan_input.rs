//! What scanf reads: strings and streams.

use super::stream::Stream;
use crate::rt::Errno;
use crate::text::Unit;

/// Where scanf reads from: bytes for narrow formats, characters for wide ones.
pub trait Input {
    /// The next one; `None` at the end and on errors.
    fn next(&mut self) -> Option<u32>;
    /// Gives back the one that came last.
    fn back(&mut self, character: u32);
    /// What ended the input, if it was not just its end.
    fn error(&self) -> Option<Errno>;
}

/// Why a format was not followed to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The input does not match.
    Mismatch,
    /// The input has ended.
    End,
    /// An error: of the input, the format, or memory.
    Failed(Errno),
}

/// The input, and how many characters it has given.
pub(super) struct Counted<'a> {
    input: &'a mut dyn Input,
    count: u64,
}

impl<'a> Counted<'a> {
    /// Before the first character.
    pub(super) fn new(input: &'a mut dyn Input) -> Self {
        Self { input, count: 0 }
    }

    /// Characters given and not taken back.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn next(&mut self) -> Result<u32, Stop> {
        match self.input.next() {
            Some(character) => {
                self.count += 1;
                Ok(character)
            }
            None => Err(self.input.error().map_or(Stop::End, Stop::Failed)),
        }
    }

    pub(super) fn back(&mut self, character: u32) {
        self.count -= 1;
        self.input.back(character);
    }

    /// Takes characters while they are wanted, `width` at most; how many. The end of the input ends them too.
    pub(super) fn take_while(
        &mut self,
        width: Option<usize>,
        mut wanted: impl FnMut(u32) -> bool,
    ) -> Result<usize, Stop> {
        let mut count = 0;
        while width.is_none_or(|width| count < width) {
            match self.next() {
                Ok(character) if wanted(character) => count += 1,
                Ok(character) => {
                    self.back(character);
                    break;
                }
                Err(Stop::End) if count > 0 => break,
                Err(stop) => return Err(stop),
            }
        }
        Ok(count)
    }
}

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
