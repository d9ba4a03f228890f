//! Lines and blocks: C23 7.23.7, 7.23.8, POSIX.1-2024 getdelim, GNU's unlocked twins.

use super::super::file::File;
use super::super::registry::{STANDARD_INPUT, STANDARD_OUTPUT};
use super::super::stream::Stream;
use super::{EOF, stream};
use crate::rt::{CResult, Errno, bytes, bytes_mut, c_bytes, set_errno};
use crate::types::{c_char, c_int, c_void, size_t, ssize_t};

/// # Safety
/// `size` bytes at `line` are writable.
unsafe fn get_line(stream: &mut Stream, line: *mut c_char, size: c_int) -> *mut c_char {
    let Some(room) = usize::try_from(size).ok().and_then(|size| size.checked_sub(1)) else {
        return core::ptr::null_mut();
    };
    // SAFETY: caller contract.
    let (transfer, _) = stream.read_until(b'\n', unsafe { bytes_mut(line.cast(), room) });
    if let Some(errno) = transfer.error {
        set_errno(errno);
        return core::ptr::null_mut();
    }
    if transfer.count == 0 && room > 0 {
        return core::ptr::null_mut();
    }
    // SAFETY: caller contract; the count is below the size.
    unsafe { line.add(transfer.count).write(0) };
    line
}

/// C23 7.23.7.2. Null at the end and on errors; null for a size below 1, which leaves errno as it is.
///
/// # Safety
/// `size` bytes at `line` are writable; `file` is an open stream.
#[export]
pub unsafe extern "C" fn fgets(line: *mut c_char, size: c_int, file: *mut File) -> *mut c_char {
    // SAFETY: caller contract.
    unsafe { get_line(&mut stream(file).input(), line, size) }
}

/// GNU.
///
/// # Safety
/// As for `fgets`, and the caller holds the lock.
#[export]
pub unsafe extern "C" fn fgets_unlocked(line: *mut c_char, size: c_int, file: *mut File) -> *mut c_char {
    // SAFETY: caller contract.
    unsafe { get_line(stream(file).unlocked_input(), line, size) }
}

/// C99 7.19.7.7, removed since: nothing tells it how much room there is.
///
/// # Safety
/// The next line of standard input and a NUL fit at `line`.
#[export]
pub unsafe extern "C" fn gets(line: *mut c_char) -> *mut c_char {
    let mut input = STANDARD_INPUT.input();
    let mut at = line;
    loop {
        match input.get() {
            Ok(Some(b'\n')) => break,
            // SAFETY: caller contract.
            Ok(Some(byte)) => unsafe {
                at.write(byte as c_char);
                at = at.add(1);
            },
            Ok(None) if at == line => return core::ptr::null_mut(),
            Ok(None) => break,
            Err(errno) => {
                set_errno(errno);
                return core::ptr::null_mut();
            }
        }
    }
    // SAFETY: caller contract.
    unsafe { at.write(0) };
    line
}

/// POSIX.1-2024. -1 at the end and on errors: `EINVAL` for null pointers, `ENOMEM`, `EOVERFLOW`.
///
/// # Safety
/// `*line` is null or from `malloc` with `*size` bytes; `file` is an open stream.
#[export]
pub unsafe extern "C" fn getdelim(
    line: *mut *mut c_char,
    size: *mut size_t,
    delimiter: c_int,
    file: *mut File,
) -> ssize_t {
    // SAFETY: caller contract.
    let mut input = unsafe { stream(file) }.input();
    // SAFETY: caller contract.
    let (Some(line), Some(size)) = (unsafe { line.as_mut() }, unsafe { size.as_mut() }) else {
        input.error = true;
        set_errno(Errno::INVAL);
        return -1;
    };
    // SAFETY: caller contract.
    match unsafe { input.read_line(delimiter as u8, line, size) } {
        Ok(length) => length.map_or(-1, |length| length as ssize_t),
        Err(errno) => Err(errno).or_errno(-1),
    }
}

/// POSIX.1-2024: `getdelim` with a new line.
///
/// # Safety
/// As for `getdelim`.
#[export]
pub unsafe extern "C" fn getline(line: *mut *mut c_char, size: *mut size_t, file: *mut File) -> ssize_t {
    // SAFETY: caller contract.
    unsafe { getdelim(line, size, c_int::from(b'\n'), file) }
}

