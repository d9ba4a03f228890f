//! Wide characters: C23 7.31.3, and GNU's unlocked twins.

use super::super::file::File;
use super::super::registry::{STANDARD_INPUT, STANDARD_OUTPUT};
use super::super::stream::Stream;
use super::super::text::Text;
use super::{EOF, stream};
use crate::rt::{CResult, Result, set_errno};
use crate::types::{c_int, wchar_t, wint_t};

const WEOF: wint_t = u32::MAX;

fn character_or_weof(result: Result<Option<u32>>) -> wint_t {
    match result {
        Ok(character) => character.unwrap_or(WEOF),
        Err(errno) => Err(errno).or_errno(WEOF),
    }
}

fn put_result(character: wchar_t, result: Result<()>) -> wint_t {
    result.map(|()| character as wint_t).or_errno(WEOF)
}

/// C23 7.31.3.1. `EILSEQ`, and the errors of `fgetc`.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn fgetwc(file: *mut File) -> wint_t {
    // SAFETY: caller contract.
    character_or_weof(unsafe { stream(file) }.input().get_wide())
}

/// C23 7.31.3.6.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn getwc(file: *mut File) -> wint_t {
    // SAFETY: caller contract.
    unsafe { fgetwc(file) }
}

/// C23 7.31.3.7.
#[export]
pub extern "C" fn getwchar() -> wint_t {
    character_or_weof(STANDARD_INPUT.input().get_wide())
}

/// GNU.
///
/// # Safety
/// `file` is an open stream, locked by the caller.
#[export]
pub unsafe extern "C" fn fgetwc_unlocked(file: *mut File) -> wint_t {
    // SAFETY: caller contract.
    character_or_weof(unsafe { stream(file).unlocked_input() }.get_wide())
}

/// GNU.
///
/// # Safety
/// `file` is an open stream, locked by the caller.
#[export]
pub unsafe extern "C" fn getwc_unlocked(file: *mut File) -> wint_t {
    // SAFETY: caller contract.
    unsafe { fgetwc_unlocked(file) }
}

/// GNU.
///
/// # Safety
/// Standard input is locked by the caller.
#[export]
pub unsafe extern "C" fn getwchar_unlocked() -> wint_t {
    // SAFETY: caller contract.
    character_or_weof(unsafe { STANDARD_INPUT.unlocked_input() }.get_wide())
}

/// C23 7.31.3.3. `EILSEQ`, and the errors of `fputc`.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn fputwc(character: wchar_t, file: *mut File) -> wint_t {
    // SAFETY: caller contract.
    put_result(character, unsafe { stream(file) }.output().put_wide(character as u32))
}

/// C23 7.31.3.8.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn putwc(character: wchar_t, file: *mut File) -> wint_t {
    // SAFETY: caller contract.
    unsafe { fputwc(character, file) }
}

/// C23 7.31.3.9.
#[export]
pub extern "C" fn putwchar(character: wchar_t) -> wint_t {
    put_result(character, STANDARD_OUTPUT.output().put_wide(character as u32))
}

/// GNU.
///
/// # Safety
/// `file` is an open stream, locked by the caller.
#[export]
pub unsafe extern "C" fn fputwc_unlocked(character: wchar_t, file: *mut File) -> wint_t {
    // SAFETY: caller contract.
    put_result(character, unsafe { stream(file).unlocked_output() }.put_wide(character as u32))
}

/// GNU.
///
/// # Safety
/// `file` is an open stream, locked by the caller.
#[export]
pub unsafe extern "C" fn putwc_unlocked(character: wchar_t, file: *mut File) -> wint_t {
    // SAFETY: caller contract.
    unsafe { fputwc_unlocked(character, file) }
}

/// GNU.
///
/// # Safety
/// Standard output is locked by the caller.
#[export]
pub unsafe extern "C" fn putwchar_unlocked(character: wchar_t) -> wint_t {
    // SAFETY: caller contract.
    put_result(character, unsafe { STANDARD_OUTPUT.unlocked_output() }.put_wide(character as u32))
}

/// C23 7.31.3.10. `WEOF` for `WEOF` and without room; `EILSEQ`.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn ungetwc(character: wint_t, file: *mut File) -> wint_t {
    if character == WEOF {
        return WEOF;
    }
    // SAFETY: caller contract.
    let result = unsafe { stream(file) }.lock().unget_wide(character);
    result.map(|fits| if fits { character } else { WEOF }).or_errno(WEOF)
}

/// # Safety
/// `size` characters at `line` are writable.
unsafe fn get_line(stream: &mut Stream, line: *mut wchar_t, size: c_int) -> *mut wchar_t {
    if size < 1 {
        return core::ptr::null_mut();
    }
    let mut count = 0;
    while count < size as usize - 1 {
        match stream.get_wide() {
            Ok(Some(character)) => {
                // SAFETY: caller contract.
                unsafe { line.add(count).write(character as wchar_t) };
                count += 1;
                if character == u32::from(b'\n') {
                    break;
                }
            }
            Ok(None) if count > 0 => break,
            Ok(None) => return core::ptr::null_mut(),
            Err(errno) => {
                set_errno(errno);
                return core::ptr::null_mut();
            }
        }
    }
    // SAFETY: caller contract; the count is below the size.
    unsafe { line.add(count).write(0) };
    line
}

/// C23 7.31.3.2. Null at the end and on errors; null for a size below 1, which leaves errno as it is.
///
/// # Safety
/// `size` characters at `line` are writable; `file` is an open stream.
#[export]
pub unsafe extern "C" fn fgetws(line: *mut wchar_t, size: c_int, file: *mut File) -> *mut wchar_t {
    // SAFETY: caller contract.
    unsafe { get_line(&mut stream(file).input(), line, size) }
}

/// GNU.
///
/// # Safety
/// As for `fgetws`, and the caller holds the lock.
#[export]
pub unsafe extern "C" fn fgetws_unlocked(line: *mut wchar_t, size: c_int, file: *mut File) -> *mut wchar_t {
    // SAFETY: caller contract.
    unsafe { get_line(stream(file).unlocked_input(), line, size) }
}

/// # Safety
/// `text` is a wide string.
unsafe fn put_text(stream: &mut Stream, text: *const wchar_t) -> c_int {
    // SAFETY: caller contract.
    let text = unsafe { u32::own_string(text.expose_provenance(), usize::MAX) };
    text.iter().try_for_each(|character| stream.put_wide(*character)).map(|()| 0).or_errno(EOF)
}

/// C23 7.31.3.4.
///
/// # Safety
/// `text` is a wide string, `file` an open stream.
#[export]
pub unsafe extern "C" fn fputws(text: *const wchar_t, file: *mut File) -> c_int {
    // SAFETY: caller contract.
    unsafe { put_text(&mut stream(file).output(), text) }
}

/// GNU.
///
/// # Safety
/// As for `fputws`, and the caller holds the lock.
#[export]
pub unsafe extern "C" fn fputws_unlocked(text: *const wchar_t, file: *mut File) -> c_int {
    // SAFETY: caller contract.
    unsafe { put_text(stream(file).unlocked_output(), text) }
}

/// C23 7.31.3.5.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn fwide(file: *mut File, mode: c_int) -> c_int {
    // SAFETY: caller contract.
    c_int::from(unsafe { stream(file) }.lock().orient(mode))
}
