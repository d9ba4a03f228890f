//! Lists of strings as C has them: pointers, the last one null.

use alloc::vec::Vec;
use core::ffi::{CStr, c_char};

use platform::{Errno, Result};

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
    // SAFETY: caller contract: that many strings, fewer where another thread takes some out meanwhile (`environ`).
    found.extend((0..count).map_while(|at| unsafe { (*list.add(at)).as_ref().map(|string| CStr::from_ptr(string)) }));
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
