//! `perror` (C23 7.23.10.4), `<assert.h>` and `<err.h>` (BSD).

use super::super::message;
use super::super::va_list::VaList;
use crate::exit::{abort, exit};
use crate::rt::{c_bytes, set_errno, thread};
use crate::types::{c_char, c_int, siginfo_t};

/// The text of errno after `prefix`, on standard error. errno stays.
///
/// # Safety
/// `prefix` is a string or null.
#[export]
pub unsafe extern "C" fn perror(prefix: *const c_char) {
    // SAFETY: caller contract.
    let prefix = if prefix.is_null() { &[] } else { unsafe { c_bytes(prefix) } };
    // A message that cannot be shown has nowhere else to go.
    let _ = message::perror(prefix, thread().errno.get());
}

/// POSIX.1-2024: the text for a signal after `prefix`, on standard error. errno stays where that works.
///
/// # Safety
/// `prefix` is a string or null.
#[export]
pub unsafe extern "C" fn psignal(signal: c_int, prefix: *const c_char) {
    // SAFETY: caller contract.
    let prefix = if prefix.is_null() { &[] } else { unsafe { c_bytes(prefix) } };
    let errno = thread().errno.get();
    match message::signal(prefix, signal) {
        Ok(()) => thread().errno.set(errno),
        Err(error) => set_errno(error),
    }
}

/// POSIX.1-2024: [`psignal`] for the signal that the information is about.
///
/// # Safety
/// `information` is valid, `prefix` a string or null.
#[export]
pub unsafe extern "C" fn psiginfo(information: *const siginfo_t, prefix: *const c_char) {
    // SAFETY: caller contract.
    unsafe { psignal((*information).si_signo, prefix) }
}

/// C23 7.2.1.1: what a failed `assert` calls: says so on standard error, then `abort`.
///
/// # Safety
/// The pointers are strings or null.
#[export]
pub unsafe extern "C" fn __assert_fail(
    expression: *const c_char,
    file: *const c_char,
    line: c_int,
    function: *const c_char,
) -> ! {
    // SAFETY: caller contract.
    let text = |text: *const c_char| if text.is_null() { &b"?"[..] } else { unsafe { c_bytes(text) } };
    // The program ends also where the message cannot be shown.
    let _ = message::assertion(text(expression), text(file), text(function), line);
    abort()
}

/// # Safety
/// `format` is null or a string, `list` holds its arguments.
unsafe fn show(format: *const c_char, list: *mut VaList, number: Option<i32>) {
    // SAFETY: caller contract.
    let format = if format.is_null() { None } else { Some(unsafe { c_bytes(format) }) };
    // SAFETY: caller contract. A message that cannot be shown has nowhere else to go.
    let _ = unsafe { message::warn(message::program_name(), format, &mut *list, number) };
}

/// Program name, message and the text of errno.
///
/// # Safety
/// `format` is null or a string, `list` holds its arguments.
#[export]
pub unsafe extern "C" fn vwarn(format: *const c_char, list: *mut VaList) {
    // SAFETY: caller contract.
    unsafe { show(format, list, Some(thread().errno.get())) }
}

/// Program name and message.
///
/// # Safety
/// As for `vwarn`.
#[export]
pub unsafe extern "C" fn vwarnx(format: *const c_char, list: *mut VaList) {
    // SAFETY: caller contract.
    unsafe { show(format, list, None) }
}

/// `vwarn`, then `exit`.
///
/// # Safety
/// As for `vwarn`.
#[export]
pub unsafe extern "C" fn verr(code: c_int, format: *const c_char, list: *mut VaList) -> ! {
    // SAFETY: caller contract.
    unsafe { vwarn(format, list) };
    exit(code)
}

/// `vwarnx`, then `exit`.
///
/// # Safety
/// As for `vwarn`.
#[export]
pub unsafe extern "C" fn verrx(code: c_int, format: *const c_char, list: *mut VaList) -> ! {
    // SAFETY: caller contract.
    unsafe { vwarnx(format, list) };
    exit(code)
}

crate::export_c!(err => xlibc_err, errx => xlibc_errx, warn => xlibc_warn, warnx => xlibc_warnx);
