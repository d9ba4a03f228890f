//! `stat`, `access`, `chmod`, `utimensat`, `statvfs`.
//!
//! What Windows has no word for is derived. Mode: directories 0755; files 0644, or 0444 with the read-only attribute; and
//! 0111 for programs: names ending in `.exe`, `.com`, `.bat` or `.cmd`, and files whose content starts as a program's (ELF,
//! `#!`, MZ) and whose name has no dot, a number behind the last one, or an ending usual for scripts and ELF programs. `chmod`
//! sets the read-only attribute from the owner's write bit; what it says of execution this process alone knows ([`execute`]).

use alloc::vec::Vec;
use core::sync::atomic::{AtomicBool, Ordering};

use platform::abi::{access, at, file_time, file_type};
use platform::{Errno, Fd, FileSystem, Result, Stat, Timespec};
use windows_sys::Wdk::Storage::FileSystem::{
    FILE_BASIC_INFORMATION, FILE_FS_ATTRIBUTE_INFORMATION, FILE_OPEN_REPARSE_POINT, FILE_STANDARD_INFORMATION,
    FILE_STAT_INFORMATION, FileAttributeTagInformation, FileBasicInformation, FileFsAttributeInformation,
    FileFsFullSizeInformation, FileInternalInformation, FileStandardInformation, FileStatInformation,
};
use windows_sys::Wdk::System::SystemServices::{FILE_ATTRIBUTE_TAG_INFORMATION, FILE_FS_FULL_SIZE_INFORMATION};
use windows_sys::Win32::Storage::FileSystem::{
    FILE_ATTRIBUTE_DIRECTORY, FILE_ATTRIBUTE_NORMAL, FILE_ATTRIBUTE_READONLY, FILE_ATTRIBUTE_REPARSE_POINT,
    FILE_READ_ATTRIBUTES, FILE_READ_DATA, FILE_WRITE_ATTRIBUTES, FILE_WRITE_DATA,
};
use windows_sys::Win32::System::SystemServices::{IO_REPARSE_TAG_MOUNT_POINT, IO_REPARSE_TAG_SYMLINK};

use super::files::{Kind, OpenFile};
use super::nt::{self, Handle};
use super::{descriptors, execute, places, process, time, volume};
use crate::pure::file_time as convert;
use crate::pure::path::{Device, FilePath, Target};
use crate::pure::status::from_status;
use crate::pure::utf16;

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
        Target::File(file) => of_path(&file, flags & at::SYMLINK_NOFOLLOW == 0),
        Target::Device(Device::Descriptor(fd)) => of_open_file(&*descriptors::get(fd)?),
        Target::Device(Device::Shell) => {
            let found = of_path(&places::interpreter()?, true)?;
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
        // A pipe is not asked: the kernel would make the question wait for a reader that is blocked on it.
        Kind::Pipe => Ok(Stat { ino: file.handle()?.raw() as u64, ..device(Kind::Pipe) }),
        kind => Ok(device(kind)),
    }
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

/// What `stat` tells of a disk file but for its volume.
struct Facts {
    attributes: u32,
    tag: u32,
    index: i64,
    links: u32,
    size: i64,
    allocated: i64,
    accessed: i64,
    modified: i64,
    changed: i64,
}

