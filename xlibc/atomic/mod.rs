//! What compilers call for atomic operations that they do not expand: the interface of libatomic (GCC wiki, "Atomic/GCCMM/LIbrary").
//!
//! An object of 1, 2, 4, 8 or 16 bytes that is aligned to its size is changed without a lock, in step with code that the compiler
//! did expand; 16 bytes where the CPU can. Everything else goes through the locks of [`locks`]. Every operation is sequentially
//! consistent, whatever order is asked for: the call costs more than the difference.

pub mod abi;
mod arch;
mod locks;
mod wide;

use core::sync::atomic::Ordering::SeqCst;
use core::sync::atomic::{AtomicU8, AtomicU16, AtomicU32, AtomicU64};

use crate::rt::{Platform, host};

/// An unsigned integer that is an atomic object of its size.
///
/// # Safety
/// For every method: `object` is valid for reads and writes and aligned to its size.
trait Word: Copy + Eq {
    /// The value.
    unsafe fn load(object: *mut Self) -> Self;
    /// Replaces the value by what `change` makes of it. Gives the old and the new one.
    unsafe fn update(object: *mut Self, change: impl Fn(Self) -> Self) -> (Self, Self);
    /// Stores `new` if `old` is there. Gives what was there.
    unsafe fn compare_exchange(object: *mut Self, old: Self, new: Self) -> Self;
}

/// The sizes that every CPU changes at once.
macro_rules! words {
    ($($word:ident $atomic:ident),*) => {$(
        impl Word for $word {
            unsafe fn load(object: *mut Self) -> Self {
                // SAFETY: contract of the trait.
                unsafe { $atomic::from_ptr(object) }.load(SeqCst)
            }
            unsafe fn update(object: *mut Self, change: impl Fn(Self) -> Self) -> (Self, Self) {
                // SAFETY: contract of the trait.
                let object = unsafe { $atomic::from_ptr(object) };
                let mut old = object.load(SeqCst);
                loop {
                    let new = change(old);
                    match object.compare_exchange_weak(old, new, SeqCst, SeqCst) {
                        Ok(_) => return (old, new),
                        Err(seen) => old = seen,
                    }
                }
            }
            unsafe fn compare_exchange(object: *mut Self, old: Self, new: Self) -> Self {
                // SAFETY: contract of the trait.
                let object = unsafe { $atomic::from_ptr(object) };
                object.compare_exchange(old, new, SeqCst, SeqCst).unwrap_or_else(|seen| seen)
            }
        }
    )*};
}

words!(u8 AtomicU8, u16 AtomicU16, u32 AtomicU32, u64 AtomicU64);

impl Word for u128 {
    unsafe fn load(object: *mut Self) -> Self {
        if wide::is_lock_free() {
            // SAFETY: contract of the trait.
            return unsafe { wide::load(object) };
        }
        let mut value = 0;
        // SAFETY: contract of the trait.
        unsafe { locks::load(host(), size_of::<Self>(), object.cast(), (&raw mut value).cast()) };
        value
    }
    unsafe fn update(object: *mut Self, change: impl Fn(Self) -> Self) -> (Self, Self) {
        // SAFETY: contract of the trait.
        let mut old = unsafe { Self::load(object) };
        loop {
            let new = change(old);
            // SAFETY: contract of the trait.
            let seen = unsafe { Self::compare_exchange(object, old, new) };
            if seen == old {
                return (old, new);
            }
            old = seen;
        }
    }
    unsafe fn compare_exchange(object: *mut Self, old: Self, new: Self) -> Self {
        if wide::is_lock_free() {
            // SAFETY: contract of the trait.
            return unsafe { wide::compare_exchange(object, old, new) };
        }
        let mut seen = old;
        let (object, place) = (object.cast(), (&raw mut seen).cast());
        // SAFETY: contract of the trait. Where they are equal, what was there is `old`.
        unsafe { locks::compare_exchange(host(), size_of::<Self>(), object, place, (&raw const new).cast()) };
        seen
    }
}

/// Whether an object of `size` bytes at this address is changed without a lock.
fn is_lock_free(size: usize, address: usize) -> bool {
    match size {
        1 | 2 | 4 | 8 => address.is_multiple_of(size),
        16 => address.is_multiple_of(size) && wide::is_lock_free(),
        _ => false,
    }
}

