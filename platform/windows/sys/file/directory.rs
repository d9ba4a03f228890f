//! `getdents`: the names of a directory are read once per pass, so that offsets stay valid whatever others add or remove. A
//! handle may keep the listing that it gave first (Wine's do), so each further pass has a handle of its own.

use alloc::vec;
use alloc::vec::Vec;
use core::mem::offset_of;
use core::ptr::{null, null_mut};

use platform::abi::seek;
use platform::{Errno, Result, Stat};
use windows_sys::Wdk::Storage::FileSystem::{
    FILE_DIRECTORY_FILE, FILE_ID_BOTH_DIR_INFORMATION, FILE_OPEN_REPARSE_POINT, FileIdBothDirectoryInformation,
    FileInternalInformation, NtQueryDirectoryFile,
};
use windows_sys::Win32::Foundation::UNICODE_STRING;
use windows_sys::Win32::Storage::FileSystem::{FILE_ATTRIBUTE_DIRECTORY, FILE_LIST_DIRECTORY};
use windows_sys::Win32::System::IO::IO_STATUS_BLOCK;

use super::facts;
use super::open_file::{Kind, Object, OpenFile};
use crate::pure::dirent::{self, Entry};
use crate::pure::inherit::RuntimeKind;
use crate::pure::path::FilePath;
use crate::pure::status::{self, from_status};
use crate::pure::utf16;
use crate::sys::native::attributes;
use crate::sys::native::injection::{Request, ask};
use crate::sys::native::nt::{self, Handle};
use crate::sys::native::sync::Mutex;

/// A directory.
pub struct Directory(Mutex<Listing>);

/// Where a pass over the names is.
#[derive(Default)]
struct Listing {
    /// The names, read when first asked for.
    entries: Option<Vec<Entry>>,
    /// Index of the entry that comes next.
    next: usize,
    /// The names were read before.
    listed: bool,
}

impl Directory {
    /// No names read yet.
    pub fn new() -> Self {
        Self(Mutex::new(Listing::default()))
    }
}

impl Object for Directory {
    fn kind(&self) -> Kind {
        Kind::Directory
    }

    fn read(&self, _file: &OpenFile, _buffer: &mut [u8]) -> Result<usize> {
        Err(Errno::ISDIR)
    }

    fn write(&self, _file: &OpenFile, _data: &[u8]) -> Result<usize> {
        Err(Errno::BADF)
    }

    fn read_at(&self, _file: &OpenFile, _buffer: &mut [u8], _offset: u64) -> Result<usize> {
        Err(Errno::ISDIR)
    }

    fn write_at(&self, _file: &OpenFile, _data: &[u8], _offset: u64) -> Result<usize> {
        Err(Errno::ISDIR)
    }

    fn seek(&self, _file: &OpenFile, offset: i64, whence: u32) -> Result<u64> {
        let mut state = self.0.lock();
        let wanted = match whence {
            seek::SET => offset,
            seek::CURRENT => (state.next as i64).checked_add(offset).ok_or(Errno::OVERFLOW)?,
            _ => return Err(Errno::INVAL),
        };
        state.next = usize::try_from(wanted).map_err(|_| Errno::INVAL)?;
        if wanted == 0 {
            // POSIX.1-2024 rewinddir: the directory as it is now.
            state.entries = None;
        }
        Ok(wanted as u64)
    }

    /// It has nothing of ours to write back.
    fn sync(&self, _file: &OpenFile) -> Result<()> {
        Ok(())
    }

    /// Fills the buffer with records; 0 at the end, `EINVAL` when not even one fits.
    fn list(&self, file: &OpenFile, buffer: &mut [u8]) -> Result<usize> {
        let mut state = self.0.lock();
        if state.entries.is_none() {
            let handle = file.handle()?;
            let again =
                if state.listed { nt::reopen(handle, FILE_LIST_DIRECTORY, FILE_DIRECTORY_FILE).ok() } else { None };
            state.entries = Some(with_dots(again.as_ref().unwrap_or(handle))?);
            state.listed = true;
        }
        let first = state.next;
        let (stored, used, left) = {
            let entries = state.entries.as_deref().unwrap_or_default();
            let (stored, used) = dirent::store(entries, first, buffer);
            (stored, used, entries.len().saturating_sub(first))
        };
        if stored == 0 && left > 0 {
            return Err(Errno::INVAL);
        }
        state.next += stored;
        Ok(used)
    }

    fn stat(&self, file: &OpenFile) -> Result<Stat> {
        facts::of_open_file(file)
    }

