//! `stat`, `access`, `chmod`, `utimensat`, `statvfs`.

use platform::abi::{access, at, file_time};
use platform::{Errno, Fd, FileSystem, Result, Stat, Timespec};
use windows_sys::Wdk::Storage::FileSystem::{
    FILE_BASIC_INFORMATION, FILE_FS_ATTRIBUTE_INFORMATION, FILE_OPEN_REPARSE_POINT, FileBasicInformation,
    FileFsAttributeInformation,
};
use windows_sys::Win32::Storage::FileSystem::{
    FILE_ATTRIBUTE_DIRECTORY, FILE_ATTRIBUTE_NORMAL, FILE_ATTRIBUTE_READONLY, FILE_ATTRIBUTE_REPARSE_POINT,
    FILE_READ_ATTRIBUTES, FILE_READ_DATA, FILE_WRITE_ATTRIBUTES, FILE_WRITE_DATA,
};

use super::kind::{self, device};
use super::{descriptors, execute, facts, links, places, resolve};
use crate::pure::file_time as convert;
use crate::pure::path::{Device, FilePath, Target};
use crate::pure::status::from_status;
use crate::sys::native::attributes::{Attributes, Kind, is_directory};
use crate::sys::native::information::Information;
use crate::sys::native::nt::{self, Handle};
use crate::sys::native::{clock, volume};
use crate::sys::process::identity;

/// Opens a file to ask or change it: the link itself with `follow` false.
pub fn open_path(path: &FilePath, rights: u32, follow: bool) -> Result<Handle> {
    let rights = rights | FILE_READ_ATTRIBUTES;
    let error = |status| places::error(path, status);
    let handle = if follow || path.directory {
        links::open_to_ask(path, rights).map_err(error)?
    } else {
        let itself = nt::open(&path.nt, rights, FILE_OPEN_REPARSE_POINT).map_err(error)?;
        let attributes = Attributes::of(&itself)?;
        if attributes.is_stand_in(attributes.kind(&itself)) {
            links::open_to_ask(path, rights).map_err(error)?
        } else {
            itself
        }
    };
    if path.directory && !is_directory(&handle)? { Err(Errno::NOTDIR) } else { Ok(handle) }
}

/// The open file that a descriptor or a path with `at::*` flags means, with these rights.
pub fn with_handle<T>(
    directory: Fd,
    path: &[u8],
    flags: u32,
    rights: u32,
    use_handle: impl FnOnce(&Handle) -> Result<T>,
) -> Result<T> {
    if path.is_empty() && flags & at::EMPTY_PATH != 0 {
        if directory == at::CURRENT_DIRECTORY {
            return with_handle(directory, b".", 0, rights, use_handle);
        }
        let file = descriptors::get(directory)?;
        let handle = file.handle()?;
        return match nt::reopen(handle, rights, 0) {
            Ok(handle) => use_handle(&handle),
            // What has no name any more cannot be opened again: perhaps the handle's own rights do.
            Err(_) => use_handle(handle),
        };
    }
    match resolve::resolve(directory, path, false)? {
        Target::File(file) => use_handle(&open_path(&file, rights, flags & at::SYMLINK_NOFOLLOW == 0)?),
        Target::Device(Device::Descriptor(fd)) => with_handle(fd, b"", at::EMPTY_PATH, rights, use_handle),
        Target::Device(Device::Shell) if rights & !(FILE_READ_ATTRIBUTES | FILE_READ_DATA) == 0 => {
            use_handle(&open_path(&places::interpreter()?, rights, true)?)
        }
        Target::Device(_) => Err(Errno::PERM),
    }
}

