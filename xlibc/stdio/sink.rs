//! Where printf writes to: strings, streams, descriptors.

use super::stream::Stream;
use super::writer::Sink;
use crate::rt::heap;
use crate::rt::{Errno, Files, Result, blocking, host};

/// A string of fixed size: what does not fit is only counted.
#[derive(Debug)]
pub struct StringSink<U> {
    at: *mut U,
    /// Units that fit, not counting the zero.
    room: usize,
    /// There is room for the zero.
    ends: bool,
}

impl<U: Copy + From<u8>> StringSink<U> {
    /// # Safety
    /// `size` units at `data` are writable until `finish`.
    pub unsafe fn new(data: *mut U, size: usize) -> Self {
        Self { at: data, room: size.saturating_sub(1), ends: size > 0 }
    }

    /// Writes the zero.
    pub fn finish(self) {
        if self.ends {
            // SAFETY: contract of `new`: the unit behind those that fit.
            unsafe { self.at.write(U::from(0)) };
        }
    }
}

impl<U: Copy> Sink<U> for StringSink<U> {
    fn write(&mut self, text: &[U]) -> Result<()> {
        let count = text.len().min(self.room);
        if count > 0 {
            // SAFETY: contract of `new`; source and target differ, as the staging is ours. (A string printed into itself is
            // undefined in C; here the parts may overlap, so it is copied as if through a buffer.)
            unsafe {
                core::ptr::copy(text.as_ptr(), self.at, count);
                self.at = self.at.add(count);
            }
            self.room -= count;
        }
        Ok(())
    }

    fn is_full(&self) -> bool {
        self.room == 0
    }
}

/// A string from `malloc` that grows.
#[derive(Debug)]
pub struct GrowingSink {
    data: *mut u8,
    length: usize,
    capacity: usize,
}

impl GrowingSink {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self { data: core::ptr::null_mut(), length: 0, capacity: 0 }
    }

    /// The string, ended with a zero; the caller frees it.
    pub fn finish(mut self) -> Result<*mut u8> {
        self.write(b"\0")?;
        Ok(core::mem::replace(&mut self.data, core::ptr::null_mut()))
    }
}

impl Sink<u8> for GrowingSink {
    fn write(&mut self, text: &[u8]) -> Result<()> {
        let needed = self.length.checked_add(text.len()).ok_or(Errno::NOMEM)?;
        // SAFETY: null or from `malloc`; replaced on success. A short string fits with its zero at once.
        self.data = unsafe { heap::grow(self.data, &mut self.capacity, needed, text.len().saturating_add(1)) }?;
        // SAFETY: there is room up to `needed`, and the text lies elsewhere.
        unsafe { core::ptr::copy_nonoverlapping(text.as_ptr(), self.data.add(self.length), text.len()) };
        self.length = needed;
        Ok(())
    }
}

impl Drop for GrowingSink {
    fn drop(&mut self) {
        // SAFETY: null or from `malloc`, and nobody else has it.
        unsafe { heap::release(self.data) };
    }
}

impl Sink<u8> for Stream {
    fn write(&mut self, text: &[u8]) -> Result<()> {
        Stream::write(self, text).result().map(|_| ())
    }
}

/// Wide text into a stream.
#[derive(Debug)]
pub struct WideSink<'a>(pub &'a mut Stream);

impl Sink<u32> for WideSink<'_> {
    fn write(&mut self, text: &[u32]) -> Result<()> {
        text.iter().try_for_each(|character| self.0.put_wide(*character))
    }
}

/// A descriptor without a stream: `dprintf`.
#[derive(Debug)]
pub struct DescriptorSink(pub i32);

impl Sink<u8> for DescriptorSink {
    fn write(&mut self, mut text: &[u8]) -> Result<()> {
        while !text.is_empty() {
            let count = blocking(|| host().write(self.0, text))?;
            if count == 0 {
                return Err(Errno::IO);
            }
            text = text.get(count..).unwrap_or(&[]);
        }
        Ok(())
    }
}
