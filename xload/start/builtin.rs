//! The library `_xload`, which is the loader itself.
//!
//! Functions that fail give -1 or null and leave the error number for `xload_errno`.

use alloc::ffi::CString;
use alloc::vec::Vec;
use core::ffi::{CStr, c_char};
use core::sync::atomic::{AtomicI32, Ordering};

use loader_abi::{Host, Modules, guest_fn, strings};
use platform::{Errno, Files, Process as _};
use spin::Once;

use super::process::Process;
use crate::link::Builtin;

/// `xload_open`, `xload_sym`: a library of the host, which this loader has not.
const OF_HOST: i32 = 1;

static LAST_ERROR: AtomicI32 = AtomicI32::new(0);
static ROOT: Once<CString> = Once::new();

/// All symbols of the library.
pub(super) fn list<S: Process>(table: &'static Host) -> Vec<Builtin> {
    alloc::vec![
        (&b"xload_host"[..], core::ptr::from_ref(table) as usize),
        (b"xload_open", open::<S> as *const () as usize),
        (b"xload_sym", sym::<S> as *const () as usize),
        (b"xload_exit", exit::<S> as *const () as usize),
        (b"xload_write", write::<S> as *const () as usize),
        (b"xload_errno", errno as *const () as usize),
        (b"xload_root", root::<S> as *const () as usize),
        (b"xload_exec", exec::<S> as *const () as usize),
    ]
}

fn failed(errno: Errno) {
    LAST_ERROR.store(errno.number(), Ordering::Relaxed);
}

guest_fn! {
    /// `void *xload_open(const char *path, int flags)`
    unsafe fn open<S: Process>(path: *const c_char, flags: i32) -> usize {
        if flags & OF_HOST != 0 {
            failed(Errno::NOSYS);
            return 0;
        }
        // SAFETY: null or a string, by the contract of the function.
        let path = if path.is_null() { None } else { Some(unsafe { CStr::from_ptr(path) }.to_bytes()) };
        S::linker().dl_open(path, 0, 0, &mut []).unwrap_or_else(|errno| {
            failed(errno);
            0
        })
    }
}

guest_fn! {
    /// `void *xload_sym(void *handle, const char *name, int flags)`
    unsafe fn sym<S: Process>(handle: usize, name: *const c_char, flags: i32) -> usize {
        if flags & OF_HOST != 0 {
            failed(Errno::NOSYS);
            return 0;
        }
        // SAFETY: a string, by the contract of the function.
        let name = unsafe { CStr::from_ptr(name) }.to_bytes();
        S::linker().dl_symbol(handle, name, 0, &mut []).map_or_else(
            |errno| {
                failed(errno);
                0
            },
            |symbol| symbol.address,
        )
    }
}

guest_fn! {
    /// `_Noreturn void xload_exit(int code)`
    unsafe fn exit<S: Process>(code: i32) -> ! {
        S::linker().finalize();
        S::host().exit(code)
    }
}

guest_fn! {
    /// `long xload_write(int fd, const void *data, size_t length)`
    unsafe fn write<S: Process>(fd: i32, data: *const u8, length: usize) -> i64 {
        // SAFETY: `length` readable bytes, by the contract of the function.
        let data = if length == 0 { &[] } else { unsafe { core::slice::from_raw_parts(data, length) } };
        match S::host().write(fd, data) {
            Ok(written) => written as i64,
            Err(errno) => {
                failed(errno);
                -1
            }
        }
    }
}

guest_fn! {
    /// `int xload_errno(void)`
    unsafe fn errno() -> i32 {
        LAST_ERROR.load(Ordering::Relaxed)
    }
}

guest_fn! {
    /// `const char *xload_root(void)`: null where there is no root.
    unsafe fn root<S: Process>() -> *const c_char {
        match S::linker().root() {
            Some(root) => ROOT.call_once(|| CString::new(root).unwrap_or_default()).as_ptr(),
            None => {
                failed(Errno::NOENT);
                core::ptr::null()
            }
        }
    }
}

guest_fn! {
    /// `int xload_exec(const char *path, char *const argv[], char *const envp[])`
    unsafe fn exec<S: Process>(path: *const c_char, arguments: *const *const c_char, environment: *const *const c_char) -> i32 {
        // SAFETY: a string and lists of strings, by the contract of the function.
        let (path, lists) = unsafe { (CStr::from_ptr(path), (strings(arguments), strings(environment))) };
        let (Ok(arguments), Ok(environment)) = lists else {
            failed(Errno::NOMEM);
            return -1;
        };
        let Err(errno) = crate::exec::exec(S::host(), path.to_bytes(), &arguments, &environment);
        failed(errno);
        -1
    }
}
