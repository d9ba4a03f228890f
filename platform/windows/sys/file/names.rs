//! Names: make, remove, rename, link.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ptr::null_mut;
use core::sync::atomic::Ordering;

use platform::abi::at;
use platform::{Errno, Fd, FileSystem, Names, Result, Timespec};
use windows_sys::Wdk::Storage::FileSystem::{
    FILE_CREATE, FILE_DIRECTORY_FILE, FILE_OPEN_REPARSE_POINT, FILE_RENAME_IGNORE_READONLY_ATTRIBUTE,
    FILE_RENAME_POSIX_SEMANTICS, FILE_RENAME_REPLACE_IF_EXISTS, FileLinkInformation, FileRenameInformation,
    FileRenameInformationEx,
};
use windows_sys::Win32::Storage::FileSystem::{
    CreateSymbolicLinkW, FILE_ADD_FILE, FILE_ADD_SUBDIRECTORY, FILE_ATTRIBUTE_NORMAL, FILE_READ_ATTRIBUTES,
    FILE_WRITE_ATTRIBUTES, SYMBOLIC_LINK_FLAG_ALLOW_UNPRIVILEGED_CREATE, SYMBOLIC_LINK_FLAG_DIRECTORY,
};

use super::kind::Kind;
use super::open_file::OpenFile;
use super::{away, descriptors, directory, links, open, patience, places, resolve, stat};
use crate::Windows;
use crate::pure::path::{self, FilePath, Target};
use crate::pure::status::{is_in_use, nt as code};
use crate::sys::native::attributes::{self, Kind as FileKind};
use crate::sys::native::file_id;
use crate::sys::native::nt::{self, Handle, Open, Status, last_error};
use crate::sys::native::{guest, volume};

impl Names for Windows {
    fn access(&self, directory: Fd, path: &[u8], mode: u32, flags: u32) -> Result<()> {
        stat::check_access(directory, path, mode, flags)
    }

    /// `mkdirat`.
    fn make_directory(&self, directory: Fd, path: &[u8], _mode: u32) -> Result<()> {
        let file = file(directory, path, true)?;
        let request = Open {
            root: null_mut(),
            name: &file.nt,
            access: FILE_READ_ATTRIBUTES,
            attributes: FILE_ATTRIBUTE_NORMAL,
            disposition: FILE_CREATE,
            options: FILE_DIRECTORY_FILE,
        };
        match patience::ask(patience::is_going, || request.open()) {
            Ok(_) => Ok(()),
            // The top of a drive exists.
            Err(_) if file.parent().is_none() => Err(Errno::EXIST),
            Err(status) => Err(places::error(&file, status)),
        }
    }

    /// `unlinkat`. The name goes at once, also while the file is open, where the file system can (NTFS since Windows 10 1709).
    /// Elsewhere, and where it is mapped, the file is moved out of the way first ([`away`]).
    fn unlink(&self, directory: Fd, path: &[u8], flags: u32) -> Result<()> {
        let remove_directory = flags & at::REMOVE_DIRECTORY != 0;
        if remove_directory
            && matches!(path.rsplit(|byte| matches!(byte, b'/' | b'\\')).find(|name| !name.is_empty()), Some(b"."))
        {
            return Err(Errno::INVAL);
        }
        let file = file(directory, path, false)?;
        let handle = patience::open_to_move(&file).map_err(|status| error(&file, status))?;
        let kind = attributes::kind(&handle)?;
        let is_directory = kind == FileKind::Directory;
        match (is_directory, remove_directory) {
            _ if kind == FileKind::MountPoint => return Err(if remove_directory { Errno::BUSY } else { Errno::ISDIR }),
            (true, false) => return Err(Errno::ISDIR),
            (false, true) => return Err(Errno::NOTDIR),
            _ if file.directory && !is_directory => return Err(Errno::NOTDIR),
            _ => {}
        }
        without_name(handle, is_directory, |handle| away::remove(&file, handle, is_directory))
            .map_err(|status| error(&file, status))
    }

