//! Opening and closing: C23 7.23.4, 7.23.5, POSIX.1-2024.

use core::cell::UnsafeCell;
use core::ffi::CStr;

use super::super::file::File;
use super::super::memory::{FixedMemory, GrowingBytes, GrowingWide};
use super::super::mode::Mode;
use super::super::registry::{self, STANDARD_ERROR, STANDARD_INPUT, STANDARD_OUTPUT};
use super::super::source::{Cookie, CookieFunctions, Source};
use super::super::stream::Stream;
use super::super::{open, temporary};
use super::stream;
use crate::environment;
use crate::rt::heap;
use crate::rt::{CResult, Errno, Result, bytes, bytes_mut, c_bytes, copy_parts, host, or_null};
use crate::stdlib::file_names;
use crate::types::{c_char, c_int, c_void, size_t, wchar_t};

/// `FILE *const`.
#[derive(Debug)]
#[repr(transparent)]
pub struct Pointer(pub &'static File);

/// C23 7.23.1.
#[export("stdin")]
pub static STDIN: Pointer = Pointer(&STANDARD_INPUT);
/// C23 7.23.1.
#[export("stdout")]
pub static STDOUT: Pointer = Pointer(&STANDARD_OUTPUT);
/// C23 7.23.1.
#[export("stderr")]
pub static STDERR: Pointer = Pointer(&STANDARD_ERROR);

/// C23 7.23.5.3. `EINVAL` for the mode; the errors of `open`; `ENOMEM`.
///
/// # Safety
/// Both are strings.
#[export]
pub unsafe extern "C" fn fopen(path: *const c_char, mode: *const c_char) -> *mut File {
    // SAFETY: caller contract.
    or_null(unsafe { open::open_file(c_bytes(path), c_bytes(mode)) })
}

/// POSIX.1-2024. `EBADF`, `EINVAL` for an invalid mode, or one that the descriptor does not allow.
///
/// # Safety
/// `mode` is a string.
#[export]
pub unsafe extern "C" fn fdopen(fd: c_int, mode: *const c_char) -> *mut File {
    // SAFETY: caller contract.
    or_null(open::adopt(fd, unsafe { c_bytes(mode) }))
}

/// C23 7.23.5.4. A null path changes the mode, as far as the descriptor allows (`EBADF`). On failure the stream is closed.
///
/// # Safety
/// `path` is null or a string, `mode` is a string, `file` an open stream.
#[export]
pub unsafe extern "C" fn freopen(path: *const c_char, mode: *const c_char, file: *mut File) -> *mut File {
    // SAFETY: caller contract.
    let path = if path.is_null() { None } else { Some(unsafe { c_bytes(path) }) };
    // SAFETY: caller contract.
    let result = open::reopen(unsafe { stream(file) }, path, unsafe { c_bytes(mode) });
    if result.is_err() {
        // SAFETY: `reopen` closed it.
        unsafe { registry::destroy(file) };
    }
    or_null(result.map(|()| file))
}

/// C23 7.23.5.1. The stream is gone also when `EOF` tells that its output is lost: errors of `write` and `close`.
///
/// # Safety
/// `file` is an open stream, not used afterwards.
#[export]
pub unsafe extern "C" fn fclose(file: *mut File) -> c_int {
    // SAFETY: caller contract.
    unsafe { open::close(file) }.or_minus_one()
}

/// POSIX.1-2024. `EINVAL` for the mode, `ENOMEM`.
///
/// # Safety
/// `size` bytes at `data` are the stream's until it is closed, or it is null; `mode` is a string.
#[export]
pub unsafe extern "C" fn fmemopen(data: *mut c_void, size: size_t, mode: *const c_char) -> *mut File {
    // SAFETY: caller contract.
    or_null(Mode::parse(unsafe { c_bytes(mode) }).and_then(|mode| {
        // SAFETY: caller contract.
        let memory = unsafe { FixedMemory::new(data.cast(), size, &mode) }?;
        // The memory appends by itself.
        registry::create(Stream::open(Source::Fixed(memory), &mode))
    }))
}

/// Output only, to memory.
fn open_growing(source: Result<Source>) -> *mut File {
    or_null(source.and_then(|source| registry::create(Stream::open(source, &Mode::parse(b"w")?))))
}

/// POSIX.1-2024. `EINVAL` for null pointers, `ENOMEM`.
///
/// # Safety
/// Both may be written until the stream is closed.
#[export]
pub unsafe extern "C" fn open_memstream(data: *mut *mut c_char, size: *mut size_t) -> *mut File {
    if data.is_null() || size.is_null() {
        return or_null(Err(Errno::INVAL));
    }
    // SAFETY: caller contract.
    open_growing(unsafe { GrowingBytes::new(data, size) }.map(Source::Growing))
}

/// POSIX.1-2024. `EINVAL` for null pointers, `ENOMEM`.
///
/// # Safety
/// Both may be written until the stream is closed.
#[export]
pub unsafe extern "C" fn open_wmemstream(data: *mut *mut wchar_t, size: *mut size_t) -> *mut File {
    if data.is_null() || size.is_null() {
        return or_null(Err(Errno::INVAL));
    }
    // SAFETY: caller contract.
    let file = open_growing(unsafe { GrowingWide::new(data, size) }.map(Source::Wide));
    // SAFETY: null, or just made.
    if let Some(file) = unsafe { file.as_ref() } {
        file.lock().orient(1);
    }
    file
}

/// GNU. `EINVAL` for the mode, `ENOMEM`.
///
/// # Safety
/// The functions may be called with `cookie` until the stream is closed; `mode` is a string.
#[export]
pub unsafe extern "C" fn fopencookie(
    cookie: *mut c_void,
    mode: *const c_char,
    functions: CookieFunctions,
) -> *mut File {
    // SAFETY: caller contract.
    or_null(Mode::parse(unsafe { c_bytes(mode) }).and_then(|mode| {
        // SAFETY: caller contract.
        let cookie = unsafe { Cookie::new(functions, cookie) };
        registry::create(Stream::open(Source::Cookie(cookie), &mode))
    }))
}

/// POSIX.1-2024. `EINVAL` for a mode other than r, w, re and we; `ENOENT` and others where the host cannot start a shell.
///
/// # Safety
/// Both are strings; `environ` is null or a list of strings.
#[export]
pub unsafe extern "C" fn popen(command: *const c_char, mode: *const c_char) -> *mut File {
    // SAFETY: caller contract.
    or_null(unsafe {
        environment::all().and_then(|list| open::open_command(CStr::from_ptr(command), c_bytes(mode), &list))
    })
}

/// POSIX.1-2024. The command's wait status; `ECHILD` when the program has waited for it already.
///
/// # Safety
/// `file` is from `popen`, not used afterwards.
#[export]
pub unsafe extern "C" fn pclose(file: *mut File) -> c_int {
    // SAFETY: caller contract.
    unsafe { open::close_command(file) }.or_minus_one()
}

/// C23 7.23.4.3. `EEXIST` when no name is free, and the errors of `open`.
#[export]
pub extern "C" fn tmpfile() -> *mut File {
    or_null(temporary::open_temporary())
}

/// `L_tmpnam`.
const TMPNAM_BYTES: usize = 20;

/// Where `tmpnam(NULL)` puts its name: C lets every call change it (C23 7.23.4.4p5).
struct Shared(UnsafeCell<[u8; TMPNAM_BYTES]>);
// SAFETY: the standard makes calls with null the program's business to order.
unsafe impl Sync for Shared {}
static NAME: Shared = Shared(UnsafeCell::new([0; TMPNAM_BYTES]));

/// C23 7.23.4.4. Null when no name is free.
///
/// # Safety
/// `L_tmpnam` bytes at `name` are writable, or it is null: then calls must not overlap.
#[export]
pub unsafe extern "C" fn tmpnam(name: *mut c_char) -> *mut c_char {
    let place = if name.is_null() { NAME.0.get().cast() } else { name };
    let mut path = *b"/tmp/tmpnam-XXXXXX\0\0";
    let result = file_names::find_free(host(), path.get_mut(..18).unwrap_or(&mut []));
    or_null(result.map(|()| {
        // SAFETY: caller contract, or the memory above.
        unsafe { bytes_mut(place.cast(), TMPNAM_BYTES) }.copy_from_slice(&path);
        place
    }))
}

/// POSIX.1-2024 (obsolescent): in memory that the caller frees. `ENOMEM`.
///
/// # Safety
/// Both are null or strings; the environment does not change meanwhile.
#[export]
pub unsafe extern "C" fn tempnam(directory: *const c_char, prefix: *const c_char) -> *mut c_char {
    let given = |text: *const c_char| match text.is_null() {
        true => None,
        // SAFETY: caller contract.
        false => Some(unsafe { c_bytes(text) }),
    };
    // SAFETY: caller contract.
    let asked = unsafe { environment::trusted_value(b"TMPDIR") };
    let directory = temporary::choose_directory(asked, given(directory));
    let prefix = given(prefix).unwrap_or(b"file-");
    let prefix = prefix.get(..5).unwrap_or(prefix);
    let length = directory.len() + 1 + prefix.len() + 6;
    or_null(heap::allocate(length + 1).and_then(|place| {
        // SAFETY: just allocated.
        let path = unsafe { bytes_mut(place, length + 1) };
        copy_parts(path, &[directory, b"/", prefix, b"XXXXXX\0"]);
        match file_names::find_free(host(), path.get_mut(..length).unwrap_or(&mut [])) {
            Ok(()) => Ok(place.cast()),
            Err(errno) => {
                // SAFETY: allocated above.
                unsafe { heap::release(place) };
                Err(errno)
            }
        }
    }))
}

/// C23 7.23.4.1. A file as by `unlink`, an empty directory as by `rmdir`.
///
/// # Safety
/// `path` is a string.
#[export]
pub unsafe extern "C" fn remove(path: *const c_char) -> c_int {
    // SAFETY: caller contract.
    temporary::remove(unsafe { c_bytes(path) }).or_minus_one()
}

/// POSIX.1-2024: the path of the controlling terminal.
///
/// # Safety
/// `L_ctermid` bytes at `name` are writable, or it is null.
#[export]
pub unsafe extern "C" fn ctermid(name: *mut c_char) -> *mut c_char {
    let path = c"/dev/tty";
    if name.is_null() {
        return path.as_ptr().cast_mut();
    }
    // SAFETY: caller contract: room for 20 bytes.
    unsafe { bytes_mut(name.cast(), 9).copy_from_slice(bytes(path.as_ptr().cast(), 9)) };
    name
}