/// `fstatat`.
pub fn stat(directory: Fd, path: &[u8], flags: u32) -> Result<Stat> {
    if path.is_empty() && flags & at::EMPTY_PATH != 0 {
        if directory == at::CURRENT_DIRECTORY {
            return stat(directory, b".", 0);
        }
        return descriptors::get(directory)?.stat();
    }
    match resolve::resolve(directory, path, false)? {
        Target::File(file) => of_path(&file, flags & at::SYMLINK_NOFOLLOW == 0),
        Target::Device(Device::Descriptor(fd)) => descriptors::get(fd)?.stat(),
        Target::Device(Device::Shell) => {
            let found = of_path(&places::interpreter()?, true)?;
            // Windows' own file is not the guest's to change.
            Ok(Stat { mode: found.mode & !0o222, ..found })
        }
        Target::Device(Device::Null) => Ok(device(kind::Kind::Null)),
        Target::Device(Device::Zero) => Ok(device(kind::Kind::Zero)),
        Target::Device(Device::Random) => Ok(device(kind::Kind::Random)),
        Target::Device(Device::Terminal) => Ok(device(kind::Kind::Console)),
    }
}

/// `stat` of a path: what a link leads to with `follow`.
fn of_path(path: &FilePath, follow: bool) -> Result<Stat> {
    let error = |status| places::error(path, status);
    let itself = nt::open(&path.nt, FILE_READ_ATTRIBUTES, FILE_OPEN_REPARSE_POINT).map_err(error)?;
    let volume = volume::of_path(&itself, path);
    let about = Information::of(&itself, volume)?;
    let leads_on = match about.kind {
        Kind::Link => follow || path.directory,
        kind => about.attributes.is_stand_in(kind),
    };
    let (handle, volume, about) = if leads_on {
        let handle = links::open_to_ask(path, FILE_READ_ATTRIBUTES).map_err(error)?;
        let volume = volume::of(&handle);
        let about = Information::of(&handle, volume)?;
        (handle, volume, about)
    } else {
        (itself, volume, about)
    };
    if path.directory && !about.is_directory() {
        return Err(Errno::NOTDIR);
    }
    Ok(facts::of_named(&about, &handle, path.name(), volume))
}

/// `faccessat`. Windows' own check of a real open decides about reading and writing.
pub fn check_access(directory: Fd, path: &[u8], mode: u32, flags: u32) -> Result<()> {
    if mode & !(access::READ | access::WRITE | access::EXECUTE) != 0 {
        return Err(Errno::INVAL);
    }
    let flags = flags & (at::SYMLINK_NOFOLLOW | at::EMPTY_PATH);
    let empty = path.is_empty() && flags & at::EMPTY_PATH != 0;
    let file = match resolve::resolve(directory, path, false) {
        Ok(Target::File(file)) => file,
        Err(errno) if !empty => return Err(errno),
        _ => {
            // A device, or a descriptor, which needs no name any more.
            let found = stat(directory, path, flags)?;
            let granted = if found.mode & 0o200 == 0 { access::READ } else { access::READ | access::WRITE };
            let granted = if found.mode & 0o111 == 0 { granted } else { granted | access::EXECUTE };
            return if mode & !granted == 0 { Ok(()) } else { Err(Errno::ACCES) };
        }
    };
    if mode == access::EXISTS
        && let Ok(attributes) = nt::attributes(&file.nt)
        && attributes & FILE_ATTRIBUTE_REPARSE_POINT == 0
    {
        return if file.directory && attributes & FILE_ATTRIBUTE_DIRECTORY == 0 { Err(Errno::NOTDIR) } else { Ok(()) };
    }
    let follow = flags & at::SYMLINK_NOFOLLOW == 0;
    let mut rights = FILE_READ_ATTRIBUTES;
    if mode & access::READ != 0 {
        rights |= FILE_READ_DATA;
    }
    if mode & access::WRITE != 0 {
        rights |= FILE_WRITE_DATA;
    }
    let handle = match open_path(&file, rights, follow) {
        // In use by a program that does not share: that is no question of permission.
        Err(Errno::BUSY) => open_path(&file, FILE_READ_ATTRIBUTES, follow)?,
        other => other?,
    };
    let found = Attributes::of(&handle)?;
    if found.kind(&handle) != Kind::File {
        return Ok(());
    }
    if mode & access::WRITE != 0 && found.flags & FILE_ATTRIBUTE_READONLY != 0
        || mode & access::EXECUTE != 0 && !execute::may_run(&handle, file.name())?
    {
        return Err(Errno::ACCES);
    }
    Ok(())
}

