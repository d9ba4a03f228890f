//! A stream without its lock: one buffer that holds input or output, and the state C knows (C23 7.23.2, 7.23.3).

use super::mode::Mode;
use super::source::Source;
use crate::locale::encoding;
use crate::rt::heap;
use crate::rt::{Errno, Result};
use crate::text::encoding::{Decoder, Encoding};

/// Room before the buffer for `ungetc` and `ungetwc`: two characters of four bytes.
pub const PUSHBACK: usize = 8;
/// Size of a buffer that nobody has set.
pub(super) const BUFFER_BYTES: usize = 8192;

/// When output goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Buffering {
    /// By line for a terminal, else full: found out at the first use.
    Undecided,
    /// When the buffer is full.
    Full,
    /// Also at the end of a line.
    Line,
    /// At once.
    None,
}

/// What the buffer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Nothing.
    Idle,
    /// Input: bytes `position .. read_end`.
    Reading,
    /// Output: bytes `PUSHBACK .. position`.
    Writing,
}

/// How far a transfer came, and what ended it early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Transfer {
    /// Bytes moved.
    pub count: usize,
    /// `None` when all were moved, or the end of the file came.
    pub error: Option<Errno>,
}

impl Transfer {
    /// All of it.
    pub fn complete(count: usize) -> Self {
        Self { count, error: None }
    }

    /// Ended by an error.
    pub fn failed(count: usize, error: Errno) -> Self {
        Self { count, error: Some(error) }
    }

    /// The error, if one ended it.
    pub fn result(self) -> Result<usize> {
        self.error.map_or(Ok(self.count), Err)
    }
}

/// What the owner of streams does around their use.
#[derive(Debug)]
pub struct Owner {
    /// A stream is about to hold something.
    pub used: fn(),
    /// A stream is about to wait for a person.
    pub before_input: fn(),
}

/// A stream.
#[derive(Debug)]
pub struct Stream {
    /// Room for pushback, then the buffer; null until first used.
    base: *mut u8,
    pub(super) position: usize,
    /// Input may be taken at `position` below this; 0 unless reading.
    pub(super) read_end: usize,
    /// Output may be put at `position` below this; 0 unless writing into a buffer.
    pub(super) write_end: usize,
    /// End of the buffer.
    capacity: usize,
    /// The buffer came from `malloc`.
    owned: bool,
    /// A new line sends the buffer.
    pub(super) by_line: bool,
    pub(super) buffering: Buffering,
    pub(super) direction: Direction,
    /// Offset of the source, that is of `read_end` while reading, where it is known. Who shares the description must flush
    /// before (POSIX.1-2024 2.5.1), which forgets it.
    pub(super) below: Option<u64>,
    /// Pushed back bytes have replaced some that were read.
    pub(super) altered: bool,
    pub(super) readable: bool,
    pub(super) writable: bool,
    pub(super) append: bool,
    /// C's end-of-file indicator.
    pub end: bool,
    /// C's error indicator.
    pub error: bool,
    /// Negative: bytes; positive: wide characters; 0: not yet used.
    pub orientation: i8,
    /// Input characters of a wide stream.
    pub(super) decoder: Option<Decoder>,
    pub(super) encoding: Encoding,
    /// What lies under it.
    pub(super) source: Source,
    pub(super) owner: Option<&'static Owner>,
}

impl Stream {
    /// A stream that has not been used.
    #[must_use]
    pub const fn new(source: Source, readable: bool, writable: bool, buffering: Buffering) -> Self {
        Self {
            base: core::ptr::null_mut(),
            position: 0,
            read_end: 0,
            write_end: 0,
            capacity: 0,
            owned: false,
            by_line: false,
            buffering,
            direction: Direction::Idle,
            below: None,
            altered: false,
            readable,
            writable,
            append: false,
            end: false,
            error: false,
            orientation: 0,
            decoder: None,
            encoding: Encoding::Bytes,
            source,
            owner: None,
        }
    }

