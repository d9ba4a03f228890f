//! What `stat` tells of a file on a disk.
//!
//! What Windows has no word for is derived. Mode: directories 0755; files 0644, or 0444 with the read-only attribute; and
//! 0111 for programs: names ending in `.exe`, `.com`, `.bat` or `.cmd`, and files whose content starts as a program's (ELF,
//! `#!`, MZ) and whose name has no dot, a number behind the last one, or an ending usual for scripts and ELF programs. `chmod`
//! sets the read-only attribute from the owner's write bit; what it says of execution this process alone knows ([`execute`]).

use alloc::vec::Vec;
use core::sync::atomic::{AtomicBool, Ordering};

use platform::abi::file_type;
use platform::{Result, Stat};
use windows_sys::Wdk::Storage::FileSystem::{
    FILE_BASIC_INFORMATION, FILE_STANDARD_INFORMATION, FILE_STAT_INFORMATION, FileBasicInformation,
    FileInternalInformation, FileStandardInformation, FileStatInformation,
};
use windows_sys::Win32::Storage::FileSystem::{
    FILE_ATTRIBUTE_DIRECTORY, FILE_ATTRIBUTE_READONLY, FILE_ATTRIBUTE_REPARSE_POINT,
};

use super::open_file::OpenFile;
use super::{execute, links};
use crate::pure::file_time as convert;
use crate::pure::status::from_status;
use crate::pure::utf16;
use crate::sys::native::attributes;
use crate::sys::native::nt::{self, Handle};
use crate::sys::process::identity;

/// What `stat` tells of a disk file but for its volume.
pub struct Facts {
    attributes: u32,
    tag: u32,
    index: i64,
    links: u32,
    size: i64,
    allocated: i64,
    /// Time of the last access, in Windows' units.
    pub accessed: i64,
    modified: i64,
    changed: i64,
}

impl Facts {
    /// One request since Windows 10 1709, three before and under Wine, where each of these is quick and the older one that
    /// tells all at once is not: it finds out the name as well.
    pub fn of(handle: &Handle) -> Result<Self> {
        static LACKING: AtomicBool = AtomicBool::new(false);
        if !LACKING.load(Ordering::Relaxed) {
            if let Ok(found) = nt::query::<FILE_STAT_INFORMATION>(handle, FileStatInformation) {
                return Ok(Self {
                    attributes: found.FileAttributes,
                    tag: found.ReparseTag,
                    index: found.FileId,
                    links: found.NumberOfLinks,
                    size: found.EndOfFile,
                    allocated: found.AllocationSize,
                    accessed: found.LastAccessTime,
                    modified: found.LastWriteTime,
                    changed: found.ChangeTime,
                });
            }
            LACKING.store(true, Ordering::Relaxed);
        }
        let basic: FILE_BASIC_INFORMATION = nt::query(handle, FileBasicInformation).map_err(from_status)?;
        let standard: FILE_STANDARD_INFORMATION = nt::query(handle, FileStandardInformation).map_err(from_status)?;
        let is_reparse_point = basic.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT != 0;
        Ok(Self {
            attributes: basic.FileAttributes,
            tag: if is_reparse_point { attributes::of(handle).ReparseTag } else { 0 },
            index: nt::query(handle, FileInternalInformation).map_err(from_status)?,
            links: standard.NumberOfLinks,
            size: standard.EndOfFile,
            allocated: standard.AllocationSize,
            accessed: basic.LastAccessTime,
            modified: basic.LastWriteTime,
            changed: if basic.ChangeTime == 0 { basic.LastWriteTime } else { basic.ChangeTime },
        })
    }

    /// Whether it is a directory.
    pub fn is_directory(&self) -> bool {
        self.attributes & FILE_ATTRIBUTE_DIRECTORY != 0
    }

    /// Whether it has a reparse point of any kind.
    pub fn is_reparse_point(&self) -> bool {
        self.attributes & FILE_ATTRIBUTE_REPARSE_POINT != 0
    }

    /// Whether it is a symbolic link for the guest.
    pub fn is_link(&self) -> bool {
        attributes::is_link(self.attributes, self.tag)
    }

    /// With what the facts do not tell. `is_program` is asked for files only.
    pub fn stat(&self, handle: &Handle, volume: u64, is_program: impl FnOnce() -> bool) -> Stat {
        let mode = if self.is_link() {
            file_type::SYMLINK | 0o777
        } else if self.is_directory() {
            file_type::DIRECTORY | 0o755
        } else {
            let write = if self.attributes & FILE_ATTRIBUTE_READONLY == 0 { 0o200 } else { 0 };
            file_type::REGULAR | 0o444 | write | if is_program() { 0o111 } else { 0 }
        };
        let ids = identity::ids();
        Stat {
            dev: volume,
            ino: self.index as u64,
            rdev: 0,
            nlink: u64::from(self.links),
            mode,
            uid: ids.uid,
            gid: ids.gid,
            blksize: 4096,
            size: if self.is_link() { link_length(handle) } else { self.size },
            blocks: (self.allocated + 511) / 512,
            accessed: convert::to_timespec(self.accessed),
            modified: convert::to_timespec(self.modified),
            changed: convert::to_timespec(self.changed),
        }
    }
}

fn link_length(handle: &Handle) -> i64 {
    links::target(handle).map_or(0, |target| target.len() as i64)
}

/// `fstat` of a file or directory.
pub fn of_open_file(file: &OpenFile) -> Result<Stat> {
    let handle = file.handle()?;
    let facts = Facts::of(handle)?;
    let is_program = || {
        let name = name_of(file, handle);
        if !file.readable() || execute::get(handle).is_some() || !execute::is_candidate(&name) {
            return execute::is_program(handle, &name);
        }
        execute::starts_as_program(handle, facts.accessed, |start| file.read_at(start, 0).unwrap_or(0))
    };
    let mut found = facts.stat(handle, file.volume(), is_program);
    found.nlink = found.nlink.saturating_sub(file.gone.load(Ordering::Relaxed).into());
    Ok(found)
}

/// The last name of an open file: of the path that led to it, else as Windows knows it.
fn name_of(file: &OpenFile, handle: &Handle) -> Vec<u16> {
    if let Some(name) = file.name() {
        let last = name.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
        return utf16::to_wide(last).unwrap_or_default();
    }
    let path = nt::final_path(handle).unwrap_or_default();
    path.rsplit(|unit| *unit == b'\\' as u16).next().unwrap_or_default().to_vec()
}
