//! `stat`, `access`, `chmod`, `utimensat`, `statvfs`.
//!
//! What Windows has no word for is derived. Mode: directories 0755; files 0644, or 0444 with the read-only attribute; and
//! 0111 for programs: names ending in `.exe`, `.com`, `.bat` or `.cmd`, and files whose content starts as a program's (ELF,
//! `#!`, MZ) and whose name has no dot, a number behind the last one, or an ending usual for scripts and ELF programs. `chmod` sets the read-only attribute from the owner's write bit and nothing else.

use alloc::vec::Vec;
use core::mem::size_of;
use core::sync::atomic::Ordering;

use platform::abi::{access, at, file_time, file_type};
use platform::{Errno, Fd, FileSystem, Result, Stat, Timespec};
use windows_sys::Wdk::Storage::FileSystem::{
    FILE_ALL_INFORMATION, FILE_BASIC_INFORMATION, FILE_FS_ATTRIBUTE_INFORMATION, FILE_OPEN_REPARSE_POINT,
    FILE_STANDARD_INFORMATION, FileAllInformation, FileAttributeTagInformation, FileBasicInformation,
    FileFsAttributeInformation, FileFsFullSizeInformation, FileFsVolumeInformation, FileStandardInformation,
};
use windows_sys::Wdk::System::SystemServices::{
    FILE_ATTRIBUTE_TAG_INFORMATION, FILE_FS_FULL_SIZE_INFORMATION, FILE_FS_VOLUME_INFORMATION,
};
use windows_sys::Win32::Storage::FileSystem::{
    FILE_ATTRIBUTE_DIRECTORY, FILE_ATTRIBUTE_NORMAL, FILE_ATTRIBUTE_READONLY, FILE_ATTRIBUTE_REPARSE_POINT,
    FILE_READ_ATTRIBUTES, FILE_READ_DATA, FILE_WRITE_ATTRIBUTES, FILE_WRITE_DATA,
};
use windows_sys::Win32::System::SystemServices::{IO_REPARSE_TAG_MOUNT_POINT, IO_REPARSE_TAG_SYMLINK};

use super::files::{Kind, OpenFile};
use super::nt::{self, Handle};
use super::{descriptors, places, process, time};
use crate::pure::file_time as convert;
use crate::pure::path::{Device, FilePath, Target};
use crate::pure::status::from_status;

fn attributes(handle: &Handle) -> FILE_ATTRIBUTE_TAG_INFORMATION {
    nt::query(handle, FileAttributeTagInformation).unwrap_or_default()
}

/// Whether an open file is a directory.
pub fn is_directory(handle: &Handle) -> bool {
    attributes(handle).FileAttributes & FILE_ATTRIBUTE_DIRECTORY != 0
}

/// Whether an open file has a reparse point of any kind.
pub fn is_reparse_point(handle: &Handle) -> bool {
    attributes(handle).FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT != 0
}

/// Whether this attribute and tag make a symbolic link for the guest: Windows' symbolic links and junctions.
pub fn is_link(attributes: u32, tag: u32) -> bool {
    attributes & FILE_ATTRIBUTE_REPARSE_POINT != 0 && matches!(tag, IO_REPARSE_TAG_SYMLINK | IO_REPARSE_TAG_MOUNT_POINT)
}

/// Whether an open file is a symbolic link itself.
pub fn is_symlink(handle: &Handle) -> bool {
    let found = attributes(handle);
    is_link(found.FileAttributes, found.ReparseTag)
}

