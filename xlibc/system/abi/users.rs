//! `<pwd.h>` and the login name.

use alloc::vec::Vec;
use core::cell::UnsafeCell;

use crate::environment;
use crate::rt::{CResult, Errno, Process, Result, bytes_mut, c_bytes, copy_parts, host, set_errno};
use crate::system::users::{User, read_all, users};
use crate::types::{c_char, c_int, gid_t, size_t, uid_t};

/// POSIX.1-2024 `struct passwd`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
#[expect(missing_docs, reason = "POSIX's names")]
pub struct passwd {
    pub pw_name: *mut c_char,
    pub pw_passwd: *mut c_char,
    pub pw_uid: uid_t,
    pub pw_gid: gid_t,
    pub pw_gecos: *mut c_char,
    pub pw_dir: *mut c_char,
    pub pw_shell: *mut c_char,
}

const _: () = assert!(size_of::<passwd>() == 48);

/// The lines of the data base.
fn data_base() -> Result<Vec<u8>> {
    read_all(host(), |name| {
        // SAFETY: `environ` is a list by the ABI's contract.
        unsafe { environment::trusted_value(name) }
    })
}

/// Copies a user's strings into the buffer. `ERANGE` when they do not fit.
fn store(user: &User<'_>, buffer: &mut [u8]) -> Result<passwd> {
    let mut rest = buffer;
    let mut string = |text: &[u8]| {
        let (target, after) = core::mem::take(&mut rest).split_at_mut_checked(text.len() + 1).ok_or(Errno::RANGE)?;
        copy_parts(target, &[text, b"\0"]);
        rest = after;
        Ok(target.as_mut_ptr().cast::<c_char>())
    };
    Ok(passwd {
        pw_name: string(user.name)?,
        pw_passwd: string(user.password)?,
        pw_uid: user.uid,
        pw_gid: user.gid,
        pw_gecos: string(user.comment)?,
        pw_dir: string(user.home)?,
        pw_shell: string(user.shell)?,
    })
}

