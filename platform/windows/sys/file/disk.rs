//! Files on a disk.

use platform::abi::seek;
use platform::{Errno, Piece, PieceMut, Result, Stat};
use windows_sys::Wdk::Storage::FileSystem::{
    FILE_POSITION_INFORMATION, FILE_STANDARD_INFORMATION, FileEndOfFileInformation, FilePositionInformation,
    FileStandardInformation,
};
use windows_sys::Win32::Storage::FileSystem::FlushFileBuffers;

use super::kind::Kind;
use super::open_file::{Memory, Object, OpenFile};
use super::record_locks::{self, End};
use super::{facts, patience, vectors};
use crate::pure::inherit::RuntimeKind;
use crate::pure::status::{from_status, nt as code};
use crate::sys::native::nt::{self, Handle, last_error};
use crate::sys::native::views;

/// A file on a disk.
pub struct Disk;

impl Object for Disk {
    fn kind(&self) -> Kind {
        Kind::File
    }

    fn read(&self, file: &OpenFile, buffer: &mut [u8]) -> Result<usize> {
        let _offset = file.offset.lock();
        nt::read(file.handle()?, buffer, None).map_err(from_status)
    }

    fn write(&self, file: &OpenFile, data: &[u8]) -> Result<usize> {
        let _offset = file.offset.lock();
        write_here(file, data)
    }