impl Facts {
    /// One request since Windows 10 1709, three before and under Wine, where each of these is quick and the older one that
    /// tells all at once is not: it finds out the name as well.
    fn of(handle: &Handle) -> Result<Self> {
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
            tag: if is_reparse_point { attributes(handle).ReparseTag } else { 0 },
            index: nt::query(handle, FileInternalInformation).map_err(from_status)?,
            links: standard.NumberOfLinks,
            size: standard.EndOfFile,
            allocated: standard.AllocationSize,
            accessed: basic.LastAccessTime,
            modified: basic.LastWriteTime,
            changed: if basic.ChangeTime == 0 { basic.LastWriteTime } else { basic.ChangeTime },
        })
    }

    fn is_directory(&self) -> bool {
        self.attributes & FILE_ATTRIBUTE_DIRECTORY != 0
    }

    fn is_reparse_point(&self) -> bool {
        self.attributes & FILE_ATTRIBUTE_REPARSE_POINT != 0
    }

    fn is_link(&self) -> bool {
        is_link(self.attributes, self.tag)
    }

    /// With what the facts do not tell. `is_program` is asked for files only.
    fn stat(&self, handle: &Handle, volume: u64, is_program: impl FnOnce() -> bool) -> Stat {
        let mode = if self.is_link() {
            file_type::SYMLINK | 0o777
        } else if self.is_directory() {
            file_type::DIRECTORY | 0o755
        } else {
            let write = if self.attributes & FILE_ATTRIBUTE_READONLY == 0 { 0o200 } else { 0 };
            file_type::REGULAR | 0o444 | write | if is_program() { 0o111 } else { 0 }
        };
        let ids = process::ids();
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

/// `stat` of a path: what a link leads to with `follow`.
fn of_path(path: &FilePath, follow: bool) -> Result<Stat> {
    let candidate = execute::is_candidate(path.name());
    let open = |options| {
        let read = FILE_READ_ATTRIBUTES | FILE_READ_DATA;
        match candidate.then(|| nt::open(&path.nt, read, options)) {
            Some(Ok(handle)) => Ok((handle, true)),
            // Content decides about programs; where it may not be read, it is none.
            _ => nt::open(&path.nt, FILE_READ_ATTRIBUTES, options).map(|handle| (handle, false)),
        }
        .map_err(|status| places::error(path, status))
    };
    let is_program = |handle: &Handle, facts: &Facts, readable| {
        let read = |start: &mut [u8]| nt::read(handle, start, Some(0)).unwrap_or(0);
        let by_content = || readable && execute::starts_as_program(handle, facts.accessed, read);
        let by_content = || execute::is_always_program(path.name()) || by_content();
        execute::get(handle).unwrap_or_else(by_content)
    };
    let (handle, readable) = open(FILE_OPEN_REPARSE_POINT)?;
    let facts = Facts::of(&handle)?;
    if path.directory && !facts.is_directory() && !facts.is_reparse_point() {
        return Err(Errno::NOTDIR);
    }
    if !facts.is_reparse_point() || facts.is_link() && !follow && !path.directory {
        let volume = volume::of_path(&handle, path);
        return Ok(facts.stat(&handle, volume, || is_program(&handle, &facts, readable)));
    }
    let (handle, readable) = open(0)?;
    let facts = Facts::of(&handle)?;
    if path.directory && !facts.is_directory() {
        return Err(Errno::NOTDIR);
    }
    Ok(facts.stat(&handle, volume::of(&handle), || is_program(&handle, &facts, readable)))
}

fn link_length(handle: &Handle) -> i64 {
    super::names::link_target(handle).map_or(0, |target| target.len() as i64)
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

/// `faccessat`. Windows' own check of a real open decides about reading and writing.
pub fn check_access(directory: Fd, path: &[u8], mode: u32, flags: u32) -> Result<()> {
    if mode & !(access::READ | access::WRITE | access::EXECUTE) != 0 {
        return Err(Errno::INVAL);
    }
    let flags = flags & (at::SYMLINK_NOFOLLOW | at::EMPTY_PATH);
    let empty = path.is_empty() && flags & at::EMPTY_PATH != 0;
    let file = match places::resolve(directory, path, false) {
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
    let found = attributes(&handle);
    if found.FileAttributes & FILE_ATTRIBUTE_DIRECTORY != 0 || is_link(found.FileAttributes, found.ReparseTag) {
        return Ok(());
    }
    if mode & access::WRITE != 0 && found.FileAttributes & FILE_ATTRIBUTE_READONLY != 0
        || mode & access::EXECUTE != 0 && !execute::is_program(&handle, file.name())
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
