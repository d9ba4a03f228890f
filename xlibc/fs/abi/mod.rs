//! Names: the paths of `<unistd.h>` and `<stdio.h>`, and `realpath`.

pub mod descriptor;
pub mod directory;
pub mod readiness;
pub mod status;

use super::descriptor;
use crate::rt::abi::{at, open};
use crate::rt::{CResult, Errno, Files, Names, Result, blocking, bytes_mut, c_bytes, copy_parts, heap, host, or_null};
use crate::types::{c_char, c_int, c_long, gid_t, off_t, size_t, ssize_t, uid_t};

const HERE: c_int = at::CURRENT_DIRECTORY;

/// POSIX.1-2024. `ENOENT`, `EACCES`.
///
/// # Safety
/// `path` is a string.
#[export]
pub unsafe extern "C" fn access(path: *const c_char, mode: c_int) -> c_int {
    // SAFETY: caller contract.
    unsafe { faccessat(HERE, path, mode, 0) }
}

/// POSIX.1-2024. `EINVAL` for an unknown mode.
///
/// # Safety
/// `path` is a string.
#[export]
pub unsafe extern "C" fn faccessat(directory: c_int, path: *const c_char, mode: c_int, flags: c_int) -> c_int {
    let mode = u32::try_from(mode).ok().filter(|mode| *mode <= 7).ok_or(Errno::INVAL);
    // SAFETY: caller contract.
    mode.and_then(|mode| host().access(directory, unsafe { c_bytes(path) }, mode, flags as u32)).or_minus_one()
}

/// POSIX.1-2024. `ENOENT`, `ENOTDIR`.
///
/// # Safety
/// `path` is a string.
#[export]
pub unsafe extern "C" fn chdir(path: *const c_char) -> c_int {
    // SAFETY: caller contract.
    let path = unsafe { c_bytes(path) };
    let done = if path.is_empty() { Err(Errno::NOENT) } else { host().change_directory(HERE, path) };
    done.or_minus_one()
}

/// POSIX.1-2024. `EBADF`, `ENOTDIR`.
#[export]
pub extern "C" fn fchdir(fd: c_int) -> c_int {
    descriptor(fd).and_then(|fd| host().change_directory(fd, b"")).or_minus_one()
}

/// POSIX.1-2024. `EINVAL` for a size of 0, `ERANGE` for a buffer too small; null allocates, as large as needed.
///
/// # Safety
/// `size` bytes at `buffer` are writable, or it is null.
#[export]
pub unsafe extern "C" fn getcwd(buffer: *mut c_char, size: size_t) -> *mut c_char {
    let place = if buffer.is_null() { None } else { Some((buffer, size)) };
    // SAFETY: caller contract.
    or_null(super::current(host()).and_then(|path| unsafe { give(&path, place, size) }))
}

/// GNU: the current directory in memory of its own.
#[export]
pub extern "C" fn get_current_dir_name() -> *mut c_char {
    // SAFETY: no buffer is given.
    or_null(super::current(host()).and_then(|path| unsafe { give(&path, None, 0) }))
}

/// POSIX.1-2024. `EINVAL` for a null path, `ENOENT`, `ENOTDIR`, `ELOOP`, `ENAMETOOLONG` past the memory given; null allocates.
///
/// # Safety
/// `path` is null or a string; `PATH_MAX` bytes at `resolved` are writable, or it is null.
#[export]
pub unsafe extern "C" fn realpath(path: *const c_char, resolved: *mut c_char) -> *mut c_char {
    if path.is_null() {
        return or_null(Err(Errno::INVAL));
    }
    let place = if resolved.is_null() { None } else { Some((resolved, super::deep::PATH_MAX)) };
    // SAFETY: caller contract.
    or_null(super::canonical(host(), unsafe { c_bytes(path) }).and_then(|found| match place {
        Some((_, room)) if found.len() >= room => Err(Errno::NAMETOOLONG),
        // SAFETY: caller contract.
        place => unsafe { give(&found, place, 0) },
    }))
}

