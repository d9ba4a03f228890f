//! What lies under a stream: a descriptor, memory, or functions of the program.

use super::memory::{FixedMemory, GrowingBytes, GrowingWide};
use crate::rt::{Errno, Files, Piece, Result, blocking, host, thread};
use crate::types::{c_char, c_int, c_void, off_t, size_t, ssize_t};

/// `cookie_io_functions_t`. A null function reads nothing, swallows everything, cannot seek, closes well.
#[doc(alias = "cookie_io_functions_t")]
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct CookieFunctions {
    pub read: Option<unsafe extern "C" fn(*mut c_void, *mut c_char, size_t) -> ssize_t>,
    pub write: Option<unsafe extern "C" fn(*mut c_void, *const c_char, size_t) -> ssize_t>,
    pub seek: Option<unsafe extern "C" fn(*mut c_void, *mut off_t, c_int) -> c_int>,
    pub close: Option<unsafe extern "C" fn(*mut c_void) -> c_int>,
}
const _: () = assert!(size_of::<CookieFunctions>() == 32);

/// Functions of the program, and their argument. Who made it vouches for both.
#[derive(Debug)]
pub struct Cookie {
    functions: CookieFunctions,
    argument: *mut c_void,
}

impl Cookie {
    /// # Safety
    /// The functions may be called with the argument as their types say, until the stream is closed.
    pub unsafe fn new(functions: CookieFunctions, argument: *mut c_void) -> Self {
        Self { functions, argument }
    }

    /// The error that a function left in errno.
    fn error() -> Errno {
        Errno::from_number(thread().errno.get())
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let Some(read) = self.functions.read else { return Ok(0) };
        // SAFETY: contract of `new`; the buffer has that many bytes.
        let count = unsafe { read(self.argument, buffer.as_mut_ptr().cast(), buffer.len()) };
        usize::try_from(count).map(|count| count.min(buffer.len())).map_err(|_| Self::error())
    }

    fn write(&mut self, data: &[u8]) -> Result<usize> {
        let Some(write) = self.functions.write else { return Ok(data.len()) };
        // SAFETY: contract of `new`; the data has that many bytes.
        let count = unsafe { write(self.argument, data.as_ptr().cast(), data.len()) };
        match usize::try_from(count) {
            // glibc's functions report an error as 0, others as -1.
            Ok(0) | Err(_) => Err(Self::error()),
            Ok(count) => Ok(count.min(data.len())),
        }
    }

    fn seek(&mut self, offset: i64, whence: u32) -> Result<u64> {
        let seek = self.functions.seek.ok_or(Errno::SPIPE)?;
        let mut offset = offset;
        // SAFETY: contract of `new`.
        if unsafe { seek(self.argument, &raw mut offset, whence as c_int) } < 0 {
            return Err(Self::error());
        }
        u64::try_from(offset).map_err(|_| Errno::INVAL)
    }

    fn close(&mut self) -> Result<()> {
        let Some(close) = self.functions.close else { return Ok(()) };
        // SAFETY: contract of `new`.
        if unsafe { close(self.argument) } < 0 { Err(Self::error()) } else { Ok(()) }
    }
}

/// What lies under a stream.
#[derive(Debug)]
pub enum Source {
    /// A file of the host.
    Descriptor(i32),
    /// `fopencookie`.
    Cookie(Cookie),
    /// `fmemopen`.
    Fixed(FixedMemory),
    /// `open_memstream`.
    Growing(GrowingBytes),
    /// `open_wmemstream`.
    Wide(GrowingWide),
    /// Nothing any more.
    Closed,
}

impl Source {
    /// Reads at most `buffer.len()` bytes; 0 at the end.
    pub fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        match self {
            Self::Descriptor(fd) => blocking(|| host().read(*fd, buffer)),
            Self::Cookie(cookie) => cookie.read(buffer),
            Self::Fixed(memory) => Ok(memory.read(buffer)),
            Self::Growing(_) | Self::Wide(_) | Self::Closed => Err(Errno::BADF),
        }
    }

    /// Writes some of `first` followed by `second`; how many bytes, at least one.
    pub fn write_two(&mut self, first: &[u8], second: &[u8]) -> Result<usize> {
        if let Self::Descriptor(fd) = self {
            let count = if first.is_empty() {
                blocking(|| host().write(*fd, second))
            } else if second.is_empty() {
                blocking(|| host().write(*fd, first))
            } else {
                blocking(|| host().write_vector(*fd, &[Piece::new(first), Piece::new(second)], None))
            }?;
            // No progress without an error would be asked for again for ever.
            return if count == 0 { Err(Errno::IO) } else { Ok(count.min(first.len() + second.len())) };
        }
        let data = if first.is_empty() { second } else { first };
        match self {
            Self::Cookie(cookie) => cookie.write(data),
            Self::Fixed(memory) => memory.write(data),
            Self::Growing(memory) => memory.write(data).map(|()| data.len()),
            Self::Wide(memory) => memory.write(data).map(|()| data.len()),
            Self::Descriptor(_) | Self::Closed => Err(Errno::BADF),
        }
    }

    /// `lseek`.
    pub fn seek(&mut self, offset: i64, whence: u32) -> Result<u64> {
        match self {
            Self::Descriptor(fd) => host().seek(*fd, offset, whence),
            Self::Cookie(cookie) => cookie.seek(offset, whence),
            Self::Fixed(memory) => memory.seek(offset, whence),
            Self::Growing(memory) => memory.seek(offset, whence),
            Self::Wide(memory) => memory.seek(offset, whence),
            Self::Closed => Err(Errno::BADF),
        }
    }

    /// Everything was written: memory streams tell the program where it is.
    pub fn flushed(&mut self) {
        match self {
            Self::Growing(memory) => memory.publish(),
            Self::Wide(memory) => memory.publish(),
            Self::Descriptor(_) | Self::Cookie(_) | Self::Fixed(_) | Self::Closed => {}
        }
    }

    /// Closes it; it is gone whatever the result.
    pub fn close(&mut self) -> Result<()> {
        match core::mem::replace(self, Self::Closed) {
            Self::Descriptor(fd) => host().close(fd),
            Self::Cookie(mut cookie) => cookie.close(),
            // Dropping frees what belongs to the stream.
            Self::Fixed(_) | Self::Growing(_) | Self::Wide(_) => Ok(()),
            Self::Closed => Err(Errno::BADF),
        }
    }

    /// `fileno`: `EBADF` when there is no descriptor.
    pub fn descriptor(&self) -> Result<i32> {
        match self {
            Self::Descriptor(fd) => Ok(*fd),
            _ => Err(Errno::BADF),
        }
    }

    /// Whether a person sits at the other end.
    pub fn is_terminal(&self) -> bool {
        matches!(self, Self::Descriptor(fd) if host().terminal_size(*fd).is_ok())
    }
}
