//! The environment that the program gets.

use alloc::ffi::CString;
use alloc::vec::Vec;
use core::ffi::{CStr, c_char};

use platform::Platform;

use super::secure::may_stay;
use crate::files::absolute;
use crate::link::{Named, library_path};

/// The environment of the program.
pub(super) struct Environment {
    /// Its strings and a null pointer, for the life of the process.
    pub list: *const *const c_char,
    /// What it says about libraries.
    pub named: Named,
    /// `XLOAD_DEBUG`.
    pub debug: Option<&'static [u8]>,
}

impl Environment {
    /// From what the process was given: `given` and its strings. A relative `XLOAD_ROOT` becomes absolute, for the program's own
    /// children too: they may start in another folder.
    pub(super) fn new<P: Platform>(platform: &P, given: *const *const c_char, entries: &[&'static CStr]) -> Self {
        if platform.is_secure() {
            let kept = entries.iter().filter(|entry| may_stay(entry.to_bytes())).map(|entry| entry.as_ptr());
            return Self { list: leaked(kept), named: Named::default(), debug: None };
        }
        let value = |name: &[u8]| entries.iter().find_map(|entry| entry.to_bytes().strip_prefix(name));
        let debug = value(b"XLOAD_DEBUG=");
        let library_path = value(b"LD_LIBRARY_PATH=").map(|list| library_path(platform, list)).unwrap_or_default();
        let named = entries.iter().enumerate().find_map(|(at, entry)| {
            let value = entry.to_bytes().strip_prefix(b"XLOAD_ROOT=")?;
            Some((at, value))
        });
        let Some((at, value)) = named.filter(|(_, value)| !value.is_empty()) else {
            return Self { list: given, named: Named { root: None, library_path }, debug };
        };
        let root = absolute(platform, value);
        let changed = root.as_ref().filter(|root| *root != value);
        let list = match changed.and_then(|root| CString::new([b"XLOAD_ROOT=", &root[..]].concat()).ok()) {
            Some(entry) => {
                let entry: *const c_char = entry.into_raw();
                let same = |(index, old): (usize, &&CStr)| if index == at { entry } else { old.as_ptr() };
                leaked(entries.iter().enumerate().map(same))
            }
            None => given,
        };
        Self { list, named: Named { root, library_path }, debug }
    }
}

/// A list ended by a null pointer, for the life of the process.
fn leaked(entries: impl Iterator<Item = *const c_char>) -> *const *const c_char {
    entries.chain([core::ptr::null()]).collect::<Vec<_>>().leak().as_ptr()
}
