//! Memory that C programs free, or give: from `malloc`, by its symbol, so that a program's own allocator gets what it will be
//! asked to free.

use alloc::boxed::Box;
use core::alloc::Layout;

use super::{Errno, Result};
use crate::types::{c_void, size_t};

unsafe extern "C" {
    fn malloc(size: size_t) -> *mut c_void;
    fn realloc(old: *mut c_void, size: size_t) -> *mut c_void;
    fn free(pointer: *mut c_void);
}

/// `size` bytes, at least one; `ENOMEM`.
pub fn allocate(size: usize) -> Result<*mut u8> {
    // SAFETY: malloc has no preconditions.
    let pointer = unsafe { malloc(size.max(1)) };
    if pointer.is_null() { Err(Errno::NOMEM) } else { Ok(pointer.cast()) }
}

/// The same memory with another size; on `ENOMEM` it is as before.
///
/// # Safety
/// `old` is null or from `malloc`, and not used after success.
unsafe fn reallocate(old: *mut u8, size: usize) -> Result<*mut u8> {
    // SAFETY: caller contract.
    let pointer = unsafe { realloc(old.cast(), size.max(1)) };
    if pointer.is_null() { Err(Errno::NOMEM) } else { Ok(pointer.cast()) }
}

/// Room for `needed` elements in an array that grows: at least `least` of them, and twice as many as before. The array's address,
/// `room` follows. On `ENOMEM` both are as before.
///
/// # Safety
/// `array` is null or from `malloc` with room for `*room` elements, and not used after success.
pub unsafe fn grow<T>(array: *mut T, room: &mut usize, needed: usize, least: usize) -> Result<*mut T> {
    if needed <= *room {
        return Ok(array);
    }
    let grown = needed.max(room.saturating_mul(2)).max(least);
    let bytes = grown.checked_mul(size_of::<T>()).ok_or(Errno::NOMEM)?;
    // SAFETY: caller contract.
    let array = unsafe { reallocate(array.cast(), bytes) }?;
    *room = grown;
    Ok(array.cast())
}

/// Gives memory back.
///
/// # Safety
/// `pointer` is null or from `malloc`, and not used any more.
pub unsafe fn release(pointer: *mut u8) {
    // SAFETY: caller contract.
    unsafe { free(pointer.cast()) }
}

/// A value in a box; `ENOMEM`, where `Box::new` would end the process.
pub fn boxed<T>(value: T) -> Result<Box<T>> {
    const { assert!(size_of::<T>() > 0) };
    // SAFETY: the size is not 0.
    let place = unsafe { alloc::alloc::alloc(Layout::new::<T>()) }.cast::<T>();
    if place.is_null() {
        return Err(Errno::NOMEM);
    }
    // SAFETY: fresh memory for a `T`, from the allocator that boxes use.
    Ok(unsafe {
        place.write(value);
        Box::from_raw(place)
    })
}