    /// `renameat`. Replaces in one step where the file system can; what it does not replace - files in use, an empty directory - in
    /// two ([`away`]).
    fn rename(&self, from_directory: Fd, from: &[u8], to_directory: Fd, to: &[u8]) -> Result<()> {
        let source = file(from_directory, from, false)?;
        let target = file(to_directory, to, true)?;
        let handle = patience::open_to_move(&source).map_err(|status| error(&source, status))?;
        let kind = attributes::kind(&handle)?;
        if kind == FileKind::MountPoint {
            return Err(Errno::BUSY);
        }
        let is_directory = kind == FileKind::Directory;
        if !is_directory && (source.directory || target.directory) {
            return Err(Errno::NOTDIR);
        }
        if is_directory && target.is_below(&source) {
            return Err(Errno::INVAL);
        }
        let mut replaces = false;
        if let Ok(old) = nt::open(&target.nt, FILE_READ_ATTRIBUTES, FILE_OPEN_REPARSE_POINT) {
            let same = file_id::is_same(&handle, &old);
            let same_name = source.nt.len() == target.nt.len() && file_id::is_same_name(&handle, &old);
            // POSIX.1-2024 rename: two names of one file: nothing happens. The same name in other case is a real rename.
            if same && !same_name {
                return Ok(());
            }
            if !same {
                match (is_directory, attributes::kind(&old)?) {
                    (false, FileKind::Directory | FileKind::MountPoint) => return Err(Errno::ISDIR),
                    (true, FileKind::File | FileKind::Link) => return Err(Errno::NOTDIR),
                    (true, FileKind::MountPoint) => return Err(Errno::BUSY),
                    (true, FileKind::Directory) if !directory::is_empty(&target) => return Err(Errno::NOTEMPTY),
                    _ => replaces = true,
                }
            }
        }
        let is_busy_inside = |status| status == code::ACCESS_DENIED && is_directory && may_be_free(&handle, &target);
        let may_change =
            |status| is_in_use(status) && patience::is_target_held(&target) || !replaces && is_busy_inside(status);
        let refused = match patience::ask(may_change, || rename_in_one_step(&handle, &target)) {
            Ok(()) => return Ok(()),
            Err(status) => status,
        };
        if !replaces || refused != code::OBJECT_NAME_COLLISION && !is_in_use(refused) {
            return Err(error(&target, refused));
        }
        let old = patience::to_move(&target).map_err(|status| error(&target, status))?;
        // What is moved away could not be put back either.
        if !may_add(&target, is_directory) {
            return Err(error(&target, refused));
        }
        let place = || {
            let step = || nt::set_name(&handle, FileRenameInformation, 0, &target.nt);
            patience::ask(is_busy_inside, step)
        };
        let place_back = || nt::set_name(&handle, FileRenameInformation, 0, &source.nt);
        without_name(old, is_directory, |old| away::replace(&target, old, place, place_back))
            .map_err(|status| error(&target, status))
    }

    /// `linkat`.
    fn link(&self, from_directory: Fd, from: &[u8], to_directory: Fd, to: &[u8], flags: u32) -> Result<()> {
        let target = file(to_directory, to, true)?;
        let make = |handle: &Handle| {
            if matches!(attributes::kind(handle)?, FileKind::Directory | FileKind::MountPoint) {
                return Err(Errno::PERM);
            }
            let may_change = |status| patience::is_held(status) || patience::is_name_going(&target);
            patience::ask(may_change, || nt::set_name(handle, FileLinkInformation, 0, &target.nt))
                .map_err(|status| error(&target, status))
        };
        if from.is_empty() && flags & at::EMPTY_PATH != 0 {
            return stat::with_handle(from_directory, from, flags, FILE_WRITE_ATTRIBUTES, make);
        }
        let source = file(from_directory, from, false)?;
        let follow = flags & at::SYMLINK_FOLLOW != 0;
        make(&stat::open_path(&source, FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES, follow)?)
    }

