//! `<signal.h>`: signals and their names.

use super::super::names;
use crate::rt::c_bytes;
use crate::types::{c_char, c_int};

/// POSIX.1-2024: writes the signal's name without `SIG`. 0, or -1 for a number that is no signal; errno stays.
///
/// # Safety
/// `text` has room for `SIG2STR_MAX` bytes.
#[export]
pub unsafe extern "C" fn sig2str(signal: c_int, text: *mut c_char) -> c_int {
    let Some(name) = names::of(signal) else { return -1 };
    // SAFETY: caller contract.
    unsafe { text.cast::<[u8; names::ROOM]>().write(name.text()) };
    0
}

/// POSIX.1-2024: the signal that a name, as `sig2str` writes it, or a decimal number means. 0, or -1; errno stays.
///
/// # Safety
/// `name` is a string, `signal` valid for one write.
#[export]
pub unsafe extern "C" fn str2sig(name: *const c_char, signal: *mut c_int) -> c_int {
    // SAFETY: caller contract.
    let Some(number) = names::number(unsafe { c_bytes(name) }) else { return -1 };
    // SAFETY: caller contract.
    unsafe { signal.write(number) };
    0
}
