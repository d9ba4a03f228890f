//! Directory streams.

use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::rt::abi::{at, file_type, seek};
use crate::rt::{Errno, Platform, Result};
use crate::types::{c_char, c_int, c_uchar, c_ushort, ino_t, off_t};
use core::cell::UnsafeCell;

/// POSIX.1-2024 `struct dirent`; records in the buffer are as long as `d_reclen` says.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct dirent {
    pub d_ino: ino_t,
    pub d_off: off_t,
    pub d_reclen: c_ushort,
    pub d_type: c_uchar,
    pub d_name: [c_char; 256],
}

const _: () = assert!(size_of::<dirent>() == 280);

/// Bytes before the name.
const HEAD: usize = 19;
/// A buffer for many records; each record holds at least the head and a NUL.
const BUFFER_BYTES: usize = 2048;

/// `DIR`: a descriptor and the records read ahead.
#[derive(Debug)]
#[expect(clippy::upper_case_acronyms, reason = "POSIX's name")]
pub struct DIR {
    fd: c_int,
    records: UnsafeCell<Records>,
}

/// Records read ahead, aligned as `struct dirent` is.
#[derive(Debug)]
#[repr(C, align(8))]
struct Records {
    bytes: [u8; BUFFER_BYTES],
    used: usize,
    filled: usize,
    /// `d_off` of the last record given: where `telldir` stands.
    position: off_t,
}

impl DIR {
    /// A stream over a descriptor; `ENOTDIR` for what is no directory, `ENOMEM`.
    pub fn new(host: &impl Platform, fd: c_int) -> Result<Box<Self>> {
        let stat = host.stat(fd, b"", at::EMPTY_PATH)?;
        if stat.mode & file_type::MASK != file_type::DIRECTORY {
            return Err(Errno::NOTDIR);
        }
        let mut place = Vec::new();
        place.try_reserve_exact(1).map_err(|_| Errno::NOMEM)?;
        let records = Records { bytes: [0; BUFFER_BYTES], used: 0, filled: 0, position: 0 };
        place.push(Self { fd, records: UnsafeCell::new(records) });
        // A boxed slice of one is a box of one: the only way to a fallible box on stable Rust.
        let slice = Box::into_raw(place.into_boxed_slice());
        // SAFETY: the slice holds exactly one element of this type.
        Ok(unsafe { Box::from_raw(slice.cast::<Self>()) })
    }

    /// The descriptor.
    pub fn fd(&self) -> c_int {
        self.fd
    }

    /// The next record, null at the end. It stays until the next call on the stream.
    ///
    /// # Safety
    /// No other thread uses the stream (POSIX leaves that to the caller).
    pub unsafe fn read(&self, host: &impl Platform) -> Result<*mut dirent> {
        // SAFETY: caller contract.
        let records = unsafe { &mut *self.records.get() };
        if records.used >= records.filled {
            records.used = 0;
            records.filled = host.read_directory(self.fd, &mut records.bytes)?;
            if records.filled == 0 {
                return Ok(core::ptr::null_mut());
            }
        }
        let rest = records.bytes.get(records.used..records.filled).ok_or(Errno::IO)?;
        let length = match rest {
            head if head.len() > HEAD => usize::from(u16::from_le_bytes([head[16], head[17]])),
            _ => return Err(Errno::IO),
        };
        let Some(record) = rest.get(..length).filter(|record| length > HEAD && record[HEAD..].contains(&0)) else {
            return Err(Errno::IO);
        };
        let offset: [u8; 8] = record[8..16].try_into().map_err(|_| Errno::IO)?;
        records.position = i64::from_le_bytes(offset);
        let at = records.used;
        records.used += length;
        Ok(records.bytes.as_mut_ptr().wrapping_add(at).cast())
    }

    /// Where the next record starts.
    ///
    /// # Safety
    /// As for `read`.
    pub unsafe fn position(&self) -> off_t {
        // SAFETY: caller contract.
        unsafe { (*self.records.get()).position }
    }

    /// Goes to a position that `position` gave, or to 0. A failure shows at the next `read`, as C has no place for it.
    ///
    /// # Safety
    /// As for `read`.
    pub unsafe fn seek(&self, host: &impl Platform, position: off_t) {
        // SAFETY: caller contract.
        let records = unsafe { &mut *self.records.get() };
        records.used = 0;
        records.filled = 0;
        if host.seek(self.fd, position, seek::SET).is_ok() {
            records.position = position;
        }
    }
}