    fn runtime_kind(&self) -> RuntimeKind {
        RuntimeKind::File
    }
}

/// All names, `.` and `..` first.
fn with_dots(handle: &Handle) -> Result<Vec<Entry>> {
    let index: i64 = nt::query(handle, FileInternalInformation).unwrap_or_default();
    let dot = |name: &[u8]| Entry { ino: index as u64, kind: dirent::DIRECTORY, name: name.to_vec() };
    // The top of a drive lists neither.
    let mut all = Vec::from([dot(b"."), dot(b"..")]);
    for entry in entries(handle, &[])? {
        match &entry.name[..] {
            b"." => {}
            // The parent's number, where the file system tells it.
            b".." => {
                if entry.ino != 0
                    && let Some(parent) = all.get_mut(1)
                {
                    parent.ino = entry.ino;
                }
            }
            _ => all.push(entry),
        }
    }
    Ok(all)
}

/// Whether a directory holds nothing, as far as it may be listed.
pub fn is_empty(directory: &FilePath) -> bool {
    let Ok(handle) = nt::open(&directory.nt, FILE_LIST_DIRECTORY, FILE_DIRECTORY_FILE | FILE_OPEN_REPARSE_POINT) else {
        return true;
    };
    let is_dot = |entry: &Entry| matches!(&entry.name[..], b"." | b"..");
    entries(&handle, &[]).map_or(true, |entries| entries.iter().all(is_dot))
}

/// What a directory holds, as Windows lists it; names that fit a pattern (`*`) where one is given.
pub fn entries(handle: &Handle, pattern: &[u16]) -> Result<Vec<Entry>> {
    let length = (pattern.len() * 2) as u16;
    let text = UNICODE_STRING { Length: length, MaximumLength: length, Buffer: pattern.as_ptr().cast_mut() };
    let pattern = if pattern.is_empty() { null() } else { &raw const text };
    let mut entries = Vec::new();
    // Words, so that the records are aligned.
    let mut words = vec![0u64; 8192];
    let mut restart = true;
    loop {
        let mut block = IO_STATUS_BLOCK::default();
        // SAFETY: the words as bytes.
        let bytes = unsafe { core::slice::from_raw_parts_mut(words.as_mut_ptr().cast::<u8>(), words.len() * 8) };
        // SAFETY: the buffer is writable for its length, the pattern lives during the call; the handle is synchronous.
        let answer = ask(Request::List(FileIdBothDirectoryInformation), bytes, |bytes| unsafe {
            NtQueryDirectoryFile(
                handle.raw(),
                null_mut(),
                None,
                null(),
                &mut block,
                bytes.as_mut_ptr().cast(),
                bytes.len() as u32,
                FileIdBothDirectoryInformation,
                false,
                pattern,
                restart,
            )
        });
        restart = false;
        match answer {
            status::nt::NO_MORE_FILES | status::nt::NO_SUCH_FILE => return Ok(entries),
            answer if answer < 0 => return Err(from_status(answer)),
            _ if block.Information == 0 => return Ok(entries),
            _ => {}
        }
        let mut at = 0;
        while let Some(record) = bytes.get(at..) {
            let (entry, next) = parse(record).ok_or(Errno::IO)?;
            entries.push(entry);
            if next == 0 {
                break;
            }
            at += next;
        }
    }
}

/// The entry at the start of the bytes and the distance to the next one.
fn parse(record: &[u8]) -> Option<(Entry, usize)> {
    type Record = FILE_ID_BOTH_DIR_INFORMATION;
    let word = |at: usize| Some(u32::from_le_bytes(record.get(at..at + 4)?.try_into().ok()?));
    let attributes = word(offset_of!(Record, FileAttributes))?;
    let length = word(offset_of!(Record, FileNameLength))? as usize;
    // With a reparse point this field holds its tag.
    let tag = word(offset_of!(Record, EaSize))?;
    let id = offset_of!(Record, FileId);
    let ino = u64::from_le_bytes(record.get(id..id + 8)?.try_into().ok()?);
    let start = offset_of!(Record, FileName);
    let units: Vec<u16> =
        record.get(start..start + length)?.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    let kind = if attributes::is_link(attributes, tag) {
        dirent::SYMLINK
    } else if attributes & FILE_ATTRIBUTE_DIRECTORY != 0 {
        dirent::DIRECTORY
    } else {
        dirent::REGULAR
    };
    Some((Entry { ino, kind, name: utf16::to_bytes(&units) }, word(0)? as usize))
}