/// `fchmodat`: the read-only attribute is the owner's missing write bit. Directories keep theirs, which means nothing.
pub fn set_mode(directory: Fd, path: &[u8], mode: u32, flags: u32) -> Result<()> {
    let rights = FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES;
    with_handle(directory, path, flags, rights, |handle| {
        let mut basic: FILE_BASIC_INFORMATION = nt::query(handle, FileBasicInformation).map_err(from_status)?;
        if basic.FileAttributes & FILE_ATTRIBUTE_DIRECTORY != 0 {
            return Ok(());
        }
        execute::set(handle, mode, false);
        let attributes = if mode & 0o200 == 0 {
            basic.FileAttributes | FILE_ATTRIBUTE_READONLY
        } else {
            basic.FileAttributes & !FILE_ATTRIBUTE_READONLY
        };
        if attributes == basic.FileAttributes {
            return Ok(());
        }
        // Zero times are left as they are; zero attributes would be too.
        basic = FILE_BASIC_INFORMATION {
            FileAttributes: if attributes == 0 { FILE_ATTRIBUTE_NORMAL } else { attributes },
            ..FILE_BASIC_INFORMATION::default()
        };
        nt::set(handle, FileBasicInformation, &basic).map_err(from_status)
    })
}

/// `fchownat`: files belong to the one user we report; giving them to another is not permitted.
pub fn set_owner(directory: Fd, path: &[u8], uid: u32, gid: u32, flags: u32) -> Result<()> {
    stat(directory, path, flags)?;
    let ids = identity::ids();
    let same = |wanted: u32, own: u32| wanted == u32::MAX || wanted == own;
    if same(uid, ids.uid) && same(gid, ids.gid) { Ok(()) } else { Err(Errno::PERM) }
}

/// `utimensat`.
pub fn set_times(directory: Fd, path: &[u8], times: [Timespec; 2], flags: u32) -> Result<()> {
    let mut units = [0; 2];
    for (unit, time) in units.iter_mut().zip(times) {
        *unit = match time.nanoseconds {
            file_time::OMIT => 0,
            file_time::NOW => convert::from_timespec(clock::realtime()),
            0..1_000_000_000 => convert::from_timespec(time),
            _ => return Err(Errno::INVAL),
        };
    }
    with_handle(directory, path, flags, FILE_WRITE_ATTRIBUTES, |handle| {
        let basic = FILE_BASIC_INFORMATION {
            LastAccessTime: units[0],
            LastWriteTime: units[1],
            ..FILE_BASIC_INFORMATION::default()
        };
        nt::set(handle, FileBasicInformation, &basic).map_err(from_status)
    })
}

/// `statvfs`.
pub fn file_system(directory: Fd, path: &[u8], flags: u32) -> Result<FileSystem> {
    const READ_ONLY_VOLUME: u32 = 0x8_0000;
    const ST_RDONLY: u64 = 1;
    with_handle(directory, path, flags, FILE_READ_ATTRIBUTES, |handle| {
        let size = volume::size(handle)?;
        let about: FILE_FS_ATTRIBUTE_INFORMATION =
            nt::query_volume(handle, FileFsAttributeInformation).unwrap_or_default();
        let unit = u64::from(size.SectorsPerAllocationUnit) * u64::from(size.BytesPerSector);
        Ok(FileSystem {
            block_size: unit,
            fragment_size: unit,
            blocks: size.TotalAllocationUnits as u64,
            blocks_free: size.ActualAvailableAllocationUnits as u64,
            blocks_available: size.CallerAvailableAllocationUnits as u64,
            // Windows does not count files: not more than there are units, as each file that is not tiny takes one.
            files: size.TotalAllocationUnits as u64,
            files_free: size.ActualAvailableAllocationUnits as u64,
            files_available: size.CallerAvailableAllocationUnits as u64,
            id: volume::of(handle),
            flags: if about.FileSystemAttributes & READ_ONLY_VOLUME != 0 { ST_RDONLY } else { 0 },
            name_max: match about.MaximumComponentNameLength {
                length @ 1.. => length as u64,
                _ => 255,
            },
        })
    })
}
