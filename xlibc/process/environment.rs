//! The environment: a list that C may read and assign as `environ`, and that `setenv` grows.

use alloc::vec::Vec;
use core::cell::UnsafeCell;
use core::ffi::CStr;
use core::sync::atomic::{AtomicU64, Ordering};

use crate::rt::{ENVIRON, Errno, Platform, Result, bytes_mut, c_bytes, copy_parts, heap, host, strings};
use crate::types::c_char;

/// Strings and lists that the library allocated: freed when replaced, unlike those of the program.
struct Owned(UnsafeCell<Vec<*mut c_char>>);
// SAFETY: POSIX lets `setenv` and its kin be called from one thread at a time only.
unsafe impl Sync for Owned {}
static STRINGS: Owned = Owned(UnsafeCell::new(Vec::new()));
static LIST: Owned = Owned(UnsafeCell::new(Vec::new()));

/// The strings of the list now in force.
///
/// # Safety
/// `environ` is null or a list of strings ended by a null pointer.
unsafe fn entries() -> impl Iterator<Item = *mut c_char> {
    let mut at = ENVIRON.load(Ordering::Acquire);
    core::iter::from_fn(move || {
        if at.is_null() {
            return None;
        }
        // SAFETY: caller contract: the walk ends at the null pointer.
        let entry = unsafe { *at };
        if entry.is_null() {
            return None;
        }
        // SAFETY: not at the null pointer.
        at = unsafe { at.add(1) };
        Some(entry)
    })
}

/// The value in an entry of this name.
///
/// # Safety
/// `entry` is a string.
unsafe fn value_of(entry: *mut c_char, name: &[u8]) -> Option<*mut c_char> {
    let text = entry.cast_const().cast::<u8>();
    // SAFETY: caller contract: reads stop at the first difference, so at the string's NUL at the latest, as names have none.
    let same = |(at, byte): (usize, &u8)| unsafe { *text.add(at) } == *byte;
    // SAFETY: as above.
    let matches = name.iter().enumerate().all(same) && unsafe { *text.add(name.len()) } == b'=';
    matches.then(|| entry.wrapping_add(name.len() + 1))
}

/// Counts the lists that the library put in force.
static CHANGES: AtomicU64 = AtomicU64::new(0);

/// Differs from an earlier one when the library changed the environment, or the program assigned `environ`. What the program wrote
/// into the list itself does not show.
pub fn stamp() -> (u64, usize) {
    (CHANGES.load(Ordering::Acquire), ENVIRON.load(Ordering::Acquire).addr())
}

/// A name that can be looked up: not empty, without `=`.
pub fn valid_name(name: &[u8]) -> Result<&[u8]> {
    if name.is_empty() || name.contains(&b'=') { Err(Errno::INVAL) } else { Ok(name) }
}

/// `getenv`.
///
/// # Safety
/// As for `entries`.
pub unsafe fn find(name: &[u8]) -> Option<*mut c_char> {
    valid_name(name).ok()?;
    // SAFETY: caller contract; entries are strings.
    unsafe { entries().find_map(|entry| value_of(entry, name)) }
}

/// The value of a variable.
///
/// # Safety
/// As for `entries`; nothing changes the environment during `'a`.
pub unsafe fn value<'a>(name: &[u8]) -> Option<&'a [u8]> {
    // SAFETY: caller contract; the value is a string.
    unsafe { find(name).map(|value| c_bytes(value)) }
}

/// The value of a variable that says which file is opened or what runs: none where the process may do more than whoever set it.
///
/// # Safety
/// As for `value`.
pub unsafe fn trusted_value<'a>(name: &[u8]) -> Option<&'a [u8]> {
    // SAFETY: caller contract.
    if host().is_secure() { None } else { unsafe { value(name) } }
}

/// The list, as C has it.
pub fn list() -> *const *const c_char {
    ENVIRON.load(Ordering::Acquire).cast_const().cast()
}

/// The strings of the list. `ENOMEM`.
///
/// # Safety
/// As for `value`.
pub unsafe fn all<'a>() -> Result<Vec<&'a CStr>> {
    // SAFETY: caller contract.
    unsafe { strings(list()) }
}