/// Opens a file to ask or change it: the link itself with `follow` false.
pub fn open_path(path: &FilePath, rights: u32, follow: bool) -> Result<Handle> {
    let open = |options| nt::open(&path.nt, rights, options).map_err(|status| places::error(path, status));
    let handle = if follow || path.directory {
        open(0)?
    } else {
        let handle = open(FILE_OPEN_REPARSE_POINT)?;
        if is_reparse_point(&handle) && !is_symlink(&handle) { open(0)? } else { handle }
    };
    if path.directory && !is_directory(&handle) { Err(Errno::NOTDIR) } else { Ok(handle) }
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
    match places::resolve(directory, path, false)? {
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
        return of_open_file(&*descriptors::get(directory)?);
    }
    match places::resolve(directory, path, false)? {
        Target::File(file) => {
            // Content decides about programs; where it may not be read, it is none.
            let follow = flags & at::SYMLINK_NOFOLLOW == 0;
            of_handle(&open_path(&file, FILE_READ_ATTRIBUTES, follow)?, Some(&file))
        }
        Target::Device(Device::Descriptor(fd)) => of_open_file(&*descriptors::get(fd)?),
        Target::Device(Device::Shell) => {
            let file = places::interpreter()?;
            let found = of_handle(&open_path(&file, FILE_READ_ATTRIBUTES, true)?, Some(&file))?;
            // Windows' own file is not the guest's to change.
            Ok(Stat { mode: found.mode & !0o222, ..found })
        }
        Target::Device(Device::Null) => Ok(device(Kind::Null)),
        Target::Device(Device::Zero) => Ok(device(Kind::Zero)),
        Target::Device(Device::Random) => Ok(device(Kind::Random)),
        Target::Device(Device::Terminal) => Ok(device(Kind::Console)),
    }
}

fn device(kind: Kind) -> Stat {
    let ids = process::ids();
    // Linux' numbers of the memory devices and the terminal.
    let rdev = match kind {
        Kind::Zero => 0x105,
        Kind::Random => 0x109,
        Kind::Console => 0x500,
        _ => 0x103,
    };
    let mode = if kind == Kind::Pipe { file_type::FIFO | 0o600 } else { file_type::CHARACTER | 0o666 };
    Stat {
        dev: 5,
        ino: kind as u64,
        rdev: if kind == Kind::Pipe { 0 } else { rdev },
        nlink: 1,
        mode,
        uid: ids.uid,
        gid: ids.gid,
        blksize: 4096,
        ..Stat::default()
    }
}

fn of_open_file(file: &OpenFile) -> Result<Stat> {
    match file.kind {
        Kind::File | Kind::Directory => {
            let mut found = of_handle(file.handle()?, None)?;
            if file.unlinked.load(Ordering::Relaxed) {
                found.nlink = 0;
            }
            Ok(found)
        }
        // A pipe is not asked: the kernel would make the question wait for a reader that is blocked on it.
        Kind::Pipe => Ok(Stat { ino: file.handle()?.raw() as u64, ..device(Kind::Pipe) }),
        kind => Ok(device(kind)),
    }
}

/// `FILE_ALL_INFORMATION` with room for the end of most names.
#[derive(Clone, Copy)]
#[repr(C)]
struct All {
    all: FILE_ALL_INFORMATION,
    name: [u16; 512],
}

impl Default for All {
    fn default() -> Self {
        Self { all: FILE_ALL_INFORMATION::default(), name: [0; 512] }
    }
}

impl All {
    /// The file's name with its directories, less the volume; empty when it did not fit.
    fn name(&self) -> Vec<u16> {
        // The name starts in the structure's own last field and runs on behind it.
        let start = core::mem::offset_of!(FILE_ALL_INFORMATION, NameInformation) + 4;
        let length = self.all.NameInformation.FileNameLength as usize / 2;
        if length == 0 || start + length * 2 > size_of::<Self>() {
            return Vec::new();
        }
        // SAFETY: inside the structure, which is plain words; the offset is even.
        unsafe { core::slice::from_raw_parts((&raw const *self).cast::<u8>().add(start).cast::<u16>(), length) }
            .to_vec()
    }
}

fn volume(handle: &Handle) -> u64 {
    nt::query_volume::<FILE_FS_VOLUME_INFORMATION>(handle, FileFsVolumeInformation)
        .map_or(0, |volume| u64::from(volume.VolumeSerialNumber))
}

/// Number of names of a file.
pub fn links(handle: &Handle) -> u32 {
    nt::query::<FILE_STANDARD_INFORMATION>(handle, FileStandardInformation).map_or(1, |found| found.NumberOfLinks)
}

/// Device and file number of a disk file.
pub fn identity(handle: &Handle) -> Result<(u64, u64)> {
    let index: i64 =
        nt::query(handle, windows_sys::Wdk::Storage::FileSystem::FileInternalInformation).map_err(from_status)?;
    Ok((volume(handle), index as u64))
}

