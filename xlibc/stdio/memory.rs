//! Streams over memory (POSIX.1-2024 fmemopen, open_memstream, open_wmemstream).

use super::mode::Mode;
use crate::locale::encoding;
use crate::rt::abi::seek;
use crate::rt::heap;
use crate::rt::{Errno, Result};
use crate::text::encoding::{Decoder, Step};
use crate::types::{c_char, size_t, wchar_t};

/// Offset and `whence` as a place, where the positions of the memory are `at` and `end`; `EINVAL` outside 0 ..= `limit`.
fn resolve(offset: i64, whence: u32, at: usize, end: usize, limit: usize) -> Result<usize> {
    let base = match whence {
        seek::SET => 0,
        seek::CURRENT => at,
        seek::END => end,
        _ => return Err(Errno::INVAL),
    };
    let place = (base as i64).checked_add(offset).ok_or(Errno::OVERFLOW)?;
    usize::try_from(place).ok().filter(|place| *place <= limit).ok_or(Errno::INVAL)
}

/// Memory of a fixed size.
#[derive(Debug)]
pub struct FixedMemory {
    data: *mut u8,
    size: usize,
    /// Bytes that are contents.
    length: usize,
    position: usize,
    append: bool,
    readable: bool,
    owned: bool,
}

impl FixedMemory {
    /// Memory of the program, or its own where `data` is null.
    ///
    /// # Safety
    /// `size` bytes at `data` may be read and written until the stream is closed, or it is null.
    pub unsafe fn new(data: *mut u8, size: usize, mode: &Mode) -> Result<Self> {
        let owned = data.is_null();
        let data = if owned { heap::allocate(size)? } else { data };
        let mut memory =
            Self { data, size, length: 0, position: 0, append: mode.append, readable: mode.readable, owned };
        if owned {
            // SAFETY: `size` bytes were allocated.
            unsafe { core::ptr::write_bytes(data, 0, size) };
        }
        match mode.kind {
            b'r' => memory.length = size,
            b'a' => {
                memory.length = memory.bytes().iter().position(|byte| *byte == 0).unwrap_or(size);
                memory.position = memory.length;
            }
            _ => memory.end_with_nul(0),
        }
        Ok(memory)
    }

    fn bytes(&mut self) -> &mut [u8] {
        if self.size == 0 {
            return &mut [];
        }
        // SAFETY: contract of `new`.
        unsafe { core::slice::from_raw_parts_mut(self.data, self.size) }
    }

    fn end_with_nul(&mut self, at: usize) {
        if let Some(byte) = self.bytes().get_mut(at) {
            *byte = 0;
        }
    }

    /// Copies what is left of the contents.
    pub fn read(&mut self, buffer: &mut [u8]) -> usize {
        let (position, length) = (self.position, self.length);
        let rest = self.bytes().get(position..length).unwrap_or(&[]);
        let count = rest.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(rest) {
            *to = *from;
        }
        self.position += count;
        count
    }

    /// Stores as much as there is room for, and a NUL behind the contents; `ENOSPC` when nothing fits.
    pub fn write(&mut self, data: &[u8]) -> Result<usize> {
        if self.append {
            self.position = self.length;
        }
        let (from, size) = (self.position, self.size);
        let room = self.bytes().get_mut(from..).unwrap_or(&mut []);
        let count = room.len().min(data.len());
        for (to, byte) in room.iter_mut().zip(data) {
            *to = *byte;
        }
        self.position += count;
        if self.position > self.length {
            self.length = self.position;
            if self.length < size {
                self.end_with_nul(self.length);
            } else if !self.readable && size > 0 {
                // A stream for output alone always ends with a NUL.
                self.end_with_nul(size - 1);
            }
        }
        if count == 0 && !data.is_empty() { Err(Errno::NOSPC) } else { Ok(count) }
    }

    /// Moves within the memory.
    pub fn seek(&mut self, offset: i64, whence: u32) -> Result<u64> {
        self.position = resolve(offset, whence, self.position, self.length, self.size)?;
        Ok(self.position as u64)
    }
}

impl Drop for FixedMemory {
    fn drop(&mut self) {
        if self.owned {
            // SAFETY: allocated by `new`, and nobody else knows it.
            unsafe { heap::release(self.data) };
        }
    }
}

/// An array from `malloc` that grows, with a zero behind the last element.
#[derive(Debug)]
struct Growing<T> {
    data: *mut T,
    capacity: usize,
    length: usize,
    position: usize,
    /// Where the program reads the array's address and length.
    address: *mut *mut T,
    size: *mut size_t,
}

