//! scanf and its family: C23 7.23.6, 7.31.2. Functions with `...` are C (`xlibc/c/stdio.c`) over these.

use super::super::file::File;
use super::super::registry::STANDARD_INPUT;
use super::super::scan::{Scanned, scan};
use super::super::scan_input::{Input, Stop, StreamInput, StringInput, WideStreamInput};
use super::super::text::Text;
use super::super::va_list::VaList;
use super::{EOF, stream};
use crate::rt::{c_bytes, set_errno};
use crate::types::{c_char, c_int, wchar_t};

/// `EOF` if the input ended, or an error came, before anything was stored.
fn result(scanned: Scanned) -> c_int {
    if let Some(Stop::Failed(errno)) = scanned.stop {
        set_errno(errno);
    }
    match scanned.stop {
        Some(Stop::End | Stop::Failed(_)) if scanned.assigned == 0 => EOF,
        _ => scanned.assigned,
    }
}

/// # Safety
/// `format` is a format and `list` holds its pointers.
unsafe fn narrow(input: &mut dyn Input, format: *const c_char, list: *mut VaList) -> c_int {
    // SAFETY: caller contract.
    result(unsafe { scan(input, c_bytes(format), &mut *list) })
}

/// # Safety
/// As for `narrow`.
unsafe fn wide(input: &mut dyn Input, format: *const wchar_t, list: *mut VaList) -> c_int {
    // SAFETY: caller contract.
    result(unsafe { scan(input, u32::own_string(format.expose_provenance(), usize::MAX), &mut *list) })
}

/// C23 7.23.6.9. `EINVAL` for a format that is not C's, `EILSEQ`, `ENOMEM`, and the errors of `fgetc`.
///
/// # Safety
/// `format` is a format and `list` holds its pointers; `file` is an open stream.
#[export]
pub unsafe extern "C" fn vfscanf(file: *mut File, format: *const c_char, list: *mut VaList) -> c_int {
    // SAFETY: caller contract.
    unsafe { narrow(&mut StreamInput::new(&mut stream(file).input()), format, list) }
}

/// C23 7.23.6.11.
///
/// # Safety
/// `format` is a format and `list` holds its pointers.
#[export]
pub unsafe extern "C" fn vscanf(format: *const c_char, list: *mut VaList) -> c_int {
    // SAFETY: caller contract.
    unsafe { narrow(&mut StreamInput::new(&mut STANDARD_INPUT.input()), format, list) }
}

/// C23 7.23.6.14.
///
/// # Safety
/// `text` is a string, `format` a format, and `list` holds its pointers.
#[export]
pub unsafe extern "C" fn vsscanf(text: *const c_char, format: *const c_char, list: *mut VaList) -> c_int {
    // SAFETY: caller contract.
    unsafe { narrow(&mut StringInput::new(text.cast::<u8>()), format, list) }
}

/// C23 7.31.2.6.
///
/// # Safety
/// `format` is a format and `list` holds its pointers; `file` is an open stream.
#[export]
pub unsafe extern "C" fn vfwscanf(file: *mut File, format: *const wchar_t, list: *mut VaList) -> c_int {
    // SAFETY: caller contract.
    unsafe { wide(&mut WideStreamInput::new(&mut stream(file).input()), format, list) }
}

/// C23 7.31.2.10.
///
/// # Safety
/// `format` is a format and `list` holds its pointers.
#[export]
pub unsafe extern "C" fn vwscanf(format: *const wchar_t, list: *mut VaList) -> c_int {
    // SAFETY: caller contract.
    unsafe { wide(&mut WideStreamInput::new(&mut STANDARD_INPUT.input()), format, list) }
}

/// C23 7.31.2.8.
///
/// # Safety
/// `text` is a wide string, `format` a format, and `list` holds its pointers.
#[export]
pub unsafe extern "C" fn vswscanf(text: *const wchar_t, format: *const wchar_t, list: *mut VaList) -> c_int {
    // SAFETY: caller contract; `wchar_t` has the layout of `u32` on both CPUs.
    unsafe { wide(&mut StringInput::new(text.cast::<u32>()), format, list) }
}

crate::export_c!(
    fscanf => xlibc_fscanf,
    fwscanf => xlibc_fwscanf,
    scanf => xlibc_scanf,
    sscanf => xlibc_sscanf,
    swscanf => xlibc_swscanf,
    wscanf => xlibc_wscanf,
);
