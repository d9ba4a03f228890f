//! `<sys/stat.h>`, `<sys/statvfs.h>`, `<utime.h>` and the times of `<sys/time.h>`.

use crate::fs::descriptor;
use crate::fs::status::{stat, statvfs};
use crate::rt::abi::{at, file_time};
use crate::rt::{CResult, Errno, Result, c_bytes, host, set_errno};
use crate::types::{c_char, c_int, mode_t, time_t, timespec, timeval};
use platform::{Files, Names, Timespec};

/// # Safety
/// `out` is valid for one write.
unsafe fn store<T, C: From<T>>(out: *mut C, result: Result<T>) -> c_int {
    match result {
        Ok(value) => {
            // SAFETY: caller contract.
            unsafe { out.write(value.into()) };
            0
        }
        Err(errno) => {
            set_errno(errno);
            -1
        }
    }
}

/// POSIX.1-2024. `ENOENT`, `ENOTDIR`, `EACCES`, `ELOOP`, `ENAMETOOLONG` from the path.
///
/// # Safety
/// `path` is a string, `out` valid for one write.
#[export("stat")]
pub unsafe extern "C" fn stat_path(path: *const c_char, out: *mut stat) -> c_int {
    // SAFETY: caller contract.
    unsafe { store(out, host().stat(at::CURRENT_DIRECTORY, c_bytes(path), 0)) }
}

/// POSIX.1-2024: as `stat`, of a symbolic link itself.
///
/// # Safety
/// As for `stat`.
#[export]
pub unsafe extern "C" fn lstat(path: *const c_char, out: *mut stat) -> c_int {
    // SAFETY: caller contract.
    unsafe { store(out, host().stat(at::CURRENT_DIRECTORY, c_bytes(path), at::SYMLINK_NOFOLLOW)) }
}

/// POSIX.1-2024. `EBADF`.
///
/// # Safety
/// `out` is valid for one write.
#[export]
pub unsafe extern "C" fn fstat(fd: c_int, out: *mut stat) -> c_int {
    // SAFETY: caller contract.
    unsafe { store(out, descriptor(fd).and_then(|fd| host().stat(fd, b"", at::EMPTY_PATH))) }
}

/// POSIX.1-2024. `EINVAL` for unknown flags.
///
/// # Safety
/// As for `stat`.
#[export]
pub unsafe extern "C" fn fstatat(directory: c_int, path: *const c_char, out: *mut stat, flags: c_int) -> c_int {
    // SAFETY: caller contract.
    unsafe { store(out, host().stat(directory, c_bytes(path), flags as u32)) }
}

/// POSIX.1-2024.
///
/// # Safety
/// `path` is a string, `out` valid for one write.
#[export("statvfs")]
pub unsafe extern "C" fn statvfs_path(path: *const c_char, out: *mut statvfs) -> c_int {
    // SAFETY: caller contract.
    unsafe { store(out, host().file_system(at::CURRENT_DIRECTORY, c_bytes(path), 0)) }
}

/// POSIX.1-2024. `EBADF`.
///
/// # Safety
/// `out` is valid for one write.
#[export]
pub unsafe extern "C" fn fstatvfs(fd: c_int, out: *mut statvfs) -> c_int {
    // SAFETY: caller contract.
    unsafe { store(out, descriptor(fd).and_then(|fd| host().file_system(fd, b"", at::EMPTY_PATH))) }
}

/// POSIX.1-2024.
///
/// # Safety
/// `path` is a string.
#[export]
pub unsafe extern "C" fn chmod(path: *const c_char, mode: mode_t) -> c_int {
    // SAFETY: caller contract.
    host().set_mode(at::CURRENT_DIRECTORY, unsafe { c_bytes(path) }, mode, 0).or_minus_one()
}

/// POSIX.1-2024. `EBADF`.
#[export]
pub extern "C" fn fchmod(fd: c_int, mode: mode_t) -> c_int {
    descriptor(fd).and_then(|fd| host().set_mode(fd, b"", mode, at::EMPTY_PATH)).or_minus_one()
}

/// POSIX.1-2024. `EINVAL` for an unknown flag, `EOPNOTSUPP` with `AT_SYMLINK_NOFOLLOW` on a link where links have no mode.
///
/// # Safety
/// `path` is a string.
#[export]
pub unsafe extern "C" fn fchmodat(directory: c_int, path: *const c_char, mode: mode_t, flags: c_int) -> c_int {
    if flags as u32 & !(at::SYMLINK_NOFOLLOW | at::EMPTY_PATH) != 0 {
        return Err::<(), _>(Errno::INVAL).or_minus_one();
    }
    // SAFETY: caller contract.
    host().set_mode(directory, unsafe { c_bytes(path) }, mode, flags as u32).or_minus_one()
}

