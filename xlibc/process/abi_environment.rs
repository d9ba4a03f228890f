//! The environment functions of `<stdlib.h>`.

use super::environment;
use crate::rt::{CResult, Errno, Platform, c_bytes, host};
use crate::types::{c_char, c_int};

/// C23 7.24.4.6: the value, or null.
///
/// # Safety
/// `name` is a string.
#[cfg_attr(not(test), unsafe(no_mangle))]
pub unsafe extern "C" fn getenv(name: *const c_char) -> *mut c_char {
    // SAFETY: caller contract; `environ` is a list by the ABI's contract.
    unsafe { environment::find(c_bytes(name)) }.unwrap_or(core::ptr::null_mut())
}

/// POSIX.1-2024: as `getenv`, but null where the process may do more than whoever started it (set-user-ID programs).
///
/// # Safety
/// `name` is a string.
#[cfg_attr(not(test), unsafe(no_mangle))]
pub unsafe extern "C" fn secure_getenv(name: *const c_char) -> *mut c_char {
    // SAFETY: caller contract.
    if host().is_secure() { core::ptr::null_mut() } else { unsafe { getenv(name) } }
}

/// POSIX.1-2024. `EINVAL` for a null or empty name, or one with `=`; `ENOMEM`.
///
/// # Safety
/// `name` is null or a string, `value` a string; one thread at a time.
#[cfg_attr(not(test), unsafe(no_mangle))]
pub unsafe extern "C" fn setenv(name: *const c_char, value: *const c_char, overwrite: c_int) -> c_int {
    if name.is_null() {
        return Err::<(), _>(Errno::INVAL).or_minus_one();
    }
    // SAFETY: caller contract.
    let (name, value) = unsafe { (c_bytes(name), c_bytes(value)) };
    let done = environment::valid_name(name).and_then(|name| {
        // SAFETY: caller contract.
        unsafe {
            if overwrite == 0 && environment::find(name).is_some() {
                return Ok(());
            }
            environment::put_copy(name, value)
        }
    });
    done.or_minus_one()
}

/// POSIX.1-2024. `EINVAL` for an empty name or one with `=`; `ENOMEM`.
///
/// # Safety
/// `name` is a string; one thread at a time.
#[cfg_attr(not(test), unsafe(no_mangle))]
pub unsafe extern "C" fn unsetenv(name: *const c_char) -> c_int {
    // SAFETY: caller contract.
    let done = environment::valid_name(unsafe { c_bytes(name) }).and_then(|name| {
        // SAFETY: caller contract.
        match unsafe { environment::find(name) } {
            // SAFETY: caller contract.
            Some(_) => unsafe { environment::remove(name) },
            None => Ok(()),
        }
    });
    done.or_minus_one()
}

/// POSIX.1-2024 (XSI): the string itself becomes part of the environment. Without `=` the name is removed. `ENOMEM`.
///
/// # Safety
/// `string` is a string that stays; one thread at a time.
#[cfg_attr(not(test), unsafe(no_mangle))]
pub unsafe extern "C" fn putenv(string: *mut c_char) -> c_int {
    // SAFETY: caller contract.
    let text = unsafe { c_bytes(string) };
    let Some(end) = text.iter().position(|byte| *byte == b'=').filter(|end| *end > 0) else {
        // SAFETY: caller contract.
        return unsafe { unsetenv(string) };
    };
    // SAFETY: caller contract.
    unsafe { environment::put(string, &text[..end]) }.or_minus_one()
}

/// GNU: removes everything.
///
/// # Safety
/// One thread at a time; no pointer into the old environment is used again.
#[cfg_attr(not(test), unsafe(no_mangle))]
pub unsafe extern "C" fn clearenv() -> c_int {
    // SAFETY: caller contract.
    unsafe { environment::clear() };
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rt::thread;

    #[test]
    fn the_environment_grows_changes_and_shrinks() {
        // SAFETY: strings, one thread: no other test touches the environment.
        unsafe {
            clearenv();
            assert!(getenv(c"A".as_ptr()).is_null());
            for (value, overwrite, expected) in [(c"1", 0, c"1"), (c"2", 0, c"1"), (c"3", 1, c"3")] {
                assert_eq!(setenv(c"A".as_ptr(), value.as_ptr(), overwrite), 0);
                assert_eq!(c_bytes(getenv(c"A".as_ptr())), expected.to_bytes());
            }
            assert_eq!(setenv(c"AB".as_ptr(), c"x=y".as_ptr(), 1), 0);
            assert_eq!(c_bytes(getenv(c"AB".as_ptr())), b"x=y");
            let own = c"A=own".as_ptr().cast_mut();
            assert_eq!(putenv(own), 0);
            assert_eq!(getenv(c"A".as_ptr()), own.add(2));
            assert_eq!(secure_getenv(c"A".as_ptr()), own.add(2));
            platform_sim::sim().set_secure(true);
            assert!(secure_getenv(c"A".as_ptr()).is_null());
            platform_sim::sim().set_secure(false);
            assert_eq!((unsetenv(c"A".as_ptr()), getenv(c"A".as_ptr()).is_null()), (0, true));
            for wrong in [c"", c"a=b"] {
                assert_eq!((setenv(wrong.as_ptr(), c"".as_ptr(), 1), thread().errno.replace(0)), (-1, 22));
                assert_eq!((unsetenv(wrong.as_ptr()), thread().errno.replace(0)), (-1, 22));
            }
            assert_eq!(c_bytes(getenv(c"AB".as_ptr())), b"x=y");
        }
    }
}