    /// The stream as one of its owner's.
    #[must_use]
    pub(super) const fn owned_by(mut self, owner: &'static Owner) -> Self {
        self.owner = Some(owner);
        self
    }

    /// A stream over a source just opened.
    #[must_use]
    pub fn open(source: Source, mode: &Mode) -> Self {
        let mut stream = Self::new(source, mode.readable, mode.writable, Buffering::Undecided);
        stream.append = mode.append;
        stream
    }

    /// With a buffer of the library from the start, where others get one from the heap at their first use.
    ///
    /// # Safety
    /// The bytes at `place` are the stream's for ever, more than `PUSHBACK` of them.
    #[must_use]
    pub(super) const unsafe fn with_place(mut self, place: *mut u8, bytes: usize) -> Self {
        self.base = place;
        self.capacity = bytes;
        self
    }

    /// `freopen`: another source and mode; the buffer stays, what it held is gone.
    pub fn reopen(&mut self, mode: &Mode) {
        (self.readable, self.writable, self.append) = (mode.readable, mode.writable, mode.append);
        (self.end, self.error, self.orientation, self.decoder) = (false, false, 0, None);
        if self.buffering != Buffering::None {
            (self.buffering, self.by_line) = (Buffering::Undecided, false);
        }
        self.forget();
    }

    /// `fileno`.
    pub fn descriptor(&self) -> Result<i32> {
        self.source.descriptor()
    }

    /// What the buffer held is gone.
    pub(super) fn forget(&mut self) {
        (self.position, self.read_end, self.write_end, self.direction) = (0, 0, 0, Direction::Idle);
        (self.below, self.altered) = (None, false);
    }

    /// Bytes read ahead, pushed back ones included.
    pub(super) fn unread(&self) -> &[u8] {
        if self.position >= self.read_end {
            return &[];
        }
        // SAFETY: while reading, `position .. read_end` lies in the buffer and has been filled.
        unsafe { core::slice::from_raw_parts(self.base.add(self.position), self.read_end - self.position) }
    }

    /// Bytes that wait to be written.
    pub(super) fn pending(&self) -> &[u8] {
        if self.direction != Direction::Writing || self.position <= PUSHBACK {
            return &[];
        }
        // SAFETY: while writing, `PUSHBACK .. position` lies in the buffer and has been filled.
        unsafe { core::slice::from_raw_parts(self.base.add(PUSHBACK), self.position - PUSHBACK) }
    }

    /// Size of the buffer in bytes, 0 before it exists.
    #[must_use]
    pub fn buffer_bytes(&self) -> usize {
        self.capacity.saturating_sub(PUSHBACK)
    }

    /// Decides on the buffering and gets a buffer if one is needed.
    fn prepare(&mut self, reading: bool) -> Result<()> {
        if let Some(owner) = self.owner {
            (owner.used)();
        }
        if self.orientation == 0 {
            self.orientation = -1;
        }
        if self.buffering == Buffering::Undecided {
            self.by_line = self.source.is_terminal();
            self.buffering = if self.by_line { Buffering::Line } else { Buffering::Full };
        }
        if !self.base.is_null() || (self.buffering == Buffering::None && !reading) {
            return Ok(());
        }
        let bytes = if self.buffering == Buffering::None { 1 } else { BUFFER_BYTES };
        self.base = heap::allocate(PUSHBACK + bytes)?;
        (self.capacity, self.owned) = (PUSHBACK + bytes, true);
        Ok(())
    }

    /// `setvbuf`. `place` is memory of the program, `None` leaves the choice to us. `EINVAL` while the buffer holds something.
    ///
    /// # Safety
    /// The bytes at `place` are the stream's until it is closed.
    pub unsafe fn set_buffering(&mut self, buffering: Buffering, place: Option<(*mut u8, usize)>) -> Result<()> {
        if !self.unread().is_empty() || !self.pending().is_empty() {
            return Err(Errno::INVAL);
        }
        self.forget();
        self.release_buffer();
        (self.buffering, self.by_line) = (buffering, buffering == Buffering::Line);
        if let Some((data, bytes)) = place
            && buffering != Buffering::None
            && bytes > PUSHBACK
        {
            (self.base, self.capacity) = (data, bytes);
        }
        Ok(())
    }