fn of_handle(handle: &Handle, path: Option<&FilePath>) -> Result<Stat> {
    let found: All = nt::query(handle, FileAllInformation).map_err(from_status)?;
    let (basic, standard) = (found.all.BasicInformation, found.all.StandardInformation);
    let link = basic.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT != 0 && is_symlink(handle);
    let directory = basic.FileAttributes & FILE_ATTRIBUTE_DIRECTORY != 0;
    let mode = if link {
        file_type::SYMLINK | 0o777
    } else if directory {
        file_type::DIRECTORY | 0o755
    } else {
        let write = if basic.FileAttributes & FILE_ATTRIBUTE_READONLY == 0 { 0o200 } else { 0 };
        let execute = match path {
            Some(path) => is_program(handle, path.name()),
            None => is_program(handle, &found.name()),
        };
        file_type::REGULAR | 0o444 | write | if execute { 0o111 } else { 0 }
    };
    let ids = process::ids();
    let size = if link { link_length(handle) } else { standard.EndOfFile };
    Ok(Stat {
        dev: volume(handle),
        ino: found.all.InternalInformation.IndexNumber as u64,
        rdev: 0,
        nlink: u64::from(standard.NumberOfLinks),
        mode,
        uid: ids.uid,
        gid: ids.gid,
        blksize: 4096,
        size,
        blocks: (standard.AllocationSize + 511) / 512,
        accessed: convert::to_timespec(basic.LastAccessTime),
        modified: convert::to_timespec(basic.LastWriteTime),
        changed: convert::to_timespec(if basic.ChangeTime == 0 { basic.LastWriteTime } else { basic.ChangeTime }),
    })
}

fn link_length(handle: &Handle) -> i64 {
    super::names::link_target(handle).map_or(0, |target| target.len() as i64)
}

fn is_program(handle: &Handle, name: &[u16]) -> bool {
    let name = name.rsplit(|unit| *unit == b'\\' as u16).next().unwrap_or_default();
    let bytes: Vec<u8> =
        name.iter().map(|unit| u8::try_from(*unit).map_or(b'?', |byte| byte.to_ascii_lowercase())).collect();
    match bytes.rsplit_once_dot() {
        _ if bytes.is_empty() => return false,
        Some(b"exe" | b"com" | b"bat" | b"cmd") => return true,
        // Reading every file that is looked at would cost too much: only names that programs and scripts have.
        None | Some(b"out" | b"elf" | b"sh" | b"py" | b"pl" | b"lua" | b"guess" | b"sub") => {}
        Some(ending) if ending.iter().all(u8::is_ascii_digit) => {}
        Some(_) => return false,
    }
    let mut start = [0; 4];
    let rights = FILE_READ_DATA | FILE_READ_ATTRIBUTES;
    let Ok(file) = nt::reopen(handle, rights | FILE_WRITE_ATTRIBUTES, 0).or_else(|_| nt::reopen(handle, rights, 0))
    else {
        return false;
    };
    let before: FILE_BASIC_INFORMATION = nt::query(&file, FileBasicInformation).unwrap_or_default();
    let count = nt::read(&file, &mut start, Some(0)).unwrap_or(0);
    // Looking is no access. Where the right is missing the time stays changed.
    let restored =
        FILE_BASIC_INFORMATION { LastAccessTime: before.LastAccessTime, ..FILE_BASIC_INFORMATION::default() };
    let _not_ours_to_change = nt::set(&file, FileBasicInformation, &restored);
    let start = start.get(..count).unwrap_or_default();
    start == b"\x7FELF" || start.starts_with(b"#!") || start.starts_with(b"MZ")
}

/// Names.
trait Ending {
    /// What follows the last dot.
    fn rsplit_once_dot(&self) -> Option<&[u8]>;
}

impl Ending for Vec<u8> {
    fn rsplit_once_dot(&self) -> Option<&[u8]> {
        let dot = self.iter().rposition(|byte| *byte == b'.')?;
        self.get(dot + 1..)
    }
}

