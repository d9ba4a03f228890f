//! Open files that were open before the process began.

use alloc::vec::Vec;

use platform::Fd;
use platform::abi::open;
use windows_sys::Wdk::Storage::FileSystem::{FILE_ACCESS_INFORMATION, FileAccessInformation};
use windows_sys::Win32::Foundation::HANDLE;
use windows_sys::Win32::Storage::FileSystem::{
    FILE_APPEND_DATA, FILE_READ_DATA, FILE_TYPE_CHAR, FILE_TYPE_DISK, FILE_TYPE_PIPE, FILE_WRITE_DATA, GetFileType,
};
use windows_sys::Win32::System::Console::{GetStdHandle, STD_ERROR_HANDLE, STD_INPUT_HANDLE, STD_OUTPUT_HANDLE};

use super::console::{self, Console};
use super::devices::{Null, Random, Zero};
use super::directory::Directory;
use super::disk::Disk;
use super::open_file::{Kind, OpenFile};
use super::pipe::Pipe;
use crate::pure::inherit::{self, Inheritance};
use crate::sys::native::attributes;
use crate::sys::native::nt::{self, Handle};

/// The descriptors that the process begins with: those a parent of our own kind sent, else the three standard ones.
pub fn files(parent: Option<&Inheritance>) -> Vec<(Fd, OpenFile)> {
    if let Some(parent) = parent {
        return parent.descriptors.iter().filter_map(|row| Some((row.fd, received(row)?))).collect();
    }
    [STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE]
        .into_iter()
        .enumerate()
        .filter_map(|(fd, which)| {
            // SAFETY: no pointers.
            let raw = unsafe { GetStdHandle(which) };
            Some((fd as Fd, adopt(raw, 0)?))
        })
        .collect()
}

fn received(row: &inherit::Inherited) -> Option<OpenFile> {
    match Kind::from_number(row.kind)? {
        Kind::Zero => Some(OpenFile::new(None, Zero, row.flags)),
        Kind::Random => Some(OpenFile::new(None, Random, row.flags)),
        _ => {
            let mut file = adopt(row.handle as HANDLE, row.flags & (open::APPEND | open::NON_BLOCK))?;
            // The mode that the parent knew is more exact than the handle's rights.
            file.mode = row.flags & (open::ACCESS_MODE | open::PATH);
            Some(file)
        }
    }
}

/// An open file for a handle that came from outside; `None` when it is invalid.
fn adopt(raw: HANDLE, flags: u32) -> Option<OpenFile> {
    let handle = Handle::own(raw)?;
    let access: FILE_ACCESS_INFORMATION = nt::query(&handle, FileAccessInformation).unwrap_or_default();
    let rights = access.AccessFlags;
    let mode = match (rights & FILE_READ_DATA != 0, rights & (FILE_WRITE_DATA | FILE_APPEND_DATA) != 0) {
        (true, false) => open::READ_ONLY,
        (false, true) => open::WRITE_ONLY,
        _ => open::READ_WRITE,
    };
    let flags = mode | flags;
    // SAFETY: no pointers; a bad handle is an unknown type.
    Some(match unsafe { GetFileType(handle.raw()) } {
        FILE_TYPE_DISK if attributes::is_directory(&handle) == Ok(true) => {
            OpenFile::new(Some(handle), Directory::new(), flags)
        }
        FILE_TYPE_DISK => OpenFile::new(Some(handle), Disk, flags),
        FILE_TYPE_PIPE => OpenFile::new(Some(handle), Pipe, flags),
        FILE_TYPE_CHAR if console::is_console(&handle) => OpenFile::new(Some(handle), Console::default(), flags),
        FILE_TYPE_CHAR => OpenFile::new(Some(handle), Null, flags),
        _ => {
            // A number that is no handle of ours must not be closed.
            core::mem::forget(handle);
            return None;
        }
    })
}