    pub(super) fn release_buffer(&mut self) {
        if self.owned {
            // SAFETY: `prepare` allocated it, and the stream forgets it below.
            unsafe { heap::release(self.base) };
        }
        (self.base, self.capacity, self.owned) = (core::ptr::null_mut(), 0, false);
    }

    /// Makes the stream ready for input. `EBADF` if it was not opened for it.
    pub(super) fn begin_reading(&mut self) -> Result<()> {
        if self.direction == Direction::Reading {
            return Ok(());
        }
        if !self.readable {
            self.error = true;
            return Err(Errno::BADF);
        }
        self.send(&[]).result()?;
        self.source.flushed();
        self.prepare(true).inspect_err(|_| self.error = true)?;
        self.direction = Direction::Reading;
        (self.position, self.read_end, self.write_end) = (PUSHBACK, PUSHBACK, 0);
        Ok(())
    }

    /// Makes the stream ready for output. `EBADF` if it was not opened for it.
    pub(super) fn begin_writing(&mut self) -> Result<()> {
        if self.direction == Direction::Writing {
            return Ok(());
        }
        if !self.writable {
            self.error = true;
            return Err(Errno::BADF);
        }
        // Output belongs where the program stopped reading.
        self.give_back()?;
        self.prepare(false).inspect_err(|_| self.error = true)?;
        self.direction = Direction::Writing;
        (self.below, self.altered) = (None, false);
        let end = if self.buffering == Buffering::None { 0 } else { self.capacity };
        (self.position, self.read_end, self.write_end) = (PUSHBACK, 0, end);
        Ok(())
    }

    /// The buffer with the room before it; null while there is none.
    pub(super) fn base(&self) -> *mut u8 {
        self.base
    }

    pub(super) fn end_of_buffer(&self) -> usize {
        self.capacity
    }

    /// Reads the byte at `position`.
    ///
    /// # Safety
    /// `position < read_end`.
    #[inline]
    pub(super) unsafe fn take_one(&mut self) -> u8 {
        // SAFETY: caller contract: a filled byte of the buffer.
        let byte = unsafe { *self.base.add(self.position) };
        self.position += 1;
        byte
    }

    /// Stores a byte at `position`.
    ///
    /// # Safety
    /// `position < write_end`.
    #[inline]
    pub(super) unsafe fn store_one(&mut self, byte: u8) {
        // SAFETY: caller contract: inside the buffer.
        unsafe { *self.base.add(self.position) = byte };
        self.position += 1;
    }

    /// `fwide`: decides the orientation if it is open.
    pub fn orient(&mut self, wanted: i32) -> i8 {
        if self.orientation == 0 && wanted != 0 {
            self.orientation = if wanted > 0 { 1 } else { -1 };
        }
        if self.orientation > 0 && self.decoder.is_none() {
            // C23 7.23.2p4: the encoding is that of the moment.
            self.encoding = encoding();
            self.decoder = Some(Decoder::new(self.encoding));
        }
        self.orientation
    }
}

/// Bytes of a stream's buffer between two places.
///
/// # Safety
/// `from <= to`, `to` is not above the end of the buffer at `base`, which exists unless they are equal, and nothing else
/// uses these bytes for `'a`.
pub(super) unsafe fn part<'a>(base: *mut u8, from: usize, to: usize) -> &'a mut [u8] {
    if from == to {
        return &mut [];
    }
    // SAFETY: caller contract.
    unsafe { core::slice::from_raw_parts_mut(base.add(from), to - from) }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.release_buffer();
    }
}
