//! Directory streams.

use alloc::boxed::Box;

use crate::rt::abi::{at, file_type, seek};
use crate::rt::{Errno, Platform, Result, heap};
use crate::types::{c_char, c_int, c_uchar, c_ushort, ino_t, off_t};
use core::cell::UnsafeCell;
use platform::dirent::Record;

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

const _: () = assert!(size_of::<dirent>() == 280 && core::mem::offset_of!(dirent, d_name) == platform::dirent::HEAD);

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
    /// The latest `seek` did not get there.
    lost: Option<Errno>,
}

impl DIR {
    /// A stream over a descriptor; `ENOTDIR` for anything but a directory, `ENOMEM`.
    pub fn new(host: &impl Platform, fd: c_int) -> Result<Box<Self>> {
        let stat = host.stat(fd, b"", at::EMPTY_PATH)?;
        if stat.mode & file_type::MASK != file_type::DIRECTORY {
            return Err(Errno::NOTDIR);
        }
        let records = Records { bytes: [0; BUFFER_BYTES], used: 0, filled: 0, position: 0, lost: None };
        heap::boxed(Self { fd, records: UnsafeCell::new(records) })
    }

    /// The descriptor.
    pub fn fd(&self) -> c_int {
        self.fd
    }

    /// The next record, null at the end, which is also that of a directory that was removed. It stays until the next call on the
    /// stream.
    ///
    /// # Safety
    /// No other thread uses the stream (POSIX leaves that to the caller).
    #[inline(never)]
    pub unsafe fn read(&self, host: &impl Platform) -> Result<*mut dirent> {
        // SAFETY: caller contract.
        let records = unsafe { &mut *self.records.get() };
        if records.used >= records.filled {
            records.lost.map_or(Ok(()), Err)?;
            (records.used, records.filled) = (0, 0);
            match host.read_directory(self.fd, &mut records.bytes) {
                Ok(0) | Err(Errno::NOENT) => return Ok(core::ptr::null_mut()),
                filled => records.filled = filled?,
            }
        }
        let rest = records.bytes.get(records.used..records.filled).ok_or(Errno::IO)?;
        let (record, length) = Record::first(rest).ok_or(Errno::IO)?;
        records.position = record.next;
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

    /// Goes to a position that `position` gave, or to 0. C has no place for a failure, so every `read` tells of it until another
    /// `seek` succeeds.
    ///
    /// # Safety
    /// As for `read`.
    pub unsafe fn seek(&self, host: &impl Platform, position: off_t) {
        // SAFETY: caller contract.
        let records = unsafe { &mut *self.records.get() };
        (records.used, records.filled) = (0, 0);
        records.lost = host.seek(self.fd, position, seek::SET).err();
        if records.lost.is_none() {
            records.position = position;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rt::abi::open;
    use platform::Files;
    use platform::Names;
    use platform_sim::Sim;

    /// A stream over a folder with two files.
    fn stream(sim: &Sim) -> Box<DIR> {
        sim.make_directory(at::CURRENT_DIRECTORY, b"/folder", 0o755).unwrap();
        sim.put_file(b"/folder/a", b"");
        sim.put_file(b"/folder/b", b"");
        let fd = sim.open(at::CURRENT_DIRECTORY, b"/folder", open::READ_ONLY | open::DIRECTORY, 0).unwrap();
        DIR::new(sim, fd).unwrap()
    }

    /// How many records come before the end.
    fn count(sim: &Sim, folder: &DIR) -> Result<usize> {
        let mut records = 0;
        // SAFETY: one thread.
        while !unsafe { folder.read(sim) }?.is_null() {
            records += 1;
        }
        Ok(records)
    }

    #[test]
    fn after_an_error_comes_nothing_old() {
        let sim = Sim::default();
        let folder = stream(&sim);
        assert_eq!(count(&sim, &folder), Ok(4));
        sim.hook.fail_once("read_directory", 0, Errno::IO);
        assert_eq!(count(&sim, &folder), Err(Errno::IO));
        assert_eq!(count(&sim, &folder), Ok(0));
        sim.hook.fail_always("read_directory", 0, Errno::NOENT);
        assert_eq!(count(&sim, &folder), Ok(0));
    }

    #[test]
    fn a_place_that_was_not_reached_is_not_read_from() {
        let sim = Sim::default();
        let folder = stream(&sim);
        // SAFETY: one thread.
        unsafe {
            folder.read(&sim).unwrap();
            let place = folder.position();
            sim.hook.fail_once("seek", 0, Errno::INVAL);
            folder.seek(&sim, place);
            assert_eq!((count(&sim, &folder), count(&sim, &folder)), (Err(Errno::INVAL), Err(Errno::INVAL)));
            folder.seek(&sim, place);
            assert_eq!(count(&sim, &folder), Ok(3));
        }
    }
}
