//! All that a file system tells of a file.

use alloc::vec::Vec;

use platform::Result;
use windows_sys::Wdk::Storage::FileSystem::{
    FILE_BASIC_INFORMATION, FILE_STANDARD_INFORMATION, FILE_STAT_INFORMATION, FileBasicInformation,
    FileInternalInformation, FileStandardInformation, FileStatInformation,
};

use super::attributes::{Attributes, Kind};
use super::nt::{self, Handle};
use super::sync::Mutex;
use crate::pure::status::{from_status, is_refusal};

/// What a file system tells of a file; times are in Windows' units.
#[derive(Clone, Copy, Debug)]
pub struct Information {
    /// Attributes and tag.
    pub attributes: Attributes,
    /// What the file is for the guest.
    pub kind: Kind,
    /// Its number as told, which may be none.
    pub number: u64,
    /// Number of names.
    pub links: u32,
    /// Bytes of content.
    pub size: i64,
    /// Bytes on the disk.
    pub allocated: i64,
    /// Time of the last access.
    pub accessed: i64,
    /// Time of the last change of content.
    pub modified: i64,
    /// Time of the last change of anything.
    pub changed: i64,
}

impl Information {
    /// Asks in one request where the volume has it (Windows 10 1709, not every file system), else in three: each of these is
    /// quick, and the older one that tells all at once is not: it finds out the name as well.
    pub fn of(handle: &Handle, volume: u64) -> Result<Self> {
        /// Volumes that lack the one request: the last few.
        static LACKING: Mutex<Vec<u64>> = Mutex::new(Vec::new());
        const MOST: usize = 16;
        if !LACKING.lock().contains(&volume) {
            match nt::query::<FILE_STAT_INFORMATION>(handle, FileStatInformation) {
                Ok(found) => {
                    let attributes = Attributes { flags: found.FileAttributes, tag: found.ReparseTag };
                    return Ok(Self {
                        attributes,
                        kind: attributes.kind(handle),
                        number: found.FileId as u64,
                        links: found.NumberOfLinks,
                        size: found.EndOfFile,
                        allocated: found.AllocationSize,
                        accessed: found.LastAccessTime,
                        modified: found.LastWriteTime,
                        changed: changed(found.ChangeTime, found.LastWriteTime),
                    });
                }
                Err(status) if is_refusal(status) => {
                    let mut lacking = LACKING.lock();
                    if lacking.len() == MOST {
                        lacking.remove(0);
                    }
                    lacking.push(volume);
                }
                Err(status) => return Err(from_status(status)),
            }
        }
        let basic: FILE_BASIC_INFORMATION = nt::query(handle, FileBasicInformation).map_err(from_status)?;
        let standard: FILE_STANDARD_INFORMATION = nt::query(handle, FileStandardInformation).map_err(from_status)?;
        let attributes = Attributes::with_tag(handle, basic.FileAttributes)?;
        Ok(Self {
            attributes,
            kind: attributes.kind(handle),
            number: nt::query(handle, FileInternalInformation).unwrap_or_default(),
            links: standard.NumberOfLinks,
            size: standard.EndOfFile,
            allocated: standard.AllocationSize,
            accessed: basic.LastAccessTime,
            modified: basic.LastWriteTime,
            changed: changed(basic.ChangeTime, basic.LastWriteTime),
        })
    }

    /// Whether it is a directory, its own or another volume's.
    pub fn is_directory(&self) -> bool {
        matches!(self.kind, Kind::Directory | Kind::MountPoint)
    }
}

/// FAT has no time of change.
fn changed(told: i64, modified: i64) -> i64 {
    if told == 0 { modified } else { told }
}
