//! Temporary files of `<stdlib.h>`, and `<libgen.h>`.

use crate::rt::abi::at;
use crate::rt::{CResult, Errno, Names, bytes_mut, c_length, host, set_errno};
use crate::stdlib::file_names;
use crate::types::{c_char, c_int};

/// The bytes of a template.
///
/// # Safety
/// `template` is a writable string.
unsafe fn writable<'a>(template: *mut c_char) -> &'a mut [u8] {
    // SAFETY: caller contract.
    unsafe { bytes_mut(template.cast(), c_length(template)) }
}

/// POSIX.1-2024: a new file of mode 600 whose name replaces the `XXXXXX`. `EINVAL` for a template without them, `EEXIST`.
///
/// # Safety
/// `template` is a writable string.
#[export]
pub unsafe extern "C" fn mkstemp(template: *mut c_char) -> c_int {
    // SAFETY: caller contract.
    unsafe { mkostemps(template, 0, 0) }
}

/// POSIX.1-2024: with flags of `open`.
///
/// # Safety
/// `template` is a writable string.
#[export]
pub unsafe extern "C" fn mkostemp(template: *mut c_char, flags: c_int) -> c_int {
    // SAFETY: caller contract.
    unsafe { mkostemps(template, 0, flags) }
}

/// BSD: `suffix` bytes follow the `XXXXXX`.
///
/// # Safety
/// `template` is a writable string.
#[export]
pub unsafe extern "C" fn mkstemps(template: *mut c_char, suffix: c_int) -> c_int {
    // SAFETY: caller contract.
    unsafe { mkostemps(template, suffix, 0) }
}

/// BSD: both.
///
/// # Safety
/// `template` is a writable string.
#[export]
pub unsafe extern "C" fn mkostemps(template: *mut c_char, suffix: c_int, flags: c_int) -> c_int {
    let suffix = usize::try_from(suffix).map_err(|_| Errno::INVAL);
    // SAFETY: caller contract.
    let template = unsafe { writable(template) };
    suffix.and_then(|suffix| file_names::make_file(host(), template, suffix, flags as u32)).or_minus_one()
}

/// POSIX.1-2024: a new directory of mode 700; the template, or null.
///
/// # Safety
/// `template` is a writable string.
#[export]
pub unsafe extern "C" fn mkdtemp(template: *mut c_char) -> *mut c_char {
    let make = |path: &[u8]| host().make_directory(at::CURRENT_DIRECTORY, path, 0o700);
    // SAFETY: caller contract.
    let made = file_names::make_unique(host(), unsafe { writable(template) }, 0, make);
    made.map(|()| template).or_errno(core::ptr::null_mut())
}

/// BSD (POSIX.1-2001): a name that no file has at this moment; an empty string after a failure. Prefer `mkstemp`.
///
/// # Safety
/// `template` is a writable string.
#[export]
pub unsafe extern "C" fn mktemp(template: *mut c_char) -> *mut c_char {
    // SAFETY: caller contract.
    let text = unsafe { writable(template) };
    if let Err(errno) = file_names::find_free(host(), text) {
        set_errno(errno);
        // SAFETY: a string has at least its NUL.
        unsafe { template.write(0) };
    }
    template
}

/// `.` for paths without a part; POSIX forbids callers to write to it.
fn dot() -> *mut c_char {
    c".".as_ptr().cast_mut()
}

/// POSIX.1-2024: the last name; slashes behind it are cut off in the string itself.
///
/// # Safety
/// `path` is null or a writable string.
#[export]
pub unsafe extern "C" fn basename(path: *mut c_char) -> *mut c_char {
    if path.is_null() {
        return dot();
    }
    // SAFETY: caller contract.
    let Some(name) = file_names::last_name(unsafe { writable(path) }) else { return dot() };
    // SAFETY: inside the string or at its NUL.
    unsafe {
        path.add(name.end).write(0);
        path.add(name.start)
    }
}

/// POSIX.1-2024: the path without its last name, cut off in the string itself.
///
/// # Safety
/// `path` is null or a writable string.
#[export]
pub unsafe extern "C" fn dirname(path: *mut c_char) -> *mut c_char {
    if path.is_null() {
        return dot();
    }
    // SAFETY: caller contract.
    let Some(length) = file_names::directory_length(unsafe { writable(path) }) else { return dot() };
    // SAFETY: inside the string or at its NUL.
    unsafe { path.add(length).write(0) };
    path
}
