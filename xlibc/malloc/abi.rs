//! `<stdlib.h>` and `<malloc.h>`: memory.

use crate::rt::{self, CResult, Errno, Facts, Result};
use crate::types::{c_int, c_void, size_t};

/// An object, or `ENOMEM`.
fn object(pointer: *mut u8) -> *mut c_void {
    let result = if pointer.is_null() { Err(Errno::NOMEM) } else { Ok(pointer.cast()) };
    rt::or_null(result)
}

/// `align` if it is a power of two, and a size to go with it.
fn aligned(align: usize, bytes: usize) -> *mut c_void {
    if !align.is_power_of_two() {
        return rt::or_null(Err(Errno::INVAL));
    }
    object(super::allocate_aligned(align, bytes))
}

/// C23 7.24.3.7. Null with ENOMEM; `malloc(0)` gives a pointer of its own.
#[export]
pub extern "C" fn malloc(size: size_t) -> *mut c_void {
    match super::allocate_at_once(size) {
        Some(made) => made.cast(),
        None => object(super::allocate_slowly(size)),
    }
}

/// C23 7.24.3.2. ENOMEM also when the product does not fit.
#[export]
pub extern "C" fn calloc(count: size_t, size: size_t) -> *mut c_void {
    object(count.checked_mul(size).map_or(core::ptr::null_mut(), super::allocate_zeroed))
}

/// C23 7.24.3.8. With a size of 0 (undefined in C23) the result is as of `malloc(0)`.
///
/// # Safety
/// `pointer` is null or an object of this allocator that is in use.
#[export]
pub unsafe extern "C" fn realloc(pointer: *mut c_void, size: size_t) -> *mut c_void {
    // SAFETY: caller contract.
    object(unsafe { super::reallocate(pointer.cast(), size) })
}

/// POSIX.1-2024. ENOMEM also when the product does not fit; the object then stays.
///
/// # Safety
/// As for [`realloc`].
#[export]
pub unsafe extern "C" fn reallocarray(pointer: *mut c_void, count: size_t, size: size_t) -> *mut c_void {
    let Some(bytes) = count.checked_mul(size) else { return rt::or_null(Err(Errno::NOMEM)) };
    // SAFETY: caller contract.
    object(unsafe { super::reallocate(pointer.cast(), bytes) })
}

/// C23 7.24.3.3. Leaves errno alone, as nothing below sets it (POSIX.1-2024).
///
/// # Safety
/// `pointer` is null or an object of this allocator that is in use. Others stop the process where it shows.
#[export]
pub unsafe extern "C" fn free(pointer: *mut c_void) {
    // SAFETY: caller contract.
    unsafe { super::release(pointer.cast()) };
}

/// C23 7.24.3.1. EINVAL unless `alignment` is a power of two; any size is good (as in glibc and musl).
#[export]
pub extern "C" fn aligned_alloc(alignment: size_t, size: size_t) -> *mut c_void {
    aligned(alignment, size)
}

/// The older name of [`aligned_alloc`].
#[export]
pub extern "C" fn memalign(alignment: size_t, size: size_t) -> *mut c_void {
    aligned(alignment, size)
}

/// An object at the start of a page.
#[export]
pub extern "C" fn valloc(size: size_t) -> *mut c_void {
    aligned(rt::host().page_bytes(), size)
}

/// POSIX.1-2024. EINVAL unless `alignment` is a power of two and a multiple of a pointer's size; ENOMEM; errno and `*out`
/// stay as they were on failure.
///
/// # Safety
/// `out` is valid for one write.
#[export]
pub unsafe extern "C" fn posix_memalign(out: *mut *mut c_void, alignment: size_t, size: size_t) -> c_int {
    let made: Result<*mut u8> = if !alignment.is_power_of_two() || alignment < size_of::<usize>() {
        Err(Errno::INVAL)
    } else {
        let made = super::allocate_aligned(alignment, size);
        if made.is_null() { Err(Errno::NOMEM) } else { Ok(made) }
    };
    if let Ok(made) = made {
        // SAFETY: caller contract.
        unsafe { out.write(made.cast()) };
    }
    made.error_number()
}

/// Bytes that may be used of the object, at least those asked for; 0 for null.
///
/// # Safety
/// As for [`realloc`].
#[export]
pub unsafe extern "C" fn malloc_usable_size(pointer: *mut c_void) -> size_t {
    // SAFETY: caller contract.
    unsafe { super::usable(pointer.cast()) }
}
