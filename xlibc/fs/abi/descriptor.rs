//! Descriptors: `<fcntl.h>`, `<sys/uio.h>`, `<sys/ioctl.h>`, `<sys/file.h>`, and the reading and writing of `<unistd.h>`.
//!
//! `open`, `openat`, `fcntl` and `ioctl` are variadic in C with one optional word. In the calling conventions of both CPUs
//! such a word travels where a fixed parameter would, so a fixed signature receives it; it is read only where the call has it.

use crate::fs::{control, descriptor, vectored};
use crate::rt::abi::{at, open as flag};
use crate::rt::{CResult, Errno, Files, blocking, bytes, bytes_mut, c_bytes, host};
use crate::types::{c_char, c_int, c_uint, c_void, iovec, mode_t, off_t, size_t, ssize_t};

/// POSIX.1-2024. `ENOENT`, `EEXIST`, `EISDIR`, `EMFILE`, ...
///
/// # Safety
/// `path` is a string.
#[export]
pub unsafe extern "C" fn open(path: *const c_char, flags: c_int, mode: c_uint) -> c_int {
    // SAFETY: caller contract.
    unsafe { openat(at::CURRENT_DIRECTORY, path, flags, mode) }
}

/// POSIX.1-2024.
///
/// # Safety
/// `path` is a string.
#[export]
pub unsafe extern "C" fn openat(directory: c_int, path: *const c_char, flags: c_int, mode: c_uint) -> c_int {
    let flags = flags as u32;
    let makes = flags & flag::CREATE != 0 || flags & flag::TEMPORARY == flag::TEMPORARY;
    // SAFETY: caller contract.
    blocking(|| host().open(directory, unsafe { c_bytes(path) }, flags, if makes { mode } else { 0 })).or_minus_one()
}

/// POSIX.1-2024: `open` with `O_WRONLY | O_CREAT | O_TRUNC`.
///
/// # Safety
/// `path` is a string.
#[export]
pub unsafe extern "C" fn creat(path: *const c_char, mode: mode_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { open(path, (flag::WRITE_ONLY | flag::CREATE | flag::TRUNCATE) as c_int, mode) }
}

/// POSIX.1-2024. The descriptor is free afterwards, also after an error.
#[export]
pub extern "C" fn close(fd: c_int) -> c_int {
    host().close(fd).or_minus_one()
}

/// POSIX.1-2024. `EBADF`, `EAGAIN`, `EINTR`, `EISDIR`.
///
/// # Safety
/// `n` bytes at `data` are writable.
#[export]
pub unsafe extern "C" fn read(fd: c_int, data: *mut c_void, n: size_t) -> ssize_t {
    // SAFETY: caller contract.
    blocking(|| host().read(fd, unsafe { bytes_mut(data.cast(), n) })).or_minus_one()
}

/// POSIX.1-2024. `EBADF`, `EAGAIN`, `EINTR`, `ENOSPC`, `EPIPE`.
///
/// # Safety
/// `n` bytes at `data` are readable.
#[export]
pub unsafe extern "C" fn write(fd: c_int, data: *const c_void, n: size_t) -> ssize_t {
    // SAFETY: caller contract.
    blocking(|| host().write(fd, unsafe { bytes(data.cast(), n) })).or_minus_one()
}

/// POSIX.1-2024. `EINVAL` for a negative offset, `ESPIPE`.
///
/// # Safety
/// `n` bytes at `data` are writable.
#[export]
pub unsafe extern "C" fn pread(fd: c_int, data: *mut c_void, n: size_t, offset: off_t) -> ssize_t {
    let offset = u64::try_from(offset).map_err(|_| Errno::INVAL);
    // SAFETY: caller contract.
    offset
        .and_then(|offset| blocking(|| host().read_at(fd, unsafe { bytes_mut(data.cast(), n) }, offset)))
        .or_minus_one()
}

