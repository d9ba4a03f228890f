//! Open files that were open before the process began.
//!
//! The kernel makes most questions about a file that is open for synchronous use wait for a request on it, such as the read of a
//! process that shares a pipe with this one. So what a parent of our own kind said is not asked again, and of other handles only
//! what the kernel knows by itself: rights, and the type of the device.

use alloc::vec::Vec;

use platform::Fd;
use platform::abi::open as flag;
use windows_sys::Wdk::Storage::FileSystem::{
    FILE_MODE_INFORMATION, FILE_SYNCHRONOUS_IO_ALERT, FILE_SYNCHRONOUS_IO_NONALERT, FileFsDeviceInformation,
    FileModeInformation,
};
use windows_sys::Wdk::System::SystemServices::FILE_FS_DEVICE_INFORMATION;
use windows_sys::Win32::Foundation::HANDLE;
use windows_sys::Win32::Storage::FileSystem::{
    FILE_APPEND_DATA, FILE_DEVICE_CD_ROM, FILE_DEVICE_DISK, FILE_READ_DATA, FILE_WRITE_DATA,
};
use windows_sys::Win32::System::Console::{GetStdHandle, STD_ERROR_HANDLE, STD_INPUT_HANDLE, STD_OUTPUT_HANDLE};
use windows_sys::Win32::System::Ioctl::{
    FILE_DEVICE_CD_ROM_FILE_SYSTEM, FILE_DEVICE_DFS, FILE_DEVICE_DFS_FILE_SYSTEM, FILE_DEVICE_DISK_FILE_SYSTEM,
    FILE_DEVICE_NAMED_PIPE, FILE_DEVICE_NETWORK_FILE_SYSTEM, FILE_DEVICE_VIRTUAL_DISK,
};

use super::console::{self, Console};
use super::devices::{Null, Random, Zero};
use super::directory::Directory;
use super::disk::Disk;
use super::kind::Kind;
use super::open;
use super::open_file::OpenFile;
use super::pipe::Pipe;
use crate::pure::inherit::{self, Inheritance};
use crate::pure::path::Device;
use crate::sys::native::attributes;
use crate::sys::native::nt::{self, Handle};

/// The descriptors that the process begins with: those a parent of our own kind sent, else the three standard ones. Of these one
/// that is missing is `/dev/null`, so that no file gets its number.
pub fn files(parent: Option<&Inheritance>) -> Vec<(Fd, OpenFile)> {
    if let Some(parent) = parent {
        return parent.descriptors.iter().filter_map(|row| Some((row.fd, received(row)?))).collect();
    }
    [STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE]
        .into_iter()
        .enumerate()
        .filter_map(|(fd, which)| {
            // SAFETY: no pointers.
            let file = adopt(unsafe { GetStdHandle(which) });
            Some((fd as Fd, file.or_else(|| open::open_device(Device::Null, flag::READ_WRITE).ok())?))
        })
        .collect()
}

/// An open file as a parent of our own kind described it.
fn received(row: &inherit::Inherited) -> Option<OpenFile> {
    let handle = Handle::own(row.handle as HANDLE);
    let flags = row.flags;
    Some(match Kind::from_number(row.kind)? {
        Kind::Zero => OpenFile::new(None, Zero, flags),
        Kind::Random => OpenFile::new(None, Random, flags),
        _ if handle.is_none() => return None,
        Kind::File => OpenFile::new(handle, Disk, flags),
        Kind::Directory => OpenFile::new(handle, Directory::new(), flags),
        Kind::Pipe => OpenFile::new(handle, Pipe::known(false), flags),
        Kind::Terminal => OpenFile::new(handle, Pipe::known(true), flags),
        Kind::ForeignPipe => OpenFile::new(handle, Pipe::default(), flags),
        Kind::Console => OpenFile::new(handle, Console::default(), flags),
        Kind::Null => OpenFile::new(handle, Null, flags),
    })
}

/// An open file for a handle that came from elsewhere; `None` when it is invalid or another object's.
fn adopt(raw: HANDLE) -> Option<OpenFile> {
    let handle = Handle::own(raw)?;
    let about = nt::access(&handle).and_then(|rights| {
        Ok((rights, nt::query_volume::<FILE_FS_DEVICE_INFORMATION>(&handle, FileFsDeviceInformation)?))
    });
    let Ok((rights, device)) = about else {
        // A number that is no file of ours must not be closed.
        core::mem::forget(handle);
        return None;
    };
    let flags = match (rights & FILE_READ_DATA != 0, rights & (FILE_WRITE_DATA | FILE_APPEND_DATA) != 0) {
        (true, false) => flag::READ_ONLY,
        (false, true) => flag::WRITE_ONLY,
        _ => flag::READ_WRITE,
    };
    Some(match device.DeviceType {
        FILE_DEVICE_NAMED_PIPE => OpenFile::new(Some(handle), Pipe::default(), flags),
        FILE_DEVICE_DISK
        | FILE_DEVICE_DISK_FILE_SYSTEM
        | FILE_DEVICE_VIRTUAL_DISK
        | FILE_DEVICE_CD_ROM
        | FILE_DEVICE_CD_ROM_FILE_SYSTEM
        | FILE_DEVICE_DFS
        | FILE_DEVICE_DFS_FILE_SYSTEM
        | FILE_DEVICE_NETWORK_FILE_SYSTEM => {
            let handle = synchronous(handle, rights);
            if attributes::is_directory(&handle) == Ok(true) {
                OpenFile::new(Some(handle), Directory::new(), flags)
            } else {
                OpenFile::new(Some(handle), Disk, flags)
            }
        }
        _ if console::is_console(&handle) => OpenFile::new(Some(handle), Console::default(), flags),
        _ => OpenFile::new(Some(handle), Null, flags),
    })
}

/// The file of a handle for synchronous use, which has an offset; one for overlapped use has none, so it starts at 0.
fn synchronous(file: Handle, rights: u32) -> Handle {
    let is = |mode: FILE_MODE_INFORMATION| mode.Mode & (FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT) != 0;
    if nt::query(&file, FileModeInformation).is_ok_and(is) {
        return file;
    }
    nt::reopen(&file, rights, 0).unwrap_or(file)
}