    /// `symlinkat`. `EPERM` where Windows refuses: it takes a privilege or developer mode. Windows tells links to directories
    /// from links to files when they are made; a target that is not there yet is taken for a file. Absolute targets are kept in
    /// Windows' form.
    fn symlink(&self, target: &[u8], directory: Fd, path: &[u8]) -> Result<()> {
        if target.is_empty() {
            return Err(Errno::NOENT);
        }
        let file = file(directory, path, true)?;
        let there = || nt::open(&file.nt, FILE_READ_ATTRIBUTES, FILE_OPEN_REPARSE_POINT);
        if file.directory || patience::ask(patience::is_going, there).is_ok() {
            return Err(if file.directory { Errno::NOENT } else { Errno::EXIST });
        }
        let mut text = places::with_places(|places| path::link_text(target, places))?;
        text.push(0);
        let mut beside = file.parent().and_then(|parent| path::to_guest(&parent.nt)).unwrap_or_default();
        beside.push(b'/');
        let full = if matches!(target, [b'/' | b'\\', ..] | [_, b':', ..]) {
            target.to_vec()
        } else {
            [&beside, target].concat()
        };
        let to_directory =
            stat::stat(at::CURRENT_DIRECTORY, &full, 0).is_ok_and(|found| found.mode & 0o170_000 == 0o040_000);
        let flags =
            SYMBOLIC_LINK_FLAG_ALLOW_UNPRIVILEGED_CREATE | if to_directory { SYMBOLIC_LINK_FLAG_DIRECTORY } else { 0 };
        // SAFETY: both strings end with a zero.
        if !unsafe { CreateSymbolicLinkW(file.win32().as_ptr(), text.as_ptr(), flags) } {
            let errno = last_error();
            return Err(if errno == Errno::NOSYS { Errno::PERM } else { errno });
        }
        // Wine 8 says yes and does nothing: it has no symbolic links.
        match nt::open(&file.nt, FILE_READ_ATTRIBUTES, FILE_OPEN_REPARSE_POINT) {
            Ok(handle) if attributes::is_link(&handle)? => Ok(()),
            _ => Err(Errno::NOSYS),
        }
    }

    /// `readlinkat`.
    fn read_link(&self, directory: Fd, path: &[u8], buffer: &mut [u8]) -> Result<usize> {
        let target = if path.is_empty() {
            links::target(descriptors::get(directory)?.handle()?)?
        } else {
            match resolve::resolve(directory, path, false)? {
                Target::File(file) => links::target(&stat::open_path(&file, FILE_READ_ATTRIBUTES, false)?)?,
                Target::Device(_) => return Err(Errno::INVAL),
            }
        };
        let count = target.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(&target) {
            *to = *from;
        }
        Ok(count)
    }

    fn set_mode(&self, directory: Fd, path: &[u8], mode: u32, flags: u32) -> Result<()> {
        stat::set_mode(directory, path, mode, flags)
    }

    fn set_owner(&self, directory: Fd, path: &[u8], uid: u32, gid: u32, flags: u32) -> Result<()> {
        stat::set_owner(directory, path, uid, gid, flags)
    }

    fn set_times(&self, directory: Fd, path: &[u8], times: [Timespec; 2], flags: u32) -> Result<()> {
        stat::set_times(directory, path, times, flags)
    }

    fn file_system(&self, directory: Fd, path: &[u8], flags: u32) -> Result<FileSystem> {
        stat::file_system(directory, path, flags)
    }

    /// `chdir`, or `fchdir` with an empty path.
    fn change_directory(&self, directory: Fd, path: &[u8]) -> Result<()> {
        if path.is_empty() {
            let open = descriptors::get(directory)?;
            if open.kind() != Kind::Directory {
                return Err(Errno::NOTDIR);
            }
            return places::set_current(open.handle()?, open.name());
        }
        let (Target::File(file), name) = resolve::resolve_named(directory, path, false)? else {
            return Err(Errno::NOTDIR);
        };
        let handle = nt::open(&file.nt, FILE_READ_ATTRIBUTES, FILE_DIRECTORY_FILE)
            .map_err(|status| places::error(&file, status))?;
        places::set_current(&handle, Some(&name))
    }

    fn current_directory(&self, buffer: &mut [u8]) -> Result<usize> {
        guest::answer(&places::current(), buffer)
    }

    fn absolute_path(&self, path: &[u8], buffer: &mut [u8]) -> Result<usize> {
        guest::answer(&places::absolute(path), buffer)
    }