/// POSIX.1-2024. `EINVAL` for a negative offset, `ESPIPE`.
///
/// # Safety
/// `n` bytes at `data` are readable.
#[export]
pub unsafe extern "C" fn pwrite(fd: c_int, data: *const c_void, n: size_t, offset: off_t) -> ssize_t {
    let offset = u64::try_from(offset).map_err(|_| Errno::INVAL);
    // SAFETY: caller contract.
    offset.and_then(|offset| blocking(|| host().write_at(fd, unsafe { bytes(data.cast(), n) }, offset))).or_minus_one()
}

/// POSIX.1-2024. `EINVAL` for a bad count.
///
/// # Safety
/// `vector` points to `count` elements, each of writable memory.
#[export]
pub unsafe extern "C" fn readv(fd: c_int, vector: *const iovec, count: c_int) -> ssize_t {
    // SAFETY: caller contract.
    unsafe { vectored::read(host(), fd, vector, count, None) }.or_minus_one()
}

/// POSIX.1-2024. `EINVAL` for a bad count.
///
/// # Safety
/// `vector` points to `count` elements, each of readable memory.
#[export]
pub unsafe extern "C" fn writev(fd: c_int, vector: *const iovec, count: c_int) -> ssize_t {
    // SAFETY: caller contract.
    unsafe { vectored::write(host(), fd, vector, count, None) }.or_minus_one()
}

/// BSD. `EINVAL` for a bad count or a negative offset, `ESPIPE`.
///
/// # Safety
/// `vector` points to `count` elements, each of writable memory.
#[export]
pub unsafe extern "C" fn preadv(fd: c_int, vector: *const iovec, count: c_int, offset: off_t) -> ssize_t {
    let offset = vectored::place(offset);
    // SAFETY: caller contract.
    offset.and_then(|offset| unsafe { vectored::read(host(), fd, vector, count, Some(offset)) }).or_minus_one()
}

/// BSD. `EINVAL` for a bad count or a negative offset, `ESPIPE`.
///
/// # Safety
/// `vector` points to `count` elements, each of readable memory.
#[export]
pub unsafe extern "C" fn pwritev(fd: c_int, vector: *const iovec, count: c_int, offset: off_t) -> ssize_t {
    let offset = vectored::place(offset);
    // SAFETY: caller contract.
    offset.and_then(|offset| unsafe { vectored::write(host(), fd, vector, count, Some(offset)) }).or_minus_one()
}

/// POSIX.1-2024. `ESPIPE`, `EINVAL`.
#[export]
pub extern "C" fn lseek(fd: c_int, offset: off_t, whence: c_int) -> off_t {
    host().seek(fd, offset, whence as u32).or_minus_one()
}

/// POSIX.1-2024. `EBADF`, `EMFILE`.
#[export]
pub extern "C" fn dup(fd: c_int) -> c_int {
    host().duplicate(fd, 0, false).or_minus_one()
}

/// POSIX.1-2024: equal descriptors stay as they are.
#[export]
pub extern "C" fn dup2(fd: c_int, target: c_int) -> c_int {
    let done =
        if fd == target { host().descriptor_flags(fd).map(drop) } else { host().duplicate_to(fd, target, false) };
    done.map(|()| target).or_minus_one()
}

/// POSIX.1-2024. `EINVAL` for equal descriptors or unknown flags.
#[export]
pub extern "C" fn dup3(fd: c_int, target: c_int, flags: c_int) -> c_int {
    let flags = flags as u32;
    let known = if flags & !flag::CLOSE_ON_EXEC == 0 { Ok(()) } else { Err(Errno::INVAL) };
    known.and_then(|()| host().duplicate_to(fd, target, flags != 0)).map(|()| target).or_minus_one()
}

/// POSIX.1-2024. `EMFILE`.
///
/// # Safety
/// `ends` is valid for two writes.
#[export]
pub unsafe extern "C" fn pipe(ends: *mut c_int) -> c_int {
    // SAFETY: caller contract.
    unsafe { pipe2(ends, 0) }
}

/// POSIX.1-2024. `EINVAL` for unknown flags.
///
/// # Safety
/// `ends` is valid for two writes.
#[export]
pub unsafe extern "C" fn pipe2(ends: *mut c_int, flags: c_int) -> c_int {
    let made = host().pipe(flags as u32).map(|(read, write)| {
        // SAFETY: caller contract.
        unsafe { ends.cast::<[c_int; 2]>().write([read, write]) };
    });
    made.or_minus_one()
}