impl<T: Copy> Growing<T> {
    /// # Safety
    /// `address` and `size` may be written until the stream is closed; a `T` of zero bytes is valid.
    unsafe fn new(address: *mut *mut T, size: *mut size_t) -> Result<Self> {
        let mut array = Self { data: core::ptr::null_mut(), capacity: 0, length: 0, position: 0, address, size };
        array.reserve(0)?;
        array.publish();
        Ok(array)
    }

    /// Room for `length` elements and the zero behind them. New elements are zero.
    fn reserve(&mut self, length: usize) -> Result<()> {
        let needed = length.checked_add(1).ok_or(Errno::NOMEM)?;
        let before = self.capacity;
        // SAFETY: `data` is null or from `malloc`; on success the old address is replaced.
        self.data = unsafe { heap::grow(self.data, &mut self.capacity, needed, 64) }?;
        // SAFETY: the new part lies between the two capacities.
        unsafe { core::ptr::write_bytes(self.data.add(before), 0, self.capacity - before) };
        Ok(())
    }

    fn write(&mut self, elements: &[T]) -> Result<()> {
        let end = self.position.checked_add(elements.len()).ok_or(Errno::NOMEM)?;
        self.reserve(end)?;
        // SAFETY: `reserve` made room up to `end` at least.
        unsafe { core::ptr::copy_nonoverlapping(elements.as_ptr(), self.data.add(self.position), elements.len()) };
        self.position = end;
        self.length = self.length.max(end);
        Ok(())
    }

    fn seek(&mut self, offset: i64, whence: u32) -> Result<u64> {
        let limit = isize::MAX as usize / size_of::<T>();
        self.position = resolve(offset, whence, self.position, self.length, limit)?;
        Ok(self.position as u64)
    }

    fn publish(&self) {
        // SAFETY: contract of `new`.
        unsafe {
            self.address.write(self.data);
            self.size.write(self.length.min(self.position));
        }
    }
}

/// `open_memstream`. The memory is the program's, also after the stream is closed.
#[derive(Debug)]
pub struct GrowingBytes(Growing<u8>);

impl GrowingBytes {
    /// # Safety
    /// `address` and `size` may be written until the stream is closed.
    pub unsafe fn new(address: *mut *mut c_char, size: *mut size_t) -> Result<Self> {
        // SAFETY: caller contract; `c_char` and `u8` have one layout.
        unsafe { Growing::new(address.cast(), size) }.map(Self)
    }

    /// Stores at the position; a gap after the old end is zeros. `ENOMEM`.
    pub fn write(&mut self, data: &[u8]) -> Result<()> {
        self.0.write(data)
    }

    /// Moves, also beyond the end.
    pub fn seek(&mut self, offset: i64, whence: u32) -> Result<u64> {
        self.0.seek(offset, whence)
    }

    /// Tells the program address and length.
    pub fn publish(&self) {
        self.0.publish();
    }
}

/// `open_wmemstream`: counts and seeks in wide characters.
#[derive(Debug)]
pub struct GrowingWide {
    array: Growing<u32>,
    decoder: Decoder,
}

impl GrowingWide {
    /// # Safety
    /// `address` and `size` may be written until the stream is closed.
    pub unsafe fn new(address: *mut *mut wchar_t, size: *mut size_t) -> Result<Self> {
        // SAFETY: caller contract; `wchar_t` has the layout of `u32` on both CPUs.
        let array = unsafe { Growing::new(address.cast(), size) }?;
        Ok(Self { array, decoder: Decoder::new(encoding()) })
    }

    /// Stores a character. `ENOMEM`.
    pub fn put(&mut self, character: u32) -> Result<()> {
        self.array.write(&[character])
    }

    /// Stores the characters of these bytes. `ENOMEM`, `EILSEQ`.
    pub fn write(&mut self, data: &[u8]) -> Result<()> {
        for byte in data {
            match self.decoder.push(*byte) {
                Step::Character(character) => self.put(character)?,
                Step::More => {}
                Step::Invalid => return Err(Errno::ILSEQ),
            }
        }
        Ok(())
    }

    /// Moves, also beyond the end.
    pub fn seek(&mut self, offset: i64, whence: u32) -> Result<u64> {
        self.decoder = Decoder::new(encoding());
        self.array.seek(offset, whence)
    }

    /// Tells the program address and length.
    pub fn publish(&self) {
        self.array.publish();
    }
}