/// POSIX.1-2024. `EEXIST`.
///
/// # Safety
/// `path` is a string.
#[export]
pub unsafe extern "C" fn mkdir(path: *const c_char, mode: mode_t) -> c_int {
    // SAFETY: caller contract.
    host().make_directory(at::CURRENT_DIRECTORY, unsafe { c_bytes(path) }, mode).or_minus_one()
}

/// POSIX.1-2024.
///
/// # Safety
/// `path` is a string.
#[export]
pub unsafe extern "C" fn mkdirat(directory: c_int, path: *const c_char, mode: mode_t) -> c_int {
    // SAFETY: caller contract.
    host().make_directory(directory, unsafe { c_bytes(path) }, mode).or_minus_one()
}

/// POSIX.1-2024. Cannot fail.
#[export]
pub extern "C" fn umask(mask: mode_t) -> mode_t {
    host().set_umask(mask).unwrap_or(0)
}

const NOW: Timespec = Timespec { seconds: 0, nanoseconds: file_time::NOW };

/// Two times in C memory; a null pointer means now.
///
/// # Safety
/// `times` is null or points to two readable elements.
unsafe fn times<T: Copy>(times: *const T, convert: impl Fn(T) -> Result<Timespec>) -> Result<[Timespec; 2]> {
    if times.is_null() {
        return Ok([NOW; 2]);
    }
    // SAFETY: caller contract.
    let (accessed, modified) = unsafe { (times.read(), times.add(1).read()) };
    Ok([convert(accessed)?, convert(modified)?])
}

fn exact(time: timespec) -> Result<Timespec> {
    match time.tv_nsec {
        0..1_000_000_000 | file_time::NOW | file_time::OMIT => Ok(time.into()),
        _ => Err(Errno::INVAL),
    }
}

fn micro(time: timeval) -> Result<Timespec> {
    match time.tv_usec {
        0..1_000_000 => Ok(Timespec { seconds: time.tv_sec, nanoseconds: time.tv_usec * 1000 }),
        _ => Err(Errno::INVAL),
    }
}

/// POSIX.1-2024. `EINVAL` for nanoseconds out of range.
///
/// # Safety
/// `path` is a string; `time` is null or points to two elements.
#[export]
pub unsafe extern "C" fn utimensat(
    directory: c_int,
    path: *const c_char,
    time: *const timespec,
    flags: c_int,
) -> c_int {
    // SAFETY: caller contract.
    let (path, time) = unsafe { (c_bytes(path), times(time, exact)) };
    time.and_then(|time| host().set_times(directory, path, time, flags as u32)).or_minus_one()
}

/// POSIX.1-2024. `EBADF`.
///
/// # Safety
/// `time` is null or points to two elements.
#[export]
pub unsafe extern "C" fn futimens(fd: c_int, time: *const timespec) -> c_int {
    // SAFETY: caller contract.
    let time = unsafe { times(time, exact) };
    descriptor(fd).and_then(|fd| host().set_times(fd, b"", time?, at::EMPTY_PATH)).or_minus_one()
}

/// POSIX.1-2024.
///
/// # Safety
/// `path` is a string; `time` is null or points to two elements.
#[export]
pub unsafe extern "C" fn utimes(path: *const c_char, time: *const timeval) -> c_int {
    // SAFETY: caller contract.
    let (path, time) = unsafe { (c_bytes(path), times(time, micro)) };
    time.and_then(|time| host().set_times(at::CURRENT_DIRECTORY, path, time, 0)).or_minus_one()
}

/// POSIX.1-2008 `<utime.h>`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
#[expect(missing_docs, reason = "C's names")]
pub struct utimbuf {
    pub actime: time_t,
    pub modtime: time_t,
}

/// POSIX.1-2008: seconds of access and modification.
///
/// # Safety
/// `path` is a string; `time` is null or valid.
#[export]
pub unsafe extern "C" fn utime(path: *const c_char, time: *const utimbuf) -> c_int {
    let whole = |seconds| Ok(Timespec { seconds, nanoseconds: 0 });
    // SAFETY: caller contract.
    let (path, time) = unsafe { (c_bytes(path), times(time.cast::<time_t>(), whole)) };
    time.and_then(|time| host().set_times(at::CURRENT_DIRECTORY, path, time, 0)).or_minus_one()
}
