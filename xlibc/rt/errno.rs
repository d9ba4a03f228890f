//! `errno`, and the ways in which C functions report failure.

use super::{Errno, Result, thread};
use crate::types::{c_int, ssize_t};

/// Stores an error for the caller. Never called on success: C23 7.5 lets no function set errno to zero, and ours leave it alone.
#[inline]
pub fn set_errno(errno: Errno) {
    thread().errno.set(errno.number());
}

/// How the result of an engine becomes what C expects. Only `abi.rs` files use it.
pub trait CResult<T> {
    /// The value, or -1 with errno set.
    fn or_minus_one<C: FromValue<T>>(self) -> C;
    /// The value, or what is given, with errno set.
    fn or_errno(self, failure: T) -> T;
    /// 0, or the error number itself (the pthread way); errno stays.
    fn error_number(self) -> c_int;
}

/// C integers that hold a result and -1.
pub trait FromValue<T> {
    /// -1.
    const FAILURE: Self;
    /// The value; results fit by the contract of the function.
    fn from_value(value: T) -> Self;
}

macro_rules! from_value {
    ($($from:ty => $to:ty),*) => {$(
        impl FromValue<$from> for $to {
            const FAILURE: Self = -1;
            #[inline]
            fn from_value(value: $from) -> Self {
                value as Self
            }
        }
    )*};
}
from_value!(usize => ssize_t, usize => c_int, u64 => i64, u32 => c_int, i32 => c_int, i64 => i64);

impl FromValue<()> for c_int {
    const FAILURE: Self = -1;
    #[inline]
    fn from_value((): ()) -> Self {
        0
    }
}

impl<T> CResult<T> for Result<T> {
    #[inline]
    fn or_minus_one<C: FromValue<T>>(self) -> C {
        match self {
            Ok(value) => C::from_value(value),
            Err(errno) => {
                set_errno(errno);
                C::FAILURE
            }
        }
    }
    #[inline]
    fn or_errno(self, failure: T) -> T {
        self.unwrap_or_else(|errno| {
            set_errno(errno);
            failure
        })
    }
    #[inline]
    fn error_number(self) -> c_int {
        match self {
            Ok(_) => 0,
            Err(errno) => errno.number(),
        }
    }
}

/// Null with errno set, or the pointer.
pub fn or_null<T>(result: Result<*mut T>) -> *mut T {
    result.or_errno(core::ptr::null_mut())
}

/// The location of errno (ABI: `errno` is `*__errno_location()`).
#[export]
pub extern "C" fn __errno_location() -> *mut c_int {
    thread().errno.as_ptr()
}
