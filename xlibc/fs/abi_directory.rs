//! `<dirent.h>`.

use alloc::boxed::Box;

use super::directory::{DIR, dirent};
use crate::rt::abi::{at, open};
use crate::rt::{CResult, Errno, Platform, c_bytes, host, or_null, set_errno, thread};
use crate::types::{c_char, c_int, c_long, c_void, size_t};

unsafe extern "C" {
    fn malloc(size: size_t) -> *mut c_void;
    fn realloc(data: *mut c_void, size: size_t) -> *mut c_void;
    fn free(data: *mut c_void);
    fn qsort(
        data: *mut c_void,
        count: size_t,
        size: size_t,
        compare: unsafe extern "C" fn(*const c_void, *const c_void) -> c_int,
    );
    fn strcmp(left: *const c_char, right: *const c_char) -> c_int;
}

/// POSIX.1-2024. `ENOENT`, `ENOTDIR`, `EMFILE`.
///
/// # Safety
/// `path` is a string.
#[cfg_attr(not(test), unsafe(no_mangle))]
pub unsafe extern "C" fn opendir(path: *const c_char) -> *mut DIR {
    let flags = open::READ_ONLY | open::DIRECTORY | open::CLOSE_ON_EXEC;
    // SAFETY: caller contract.
    let fd = host().open(at::CURRENT_DIRECTORY, unsafe { c_bytes(path) }, flags, 0);
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
#[cfg_attr(not(test), unsafe(no_mangle))]
pub extern "C" fn fdopendir(fd: c_int) -> *mut DIR {
    let stream = DIR::new(host(), fd).and_then(|stream| host().set_descriptor_flags(fd, 1).map(|()| stream));
    or_null(stream.map(Box::into_raw))
}

/// POSIX.1-2024.
///
/// # Safety
/// `stream` came from `opendir` or `fdopendir` and is not used again.
#[cfg_attr(not(test), unsafe(no_mangle))]
pub unsafe extern "C" fn closedir(stream: *mut DIR) -> c_int {
    // SAFETY: caller contract.
    let stream = unsafe { Box::from_raw(stream) };
    host().close(stream.fd()).or_minus_one()
}

/// POSIX.1-2024: null at the end without errno, null with errno for an error.
///
/// # Safety
/// `stream` is an open stream that no other thread uses.
#[cfg_attr(not(test), unsafe(no_mangle))]
pub unsafe extern "C" fn readdir(stream: *mut DIR) -> *mut dirent {
    // SAFETY: caller contract.
    or_null(unsafe { (*stream).read(host()) })
}

/// POSIX.1-2024 (obsolescent): the error number itself.
///
/// # Safety
/// As for `readdir`; `entry` has room for a name of 255 bytes; `result` is valid for one write.
#[cfg_attr(not(test), unsafe(no_mangle))]
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
#[cfg_attr(not(test), unsafe(no_mangle))]
pub unsafe extern "C" fn rewinddir(stream: *mut DIR) {
    // SAFETY: caller contract.
    unsafe { (*stream).seek(host(), 0) };
}

/// POSIX.1-2024.
///
/// # Safety
/// As for `readdir`; `position` came from `telldir` on this stream.
#[cfg_attr(not(test), unsafe(no_mangle))]
pub unsafe extern "C" fn seekdir(stream: *mut DIR, position: c_long) {
    // SAFETY: caller contract.
    unsafe { (*stream).seek(host(), position) };
}

/// POSIX.1-2024.
///
/// # Safety
/// As for `readdir`.
#[cfg_attr(not(test), unsafe(no_mangle))]
pub unsafe extern "C" fn telldir(stream: *mut DIR) -> c_long {
    // SAFETY: caller contract.
    unsafe { (*stream).position() }
}

/// POSIX.1-2024.
///
/// # Safety
/// `stream` is an open stream.
#[cfg_attr(not(test), unsafe(no_mangle))]
pub unsafe extern "C" fn dirfd(stream: *mut DIR) -> c_int {
    // SAFETY: caller contract.
    unsafe { (*stream).fd() }
}

/// POSIX.1-2024: compares the names in the current locale, which is that of `strcmp` in "C" and "C.UTF-8".
///
/// # Safety
/// Both point to entries.
#[cfg_attr(not(test), unsafe(no_mangle))]
pub unsafe extern "C" fn alphasort(left: *mut *const dirent, right: *mut *const dirent) -> c_int {
    // SAFETY: caller contract.
    unsafe { strcmp((**left).d_name.as_ptr(), (**right).d_name.as_ptr()) }
}

/// What `scandir` asks which entries to keep.
type Select = unsafe extern "C" fn(*const dirent) -> c_int;
/// What `scandir` sorts by.
type Order = unsafe extern "C" fn(*mut *const dirent, *mut *const dirent) -> c_int;

/// POSIX.1-2024: entries that `select` keeps, in memory for `free`, sorted. `ENOMEM` besides what `opendir` reports.
///
/// # Safety
/// `path` is a string, `list` valid for one write, the functions callable with entries.
#[cfg_attr(not(test), unsafe(no_mangle))]
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
    let mut found = Found { entries: core::ptr::null_mut(), count: 0, room: 0 };
    // SAFETY: an open stream of our own; the functions are the caller's.
    let done = unsafe { collect(&mut found, stream, select) };
    // SAFETY: the stream is not used again.
    unsafe { closedir(stream) };
    if let Err(errno) = done {
        // SAFETY: the entries are `malloc`'s and nobody has seen them.
        unsafe { found.free() };
        set_errno(errno);
        return -1;
    }
    if let (Some(order), true) = (order, found.count > 1) {
        // SAFETY: both are functions of two pointers that return an int.
        let compare = unsafe {
            core::mem::transmute::<Order, unsafe extern "C" fn(*const c_void, *const c_void) -> c_int>(order)
        };
        // SAFETY: `count` pointers at `entries`.
        unsafe { qsort(found.entries.cast(), found.count, size_of::<*mut dirent>(), compare) };
    }
    // SAFETY: caller contract.
    unsafe { list.write(found.entries) };
    found.count as c_int
}