    fn descriptor_path(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize> {
        let file = descriptors::get(fd)?;
        let handle = file.handle.as_ref().ok_or(Errno::NOENT)?;
        // A name that is gone leads nowhere.
        let gone = file.gone.load(Ordering::Relaxed);
        let name = file.name().filter(|_| attributes::links(handle).is_ok_and(|links| links > gone));
        guest::answer(&places::without_links(handle, name)?, buffer)
    }

    fn set_umask(&self, mask: u32) -> Result<u32> {
        Ok(open::set_umask(mask))
    }

    fn read_directory(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize> {
        descriptors::get(fd)?.list(buffer)
    }
}

/// A file's path; devices are not ours to make, remove or rename.
fn file(directory: Fd, path: &[u8], making: bool) -> Result<FilePath> {
    match resolve::resolve(directory, path, making)? {
        Target::File(file) => Ok(file),
        Target::Device(_) => Err(if making { Errno::EXIST } else { Errno::PERM }),
    }
}

/// The error of a request that found a file in use.
fn error(file: &FilePath, status: i32) -> Errno {
    match status {
        code::CANNOT_DELETE | code::USER_MAPPED_FILE => Errno::BUSY,
        status => places::error(file, status),
    }
}

/// Removes a name of the file of a handle, which goes with it; this process's open files count a name less, where Windows does not.
fn without_name(handle: Handle, is_directory: bool, remove: impl FnOnce(&Handle) -> Status<()>) -> Status<()> {
    // Looked up before: a file that is gone does not tell.
    let open = if is_directory { Vec::new() } else { open_here(&handle) };
    let links = if open.is_empty() { None } else { attributes::links(&handle).ok() };
    remove(&handle)?;
    // The name goes when this handle does.
    drop(handle);
    for open in &open {
        if open.handle().is_ok_and(|handle| attributes::links(handle).ok() == links) {
            open.gone.fetch_add(1, Ordering::Relaxed);
        }
    }
    Ok(())
}

/// POSIX' request; else the older one, whose answer counts: file systems that lack the first, or do it only in part, have many words
/// for that.
fn rename_in_one_step(handle: &Handle, target: &FilePath) -> Status<()> {
    let flags = FILE_RENAME_REPLACE_IF_EXISTS | FILE_RENAME_POSIX_SEMANTICS | FILE_RENAME_IGNORE_READONLY_ATTRIBUTE;
    nt::set_name(handle, FileRenameInformationEx, flags, &target.nt)
        .or_else(|_| nt::set_name(handle, FileRenameInformation, 1, &target.nt))
}

/// Whether this user may make a file or directory of this name.
fn may_add(file: &FilePath, is_directory: bool) -> bool {
    let right = if is_directory { FILE_ADD_SUBDIRECTORY } else { FILE_ADD_FILE };
    file.parent().is_some_and(|parent| nt::open(&parent.nt, right, FILE_DIRECTORY_FILE).is_ok())
}

/// Whether a directory that could not be renamed may be free soon: the right is there, and what is open inside is not open here.
fn may_be_free(directory: &Handle, target: &FilePath) -> bool {
    let Some(mut inside) = nt::final_path(directory).ok().filter(|_| may_add(target, true)) else { return false };
    inside.push(b'\\' as u16);
    let is_inside = |open: &OpenFile| {
        let path = open.handle().and_then(nt::final_path);
        matches!(open.kind(), Kind::File | Kind::Directory) && path.is_ok_and(|path| path.starts_with(&inside))
    };
    !descriptors::all().iter().any(|(_, open, _)| is_inside(open))
}

/// The process's open files that are the file of `handle`.
fn open_here(handle: &Handle) -> Vec<Arc<OpenFile>> {
    let mut open: Vec<_> =
        descriptors::all().into_iter().map(|row| row.1).filter(|open| open.kind() == Kind::File).collect();
    if open.is_empty() {
        return open;
    }
    let number = file_id::number(handle);
    open.retain(|open| number != 0 && open.number() == number);
    // The other half of the identity costs more.
    let volume = if open.is_empty() { 0 } else { volume::of(handle) };
    open.retain(|open| open.volume() == volume && open.handle().is_ok_and(|other| file_id::is_one(other, handle)));
    open
}
