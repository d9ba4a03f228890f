//! `getdents`: the names of a directory are read once per pass, so that offsets stay valid whatever others add or remove. A
//! handle may keep the listing that it gave first (Wine's do), so each further pass has a handle of its own.

use alloc::vec;
use alloc::vec::Vec;
use core::cell::OnceCell;

use platform::abi::seek;
use platform::{Errno, Result, Stat};
use windows_sys::Wdk::Storage::FileSystem::{
    FILE_DIRECTORY_FILE, FILE_OPEN, FILE_OPEN_REPARSE_POINT, FileDirectoryInformation, FileIdBothDirectoryInformation,
};
use windows_sys::Win32::Storage::FileSystem::{FILE_LIST_DIRECTORY, FILE_READ_ATTRIBUTES};

use super::facts;
use super::kind::Kind;
use super::open_file::{Object, OpenFile};
use crate::pure::dirent::{self, Entry, Form, Listed};
use crate::pure::inherit::RuntimeKind;
use crate::pure::path::FilePath;
use crate::pure::reparse::tag;
use crate::pure::status::{from_status, is_refusal};
use crate::pure::{self, utf16};
use crate::sys::native::attributes::{self, Attributes, Kind as FileKind};
use crate::sys::native::file_id;
use crate::sys::native::nt::{self, Handle, Open};
use crate::sys::native::sync::Mutex;

const DOT: u16 = b'.' as u16;

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
    let own = file_id::number(handle);
    let dot = |name: &[u8]| Entry { ino: own, kind: dirent::DIRECTORY, name: name.to_vec() };
    // The top of a drive lists neither.
    let mut all = Vec::from([dot(b"."), dot(b"..")]);
    let folder = Folder::new(handle);
    for found in listed(handle, &[])? {
        match &utf16::to_bytes(&found.name)[..] {
            b"." => {}
            // The parent's number, where the file system tells it.
            b".." => {
                if let Some(number) = found.number
                    && let Some(parent) = all.get_mut(1)
                {
                    parent.ino = number;
                }
            }
            name => all.push(Entry { ino: folder.number(&found), kind: folder.kind(&found), name: name.to_vec() }),
        }
    }
    Ok(all)
}

/// Whether a directory holds nothing, as far as it may be listed.
pub fn is_empty(directory: &FilePath) -> bool {
    let Ok(handle) = nt::open(&directory.nt, FILE_LIST_DIRECTORY, FILE_DIRECTORY_FILE | FILE_OPEN_REPARSE_POINT) else {
        return true;
    };
    let is_dot = |found: &Listed| matches!(found.name[..], [DOT] | [DOT, DOT]);
    listed(&handle, &[]).map_or(true, |names| names.iter().all(is_dot))
}

/// Answers what a listing leaves open, as `lstat` does.
struct Folder<'a> {
    handle: &'a Handle,
    path: OnceCell<Vec<u16>>,
    numbered: OnceCell<bool>,
}

impl<'a> Folder<'a> {
    fn new(handle: &'a Handle) -> Self {
        Self { handle, path: OnceCell::new(), numbered: OnceCell::new() }
    }

    /// Opens an entry as it is itself.
    fn open(&self, found: &Listed) -> Option<Handle> {
        let (root, name) = (self.handle.raw(), &found.name[..]);
        let (access, disposition, options) = (FILE_READ_ATTRIBUTES, FILE_OPEN, FILE_OPEN_REPARSE_POINT);
        Some(Open { root, name, access, attributes: 0, disposition, options }.open().ok()?.0)
    }

    fn number(&self, found: &Listed) -> u64 {
        let by_path = || {
            let mut path = self.path.get_or_init(|| nt::final_path(self.handle).unwrap_or_default()).clone();
            if path.last() != Some(&(b'\\' as u16)) {
                path.push(b'\\' as u16);
            }
            path.extend_from_slice(&found.name);
            pure::file_id::of_path(&path)
        };
        // Where the directory has a number, so has what is in it.
        let own = || {
            let numbered = *self.numbered.get_or_init(|| file_id::own(self.handle).is_some());
            if numbered { file_id::own(&self.open(found)?) } else { None }
        };
        found.number.or_else(own).unwrap_or_else(by_path)
    }

    fn kind(&self, found: &Listed) -> u8 {
        let known = Attributes { flags: found.attributes, tag: found.tag.unwrap_or_default() };
        let asks = known.has_reparse_point() && matches!(found.tag, None | Some(tag::MOUNT_POINT));
        let kind = if asks { self.open(found).and_then(|itself| attributes::kind(&itself).ok()) } else { None };
        match kind.unwrap_or_else(|| known.kind(self.handle)) {
            FileKind::Link => dirent::SYMLINK,
            FileKind::Directory | FileKind::MountPoint => dirent::DIRECTORY,
            FileKind::File => dirent::REGULAR,
        }
    }
}

/// What a directory holds, as Windows lists it; names that fit a pattern (`*`) where one is given.
pub fn listed(handle: &Handle, pattern: &[u16]) -> Result<Vec<Listed>> {
    let mut all = Vec::new();
    let mut words = vec![0u64; 8192];
    // SAFETY: the words as bytes, so that the records are aligned.
    let bytes = unsafe { core::slice::from_raw_parts_mut(words.as_mut_ptr().cast::<u8>(), size_of_val(&words[..])) };
    let mut form = Form::Full;
    loop {
        let class = match form {
            Form::Full => FileIdBothDirectoryInformation,
            Form::Plain => FileDirectoryInformation,
        };
        let length = match nt::list(handle, class, pattern, all.is_empty(), bytes) {
            Err(status) if form == Form::Full && is_refusal(status) => {
                form = Form::Plain;
                continue;
            }
            other => other.map_err(from_status)?,
        };
        if length == 0 {
            return Ok(all);
        }
        let answer = bytes.get(..length).ok_or(Errno::IO)?;
        dirent::parse(answer, form, &mut all).ok_or(Errno::IO)?;
    }
}