/// Finds a user for the `_r` functions: 0 with a null result when there is none, else the error number.
///
/// # Safety
/// `entry` and `result` are valid for one write, `n` bytes at `buffer` writable.
unsafe fn find(
    wanted: impl Fn(&User<'_>) -> bool,
    entry: *mut passwd,
    buffer: *mut c_char,
    n: size_t,
    result: *mut *mut passwd,
) -> c_int {
    // SAFETY: caller contract.
    unsafe { result.write(core::ptr::null_mut()) };
    let found = data_base().and_then(|text| match users(&text).find(wanted) {
        // SAFETY: caller contract.
        Some(user) => store(&user, unsafe { bytes_mut(buffer.cast(), n) }).map(Some),
        None => Ok(None),
    });
    found
        .map(|found| {
            if let Some(found) = found {
                // SAFETY: caller contract.
                unsafe {
                    entry.write(found);
                    result.write(entry);
                }
            }
        })
        .error_number()
}

/// POSIX.1-2024: the error number itself; `ERANGE`.
///
/// # Safety
/// `name` is a string; `entry` and `result` are valid for one write, `n` bytes at `buffer` writable.
#[export]
pub unsafe extern "C" fn getpwnam_r(
    name: *const c_char,
    entry: *mut passwd,
    buffer: *mut c_char,
    n: size_t,
    result: *mut *mut passwd,
) -> c_int {
    // SAFETY: caller contract.
    let name = unsafe { c_bytes(name) };
    // SAFETY: caller contract.
    unsafe { find(|user| user.name == name, entry, buffer, n, result) }
}

/// POSIX.1-2024: the error number itself; `ERANGE`.
///
/// # Safety
/// `entry` and `result` are valid for one write, `n` bytes at `buffer` writable.
#[export]
pub unsafe extern "C" fn getpwuid_r(
    uid: uid_t,
    entry: *mut passwd,
    buffer: *mut c_char,
    n: size_t,
    result: *mut *mut passwd,
) -> c_int {
    // SAFETY: caller contract.
    unsafe { find(|user| user.uid == uid, entry, buffer, n, result) }
}

/// What the functions without `_r` return: overwritten by the next call, as POSIX allows.
struct Shared(UnsafeCell<(passwd, [u8; 1024])>);
// SAFETY: POSIX makes the callers of these functions responsible for excluding each other.
unsafe impl Sync for Shared {}
// SAFETY: null pointers and zeros are a valid value.
static SHARED: Shared = Shared(UnsafeCell::new(unsafe { core::mem::zeroed() }));

/// Runs a lookup into the shared result.
fn shared(lookup: impl FnOnce(*mut passwd, *mut c_char, size_t, *mut *mut passwd) -> c_int) -> *mut passwd {
    let place = SHARED.0.get();
    let mut result = core::ptr::null_mut();
    // SAFETY: the static lives for ever; see `Shared`.
    let (entry, buffer) = unsafe { (&raw mut (*place).0, (&raw mut (*place).1).cast()) };
    let number = lookup(entry, buffer, 1024, &raw mut result);
    if number != 0 {
        set_errno(Errno::from_number(number));
    }
    result
}

/// POSIX.1-2024: null without errno when there is no such user.
///
/// # Safety
/// `name` is a string.
#[export]
pub unsafe extern "C" fn getpwnam(name: *const c_char) -> *mut passwd {
    // SAFETY: caller contract; the places are the shared ones.
    shared(|entry, buffer, n, result| unsafe { getpwnam_r(name, entry, buffer, n, result) })
}

/// POSIX.1-2024: null without errno when there is no such user.
#[export]
pub extern "C" fn getpwuid(uid: uid_t) -> *mut passwd {
    // SAFETY: the places are the shared ones.
    shared(|entry, buffer, n, result| unsafe { getpwuid_r(uid, entry, buffer, n, result) })
}

/// The data base as `getpwent` walks it.
struct Walk(UnsafeCell<(Option<Vec<u8>>, usize)>);
// SAFETY: as for `Shared`.
unsafe impl Sync for Walk {}
static WALK: Walk = Walk(UnsafeCell::new((None, 0)));

/// POSIX.1-2024 (XSI): the next user, null at the end.
#[export]
pub extern "C" fn getpwent() -> *mut passwd {
    // SAFETY: POSIX excludes concurrent callers.
    let (text, index) = unsafe { &mut *WALK.0.get() };
    if text.is_none() {
        match data_base() {
            Ok(read) => *text = Some(read),
            Err(errno) => {
                set_errno(errno);
                return core::ptr::null_mut();
            }
        }
    }
    let Some(user) = text.as_deref().and_then(|text| users(text).nth(*index)) else { return core::ptr::null_mut() };
    shared(|entry, buffer, n, result| {
        // SAFETY: the places are the shared ones.
        let stored = store(&user, unsafe { bytes_mut(buffer.cast(), n) }).map(|found| unsafe {
            entry.write(found);
            result.write(entry);
            *index += 1;
        });
        stored.error_number()
    })
}

/// POSIX.1-2024 (XSI): back to the first user.
#[export]
pub extern "C" fn setpwent() {
    // SAFETY: POSIX excludes concurrent callers.
    unsafe { *WALK.0.get() = (None, 0) };
}

/// POSIX.1-2024 (XSI): ends the walk.
#[export]
pub extern "C" fn endpwent() {
    setpwent();
}

/// POSIX.1-2024: the error number itself. `ENXIO` when the user has no name, `ERANGE`.
///
/// # Safety
/// `n` bytes at `buffer` are writable.
#[export]
pub unsafe extern "C" fn getlogin_r(buffer: *mut c_char, n: size_t) -> c_int {
    let uid = host().ids().uid;
    let found = data_base().and_then(|text| {
        let user = users(&text).find(|user| user.uid == uid).ok_or(Errno::NXIO)?;
        // SAFETY: caller contract.
        let target = unsafe { bytes_mut(buffer.cast(), n) }.get_mut(..=user.name.len()).ok_or(Errno::RANGE)?;
        copy_parts(target, &[user.name, b"\0"]);
        Ok(())
    });
    found.error_number()
}

/// POSIX.1-2024: null with errno. `ENXIO`.
#[export]
pub extern "C" fn getlogin() -> *mut c_char {
    struct Name(UnsafeCell<[u8; 256]>);
    // SAFETY: as for `Shared`.
    unsafe impl Sync for Name {}
    static NAME: Name = Name(UnsafeCell::new([0; 256]));
    // SAFETY: 256 bytes of a static.
    match unsafe { getlogin_r(NAME.0.get().cast(), 256) } {
        0 => NAME.0.get().cast(),
        number => {
            set_errno(Errno::from_number(number));
            core::ptr::null_mut()
        }
    }
}
