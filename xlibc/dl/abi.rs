//! `<dlfcn.h>` and `<link.h>`: the loader's own business, asked through the host table.

use crate::pthread::emutls;
use crate::rt::{AddressInfo, Modules, ObjectInfo, Result, c_bytes, host, thread};
use crate::types::{c_char, c_int, c_void};

/// Remembers a failure's message for `dlerror`.
fn noted<T>(request: impl FnOnce(&mut [u8]) -> Result<T>) -> Option<T> {
    let mut message = [0; 256];
    let result = request(&mut message);
    if result.is_err() {
        message[255] = 0;
        thread().dl_message.set(message);
        thread().dl_pending.set(true);
    }
    result.ok()
}

/// The work of `dlopen`, which passes its own return address as `caller`: DT_RUNPATH and the folder of the calling file count.
///
/// # Safety
/// As for `dlopen`.
unsafe extern "C" fn open_for(path: *const c_char, flags: c_int, caller: usize) -> *mut c_void {
    // SAFETY: caller contract.
    let path = if path.is_null() { None } else { Some(unsafe { c_bytes(path) }) };
    let handle = noted(|message| host().dl_open(path, flags as u32, caller, message));
    core::ptr::with_exposed_provenance_mut(handle.unwrap_or(0))
}

/// POSIX.1-2024: a handle, or null with a message for `dlerror`. A null path is the program itself.
///
/// # Safety
/// `path` is null or a string; the file's initialisers run.
#[cfg(not(any(test, fuzzing)))]
#[unsafe(naked)]
#[export]
pub unsafe extern "C" fn dlopen(path: *const c_char, flags: c_int) -> *mut c_void {
    #[cfg(target_arch = "x86_64")]
    core::arch::naked_asm!("mov rdx, [rsp]", "jmp {}", sym open_for);
    #[cfg(target_arch = "aarch64")]
    core::arch::naked_asm!("mov x2, x30", "b {}", sym open_for);
}

/// POSIX.1-2024: not 0 with a message for `dlerror` for an invalid handle.
///
/// # Safety
/// Nothing of the file is used afterwards.
#[export]
pub unsafe extern "C" fn dlclose(handle: *mut c_void) -> c_int {
    if noted(|message| host().dl_close(handle.addr(), message)).is_none() {
        return -1;
    }
    emutls::forget_unloaded(|address| host().dl_address(address).is_some());
    0
}

/// The work of `dlsym`, which passes its own return address as `caller`: `RTLD_NEXT` starts behind the calling file.
///
/// # Safety
/// `name` is a string.
unsafe extern "C" fn symbol_for(handle: *mut c_void, name: *const c_char, caller: usize) -> *mut c_void {
    // SAFETY: caller contract.
    let name = unsafe { c_bytes(name) };
    let symbol = noted(|message| host().dl_symbol(handle.addr(), name, caller, message));
    core::ptr::with_exposed_provenance_mut(symbol.map_or(0, |symbol| symbol.address))
}

/// POSIX.1-2024: the symbol's address, or null with a message for `dlerror`.
///
/// # Safety
/// `name` is a string.
#[cfg(not(any(test, fuzzing)))]
#[unsafe(naked)]
#[export]
pub unsafe extern "C" fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void {
    #[cfg(target_arch = "x86_64")]
    core::arch::naked_asm!("mov rdx, [rsp]", "jmp {}", sym symbol_for);
    #[cfg(target_arch = "aarch64")]
    core::arch::naked_asm!("mov x2, x30", "b {}", sym symbol_for);
}

/// POSIX.1-2024: the message of the last failure on this thread, null when there was none since the last call.
#[export]
pub extern "C" fn dlerror() -> *mut c_char {
    if thread().dl_pending.replace(false) { thread().dl_message.as_ptr().cast() } else { core::ptr::null_mut() }
}

/// POSIX.1-2024: 0 when the address lies in no loaded file.
///
/// # Safety
/// `out` is valid for one write.
#[export]
pub unsafe extern "C" fn dladdr(address: *const c_void, out: *mut AddressInfo) -> c_int {
    let Some(found) = host().dl_address(address.addr()) else { return 0 };
    // SAFETY: caller contract.
    unsafe { out.write(found) };
    1
}

// The loop is C, as the callback may throw.
crate::export_c!(dl_iterate_phdr => xlibc_dl_iterate_phdr);

/// The loaded files of a moment, in the frame of the C function.
#[repr(C)]
#[derive(Debug)]
pub struct Files {
    /// Null where the loader has no such list: then each file is asked for.
    first: *const ObjectInfo,
    count: usize,
}

/// The files that are loaded now: they stay in memory until `xlibc_dl_end`. No lock is held, so that the callback may do anything.
///
/// # Safety
/// `files` is valid for one write.
#[unsafe(no_mangle)]
unsafe extern "C" fn xlibc_dl_begin(files: *mut Files) {
    let none = Files { first: core::ptr::null(), count: 0 };
    let list = host().dl_objects().map_or(none, |list| Files { first: list.objects, count: list.count });
    // SAFETY: caller contract.
    unsafe { files.write(list) };
}

/// A copy of the file with this number, in load order; 0 past the last.
///
/// # Safety
/// `files` is from `xlibc_dl_begin`; `object` is valid for one write.
#[unsafe(no_mangle)]
unsafe extern "C" fn xlibc_dl_file(files: *const Files, index: usize, object: *mut ObjectInfo) -> c_int {
    // SAFETY: caller contract; the list has that many files.
    let found = unsafe {
        match (*files).first.as_ref() {
            None => host().dl_object(index),
            Some(first) if index < (*files).count => Some(*core::ptr::from_ref(first).add(index)),
            Some(_) => None,
        }
    };
    match found {
        // SAFETY: caller contract.
        Some(found) => unsafe { object.write(found) },
        None => return 0,
    }
    1
}

/// Gives the list back.
///
/// # Safety
/// `files` is from `xlibc_dl_begin`, and this is called once.
#[unsafe(no_mangle)]
unsafe extern "C" fn xlibc_dl_end(files: *const Files) {
    // SAFETY: caller contract.
    let list = unsafe { (*files).first };
    if !list.is_null() {
        // The list is one of the loader's.
        let _ = host().dl_release(list.addr());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_told_once() {
        // SAFETY: a string; the simulation loads nothing.
        assert!(unsafe { open_for(c"none.so".as_ptr(), 2, 0) }.is_null());
        let message = dlerror();
        // SAFETY: the message of this thread, NUL-terminated.
        assert_eq!(unsafe { c_bytes(message) }, b"no loader in a simulation");
        assert!(dlerror().is_null());
        // SAFETY: no such handle, no memory is touched.
        assert!(unsafe { symbol_for(core::ptr::null_mut(), c"name".as_ptr(), 0) }.is_null());
    }
}