/// Puts `string` (`NAME=value`) in the place of the entry of that name, or behind the last. `ENOMEM`.
///
/// # Safety
/// As for `entries`; `string` is a string that stays; one thread at a time.
pub unsafe fn put(string: *mut c_char, name: &[u8]) -> Result<()> {
    // SAFETY: caller contract.
    unsafe { replace(name, Some(string)) }
}

/// `setenv`: puts a copy, which the library frees when it is replaced. `ENOMEM`.
///
/// # Safety
/// As for `entries`; one thread at a time.
pub unsafe fn put_copy(name: &[u8], value: &[u8]) -> Result<()> {
    // SAFETY: caller contract.
    unsafe {
        let string = owned(name, value)?;
        put(string, name).inspect_err(|_| release(string))
    }
}

/// `unsetenv`.
///
/// # Safety
/// As for `put`.
pub unsafe fn remove(name: &[u8]) -> Result<()> {
    // SAFETY: caller contract.
    unsafe { replace(name, None) }
}

/// The list anew, without the entries of `name`, with `string` where the first of them was.
///
/// # Safety
/// As for `put`.
unsafe fn replace(name: &[u8], string: Option<*mut c_char>) -> Result<()> {
    let mut list = Vec::new();
    let mut gone = Vec::new();
    let mut string = string;
    // SAFETY: caller contract.
    for entry in unsafe { entries() } {
        // SAFETY: entries are strings.
        let entry = if unsafe { value_of(entry, name) }.is_some() {
            push(&mut gone, entry)?;
            match string.take() {
                Some(string) => string,
                None => continue,
            }
        } else {
            entry
        };
        push(&mut list, entry)?;
    }
    if let Some(string) = string {
        push(&mut list, string)?;
    }
    push(&mut list, core::ptr::null_mut())?;
    // SAFETY: caller contract: one thread at a time. The old list goes only after the new one is in force.
    let old = unsafe { core::mem::replace(&mut *LIST.0.get(), list) };
    // SAFETY: as above.
    ENVIRON.store(unsafe { (*LIST.0.get()).as_mut_ptr() }, Ordering::Release);
    CHANGES.fetch_add(1, Ordering::AcqRel);
    drop(old);
    for entry in gone {
        // SAFETY: the entry is in no list any more.
        unsafe { release(entry) };
    }
    Ok(())
}

fn push(list: &mut Vec<*mut c_char>, entry: *mut c_char) -> Result<()> {
    list.try_reserve(1).map_err(|_| Errno::NOMEM)?;
    list.push(entry);
    Ok(())
}

/// Frees an entry if the library made it.
///
/// # Safety
/// Nobody uses the entry again; one thread at a time.
unsafe fn release(entry: *mut c_char) {
    // SAFETY: caller contract.
    let strings = unsafe { &mut *STRINGS.0.get() };
    if let Some(index) = strings.iter().position(|string| *string == entry) {
        strings.swap_remove(index);
        // SAFETY: `owned` got it from `malloc`.
        unsafe { heap::release(entry.cast()) };
    }
}

/// A new `NAME=value` that the library frees when it is replaced. `ENOMEM`.
///
/// # Safety
/// One thread at a time.
unsafe fn owned(name: &[u8], value: &[u8]) -> Result<*mut c_char> {
    // SAFETY: caller contract.
    let strings = unsafe { &mut *STRINGS.0.get() };
    strings.try_reserve(1).map_err(|_| Errno::NOMEM)?;
    let length = name.len() + value.len() + 2;
    let data = heap::allocate(length)?;
    // SAFETY: fresh memory of that length.
    copy_parts(unsafe { bytes_mut(data, length) }, &[name, b"=", value, b"\0"]);
    strings.push(data.cast());
    Ok(data.cast())
}

/// `clearenv`.
///
/// # Safety
/// One thread at a time.
pub unsafe fn clear() {
    ENVIRON.store(core::ptr::null_mut(), Ordering::Release);
    CHANGES.fetch_add(1, Ordering::AcqRel);
    // SAFETY: caller contract.
    unsafe {
        (*LIST.0.get()).clear();
        for string in core::mem::take(&mut *STRINGS.0.get()) {
            heap::release(string.cast());
        }
    }
}
