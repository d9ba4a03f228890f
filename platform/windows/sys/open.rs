//! `openat` and `pipe`.

use alloc::sync::Arc;
use core::ptr::null_mut;

use platform::abi::open as flag;
use platform::{Errno, Fd, Result};
use windows_sys::Wdk::Storage::FileSystem::{
    FILE_CREATE, FILE_DIRECTORY_FILE, FILE_NON_DIRECTORY_FILE, FILE_OPEN, FILE_OPEN_IF, FILE_OPEN_REPARSE_POINT,
    FILE_WRITE_THROUGH, FileEndOfFileInformation,
};
use windows_sys::Win32::Storage::FileSystem::{
    FILE_ATTRIBUTE_NORMAL, FILE_ATTRIBUTE_READONLY, FILE_EXECUTE, FILE_GENERIC_READ, FILE_GENERIC_WRITE,
    FILE_READ_ATTRIBUTES,
};
use windows_sys::Win32::System::Pipes::CreatePipe;

use super::files::{Kind, OpenFile};
use super::nt::{self, Handle, Open, last_error};
use super::{console, descriptors, execute, names, places, stat};
use crate::pure::path::{Device, FilePath, Target};
use crate::pure::status::{from_status, nt as code};

/// `openat`.
pub fn open(directory: Fd, path: &[u8], flags: u32, mode: u32) -> Result<Fd> {
    let close_on_exec = flags & flag::CLOSE_ON_EXEC != 0;
    let (target, name) = places::resolve_named(directory, path, flags & flag::CREATE != 0)?;
    let file = match target {
        // POSIX leaves open whether /dev/fd/N shares the offset; sharing is what pipes and consoles need.
        Target::Device(Device::Descriptor(fd)) => return descriptors::duplicate(fd, 0, close_on_exec),
        Target::Device(device) => open_device(device, flags)?,
        Target::File(file) => open_file(&file, flags, mode)?.named(name),
    };
    descriptors::add(0, Arc::new(file), close_on_exec)
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
        Device::Zero => Ok(OpenFile::new(None, Kind::Zero, flags)),
        Device::Random => Ok(OpenFile::new(None, Kind::Random, flags)),
        Device::Terminal => Ok(OpenFile::new(Some(console::open(flags & flag::ACCESS_MODE)?), Kind::Console, flags)),
        Device::Shell if flags & (flag::ACCESS_MODE | flag::TRUNCATE) != flag::READ_ONLY => Err(Errno::ACCES),
        Device::Shell => open_file(&places::interpreter()?, flags & !flag::CREATE, 0),
        Device::Null | Device::Descriptor(_) => {
            const NUL: [u16; 7] = [92, 63, 63, 92, 78, 85, 76]; // \??\NUL
            let handle = nt::open(&NUL, FILE_GENERIC_READ | FILE_GENERIC_WRITE, 0).map_err(from_status)?;
            Ok(OpenFile::new(Some(handle), Kind::Null, flags))
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
    let read_only = mode & !names::umask() & 0o200 == 0;
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
    let mut opened = request.open();
    if matches!(opened, Err(code::ACCESS_DENIED)) && access & FILE_EXECUTE != 0 {
        request.access &= !FILE_EXECUTE;
        opened = request.open();
    }
    let (handle, new) = opened.map_err(|status| match status {
        // The old file of this name is still open somewhere: no place for a new one yet.
        code::DELETE_PENDING if make => Errno::BUSY,
        status => places::error(path, status),
    })?;
    if new {
        execute::set(&handle, mode & !names::umask(), true);
        return Ok(OpenFile::new(Some(handle), Kind::File, flags));
    }
    let (handle, kind) = settle_kind(path, handle, &request, flags)?;
    if kind == Kind::Directory && (writes || make) {
        return Err(Errno::ISDIR);
    }
    if flags & flag::TRUNCATE != 0 && writes {
        nt::set(&handle, FileEndOfFileInformation, &0i64).map_err(from_status)?;
    }
    Ok(OpenFile::new(Some(handle), kind, flags))
}

/// File, directory or symbolic link: the last is `ELOOP` but for `O_PATH`; other reparse points are opened through.
fn settle_kind(path: &FilePath, handle: Handle, request: &Open<'_>, flags: u32) -> Result<(Handle, Kind)> {
    let kind = |handle: &Handle| if stat::is_directory(handle) { Kind::Directory } else { Kind::File };
    if request.options & FILE_OPEN_REPARSE_POINT == 0 {
        let kind = kind(&handle);
        return Ok((handle, kind));
    }
    if stat::is_symlink(&handle) {
        return if flags & flag::PATH != 0 { Ok((handle, Kind::File)) } else { Err(Errno::LOOP) };
    }
    if !stat::is_reparse_point(&handle) {
        let kind = kind(&handle);
        return Ok((handle, kind));
    }
    let through = Open { options: request.options & !FILE_OPEN_REPARSE_POINT, ..*request };
    let (handle, _) = through.open().map_err(|status| places::error(path, status))?;
    let kind = kind(&handle);
    Ok((handle, kind))
}

/// `pipe2`.
pub fn pipe(flags: u32) -> Result<(Fd, Fd)> {
    /// As on Linux.
    const CAPACITY: u32 = 65_536;
    let (mut read, mut write) = (null_mut(), null_mut());
    // SAFETY: both places are writable.
    if unsafe { CreatePipe(&mut read, &mut write, core::ptr::null(), CAPACITY) } == 0 {
        return Err(last_error());
    }
    let (read, write) = (Handle::own(read).ok_or(Errno::MFILE)?, Handle::own(write).ok_or(Errno::MFILE)?);
    let close_on_exec = flags & flag::CLOSE_ON_EXEC != 0;
    let reader = OpenFile::new(Some(read), Kind::Pipe, flag::READ_ONLY | flags & flag::NON_BLOCK);
    let writer = OpenFile::new(Some(write), Kind::Pipe, flag::WRITE_ONLY);
    writer.set_status_flags(flags & flag::NON_BLOCK)?;
    let reader = descriptors::add(0, Arc::new(reader), close_on_exec)?;
    match descriptors::add(0, Arc::new(writer), close_on_exec) {
        Ok(writer) => Ok((reader, writer)),
        Err(errno) => {
            descriptors::close(reader)?;
            Err(errno)
        }
    }
}