/// # Safety
/// `text` is a string.
unsafe fn put_text(stream: &mut Stream, text: *const c_char) -> c_int {
    // SAFETY: caller contract.
    stream.write(unsafe { c_bytes(text) }).result().map(|_| 0).or_errno(EOF)
}

/// C23 7.23.7.4.
///
/// # Safety
/// `text` is a string, `file` an open stream.
#[export]
pub unsafe extern "C" fn fputs(text: *const c_char, file: *mut File) -> c_int {
    // SAFETY: caller contract.
    unsafe { put_text(&mut stream(file).output(), text) }
}

/// GNU.
///
/// # Safety
/// As for `fputs`, and the caller holds the lock.
#[export]
pub unsafe extern "C" fn fputs_unlocked(text: *const c_char, file: *mut File) -> c_int {
    // SAFETY: caller contract.
    unsafe { put_text(stream(file).unlocked_output(), text) }
}

/// C23 7.23.7.9: the string and a new line.
///
/// # Safety
/// `text` is a string.
#[export]
pub unsafe extern "C" fn puts(text: *const c_char) -> c_int {
    let mut output = STANDARD_OUTPUT.output();
    // SAFETY: caller contract.
    let result = output.write(unsafe { c_bytes(text) }).result();
    result.and_then(|_| output.put(b'\n')).map(|()| 0).or_errno(EOF)
}

/// Whole elements of a transfer.
///
/// # Safety
/// `size * count` bytes at `data` are writable.
unsafe fn read_elements(stream: &mut Stream, data: *mut c_void, size: size_t, count: size_t) -> size_t {
    // More than memory holds cannot be meant; as much as there can be is read.
    let total = size.saturating_mul(count).min(isize::MAX as usize);
    if total == 0 {
        return 0;
    }
    // SAFETY: caller contract.
    let transfer = stream.read(unsafe { bytes_mut(data.cast(), total) });
    if let Some(errno) = transfer.error {
        set_errno(errno);
    }
    if transfer.count == total { count } else { transfer.count.checked_div(size).unwrap_or(0) }
}

/// C23 7.23.8.1.
///
/// # Safety
/// `size * count` bytes at `data` are writable; `file` is an open stream.
#[export]
pub unsafe extern "C" fn fread(data: *mut c_void, size: size_t, count: size_t, file: *mut File) -> size_t {
    // SAFETY: caller contract.
    unsafe { read_elements(&mut stream(file).input(), data, size, count) }
}

/// GNU.
///
/// # Safety
/// As for `fread`, and the caller holds the lock.
#[export]
pub unsafe extern "C" fn fread_unlocked(data: *mut c_void, size: size_t, count: size_t, file: *mut File) -> size_t {
    // SAFETY: caller contract.
    unsafe { read_elements(stream(file).unlocked_input(), data, size, count) }
}

/// # Safety
/// `size * count` bytes at `data` are readable.
#[inline]
unsafe fn write_elements(stream: &mut Stream, data: *const c_void, size: size_t, count: size_t) -> size_t {
    let total = size.saturating_mul(count).min(isize::MAX as usize);
    if total == 0 {
        return 0;
    }
    // SAFETY: caller contract.
    let transfer = stream.write(unsafe { bytes(data.cast(), total) });
    if let Some(errno) = transfer.error {
        set_errno(errno);
        return transfer.count.checked_div(size).unwrap_or(0);
    }
    count
}

/// C23 7.23.8.2.
///
/// # Safety
/// `size * count` bytes at `data` are readable; `file` is an open stream.
#[export]
pub unsafe extern "C" fn fwrite(data: *const c_void, size: size_t, count: size_t, file: *mut File) -> size_t {
    // SAFETY: caller contract.
    unsafe { write_elements(&mut stream(file).output(), data, size, count) }
}

/// GNU.
///
/// # Safety
/// As for `fwrite`, and the caller holds the lock.
#[export]
pub unsafe extern "C" fn fwrite_unlocked(data: *const c_void, size: size_t, count: size_t, file: *mut File) -> size_t {
    // SAFETY: caller contract.
    unsafe { write_elements(stream(file).unlocked_output(), data, size, count) }
}
