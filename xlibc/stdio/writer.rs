//! Formatted text on its way to a sink.

use super::text::Text;
use crate::rt::{Errno, Result};
use crate::text::print_float::Output;

/// Where formatted text goes, in pieces.
pub trait Sink<U> {
    /// Takes a piece.
    fn write(&mut self, text: &[U]) -> Result<()>;

    /// Nothing more has a place: it is enough to count.
    fn is_full(&self) -> bool {
        false
    }
}

/// Collects text in pieces of a fair size, and counts it.
pub struct Writer<'a, U> {
    sink: &'a mut dyn Sink<U>,
    staging: &'a mut [U],
    used: usize,
    /// Units so far.
    pub total: usize,
    /// What went wrong first.
    pub error: Option<Errno>,
}

impl<'a, U: Text> Writer<'a, U> {
    /// Nothing written yet.
    pub fn new(sink: &'a mut dyn Sink<U>, staging: &'a mut [U]) -> Self {
        Self { sink, staging, used: 0, total: 0, error: None }
    }

    fn flush(&mut self) {
        if let Some(text) = self.staging.get(..self.used)
            && !text.is_empty()
            && self.error.is_none()
            && let Err(errno) = self.sink.write(text)
        {
            self.error = Some(errno);
        }
        self.used = 0;
    }

    /// Counts; the result of printf is an `int` (`EOVERFLOW`).
    #[inline]
    fn count(&mut self, length: usize) -> bool {
        match self.total.checked_add(length) {
            Some(total) if total <= i32::MAX as usize => self.total = total,
            _ => self.error = self.error.or(Some(Errno::OVERFLOW)),
        }
        self.error.is_none()
    }

    /// Puts text.
    #[inline]
    pub fn text(&mut self, text: &[U]) {
        if !self.count(text.len()) {
            return;
        }
        if text.len() > self.staging.len() - self.used {
            self.flush();
            if text.len() > self.staging.len() {
                if let Err(errno) = self.sink.write(text) {
                    self.error = Some(errno);
                }
                return;
            }
        }
        if let Some(place) = self.staging.get_mut(self.used..self.used + text.len()) {
            place.copy_from_slice(text);
            self.used += text.len();
        }
    }

    /// Puts spaces.
    pub fn spaces(&mut self, count: usize) {
        self.fill(b' ', count);
    }

    /// Hands on the rest; how much it was.
    pub fn finish(mut self) -> Result<usize> {
        self.flush();
        self.error.map_or(Ok(self.total), Err)
    }
}

impl<U: Text> Output for Writer<'_, U> {
    #[inline]
    fn ascii(&mut self, text: &[u8]) {
        if !self.count(text.len()) {
            return;
        }
        let end = self.used + text.len();
        if let Some(place) = self.staging.get_mut(self.used..end) {
            for (to, byte) in place.iter_mut().zip(text) {
                *to = U::from_ascii(*byte);
            }
            self.used = end;
            return;
        }
        for byte in text {
            if self.used == self.staging.len() {
                self.flush();
            }
            if let Some(place) = self.staging.get_mut(self.used) {
                *place = U::from_ascii(*byte);
                self.used += 1;
            }
        }
    }

    #[inline]
    fn fill(&mut self, byte: u8, mut count: usize) {
        if count == 0 || !self.count(count) {
            return;
        }
        if count > self.staging.len() {
            self.flush();
            if self.sink.is_full() {
                return;
            }
        }
        while count > 0 && self.error.is_none() {
            if self.used == self.staging.len() {
                self.flush();
            }
            let room = self.staging.get_mut(self.used..).unwrap_or(&mut []);
            let part = room.len().min(count);
            for place in room.iter_mut().take(part) {
                *place = U::from_ascii(byte);
            }
            self.used += part;
            count -= part;
        }
    }
}
