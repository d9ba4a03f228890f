//! The file that the kernel executed: this program, or one that it runs as the interpreter of. `start` says which.

use core::ffi::{CStr, c_char};
use core::sync::atomic::{AtomicBool, AtomicPtr, Ordering};
use platform::{Errno, Fd, Files, Map, Memory, Names, Result, abi};

use crate::{Linux, identity};

/// See [`is_secure`].
static SECURE: AtomicBool = AtomicBool::new(false);
/// The kernel started this program as an interpreter: `/proc/self/exe` is not this program then.
static INTERPRETS: AtomicBool = AtomicBool::new(false);
/// The path in PT_INTERP of the executed file, absolute; null where it has none.
static INTERPRETER: AtomicPtr<c_char> = AtomicPtr::new(core::ptr::null_mut());
/// The absolute path that was executed, null where it is relative or not this program's.
static EXECUTED: AtomicPtr<c_char> = AtomicPtr::new(core::ptr::null_mut());

/// Sets what [`is_secure`] gives.
pub(crate) fn set_secure(secure: bool) {
    SECURE.store(secure, Ordering::Relaxed);
}

/// The kernel started this program as an interpreter, and the executed file names it by this path.
///
/// # Safety
/// `path` is null or a string that stays.
pub(crate) unsafe fn set_interpreter(path: *const c_char) {
    INTERPRETS.store(true, Ordering::Relaxed);
    // SAFETY: caller contract.
    INTERPRETER.store(unsafe { from_top(path) }.cast_mut(), Ordering::Relaxed);
}

/// This program was executed by this absolute path.
pub(crate) fn set_path(path: &'static CStr) {
    EXECUTED.store(path.as_ptr().cast_mut(), Ordering::Relaxed);
}

/// Whether the process may do more than whoever started it: AT_SECURE, or ids that differ.
pub(crate) fn is_secure() -> bool {
    SECURE.load(Ordering::Relaxed)
}

/// The path of this program where the kernel started it as an interpreter: `Some(None)` where it is not known then.
pub(crate) fn interpreter_path() -> Option<Option<&'static CStr>> {
    INTERPRETS.load(Ordering::Relaxed).then(|| path(&INTERPRETER))
}

/// Opens the file that was executed: this program, or one that the kernel started it as the interpreter of. By the kernel's own link;
/// without `/proc` by the path. Where the process has more rights than its starter, the file found there must give those rights by
/// itself: `EACCES` where it does not.
///
/// # Errors
/// As for `open`.
pub fn open_executed() -> Result<Fd> {
    let flags = abi::open::READ_ONLY | abi::open::CLOSE_ON_EXEC;
    let executed = rustix::param::linux_execfn().to_bytes();
    let open = |path| Linux.open(abi::at::CURRENT_DIRECTORY, path, flags | abi::open::NON_BLOCK, 0);
    match open(b"/proc/self/exe") {
        Err(Errno::NOENT | Errno::NOTDIR) => {}
        done => return done,
    }
    let fd = open(executed)?;
    if !is_secure() {
        return Ok(fd);
    }
    match gives_rights(fd) {
        Ok(true) => Ok(fd),
        other => {
            // The descriptor was only looked at.
            let _ = Linux.close(fd);
            other.and(Err(Errno::ACCES))
        }
    }
}

/// Whether executing this file gives the rights that the process has.
fn gives_rights(fd: Fd) -> Result<bool> {
    const SET_USER: u32 = 0o4000;
    /// With the right to execute for the group: without it the bit stands for mandatory locks.
    const SET_GROUP: u32 = 0o2010;
    const NO_SET_ID: u64 = 2;
    let (ids, found) = (identity::ids(), Linux.stat(fd, b"", abi::at::EMPTY_PATH)?);
    let has = |bits: u32| found.mode & bits == bits;
    let user = ids.uid == ids.euid || has(SET_USER) && found.uid == ids.euid;
    let group = ids.gid == ids.egid || has(SET_GROUP) && found.gid == ids.egid;
    let differs = ids.uid != ids.euid || ids.gid != ids.egid;
    let counts = Linux.file_system(fd, b"", abi::at::EMPTY_PATH)?.flags & NO_SET_ID == 0;
    Ok(differs && user && group && counts)
}

/// The path as it is at the start of the process: later ones would lead elsewhere. Null where it has none.
///
/// # Safety
/// `path` is null or a string that stays.
unsafe fn from_top(path: *const c_char) -> *const c_char {
    // SAFETY: caller contract.
    if path.is_null() || unsafe { path.cast::<u8>().read() } == b'/' {
        return path;
    }
    const ROOM_BYTES: usize = 4096;
    let room = Map {
        address: 0,
        length: ROOM_BYTES,
        protection: abi::protection::READ | abi::protection::WRITE,
        flags: abi::mapping::PRIVATE | abi::mapping::ANONYMOUS,
        fd: -1,
        offset: 0,
    };
    let Ok(room) = Linux.map(room) else { return core::ptr::null() };
    // SAFETY: caller contract, and new memory that stays.
    let (relative, room) = unsafe {
        let start = core::ptr::with_exposed_provenance_mut::<u8>(room);
        (CStr::from_ptr(path).to_bytes(), core::slice::from_raw_parts_mut(start, ROOM_BYTES))
    };
    match Linux.absolute_path(relative, room) {
        Ok(length) if length < room.len() => room.as_ptr().cast(),
        _ => core::ptr::null(),
    }
}

/// An absolute path under which the kernel was asked to start this program. It may be a link to it.
pub(crate) fn own_path() -> Option<&'static CStr> {
    path(&EXECUTED)
}

fn path(place: &AtomicPtr<c_char>) -> Option<&'static CStr> {
    let path = place.load(Ordering::Relaxed);
    // SAFETY: a string in the executed file, which stays mapped, or at the end of the first stack.
    (!path.is_null()).then(|| unsafe { CStr::from_ptr(path) })
}
