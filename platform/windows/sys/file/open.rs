//! Opening files and devices, and the mask of new files.

use core::ptr::null_mut;
use core::sync::atomic::{AtomicU32, Ordering};

use platform::abi::open as flag;
use platform::{Errno, Result};
use windows_sys::Wdk::Storage::FileSystem::{
    FILE_CREATE, FILE_DIRECTORY_FILE, FILE_NON_DIRECTORY_FILE, FILE_OPEN, FILE_OPEN_IF, FILE_OPEN_REPARSE_POINT,
    FILE_WRITE_THROUGH,
};
use windows_sys::Win32::Storage::FileSystem::{
    FILE_ATTRIBUTE_NORMAL, FILE_ATTRIBUTE_READONLY, FILE_EXECUTE, FILE_GENERIC_READ, FILE_GENERIC_WRITE,
    FILE_READ_ATTRIBUTES,
};

use super::console::{self, Console};
use super::devices::{Null, Random, Zero};
use super::directory::Directory;
use super::disk::{self, Disk};
use super::open_file::OpenFile;
use super::{execute, links, patience, places};
use crate::pure::path::{Device, FilePath};
use crate::pure::status::{from_status, nt as code};
use crate::sys::native::attributes::{self, Attributes, Kind};
use crate::sys::native::nt::{self, Handle, Open};

static UMASK: AtomicU32 = AtomicU32::new(0o022);

/// The mask of new files.
pub fn umask() -> u32 {
    UMASK.load(Ordering::Relaxed)
}

/// `umask`.
pub fn set_umask(mask: u32) -> u32 {
    UMASK.swap(mask & 0o777, Ordering::Relaxed)
}

/// Opens a device of the platform.
pub fn open_device(device: Device, flags: u32) -> Result<OpenFile> {
    if flags & flag::CREATE != 0 && flags & flag::EXCLUSIVE != 0 {
        return Err(Errno::EXIST);
    }
    if flags & flag::DIRECTORY != 0 {
        return Err(Errno::NOTDIR);
    }
    match device {
        Device::Zero => Ok(OpenFile::new(None, Zero, flags)),
        Device::Random => Ok(OpenFile::new(None, Random, flags)),
        Device::Terminal => {
            Ok(OpenFile::new(Some(console::open(flags & flag::ACCESS_MODE)?), Console::default(), flags))
        }
        Device::Shell if flags & (flag::ACCESS_MODE | flag::TRUNCATE) != flag::READ_ONLY => Err(Errno::ACCES),
        Device::Shell => open_file(&places::interpreter()?, flags & !flag::CREATE, 0),
        Device::Null | Device::Descriptor(_) => {
            const NUL: [u16; 7] = [92, 63, 63, 92, 78, 85, 76]; // \??\NUL
            let handle = nt::open(&NUL, FILE_GENERIC_READ | FILE_GENERIC_WRITE, 0).map_err(from_status)?;
            Ok(OpenFile::new(Some(handle), Null, flags))
        }
    }
}

/// Opens or makes a file.
pub fn open_file(path: &FilePath, flags: u32, mode: u32) -> Result<OpenFile> {
    let path_only = flags & flag::PATH != 0;
    let make = flags & flag::CREATE != 0 && !path_only;
    let exclusive = make && flags & flag::EXCLUSIVE != 0;
    if flags & flag::TEMPORARY == flag::TEMPORARY {
        return Err(Errno::OPNOTSUPP);
    }
    let access = match flags & flag::ACCESS_MODE {
        _ if path_only => FILE_READ_ATTRIBUTES,
        // Execution is what a mapping of program text asks for later.
        flag::READ_ONLY => FILE_GENERIC_READ | FILE_EXECUTE,
        flag::WRITE_ONLY => FILE_GENERIC_WRITE | FILE_READ_ATTRIBUTES,
        flag::READ_WRITE => FILE_GENERIC_READ | FILE_GENERIC_WRITE | FILE_EXECUTE,
        _ => return Err(Errno::INVAL),
    };
    let writes = !path_only && flags & flag::ACCESS_MODE != flag::READ_ONLY;
    let mut options = 0;
    if make && (path.directory || flags & flag::DIRECTORY != 0) {
        return Err(if flags & flag::DIRECTORY != 0 { Errno::INVAL } else { Errno::ISDIR });
    }
    if path.directory || flags & flag::DIRECTORY != 0 {
        options |= FILE_DIRECTORY_FILE;
    } else if make || writes {
        options |= FILE_NON_DIRECTORY_FILE;
    }
    if flags & flag::NO_FOLLOW != 0 || exclusive {
        options |= FILE_OPEN_REPARSE_POINT;
    }
    if flags & (flag::SYNC | flag::DATA_SYNC) != 0 {
        options |= FILE_WRITE_THROUGH;
    }
    let read_only = mode & !umask() & 0o200 == 0;
    let mut request = Open {
        root: null_mut(),
        name: &path.nt,
        access,
        attributes: if make && read_only { FILE_ATTRIBUTE_READONLY } else { FILE_ATTRIBUTE_NORMAL },
        disposition: match (make, exclusive) {
            (true, true) => FILE_CREATE,
            (true, false) => FILE_OPEN_IF,
            _ => FILE_OPEN,
        },
        options,
    };
    let may_change = |status| patience::is_held(status) || make && patience::is_going(status);
    let open = |request: &Open<'_>| {
        patience::ask(may_change, || links::follow(path, |path| Open { name: &path.nt, ..*request }.open()))
    };
    let mut opened = open(&request);
    if matches!(opened, Err(code::ACCESS_DENIED)) && access & FILE_EXECUTE != 0 {
        request.access &= !FILE_EXECUTE;
        opened = open(&request);
    }
    let (handle, new) = opened.map_err(|status| match status {
        // The old file of this name is still open somewhere: no place for a new one yet.
        code::DELETE_PENDING if make => Errno::BUSY,
        status => places::error(path, status),
    })?;
    if new {
        execute::set(&handle, mode & !umask(), true);
        return Ok(OpenFile::new(Some(handle), Disk, flags));
    }
    let (handle, is_directory) = settle(path, handle, &request, flags)?;
    if is_directory {
        return if writes || make {
            Err(Errno::ISDIR)
        } else {
            Ok(OpenFile::new(Some(handle), Directory::new(), flags))
        };
    }
    if flags & flag::TRUNCATE != 0 && writes {
        disk::set_size(&handle, 0)?;
    }
    Ok(OpenFile::new(Some(handle), Disk, flags))
}

/// File, directory or symbolic link: the last is `ELOOP` but for `O_PATH`; other reparse points are opened through. Whether it
/// is a directory.
fn settle(path: &FilePath, handle: Handle, request: &Open<'_>, flags: u32) -> Result<(Handle, bool)> {
    let told = |handle: Handle| attributes::is_directory(&handle).map(|is_directory| (handle, is_directory));
    if request.options & FILE_OPEN_REPARSE_POINT == 0 {
        return told(handle);
    }
    let attributes = Attributes::of(&handle)?;
    if attributes.kind(&handle) == Kind::Link {
        return if flags & flag::PATH != 0 { Ok((handle, false)) } else { Err(Errno::LOOP) };
    }
    if !attributes.has_reparse_point() {
        return told(handle);
    }
    let options = request.options & !FILE_OPEN_REPARSE_POINT;
    let through = links::follow(path, |path| Open { name: &path.nt, options, ..*request }.open());
    told(through.map_err(|status| places::error(path, status))?.0)
}
