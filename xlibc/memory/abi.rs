//! `<sys/mman.h>`: mappings. Addresses are the caller's affair, as C has it.

use crate::rt::{CResult, Errno, Result, blocking, host};
use crate::types::{c_int, c_void, off_t, size_t};
use platform::{Facts, Map, Memory};

/// `MAP_FAILED`.
const FAILED: *mut c_void = core::ptr::without_provenance_mut(usize::MAX);

fn or_failed(result: Result<usize>) -> *mut c_void {
    result.map(core::ptr::with_exposed_provenance_mut).or_errno(FAILED)
}

/// POSIX.1-2024. `EINVAL` for a length of 0 or an offset that is no multiple of the page, `ENOMEM`, `EBADF`, `EACCES`.
#[export]
pub extern "C" fn mmap(
    address: *mut c_void,
    length: size_t,
    protection: c_int,
    flags: c_int,
    fd: c_int,
    offset: off_t,
) -> *mut c_void {
    let page = host().page_bytes() as u64;
    let offset = u64::try_from(offset).ok().filter(|offset| offset.is_multiple_of(page) && length > 0);
    let request = offset.ok_or(Errno::INVAL).map(|offset| Map {
        address: address.addr(),
        length,
        protection: protection as u32,
        flags: flags as u32,
        fd,
        offset,
    });
    or_failed(request.and_then(|request| host().map(request)))
}

/// POSIX.1-2024. `EINVAL` for a length of 0 or an address that is no multiple of the page.
#[export]
pub extern "C" fn munmap(address: *mut c_void, length: size_t) -> c_int {
    let wrong = length == 0 || !address.addr().is_multiple_of(host().page_bytes());
    let done = if wrong { Err(Errno::INVAL) } else { host().unmap(address.addr(), length) };
    done.or_minus_one()
}

/// POSIX.1-2024. `EINVAL`, `ENOMEM` for pages that are not mapped.
#[export]
pub extern "C" fn mprotect(address: *mut c_void, length: size_t, protection: c_int) -> c_int {
    host().protect(address.addr(), length, protection as u32).or_minus_one()
}

/// POSIX.1-2024. `EINVAL`, `ENOMEM`.
#[export]
pub extern "C" fn msync(address: *mut c_void, length: size_t, flags: c_int) -> c_int {
    blocking(|| host().sync_map(address.addr(), length, flags as u32)).or_minus_one()
}

/// Linux, BSD. `EINVAL` for unknown advice.
#[export]
pub extern "C" fn madvise(address: *mut c_void, length: size_t, advice: c_int) -> c_int {
    host().advise(address.addr(), length, advice as u32).or_minus_one()
}

/// POSIX.1-2024: the error number itself. Advice changes no contents here, so `POSIX_MADV_DONTNEED` does nothing.
#[export]
pub extern "C" fn posix_madvise(address: *mut c_void, length: size_t, advice: c_int) -> c_int {
    const DONTNEED: c_int = 4;
    match advice {
        DONTNEED => 0,
        0..DONTNEED => host().advise(address.addr(), length, advice as u32).error_number(),
        _ => Errno::INVAL.number(),
    }
}

/// Linux: `target` counts with `MREMAP_FIXED` only. Variadic in C; the word travels where a parameter would.
#[export]
pub extern "C" fn mremap(
    address: *mut c_void,
    old: size_t,
    new: size_t,
    flags: c_int,
    target: *mut c_void,
) -> *mut c_void {
    or_failed(host().remap(address.addr(), old, new, flags as u32, target.addr()))
}
