//! How values travel: results as one word, bytes as pointer and length, strings as null-terminated lists.

use alloc::vec::Vec;
use core::ffi::{CStr, c_char};

use platform::{Errno, Result};

/// `>= 0`, or `-errno`.
pub(crate) trait Word {
    fn word(self) -> i64;
}

impl Word for Result<()> {
    fn word(self) -> i64 {
        self.map_or_else(error, |()| 0)
    }
}

impl Word for Result<usize> {
    fn word(self) -> i64 {
        self.map_or_else(error, |value| value as i64)
    }
}

impl Word for Result<u64> {
    fn word(self) -> i64 {
        self.map_or_else(error, |value| value as i64)
    }
}

impl Word for Result<u32> {
    fn word(self) -> i64 {
        self.map_or_else(error, i64::from)
    }
}

impl Word for Result<i32> {
    fn word(self) -> i64 {
        self.map_or_else(error, i64::from)
    }
}

pub(crate) fn error(errno: Errno) -> i64 {
    -i64::from(errno.number())
}

/// The other direction of [`Word`].
pub(crate) fn unword(word: i64) -> Result<usize> {
    if word < 0 { Err(Errno::from_number(i32::try_from(-word).unwrap_or(0))) } else { Ok(word as usize) }
}

/// Stores an answer and gives its word.
///
/// # Safety
/// `out` is valid for one write.
pub(crate) unsafe fn store<T>(out: *mut T, result: Result<T>) -> i64 {
    match result {
        Ok(value) => {
            // SAFETY: caller contract.
            unsafe { out.write(value) };
            0
        }
        Err(errno) => error(errno),
    }
}

/// # Safety
/// `length` bytes at `data` are readable for `'a`, unless `length` is 0.
pub(crate) unsafe fn bytes<'a>(data: *const u8, length: usize) -> &'a [u8] {
    // SAFETY: caller contract; an empty slice needs no memory.
    if length == 0 { &[] } else { unsafe { core::slice::from_raw_parts(data, length) } }
}

/// # Safety
/// `length` bytes at `data` are writable and not otherwise used for `'a`, unless `length` is 0.
pub(crate) unsafe fn bytes_mut<'a>(data: *mut u8, length: usize) -> &'a mut [u8] {
    // SAFETY: caller contract; an empty slice needs no memory.
    if length == 0 { &mut [] } else { unsafe { core::slice::from_raw_parts_mut(data, length) } }
}

/// The strings of a null-terminated list; `ENOMEM` when there is no room for the list.
///
/// # Safety
/// `list` is null or a list of strings ended by a null pointer; all live for `'a`.
pub unsafe fn strings<'a>(list: *const *const c_char) -> Result<Vec<&'a CStr>> {
    let mut count = 0;
    // SAFETY: caller contract: reads stop at the null pointer.
    while !list.is_null() && unsafe { !(*list.add(count)).is_null() } {
        count += 1;
    }
    let mut found = Vec::new();
    // At once: a list that grows leaves holes behind, and each page of a heap that is new costs a page fault.
    found.try_reserve_exact(count).map_err(|_| Errno::NOMEM)?;
    // SAFETY: caller contract: that many strings.
    found.extend((0..count).map(|at| unsafe { CStr::from_ptr(*list.add(at)) }));
    Ok(found)
}

/// A null-terminated list of the strings.
pub(crate) fn list(strings: &[&CStr]) -> Result<Vec<*const c_char>> {
    let mut list = Vec::new();
    list.try_reserve_exact(strings.len() + 1).map_err(|_| Errno::NOMEM)?;
    list.extend(strings.iter().map(|string| string.as_ptr()));
    list.push(core::ptr::null());
    Ok(list)
}
