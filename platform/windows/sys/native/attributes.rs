//! What Windows keeps of a file beside its content: attributes, links, its number.

use platform::Result;
use windows_sys::Wdk::Storage::FileSystem::{
    FILE_BASIC_INFORMATION, FILE_OPEN_REPARSE_POINT, FILE_STANDARD_INFORMATION, FileAttributeTagInformation,
    FileBasicInformation, FileInternalInformation, FileStandardInformation,
};
use windows_sys::Wdk::System::SystemServices::FILE_ATTRIBUTE_TAG_INFORMATION;
use windows_sys::Win32::Storage::FileSystem::{
    FILE_ATTRIBUTE_DIRECTORY, FILE_ATTRIBUTE_NORMAL, FILE_ATTRIBUTE_READONLY, FILE_ATTRIBUTE_REPARSE_POINT,
    FILE_READ_ATTRIBUTES, FILE_WRITE_ATTRIBUTES,
};
use windows_sys::Win32::System::SystemServices::{IO_REPARSE_TAG_MOUNT_POINT, IO_REPARSE_TAG_SYMLINK};

use super::nt::{self, Handle};
use super::volume;
use crate::pure::status::from_status;

/// Attributes, and the tag of a reparse point.
pub fn of(handle: &Handle) -> FILE_ATTRIBUTE_TAG_INFORMATION {
    nt::query(handle, FileAttributeTagInformation).unwrap_or_default()
}

/// Whether an open file is a directory.
pub fn is_directory(handle: &Handle) -> bool {
    of(handle).FileAttributes & FILE_ATTRIBUTE_DIRECTORY != 0
}

/// Whether an open file has a reparse point of any kind.
pub fn is_reparse_point(handle: &Handle) -> bool {
    of(handle).FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT != 0
}

/// Whether this attribute and tag make a symbolic link for the guest: Windows' symbolic links and junctions.
pub fn is_link(attributes: u32, tag: u32) -> bool {
    attributes & FILE_ATTRIBUTE_REPARSE_POINT != 0 && matches!(tag, IO_REPARSE_TAG_SYMLINK | IO_REPARSE_TAG_MOUNT_POINT)
}

/// Whether an open file is a symbolic link itself.
pub fn is_symlink(handle: &Handle) -> bool {
    let found = of(handle);
    is_link(found.FileAttributes, found.ReparseTag)
}

/// Number of names of a file.
pub fn links(handle: &Handle) -> u32 {
    nt::query::<FILE_STANDARD_INFORMATION>(handle, FileStandardInformation).map_or(1, |found| found.NumberOfLinks)
}

/// File number of a disk file.
pub fn index(handle: &Handle) -> Result<u64> {
    nt::query::<i64>(handle, FileInternalInformation).map(|index| index as u64).map_err(from_status)
}

/// Whether two handles are of the same file.
pub fn is_same(one: &Handle, other: &Handle) -> bool {
    let (index, other_index) = (index(one), index(other));
    index.is_ok() && index == other_index && volume::of(one) == volume::of(other)
}

/// Sets or clears the read-only attribute; whether that changed it.
pub fn set_read_only(handle: &Handle, on: bool) -> Result<bool> {
    let handle = nt::reopen(handle, FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES, FILE_OPEN_REPARSE_POINT)
        .map_err(from_status)?;
    let basic: FILE_BASIC_INFORMATION = nt::query(&handle, FileBasicInformation).map_err(from_status)?;
    if (basic.FileAttributes & FILE_ATTRIBUTE_READONLY != 0) == on {
        return Ok(false);
    }
    let attributes = basic.FileAttributes ^ FILE_ATTRIBUTE_READONLY;
    let changed = FILE_BASIC_INFORMATION {
        FileAttributes: if attributes == 0 { FILE_ATTRIBUTE_NORMAL } else { attributes },
        ..FILE_BASIC_INFORMATION::default()
    };
    nt::set(&handle, FileBasicInformation, &changed).map_err(from_status)?;
    Ok(true)
}