/// Stores a string with its NUL: in the place given, or in memory of at least `size` bytes from `malloc`.
///
/// # Safety
/// The place has as many writable bytes as it says.
unsafe fn give(text: &[u8], place: Option<(*mut c_char, size_t)>, size: size_t) -> Result<*mut c_char> {
    let (target, room) = match place {
        Some((_, 0)) => return Err(Errno::INVAL),
        Some(place) => place,
        None => {
            let room = size.max(text.len() + 1);
            (heap::allocate(room)?.cast(), room)
        }
    };
    if room <= text.len() {
        return Err(Errno::RANGE);
    }
    // SAFETY: room for the text and the NUL was checked.
    copy_parts(unsafe { bytes_mut(target.cast(), text.len() + 1) }, &[text, b"\0"]);
    Ok(target)
}

/// POSIX.1-2024.
///
/// # Safety
/// `path` is a string.
#[export]
pub unsafe extern "C" fn chown(path: *const c_char, owner: uid_t, group: gid_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { fchownat(HERE, path, owner, group, 0) }
}

/// POSIX.1-2024: of a symbolic link itself.
///
/// # Safety
/// `path` is a string.
#[export]
pub unsafe extern "C" fn lchown(path: *const c_char, owner: uid_t, group: gid_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { fchownat(HERE, path, owner, group, at::SYMLINK_NOFOLLOW as c_int) }
}

/// POSIX.1-2024. `EBADF`, `EPERM`.
#[export]
pub extern "C" fn fchown(fd: c_int, owner: uid_t, group: gid_t) -> c_int {
    descriptor(fd).and_then(|fd| host().set_owner(fd, b"", owner, group, at::EMPTY_PATH)).or_minus_one()
}

/// POSIX.1-2024.
///
/// # Safety
/// `path` is a string.
#[export]
pub unsafe extern "C" fn fchownat(
    directory: c_int,
    path: *const c_char,
    owner: uid_t,
    group: gid_t,
    flags: c_int,
) -> c_int {
    // SAFETY: caller contract.
    host().set_owner(directory, unsafe { c_bytes(path) }, owner, group, flags as u32).or_minus_one()
}

/// POSIX.1-2024. `EEXIST`, `EXDEV`.
///
/// # Safety
/// `from` and `to` are strings.
#[export]
pub unsafe extern "C" fn link(from: *const c_char, to: *const c_char) -> c_int {
    // SAFETY: caller contract.
    unsafe { linkat(HERE, from, HERE, to, 0) }
}

/// POSIX.1-2024.
///
/// # Safety
/// `from` and `to` are strings.
#[export]
pub unsafe extern "C" fn linkat(
    from_directory: c_int,
    from: *const c_char,
    to_directory: c_int,
    to: *const c_char,
    flags: c_int,
) -> c_int {
    // SAFETY: caller contract.
    let (from, to) = unsafe { (c_bytes(from), c_bytes(to)) };
    host().link(from_directory, from, to_directory, to, flags as u32).or_minus_one()
}

/// POSIX.1-2024. `EEXIST`; `EPERM` where the host does not let this user make links.
///
/// # Safety
/// `target` and `path` are strings.
#[export]
pub unsafe extern "C" fn symlink(target: *const c_char, path: *const c_char) -> c_int {
    // SAFETY: caller contract.
    unsafe { symlinkat(target, HERE, path) }
}

/// POSIX.1-2024.
///
/// # Safety
/// `target` and `path` are strings.
#[export]
pub unsafe extern "C" fn symlinkat(target: *const c_char, directory: c_int, path: *const c_char) -> c_int {
    // SAFETY: caller contract.
    let (target, path) = unsafe { (c_bytes(target), c_bytes(path)) };
    host().symlink(target, directory, path).or_minus_one()
}

/// POSIX.1-2024. `EINVAL` for anything but a link. No NUL is stored.
///
/// # Safety
/// `path` is a string; `n` bytes at `buffer` are writable.
#[export]
pub unsafe extern "C" fn readlink(path: *const c_char, buffer: *mut c_char, n: size_t) -> ssize_t {
    // SAFETY: caller contract.
    unsafe { readlinkat(HERE, path, buffer, n) }
}

/// POSIX.1-2024.
///
/// # Safety
/// `path` is a string; `n` bytes at `buffer` are writable.
#[export]
pub unsafe extern "C" fn readlinkat(directory: c_int, path: *const c_char, buffer: *mut c_char, n: size_t) -> ssize_t {
    // SAFETY: caller contract.
    let (path, buffer) = unsafe { (c_bytes(path), bytes_mut(buffer.cast(), n)) };
    host().read_link(directory, path, buffer).or_minus_one()
}

