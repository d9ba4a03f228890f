//! The environment functions of `<stdlib.h>`.

use crate::environment;
use crate::rt::{CResult, Errno, Process, c_bytes, host};
use crate::types::{c_char, c_int};

/// C23 7.24.4.6: the value, or null. Other threads may change the environment meanwhile; the value stays readable.
///
/// # Safety
/// `name` is a string.
#[export]
pub unsafe extern "C" fn getenv(name: *const c_char) -> *mut c_char {
    // SAFETY: caller contract; `environ` is a list by the ABI's contract.
    unsafe { environment::find(c_bytes(name)) }.unwrap_or(core::ptr::null_mut())
}

/// POSIX.1-2024: as `getenv`, but null where the process may do more than whoever started it (set-user-ID programs).
///
/// # Safety
/// `name` is a string.
#[export]
pub unsafe extern "C" fn secure_getenv(name: *const c_char) -> *mut c_char {
    // SAFETY: caller contract.
    if host().is_secure() { core::ptr::null_mut() } else { unsafe { getenv(name) } }
}

/// POSIX.1-2024. `EINVAL` for a null or empty name, or one with `=`; `ENOMEM`.
///
/// # Safety
/// `name` is null or a string, `value` a string.
#[export]
pub unsafe extern "C" fn setenv(name: *const c_char, value: *const c_char, overwrite: c_int) -> c_int {
    if name.is_null() {
        return Err::<(), _>(Errno::INVAL).or_minus_one();
    }
    // SAFETY: caller contract.
    let (name, value) = unsafe { (c_bytes(name), c_bytes(value)) };
    // SAFETY: caller contract.
    let put = |name| unsafe { environment::put_copy(name, value, overwrite != 0) };
    environment::valid_name(name).and_then(put).or_minus_one()
}

/// POSIX.1-2024. `EINVAL` for an empty name or one with `=`; `ENOMEM`.
///
/// # Safety
/// `name` is a string.
#[export]
pub unsafe extern "C" fn unsetenv(name: *const c_char) -> c_int {
    // SAFETY: caller contract.
    let name = environment::valid_name(unsafe { c_bytes(name) });
    // SAFETY: caller contract.
    name.and_then(|name| unsafe { environment::remove(name) }).or_minus_one()
}

/// POSIX.1-2024 (XSI): the string itself becomes part of the environment. Without `=` the name is removed. `ENOMEM`.
///
/// # Safety
/// `string` is a string that stays.
#[export]
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
#[export]
pub extern "C" fn clearenv() -> c_int {
    environment::clear();
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rt::thread;

    /// The environment is one for all tests.
    fn alone() -> std::sync::MutexGuard<'static, ()> {
        static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
        ONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    #[test]
    fn the_environment_grows_changes_and_shrinks() {
        let _alone = alone();
        // SAFETY: strings.
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

    #[test]
    fn a_value_that_comes_back_is_the_same_string_and_old_ones_stay() {
        let _alone = alone();
        // SAFETY: strings; no other test touches the environment meanwhile.
        unsafe {
            clearenv();
            let put = |value: &core::ffi::CStr| {
                assert_eq!(setenv(c"T".as_ptr(), value.as_ptr(), 1), 0);
                getenv(c"T".as_ptr())
            };
            let (one, two) = (put(c"one"), put(c"two"));
            assert_eq!((put(c"one"), put(c"two")), (one, two));
            assert_eq!((c_bytes(one), c_bytes(two)), (b"one".as_slice(), b"two".as_slice()));
            clearenv();
            assert_eq!((put(c"one"), c_bytes(two)), (one, b"two".as_slice()));
        }
    }

    #[test]
    fn readers_meet_what_moves_while_they_look() {
        use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
        let _alone = alone();
        clearenv();
        let name = |kind: &str, i: usize| std::ffi::CString::new(format!("{kind}{i}")).unwrap();
        let set = |name: &core::ffi::CStr| {
            // SAFETY: strings.
            assert_eq!(unsafe { setenv(name.as_ptr(), name.as_ptr(), 1) }, 0);
        };
        // SAFETY: a string.
        let unset = |name: &core::ffi::CStr| assert_eq!(unsafe { unsetenv(name.as_ptr()) }, 0);
        let there = AtomicUsize::new(0);
        set(&name("LAST", 0));
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                for round in 1..300 {
                    (0..10).for_each(|i| set(&name("FIRST", i)));
                    set(&name("LAST", round));
                    there.store(round, SeqCst);
                    unset(&name("LAST", round - 1));
                    // The last one moves step by step to the start.
                    (0..10).for_each(|i| unset(&name("FIRST", i)));
                }
            });
            while !writer.is_finished() {
                let before = there.load(SeqCst);
                let wanted = name("LAST", before);
                // SAFETY: a string; what is found stays readable.
                let found = unsafe { getenv(wanted.as_ptr()).as_ref().map(|value| c_bytes(value)) };
                if there.load(SeqCst) == before {
                    assert_eq!(found, Some(wanted.to_bytes()));
                }
            }
        });
    }
}