/// POSIX.1-2024. `EINVAL` for an unknown command, `EAGAIN` for a lock that another process holds.
///
/// # Safety
/// For the lock commands `argument` points to a `struct flock`.
#[export]
pub unsafe extern "C" fn fcntl(fd: c_int, command: c_int, argument: usize) -> c_int {
    // SAFETY: caller contract.
    unsafe { control::control(host(), fd, command, argument) }.or_minus_one()
}

/// `TIOCGWINSZ`, `FIONREAD`, `SIOCATMARK`, `FIONBIO`, `FIOCLEX`, `FIONCLEX`; `ENOTTY` for other requests.
///
/// # Safety
/// `argument` is what the request asks for.
#[export]
pub unsafe extern "C" fn ioctl(fd: c_int, request: c_int, argument: usize) -> c_int {
    // SAFETY: caller contract.
    unsafe { control::device_control(host(), fd, request, argument) }.or_minus_one()
}

/// POSIX.1-2024. `EAGAIN` or `EACCES` for a lock that another process holds, `EINVAL`.
#[export]
pub extern "C" fn lockf(fd: c_int, function: c_int, length: off_t) -> c_int {
    control::lock_here(host(), fd, function, length).or_minus_one()
}

/// BSD: a lock of the open file. `EWOULDBLOCK` with `LOCK_NB`.
#[export]
pub extern "C" fn flock(fd: c_int, operation: c_int) -> c_int {
    blocking(|| host().lock_file(fd, operation as u32)).or_minus_one()
}

/// POSIX.1-2024. `EBADF`, `EIO`, `EINVAL` for what cannot be synchronised.
#[export]
pub extern "C" fn fsync(fd: c_int) -> c_int {
    blocking(|| host().sync(fd, false)).or_minus_one()
}

/// POSIX.1-2024.
#[export]
pub extern "C" fn fdatasync(fd: c_int) -> c_int {
    blocking(|| host().sync(fd, true)).or_minus_one()
}

/// POSIX.1-2024. `EINVAL` for a negative length or a descriptor that is not open for writing.
#[export]
pub extern "C" fn ftruncate(fd: c_int, length: off_t) -> c_int {
    let length = u64::try_from(length).map_err(|_| Errno::INVAL);
    length.and_then(|length| host().truncate(fd, length)).or_minus_one()
}

/// POSIX.1-2024: the error number itself; `EINVAL` for a length that is not positive, `ENOSPC`.
#[export]
pub extern "C" fn posix_fallocate(fd: c_int, offset: off_t, length: off_t) -> c_int {
    match (u64::try_from(offset), u64::try_from(length)) {
        (Ok(offset), Ok(length)) if length > 0 => host().allocate(fd, offset, length).error_number(),
        _ => Errno::INVAL.number(),
    }
}

/// Linux: copies between descriptors; with `offset` the source's own offset stays.
///
/// # Safety
/// `offset` is null or valid for reading and writing.
#[export]
pub unsafe extern "C" fn sendfile(target: c_int, source: c_int, offset: *mut off_t, n: size_t) -> ssize_t {
    // SAFETY: caller contract.
    let Some(offset) = (unsafe { offset.as_mut() }) else {
        return blocking(|| host().copy(target, source, None, n)).or_minus_one();
    };
    let Ok(at) = u64::try_from(*offset) else { return Err::<usize, _>(Errno::INVAL).or_minus_one() };
    let copied = blocking(|| host().copy(target, source, Some(at), n));
    *offset += copied.unwrap_or(0) as off_t;
    copied.or_minus_one()
}

/// POSIX.1-2024: 1 for a terminal, else 0 with `ENOTTY` or `EBADF`.
#[export]
pub extern "C" fn isatty(fd: c_int) -> c_int {
    descriptor(fd).and_then(|fd| host().terminal_size(fd)).map(|_| 1).or_errno(0)
}