/// A growing list in `malloc`'s memory, as `scandir` hands it to its caller.
struct Found {
    entries: *mut *mut dirent,
    count: usize,
    room: usize,
}

/// # Safety
/// As for `scandir`.
unsafe fn collect(found: &mut Found, stream: *mut DIR, select: Option<Select>) -> Result<(), Errno> {
    // SAFETY: caller contract.
    let read = || unsafe { (*stream).read(host()) };
    loop {
        let entry = read()?;
        if entry.is_null() {
            return Ok(());
        }
        // What the caller's function does to errno is its own affair.
        let errno = thread().errno.get();
        // SAFETY: caller contract.
        let keep = select.is_none_or(|select| unsafe { select(entry) } != 0);
        thread().errno.set(errno);
        if keep {
            // SAFETY: a record of the stream.
            unsafe { found.push(entry)? };
        }
    }
}

impl Found {
    /// # Safety
    /// `entry` is a record of `d_reclen` bytes.
    unsafe fn push(&mut self, entry: *const dirent) -> Result<(), Errno> {
        if self.count == self.room {
            let room = (self.room * 2).max(16);
            // SAFETY: `entries` is null or `malloc`'s.
            let grown = unsafe { realloc(self.entries.cast(), room * size_of::<*mut dirent>()) };
            if grown.is_null() {
                return Err(Errno::NOMEM);
            }
            self.entries = grown.cast();
            self.room = room;
        }
        // SAFETY: caller contract.
        let length = usize::from(unsafe { (*entry).d_reclen });
        // SAFETY: `malloc` has no conditions.
        let copy = unsafe { malloc(length) };
        if copy.is_null() {
            return Err(Errno::NOMEM);
        }
        // SAFETY: fresh memory of that length; there is room for one more pointer.
        unsafe {
            copy.cast::<u8>().copy_from_nonoverlapping(entry.cast(), length);
            self.entries.add(self.count).write(copy.cast());
        }
        self.count += 1;
        Ok(())
    }

    /// # Safety
    /// Nobody uses the entries again.
    unsafe fn free(self) {
        for index in 0..self.count {
            // SAFETY: `count` entries were pushed, each from `malloc`.
            unsafe { free((*self.entries.add(index)).cast()) };
        }
        // SAFETY: `malloc`'s or null.
        unsafe { free(self.entries.cast()) };
    }
}
