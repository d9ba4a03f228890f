//! Input of bytes.

use super::stream::{Buffering, PUSHBACK, Stream, Transfer, part};
use crate::rt::heap;
use crate::rt::{Errno, Result};
use crate::types::{c_char, size_t};

impl Stream {
    /// The next byte; `None` at the end.
    #[inline]
    pub fn get(&mut self) -> Result<Option<u8>> {
        if self.position < self.read_end || self.fill()? {
            // SAFETY: tested here, or `fill` says that there are bytes.
            return Ok(Some(unsafe { self.take_one() }));
        }
        Ok(None)
    }

    /// Reads into the empty buffer; false at the end. The end stays the end until `clearerr` (C23 7.23.7.1p3).
    #[cold]
    pub(super) fn fill(&mut self) -> Result<bool> {
        self.begin_reading()?;
        if !self.unread().is_empty() {
            return Ok(true);
        }
        if self.end {
            return Ok(false);
        }
        self.show_output();
        let end = self.end_of_buffer();
        // SAFETY: `begin_reading` made a buffer with this end.
        let result = self.source.read(unsafe { part(self.base(), PUSHBACK, end) });
        (self.position, self.read_end, self.altered) = (PUSHBACK, PUSHBACK, false);
        match result {
            Ok(0) => self.end = true,
            Ok(count) => {
                self.read_end = (PUSHBACK + count).min(end);
                self.below = self.below.map(|at| at + count as u64);
            }
            Err(errno) => {
                self.error = true;
                return Err(errno);
            }
        }
        Ok(!self.end)
    }

    /// Before waiting for a person, shows what was said to them (C23 7.23.3p3).
    fn show_output(&self) {
        if let Some(owner) = self.owner
            && matches!(self.buffering, Buffering::Line | Buffering::None)
        {
            (owner.before_input)();
        }
    }

    /// Input for the buffer, at least one byte unless at the end: what has been read ahead.
    pub fn window(&mut self) -> Result<&[u8]> {
        if self.position >= self.read_end {
            self.fill()?;
        }
        Ok(self.unread())
    }

    /// Takes bytes of the window.
    pub fn consume(&mut self, count: usize) {
        self.position = (self.position + count).min(self.read_end);
    }

    /// Fills `out` as far as there is input. Large parts go there without the buffer.
    pub fn read(&mut self, out: &mut [u8]) -> Transfer {
        let mut done = 0;
        loop {
            let Some(rest) = out.get_mut(done..).filter(|rest| !rest.is_empty()) else {
                return Transfer::complete(done);
            };
            let ahead = self.unread();
            let count = ahead.len().min(rest.len());
            if count > 0 {
                if let (Some(to), Some(from)) = (rest.get_mut(..count), ahead.get(..count)) {
                    to.copy_from_slice(from);
                }
                self.consume(count);
                done += count;
                continue;
            }
            let step = match self.begin_reading() {
                Ok(()) if rest.len() >= self.buffer_bytes() => self.read_directly(rest),
                Ok(()) => self.fill().map(|_| 0),
                Err(errno) => Err(errno),
            };
            match step {
                Ok(count) => done += count,
                Err(errno) => return Transfer::failed(done, errno),
            }
            if self.end && self.unread().is_empty() {
                return Transfer::complete(done);
            }
        }
    }

    fn read_directly(&mut self, out: &mut [u8]) -> Result<usize> {
        if self.end {
            return Ok(0);
        }
        self.show_output();
        match self.source.read(out) {
            Ok(0) => {
                self.end = true;
                Ok(0)
            }
            Ok(count) => {
                (self.position, self.read_end) = (PUSHBACK, PUSHBACK);
                self.below = self.below.map(|at| at + count as u64);
                Ok(count.min(out.len()))
            }
            Err(errno) => {
                self.error = true;
                Err(errno)
            }
        }
    }

    /// `ungetc`: eight bytes at least fit. False when there is no room.
    pub fn unget(&mut self, byte: u8) -> Result<bool> {
        self.begin_reading()?;
        if self.position == 0 {
            return Ok(false);
        }
        self.position -= 1;
        let at = self.position;
        // SAFETY: `begin_reading` made a buffer, and `position` was above 0.
        if let Some(place) = unsafe { part(self.base(), at, at + 1) }.first_mut() {
            self.altered |= *place != byte || at < PUSHBACK;
            *place = byte;
        }
        self.end = false;
        Ok(true)
    }

    /// Copies input up to and with `delimiter`, at most `out.len()` bytes. How many; whether the delimiter came.
    pub fn read_until(&mut self, delimiter: u8, out: &mut [u8]) -> (Transfer, bool) {
        let mut done = 0;
        while let Some(rest) = out.get_mut(done..).filter(|rest| !rest.is_empty()) {
            let window = match self.window() {
                Ok(window) => window,
                Err(errno) => return (Transfer::failed(done, errno), false),
            };
            if window.is_empty() {
                break;
            }
            let window = window.get(..rest.len()).unwrap_or(window);
            let found = find(window, delimiter);
            let count = found.map_or(window.len(), |at| at + 1);
            if let (Some(to), Some(from)) = (rest.get_mut(..count), window.get(..count)) {
                to.copy_from_slice(from);
            }
            self.consume(count);
            done += count;
            if found.is_some() {
                return (Transfer::complete(done), true);
            }
        }
        (Transfer::complete(done), false)
    }

    /// `getdelim`: the bytes up to and with the delimiter, in memory that grows; `None` at the end. `EOVERFLOW`, `ENOMEM`.
    ///
    /// # Safety
    /// `*line` is null or from `malloc` with `*capacity` bytes.
    pub unsafe fn read_line(
        &mut self,
        delimiter: u8,
        line: &mut *mut c_char,
        capacity: &mut size_t,
    ) -> Result<Option<usize>> {
        let mut length = 0_usize;
        if line.is_null() {
            *capacity = 0;
        }
        loop {
            let window = self.window()?;
            let found = find(window, delimiter);
            let count = found.map_or(window.len(), |at| at + 1);
            let needed = length.checked_add(count + 1).filter(|size| isize::try_from(*size).is_ok());
            let needed = needed.ok_or(Errno::OVERFLOW)?;
            // SAFETY: caller contract; on success the old address is replaced.
            *line = unsafe { heap::grow(*line, capacity, needed, 120) }.inspect_err(|_| self.error = true)?;
            let window = self.unread();
            // SAFETY: there is room for `needed` bytes, and `count` is not above what the window holds.
            unsafe {
                core::ptr::copy_nonoverlapping(window.as_ptr(), line.cast::<u8>().add(length), count);
                line.add(length + count).write(0);
            }
            self.consume(count);
            length += count;
            if found.is_some() || count == 0 {
                return Ok(if length == 0 { None } else { Some(length) });
            }
        }
    }
}

/// Where a byte is.
fn find(data: &[u8], byte: u8) -> Option<usize> {
    // SAFETY: the pointer and the length of a slice.
    unsafe { crate::string::scan::find(data.as_ptr(), byte, data.len()) }
}
