//! `<dirent.h>`.

use alloc::boxed::Box;

use crate::fs::directory::{DIR, dirent};
use crate::fs::selection::{Order, Select, Selection};
use crate::rt::abi::{at, open};
use crate::rt::{CResult, Files, blocking, c_bytes, host, or_null};
use crate::types::{c_char, c_int, c_long};

/// POSIX.1-2024. `ENOENT`, `ENOTDIR`, `EMFILE`.
///
/// # Safety
/// `path` is a string.
#[export]
pub unsafe extern "C" fn opendir(path: *const c_char) -> *mut DIR {
    let flags = open::READ_ONLY | open::DIRECTORY | open::CLOSE_ON_EXEC;
    // SAFETY: caller contract.
    let fd = blocking(|| host().open(at::CURRENT_DIRECTORY, unsafe { c_bytes(path) }, flags, 0));
    or_null(fd.and_then(|fd| match DIR::new(host(), fd) {
        Ok(stream) => Ok(Box::into_raw(stream)),
        Err(errno) => {
            // The error that counts is the first.
            let _ = host().close(fd);
            Err(errno)
        }
    }))
}

/// POSIX.1-2024. `EBADF`, `ENOTDIR`. The stream owns the descriptor from then on.
#[export]
pub extern "C" fn fdopendir(fd: c_int) -> *mut DIR {
    let stream = DIR::new(host(), fd).and_then(|stream| host().set_descriptor_flags(fd, 1).map(|()| stream));
    or_null(stream.map(Box::into_raw))
}

/// POSIX.1-2024.
///
/// # Safety
/// `stream` came from `opendir` or `fdopendir` and is not used again.
#[export]
pub unsafe extern "C" fn closedir(stream: *mut DIR) -> c_int {
    // SAFETY: caller contract.
    let stream = unsafe { Box::from_raw(stream) };
    host().close(stream.fd()).or_minus_one()
}

/// POSIX.1-2024: null at the end without errno, null with errno for an error.
///
/// # Safety
/// `stream` is an open stream that no other thread uses.
#[export]
pub unsafe extern "C" fn readdir(stream: *mut DIR) -> *mut dirent {
    // SAFETY: caller contract.
    or_null(unsafe { (*stream).read(host()) })
}

/// POSIX.1-2024 (obsolescent): the error number itself.
///
/// # Safety
/// As for `readdir`; `entry` has room for a name of 255 bytes; `result` is valid for one write.
#[export]
pub unsafe extern "C" fn readdir_r(stream: *mut DIR, entry: *mut dirent, result: *mut *mut dirent) -> c_int {
    // SAFETY: caller contract.
    match unsafe { (*stream).read(host()) } {
        Ok(found) => {
            if !found.is_null() {
                // SAFETY: a record is at most as long as `struct dirent`, and `entry` has room for that.
                unsafe { entry.cast::<u8>().copy_from_nonoverlapping(found.cast(), usize::from((*found).d_reclen)) };
            }
            // SAFETY: caller contract.
            unsafe { result.write(if found.is_null() { found } else { entry }) };
            0
        }
        Err(errno) => {
            // SAFETY: caller contract.
            unsafe { result.write(core::ptr::null_mut()) };
            errno.number()
        }
    }
}

/// POSIX.1-2024.
///
/// # Safety
/// As for `readdir`.
#[export]
pub unsafe extern "C" fn rewinddir(stream: *mut DIR) {
    // SAFETY: caller contract.
    unsafe { (*stream).seek(host(), 0) };
}

/// POSIX.1-2024.
///
/// # Safety
/// As for `readdir`; `position` came from `telldir` on this stream.
#[export]
pub unsafe extern "C" fn seekdir(stream: *mut DIR, position: c_long) {
    // SAFETY: caller contract.
    unsafe { (*stream).seek(host(), position) };
}

/// POSIX.1-2024.
///
/// # Safety
/// As for `readdir`.
#[export]
pub unsafe extern "C" fn telldir(stream: *mut DIR) -> c_long {
    // SAFETY: caller contract.
    unsafe { (*stream).position() }
}

/// POSIX.1-2024.
///
/// # Safety
/// `stream` is an open stream.
#[export]
pub unsafe extern "C" fn dirfd(stream: *mut DIR) -> c_int {
    // SAFETY: caller contract.
    unsafe { (*stream).fd() }
}

/// POSIX.1-2024: compares the names in the current locale, which is that of `strcmp` in "C" and "C.UTF-8".
///
/// # Safety
/// Both point to entries.
#[export]
pub unsafe extern "C" fn alphasort(left: *mut *const dirent, right: *mut *const dirent) -> c_int {
    // SAFETY: caller contract.
    let names = unsafe { (c_bytes((**left).d_name.as_ptr()), c_bytes((**right).d_name.as_ptr())) };
    names.0.cmp(names.1) as c_int
}

/// POSIX.1-2024: entries that `select` keeps, in memory for `free`, sorted. `ENOMEM` besides what `opendir` reports.
///
/// # Safety
/// `path` is a string, `list` valid for one write, the functions callable with entries.
#[export]
pub unsafe extern "C" fn scandir(
    path: *const c_char,
    list: *mut *mut *mut dirent,
    select: Option<Select>,
    order: Option<Order>,
) -> c_int {
    // SAFETY: caller contract.
    let stream = unsafe { opendir(path) };
    if stream.is_null() {
        return -1;
    }
    // SAFETY: an open stream of our own; the functions are the caller's.
    let found = unsafe { Selection::read(host(), &*stream, select, order) };
    // SAFETY: the stream is not used again.
    unsafe { closedir(stream) };
    let counted = found.map(|found| {
        let (entries, count) = found.into_parts();
        // SAFETY: caller contract.
        unsafe { list.write(entries) };
        count
    });
    counted.or_minus_one()
}