    fn read_vector(&self, file: &OpenFile, pieces: &mut [PieceMut<'_>], offset: Option<u64>) -> Result<usize> {
        let read = |bytes: &mut [u8], at| nt::read(file.handle()?, bytes, at).map_err(from_status);
        if let Some(offset) = offset {
            return at_offset(file, offset, |_, start| {
                vectors::read_each(pieces, |bytes, done| read(bytes, Some(start.saturating_add(done as i64))))
            });
        }
        let _offset = file.offset.lock();
        vectors::read_each(pieces, |bytes, _| read(bytes, None))
    }

    fn write_vector(&self, file: &OpenFile, pieces: &[Piece<'_>], offset: Option<u64>) -> Result<usize> {
        if let Some(offset) = offset {
            return at_offset(file, offset, |handle, start| {
                vectors::write(pieces, |data, done| {
                    nt::write(handle, data, Some(start.saturating_add(done as i64))).map_err(from_status)
                })
            });
        }
        let _offset = file.offset.lock();
        let handle = file.handle()?;
        // Other appends come before or after all of the pieces.
        let end = file.appends().then(|| End::lock(handle));
        let at = end.is_some().then_some(nt::AT_END);
        vectors::write(pieces, |data, _| nt::write(handle, data, at).map_err(from_status))
    }

    fn read_at(&self, file: &OpenFile, buffer: &mut [u8], offset: u64) -> Result<usize> {
        at_offset(file, offset, |handle, offset| nt::read(handle, buffer, Some(offset)).map_err(from_status))
    }

    fn write_at(&self, file: &OpenFile, data: &[u8], offset: u64) -> Result<usize> {
        at_offset(file, offset, |handle, offset| nt::write(handle, data, Some(offset)).map_err(from_status))
    }

    fn seek(&self, file: &OpenFile, offset: i64, whence: u32) -> Result<u64> {
        let handle = file.handle()?;
        let _offset = file.offset.lock();
        let base = match whence {
            seek::SET => 0,
            seek::CURRENT => {
                let now: FILE_POSITION_INFORMATION = nt::query(handle, FilePositionInformation).map_err(from_status)?;
                now.CurrentByteOffset
            }
            seek::END => size(file)?,
            // All of a file is data for us: holes are an optimisation that a host may not see.
            seek::DATA | seek::HOLE => {
                let size = size(file)?;
                if offset < 0 || offset >= size {
                    return Err(Errno::NXIO);
                }
                if whence == seek::DATA { 0 } else { size - offset }
            }
            _ => return Err(Errno::INVAL),
        };
        let wanted = base.checked_add(offset).ok_or(Errno::OVERFLOW)?;
        if wanted < 0 {
            return Err(Errno::INVAL);
        }
        let position = FILE_POSITION_INFORMATION { CurrentByteOffset: wanted };
        nt::set(handle, FilePositionInformation, &position).map_err(from_status)?;
        Ok(wanted as u64)
    }

    fn truncate(&self, file: &OpenFile, length: u64) -> Result<()> {
        set_size(file.handle()?, i64::try_from(length).map_err(|_| Errno::INVAL)?)
    }

    /// NTFS gives a file that is not sparse its clusters when it grows.
    fn allocate(&self, file: &OpenFile, offset: u64, length: u64) -> Result<()> {
        let end = offset.checked_add(length).and_then(|end| i64::try_from(end).ok()).ok_or(Errno::FBIG)?;
        let _offset = file.offset.lock();
        if length == 0 {
            return Err(Errno::INVAL);
        }
        if end > size(file)? { set_size(file.handle()?, end) } else { Ok(()) }
    }

    /// What was opened for reading only has nothing of ours to write back.
    fn sync(&self, file: &OpenFile) -> Result<()> {
        // SAFETY: no pointers.
        if file.writable() && unsafe { FlushFileBuffers(file.handle()?.raw()) } == 0 {
            return Err(last_error());
        }
        Ok(())
    }

    fn stat(&self, file: &OpenFile) -> Result<Stat> {
        facts::of_open_file(file)
    }

    fn memory(&self) -> Result<Memory> {
        Ok(Memory::File)
    }

    /// POSIX drops the process's record locks with any of its descriptors.
    fn descriptor_closed(&self, file: &OpenFile) {
        record_locks::forget(file);
    }

    fn runtime_kind(&self) -> RuntimeKind {
        RuntimeKind::File
    }
}

/// Writes to a file where its offset is, or at the end as one step. The caller holds the offset.
pub fn write_here(file: &OpenFile, data: &[u8]) -> Result<usize> {
    let handle = file.handle()?;
    let append = file.appends();
    let _end = append.then(|| End::lock(handle));
    nt::write(handle, data, append.then_some(nt::AT_END)).map_err(from_status)
}

/// Reads or writes at an offset and leaves the file's own offset: the kernel moves it for synchronous files.
fn at_offset<T>(file: &OpenFile, offset: u64, request: impl FnOnce(&Handle, i64) -> Result<T>) -> Result<T> {
    let offset = i64::try_from(offset).map_err(|_| Errno::INVAL)?;
    let handle = file.handle()?;
    let _offset = file.offset.lock();
    let before: FILE_POSITION_INFORMATION = nt::query(handle, FilePositionInformation).map_err(from_status)?;
    let result = request(handle, offset);
    nt::set(handle, FilePositionInformation, &before).map_err(from_status)?;
    result
}

/// Size in bytes.
pub fn size(file: &OpenFile) -> Result<i64> {
    let standard: FILE_STANDARD_INFORMATION =
        nt::query(file.handle()?, FileStandardInformation).map_err(from_status)?;
    Ok(standard.EndOfFile)
}

/// Moves the offset of a file. The caller holds the offset.
pub fn move_by(file: &OpenFile, distance: i64) -> Result<()> {
    let handle = file.handle()?;
    let now: FILE_POSITION_INFORMATION = nt::query(handle, FilePositionInformation).map_err(from_status)?;
    let position = FILE_POSITION_INFORMATION { CurrentByteOffset: now.CurrentByteOffset + distance };
    nt::set(handle, FilePositionInformation, &position).map_err(from_status)
}

/// `ETXTBSY` for a file that is mapped beyond the new end.
pub fn set_size(file: &Handle, length: i64) -> Result<()> {
    // Scanners map what they look at. A mapping of this process stays until the process itself ends it.
    let may_change = |status| status == code::USER_MAPPED_FILE && !views::is_mapped(file);
    patience::ask(may_change, || nt::set(file, FileEndOfFileInformation, &length)).map_err(from_status)
}
