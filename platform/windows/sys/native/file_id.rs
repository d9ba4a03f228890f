//! Which file an open file is.

use platform::{Errno, Result};
use windows_sys::Wdk::Storage::FileSystem::{FILE_ID_INFORMATION, FileIdInformation, FileInternalInformation};

use super::attributes::links;
use super::nt::{self, Handle};
use super::volume;
use crate::pure::file_id;

/// A file among all: what `stat` calls `st_dev` and `st_ino`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileId {
    /// The number of its volume.
    pub volume: u64,
    /// Its number there.
    pub number: u64,
}

impl FileId {
    /// Asks for both halves; `EOPNOTSUPP` for a file that nothing tells from others.
    pub fn of(handle: &Handle) -> Result<Self> {
        match number(handle) {
            0 => Err(Errno::OPNOTSUPP),
            number => Ok(Self { volume: volume::of(handle), number }),
        }
    }

    /// Of a file on this volume to which the file system gave this number; 0 stands for one that nothing tells from others.
    pub fn told(handle: &Handle, volume: u64, number: u64) -> Self {
        Self { volume, number: own_told(handle, number).unwrap_or_else(|| by_path(handle)) }
    }
}

/// A file's number: the file system's, else one that its path gives; 0 for one without either.
pub fn number(handle: &Handle) -> u64 {
    own(handle).unwrap_or_else(|| by_path(handle))
}

/// The number that the file system gives, if it is one; it stays the same when the file is renamed.
pub fn own(handle: &Handle) -> Option<u64> {
    own_told(handle, nt::query(handle, FileInternalInformation).unwrap_or_default())
}

fn own_told(handle: &Handle, told: u64) -> Option<u64> {
    file_id::known(told).or_else(|| wide(handle))
}

/// The number of a file whose id takes more than 64 bits, if it has one.
fn wide(handle: &Handle) -> Option<u64> {
    file_id::folded(nt::query::<FILE_ID_INFORMATION>(handle, FileIdInformation).ok()?.FileId.Identifier)
}

/// The number that the path gives.
pub fn by_path(handle: &Handle) -> u64 {
    nt::final_path(handle).map_or(0, |path| file_id::of_path(&path))
}

/// Whether two handles are of one file. A wrong yes loses data, so the numbers alone are not believed: some file systems give
/// one to several files.
pub fn is_same(one: &Handle, other: &Handle) -> bool {
    let number = |handle| Some(self::number(handle)).filter(|number| *number != 0);
    // The other half of the identity costs more.
    number(one).is_some_and(|one| number(other) == Some(one))
        && volume::of(one) == volume::of(other)
        && is_one(one, other)
}

/// Whether two files of the same [`FileId`] are one: they have the same path, or more names than one.
pub fn is_one(one: &Handle, other: &Handle) -> bool {
    let has_names = |handle: &Handle| links(handle).is_ok_and(|links| links > 1);
    wide(one) == wide(other) && (is_same_name(one, other) || has_names(one) && has_names(other))
}

/// Whether the paths of two files differ in case at most, as far as paths are known.
pub fn is_same_name(one: &Handle, other: &Handle) -> bool {
    match (nt::final_path(one), nt::final_path(other)) {
        (Ok(one), Ok(other)) => file_id::is_same_path(&one, &other),
        _ => true,
    }
}