/// C23 7.23.4.2, POSIX.1-2024. `ENOTEMPTY`, `EXDEV`, `EISDIR`.
///
/// # Safety
/// `from` and `to` are strings.
#[export]
pub unsafe extern "C" fn rename(from: *const c_char, to: *const c_char) -> c_int {
    // SAFETY: caller contract.
    unsafe { renameat(HERE, from, HERE, to) }
}

/// POSIX.1-2024.
///
/// # Safety
/// `from` and `to` are strings.
#[export]
pub unsafe extern "C" fn renameat(
    from_directory: c_int,
    from: *const c_char,
    to_directory: c_int,
    to: *const c_char,
) -> c_int {
    // SAFETY: caller contract.
    let (from, to) = unsafe { (c_bytes(from), c_bytes(to)) };
    host().rename(from_directory, from, to_directory, to).or_minus_one()
}

/// POSIX.1-2024. `ENOTEMPTY`, `ENOTDIR`.
///
/// # Safety
/// `path` is a string.
#[export]
pub unsafe extern "C" fn rmdir(path: *const c_char) -> c_int {
    // SAFETY: caller contract.
    unsafe { unlinkat(HERE, path, at::REMOVE_DIRECTORY as c_int) }
}

/// POSIX.1-2024. `EISDIR` for a directory.
///
/// # Safety
/// `path` is a string.
#[export]
pub unsafe extern "C" fn unlink(path: *const c_char) -> c_int {
    // SAFETY: caller contract.
    unsafe { unlinkat(HERE, path, 0) }
}

/// POSIX.1-2024.
///
/// # Safety
/// `path` is a string.
#[export]
pub unsafe extern "C" fn unlinkat(directory: c_int, path: *const c_char, flags: c_int) -> c_int {
    // SAFETY: caller contract.
    host().unlink(directory, unsafe { c_bytes(path) }, flags as u32).or_minus_one()
}

/// POSIX.1-2024. `EINVAL` for a negative length, `EISDIR`.
///
/// # Safety
/// `path` is a string.
#[export]
pub unsafe extern "C" fn truncate(path: *const c_char, length: off_t) -> c_int {
    let Ok(length) = u64::try_from(length) else { return Err::<(), _>(Errno::INVAL).or_minus_one() };
    // SAFETY: caller contract.
    let opened = blocking(|| host().open(HERE, unsafe { c_bytes(path) }, open::WRITE_ONLY | open::CLOSE_ON_EXEC, 0));
    let done = opened.and_then(|fd| {
        let done = host().truncate(fd, length);
        host().close(fd).and(done)
    });
    done.or_minus_one()
}

/// POSIX.1-2024: limits of a file. `EINVAL` for an unknown name; -1 without errno for "no limit".
///
/// # Safety
/// `path` is a string.
#[export]
pub unsafe extern "C" fn pathconf(path: *const c_char, name: c_int) -> c_long {
    // SAFETY: caller contract.
    path_limit(HERE, unsafe { c_bytes(path) }, 0, name).or_minus_one()
}

/// POSIX.1-2024.
#[export]
pub extern "C" fn fpathconf(fd: c_int, name: c_int) -> c_long {
    descriptor(fd).and_then(|fd| path_limit(fd, b"", at::EMPTY_PATH, name)).or_minus_one()
}

/// `_PC_*`: the name's value. Those that a file system decides are asked of it.
fn path_limit(directory: c_int, path: &[u8], flags: u32, name: c_int) -> Result<i64> {
    let constant = match name {
        0 => 8,            // LINK_MAX
        1 | 2 | 19 => 255, // MAX_CANON, MAX_INPUT, SYMLINK_MAX
        3 => return host().file_system(directory, path, flags).map(|found| found.name_max as i64),
        4 => super::deep::PATH_MAX as i64,
        5 | 14 | 16 | 17 | 18 => 4096, // PIPE_BUF, transfer sizes and alignments
        6 | 7 | 20 => 1,               // CHOWN_RESTRICTED, NO_TRUNC, 2_SYMLINKS
        8 => 0,                        // VDISABLE
        9..=12 | 15 => -1,             // options without a limit
        13 => 64,                      // FILESIZEBITS
        _ => return Err(Errno::INVAL),
    };
    // A constant still is one of an existing file.
    host().stat(directory, path, flags).map(|_| constant)
}
