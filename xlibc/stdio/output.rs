//! Output of bytes.

use super::stream::{Buffering, Direction, PUSHBACK, Stream, Transfer, part};
use crate::rt::abi::seek;
use crate::rt::{Errno, Result};
use crate::text::encoding::Decoder;

impl Stream {
    /// Puts a byte.
    #[inline]
    pub fn put(&mut self, byte: u8) -> Result<()> {
        if self.position < self.write_end && !(self.by_line && byte == b'\n') {
            // SAFETY: tested.
            unsafe { self.store_one(byte) };
            return Ok(());
        }
        self.write(&[byte]).result().map(|_| ())
    }

    /// Puts bytes; `count` says how many were taken. What could not be sent stays in the buffer for another try.
    #[inline]
    pub fn write(&mut self, data: &[u8]) -> Transfer {
        if !self.by_line && data.len() <= self.write_end.saturating_sub(self.position) {
            self.append_to_buffer(data);
            return Transfer::complete(data.len());
        }
        self.write_through(data)
    }

    fn room(&self) -> usize {
        self.write_end.saturating_sub(self.position)
    }

    fn append_to_buffer(&mut self, data: &[u8]) {
        let (from, to) = (self.position, self.position + data.len());
        // SAFETY: callers tested that `data` fits below `write_end`, which is the end of the buffer.
        unsafe { part(self.base(), from, to) }.copy_from_slice(data);
        self.position = to;
    }

    #[cold]
    fn write_through(&mut self, data: &[u8]) -> Transfer {
        if data.is_empty() {
            return Transfer::complete(0);
        }
        if let Err(errno) = self.begin_writing() {
            return Transfer::failed(0, errno);
        }
        let fits = data.len() <= self.room();
        // How much must go out now.
        let now = match self.buffering {
            Buffering::Line => match data.iter().rposition(|byte| *byte == b'\n') {
                Some(at) => at + 1,
                None if fits => 0,
                None => data.len(),
            },
            Buffering::None => data.len(),
            Buffering::Full | Buffering::Undecided if fits => 0,
            Buffering::Full | Buffering::Undecided => data.len(),
        };
        let (first, rest) = data.split_at_checked(now).unwrap_or((data, &[]));
        if now > 0 {
            let sent = self.send(first);
            if sent.error.is_some() {
                return sent;
            }
        }
        if rest.len() <= self.room() {
            self.append_to_buffer(rest);
            return Transfer::complete(data.len());
        }
        let sent = self.send(rest);
        Transfer { count: now + sent.count, ..sent }
    }

    /// Sends the buffer and then `more`; `count` counts bytes of `more`. After an error what is left of the buffer stays in it.
    pub(super) fn send(&mut self, more: &[u8]) -> Transfer {
        if self.direction != Direction::Writing {
            return Transfer::complete(0);
        }
        let (mut from, mut sent) = (PUSHBACK, 0);
        while from < self.position || sent < more.len() {
            let to = self.position;
            // SAFETY: `PUSHBACK <= from <= position`, which lies in the buffer if there is one.
            let waiting = unsafe { part(self.base(), from, to) };
            let result = self.source.write_two(waiting, more.get(sent..).unwrap_or(&[]));
            match result {
                Ok(count) => {
                    let of_buffer = count.min(to - from);
                    from += of_buffer;
                    sent += count - of_buffer;
                }
                Err(errno) => {
                    if from < to {
                        // SAFETY: as above, and there is a buffer; both ranges lie in it.
                        unsafe { self.base().add(from).copy_to(self.base().add(PUSHBACK), to - from) };
                    }
                    self.position = PUSHBACK + (to - from);
                    self.error = true;
                    return Transfer::failed(sent, errno);
                }
            }
        }
        self.position = PUSHBACK;
        Transfer::complete(sent)
    }

    /// `fflush`. Output goes out; input of a file that can seek is given back to it (POSIX.1-2024).
    pub fn flush(&mut self) -> Result<()> {
        match self.direction {
            Direction::Idle => {}
            Direction::Writing => {
                self.send(&[]).result()?;
            }
            Direction::Reading => self.give_back()?,
        }
        self.source.flushed();
        Ok(())
    }

    /// What was read ahead is not read: the file gets the position at which the program stopped, and pushed back bytes are gone.
    /// A pipe cannot go back, so its input stays in the buffer.
    pub(super) fn give_back(&mut self) -> Result<()> {
        let unread = self.unread().len() as i64;
        if unread > 0 {
            let moved = match self.source.seek(-unread, seek::CURRENT) {
                // More was pushed back than lies before.
                Err(Errno::INVAL) if self.altered => self.source.seek(0, seek::SET),
                moved => moved,
            };
            match moved {
                Ok(_) => {}
                Err(Errno::SPIPE) => return Ok(()),
                Err(errno) => {
                    self.error = true;
                    return Err(errno);
                }
            }
        }
        self.forget();
        Ok(())
    }

    /// Sends the buffer, and closes what lies below. Everything is released whatever the result; the first error is told.
    pub fn close(&mut self) -> Result<()> {
        let flushed = self.flush();
        let closed = self.source.close();
        self.forget();
        self.release_buffer();
        flushed.and(closed)
    }

    /// `fseeko`. `EINVAL` for a wrong `whence` or a place before the start, `ESPIPE` for pipes.
    pub fn seek(&mut self, offset: i64, whence: u32) -> Result<()> {
        if let Some(position) = self.place_in_buffer(offset, whence) {
            self.position = position;
        } else {
            self.seek_source(offset, whence)?;
        }
        self.end = false;
        if let Some(decoder) = &mut self.decoder {
            *decoder = Decoder::new(self.encoding);
        }
        Ok(())
    }

    /// Where in the buffer the place is, if what was read ahead reaches it.
    fn place_in_buffer(&self, offset: i64, whence: u32) -> Option<usize> {
        if self.direction != Direction::Reading || self.altered {
            return None;
        }
        let place = match whence {
            seek::SET => offset.checked_sub(i64::try_from(self.below?).ok()?)?.checked_add(self.read_end as i64)?,
            seek::CURRENT => offset.checked_add(self.position as i64)?,
            _ => return None,
        };
        usize::try_from(place).ok().filter(|place| (PUSHBACK..=self.read_end).contains(place))
    }

    fn seek_source(&mut self, offset: i64, whence: u32) -> Result<()> {
        let mut offset = offset;
        match whence {
            // The program's position is before what was read ahead.
            seek::CURRENT => offset = offset.checked_sub(self.unread().len() as i64).ok_or(Errno::OVERFLOW)?,
            seek::SET | seek::END => {}
            _ => return Err(Errno::INVAL),
        }
        if self.direction == Direction::Writing {
            self.send(&[]).result()?;
        }
        let below = self.source.seek(offset, whence)?;
        self.source.flushed();
        self.forget();
        self.below = Some(below);
        Ok(())
    }

    /// `ftello`. `ESPIPE` for pipes.
    pub fn tell(&mut self) -> Result<i64> {
        let pending = self.pending().len() as i64;
        let below = match self.below {
            Some(below) if self.direction == Direction::Reading => below,
            _ => {
                let whence = if self.append && pending > 0 { seek::END } else { seek::CURRENT };
                let below = self.source.seek(0, whence)?;
                if self.direction == Direction::Reading {
                    self.below = Some(below);
                }
                below
            }
        };
        let below = i64::try_from(below).map_err(|_| Errno::OVERFLOW)?;
        (below + pending).checked_sub(self.unread().len() as i64).ok_or(Errno::OVERFLOW)
    }
}
