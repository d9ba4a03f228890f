//! The locale that the user asks for, POSIX.1-2024 8.2.

use core::ffi::CStr;
use core::sync::atomic::Ordering;

use super::{CATEGORIES, name};
use crate::rt;

const VARIABLES: [&[u8]; CATEGORIES] =
    [b"LC_CTYPE", b"LC_NUMERIC", b"LC_TIME", b"LC_COLLATE", b"LC_MONETARY", b"LC_MESSAGES"];

/// A variable of the environment that is not empty.
pub(super) fn variable(name: &[u8]) -> Option<&'static [u8]> {
    let mut at = rt::ENVIRON.load(Ordering::Acquire);
    if at.is_null() {
        return None;
    }
    // SAFETY: `environ` is a null-terminated array of strings.
    unsafe {
        while !(*at).is_null() {
            let entry = CStr::from_ptr(*at).to_bytes();
            if let Some(value) = entry.strip_prefix(name).and_then(|rest| rest.strip_prefix(b"=")) {
                return (!value.is_empty()).then_some(value);
            }
            at = at.add(1);
        }
    }
    None
}

/// Whether the environment asks for UTF-8 in a category: LC_ALL, else the variable of the category, else LANG, else "C". `None` if the
/// name there is no locale here.
pub(super) fn parse(category: usize) -> Option<bool> {
    let own = VARIABLES.get(category)?;
    match variable(b"LC_ALL").or_else(|| variable(own)).or_else(|| variable(b"LANG")) {
        Some(value) => name::parse(value),
        None => Some(false),
    }
}