/// Calls `whole` for the word of that size where [`is_lock_free`], else evaluates the last argument.
macro_rules! by_size {
    ($size:ident, $object:ident, $whole:ident($($argument:ident),*), $locked:expr) => {
        match $size {
            _ if !is_lock_free($size, $object.addr()) => $locked,
            1 => $whole::<u8>($($argument),*),
            2 => $whole::<u16>($($argument),*),
            4 => $whole::<u32>($($argument),*),
            8 => $whole::<u64>($($argument),*),
            _ => $whole::<u128>($($argument),*),
        }
    };
}

/// Copies the object of `size` bytes to `value`.
///
/// # Safety
/// Both are valid for `size` bytes and do not overlap.
unsafe fn load(host: &impl Platform, size: usize, object: *mut u8, value: *mut u8) {
    // SAFETY: caller contract, here and below; `value` may have any alignment.
    unsafe fn whole<T: Word>(object: *mut u8, value: *mut u8) {
        // SAFETY: caller contract.
        unsafe { value.cast::<T>().write_unaligned(T::load(object.cast())) }
    }
    // SAFETY: caller contract, and the object is aligned where it is taken as a whole.
    unsafe { by_size!(size, object, whole(object, value), locks::load(host, size, object, value)) }
}

/// Copies `value` to the object of `size` bytes.
///
/// # Safety
/// As for [`load`].
unsafe fn store(host: &impl Platform, size: usize, object: *mut u8, value: *const u8) {
    // SAFETY: caller contract.
    unsafe fn whole<T: Word>(object: *mut u8, value: *const u8) {
        // SAFETY: caller contract.
        unsafe {
            let value = value.cast::<T>().read_unaligned();
            T::update(object.cast(), |_| value);
        }
    }
    // SAFETY: caller contract, and the object is aligned where it is taken as a whole.
    unsafe { by_size!(size, object, whole(object, value), locks::store(host, size, object, value)) }
}

/// Copies `value` to the object of `size` bytes, and what was there to `old`, which may be where `value` is.
///
/// # Safety
/// All are valid for `size` bytes; the object overlaps neither.
unsafe fn exchange(host: &impl Platform, size: usize, object: *mut u8, value: *const u8, old: *mut u8) {
    // SAFETY: caller contract.
    unsafe fn whole<T: Word>(object: *mut u8, value: *const u8, old: *mut u8) {
        // SAFETY: caller contract.
        unsafe {
            let value = value.cast::<T>().read_unaligned();
            old.cast::<T>().write_unaligned(T::update(object.cast(), |_| value).0);
        }
    }
    // SAFETY: caller contract, and the object is aligned where it is taken as a whole.
    unsafe { by_size!(size, object, whole(object, value, old), locks::exchange(host, size, object, value, old)) }
}

/// Copies `desired` to the object of `size` bytes if that equals `expected`, else the object to `expected`.
///
/// # Safety
/// All are valid for `size` bytes and do not overlap.
unsafe fn compare_exchange(
    host: &impl Platform,
    size: usize,
    object: *mut u8,
    expected: *mut u8,
    desired: *const u8,
) -> bool {
    // SAFETY: caller contract.
    unsafe fn whole<T: Word>(object: *mut u8, expected: *mut u8, desired: *const u8) -> bool {
        // SAFETY: caller contract.
        unsafe { compare_exchange_word(object.cast::<T>(), expected.cast(), desired.cast::<T>().read_unaligned()) }
    }
    // SAFETY: caller contract, and the object is aligned where it is taken as a whole.
    unsafe {
        by_size!(
            size,
            object,
            whole(object, expected, desired),
            locks::compare_exchange(host, size, object, expected, desired)
        )
    }
}

/// C11 7.17.7.4: stores `desired` if `*expected` is there, else what is there to `expected`.
///
/// # Safety
/// `object` as for [`Word`]; `expected` is valid for reads and writes.
unsafe fn compare_exchange_word<T: Word>(object: *mut T, expected: *mut T, desired: T) -> bool {
    // SAFETY: caller contract.
    unsafe {
        let old = expected.read_unaligned();
        let seen = T::compare_exchange(object, old, desired);
        if seen != old {
            expected.write_unaligned(seen);
        }
        seen == old
    }
}

#[cfg(test)]
mod tests;