/// `faccessat`. Windows' own check of a real open decides about reading and writing.
pub fn check_access(directory: Fd, path: &[u8], mode: u32, flags: u32) -> Result<()> {
    if mode & !(access::READ | access::WRITE | access::EXECUTE) != 0 {
        return Err(Errno::INVAL);
    }
    let stat_flags = flags & (at::SYMLINK_NOFOLLOW | at::EMPTY_PATH);
    let found = stat(directory, path, stat_flags)?;
    if mode & access::EXECUTE != 0 && found.mode & 0o111 == 0 {
        return Err(Errno::ACCES);
    }
    if found.mode & file_type::MASK != file_type::REGULAR || mode & (access::READ | access::WRITE) == 0 {
        return Ok(());
    }
    if mode & access::WRITE != 0 && found.mode & 0o200 == 0 {
        return Err(Errno::ACCES);
    }
    let mut rights = FILE_READ_ATTRIBUTES;
    if mode & access::READ != 0 {
        rights |= FILE_READ_DATA;
    }
    if mode & access::WRITE != 0 {
        rights |= FILE_WRITE_DATA;
    }
    match with_handle(directory, path, stat_flags, rights, |_| Ok(())) {
        // In use by a program that does not share: that is no question of permission.
        Err(Errno::BUSY) => Ok(()),
        other => other,
    }
}

/// `fchmodat`: the read-only attribute is the owner's missing write bit. Directories keep theirs, which means nothing.
pub fn set_mode(directory: Fd, path: &[u8], mode: u32, flags: u32) -> Result<()> {
    let rights = FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES;
    with_handle(directory, path, flags, rights, |handle| {
        let mut basic: FILE_BASIC_INFORMATION = nt::query(handle, FileBasicInformation).map_err(from_status)?;
        if basic.FileAttributes & FILE_ATTRIBUTE_DIRECTORY != 0 {
            return Ok(());
        }
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

/// Clears the read-only attribute, which POSIX does not ask for when a name goes.
pub fn make_writable(handle: &Handle) -> Result<()> {
    let handle = nt::reopen(handle, FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES, FILE_OPEN_REPARSE_POINT)
        .map_err(from_status)?;
    let basic: FILE_BASIC_INFORMATION = nt::query(&handle, FileBasicInformation).map_err(from_status)?;
    let attributes = basic.FileAttributes & !FILE_ATTRIBUTE_READONLY;
    let changed = FILE_BASIC_INFORMATION {
        FileAttributes: if attributes == 0 { FILE_ATTRIBUTE_NORMAL } else { attributes },
        ..FILE_BASIC_INFORMATION::default()
    };
    nt::set(&handle, FileBasicInformation, &changed).map_err(from_status)
}

/// `fchownat`: files belong to the one user we report; giving them to another is not permitted.
pub fn set_owner(directory: Fd, path: &[u8], uid: u32, gid: u32, flags: u32) -> Result<()> {
    stat(directory, path, flags)?;
    let ids = process::ids();
    let same = |wanted: u32, own: u32| wanted == u32::MAX || wanted == own;
    if same(uid, ids.uid) && same(gid, ids.gid) { Ok(()) } else { Err(Errno::PERM) }
}

/// `utimensat`.
pub fn set_times(directory: Fd, path: &[u8], times: [Timespec; 2], flags: u32) -> Result<()> {
    let mut units = [0; 2];
    for (unit, time) in units.iter_mut().zip(times) {
        *unit = match time.nanoseconds {
            file_time::OMIT => 0,
            file_time::NOW => convert::from_timespec(time::realtime()),
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
        let size: FILE_FS_FULL_SIZE_INFORMATION =
            nt::query_volume(handle, FileFsFullSizeInformation).map_err(from_status)?;
        let about: FILE_FS_ATTRIBUTE_INFORMATION =
            nt::query_volume(handle, FileFsAttributeInformation).unwrap_or_default();
        let unit = u64::from(size.SectorsPerAllocationUnit) * u64::from(size.BytesPerSector);
        Ok(FileSystem {
            block_size: unit,
            fragment_size: unit,
            blocks: size.TotalAllocationUnits as u64,
            blocks_free: size.ActualAvailableAllocationUnits as u64,
            blocks_available: size.CallerAvailableAllocationUnits as u64,
            // Windows does not count files.
            files: 0,
            files_free: 0,
            files_available: 0,
            id: volume(handle),
            flags: if about.FileSystemAttributes & READ_ONLY_VOLUME != 0 { ST_RDONLY } else { 0 },
            name_max: match about.MaximumComponentNameLength {
                length @ 1.. => length as u64,
                _ => 255,
            },
        })
    })
}
