//! printf and its family: C23 7.23.6, 7.31.2. Functions with `...` are C (`xlibc/c/stdio.c`) over these.

use super::super::file::File;
use super::super::format::format;
use super::super::registry::STANDARD_OUTPUT;
use super::super::sink::{DescriptorSink, GrowingSink, StringSink, WideSink};
use super::super::stream::{Buffering, Stream};
use super::super::text::Text;
use super::super::va_list::VaList;
use super::super::writer::Sink;
use super::stream;
use crate::rt::{CResult, Errno, Result, c_bytes, thread};
use crate::types::{c_char, c_int, size_t, wchar_t};

/// Text collected before it goes on: enough for most single directives.
const PIECE: usize = 128;
/// The same where each piece is a request to the host.
const LARGE_PIECE: usize = 1024;

/// # Safety
/// `text` is a format and `list` holds its arguments.
unsafe fn narrow<const SIZE: usize>(sink: &mut dyn Sink<u8>, text: *const c_char, list: *mut VaList) -> Result<usize> {
    // SAFETY: caller contract.
    unsafe { format(sink, &mut [0; SIZE], c_bytes(text), &mut *list, thread().errno.get()) }
}

/// # Safety
/// As for `narrow`.
unsafe fn wide(sink: &mut dyn Sink<u32>, text: *const wchar_t, list: *mut VaList) -> Result<usize> {
    // SAFETY: caller contract.
    unsafe {
        let text = u32::own_string(text.expose_provenance(), usize::MAX);
        format(sink, &mut [0; PIECE], text, &mut *list, thread().errno.get())
    }
}

/// # Safety
/// As for `narrow`.
unsafe fn print_to(stream: &mut Stream, text: *const c_char, list: *mut VaList) -> c_int {
    // SAFETY: caller contract.
    let result = unsafe {
        if stream.buffering == Buffering::None {
            narrow::<LARGE_PIECE>(stream, text, list)
        } else {
            narrow::<PIECE>(stream, text, list)
        }
    };
    result.or_minus_one()
}

/// C23 7.23.6.8. `EINVAL` for a format that is not C's, `EOVERFLOW` beyond `INT_MAX`, `EILSEQ`, and the errors of `fputc`.
///
/// # Safety
/// `text` is a format and `list` holds its arguments; `file` is an open stream.
#[export]
pub unsafe extern "C" fn vfprintf(file: *mut File, text: *const c_char, list: *mut VaList) -> c_int {
    // SAFETY: caller contract.
    unsafe { print_to(&mut stream(file).output(), text, list) }
}

/// C23 7.23.6.10.
///
/// # Safety
/// `text` is a format and `list` holds its arguments.
#[export]
pub unsafe extern "C" fn vprintf(text: *const c_char, list: *mut VaList) -> c_int {
    // SAFETY: caller contract.
    unsafe { print_to(&mut STANDARD_OUTPUT.output(), text, list) }
}

/// C23 7.23.6.12.
///
/// # Safety
/// `size` bytes at `out` are writable; `text` is a format and `list` holds its arguments.
#[export]
pub unsafe extern "C" fn vsnprintf(out: *mut c_char, size: size_t, text: *const c_char, list: *mut VaList) -> c_int {
    // SAFETY: caller contract.
    let mut sink = unsafe { StringSink::<u8>::new(out.cast(), size) };
    // SAFETY: caller contract.
    let result = unsafe { narrow::<PIECE>(&mut sink, text, list) };
    sink.finish();
    result.or_minus_one()
}

/// C23 7.23.6.13.
///
/// # Safety
/// The text and a NUL fit at `out`; `text` is a format and `list` holds its arguments.
#[export]
pub unsafe extern "C" fn vsprintf(out: *mut c_char, text: *const c_char, list: *mut VaList) -> c_int {
    // SAFETY: caller contract.
    unsafe { vsnprintf(out, size_t::MAX, text, list) }
}

/// POSIX.1-2024: a string that the caller frees; null on failure. `ENOMEM`.
///
/// # Safety
/// `out` is valid for a write; `text` is a format and `list` holds its arguments.
#[export]
pub unsafe extern "C" fn vasprintf(out: *mut *mut c_char, text: *const c_char, list: *mut VaList) -> c_int {
    let mut sink = GrowingSink::new();
    // SAFETY: caller contract.
    let result = unsafe { narrow::<PIECE>(&mut sink, text, list) };
    let result = result.and_then(|count| Ok((count, sink.finish()?)));
    let (place, result) = match result {
        Ok((count, place)) => (place, Ok(count)),
        Err(errno) => (core::ptr::null_mut(), Err(errno)),
    };
    // SAFETY: caller contract.
    unsafe { out.write(place.cast()) };
    result.or_minus_one()
}

/// POSIX.1-2024.
///
/// # Safety
/// `text` is a format and `list` holds its arguments.
#[export]
pub unsafe extern "C" fn vdprintf(fd: c_int, text: *const c_char, list: *mut VaList) -> c_int {
    // SAFETY: caller contract.
    unsafe { narrow::<LARGE_PIECE>(&mut DescriptorSink(fd), text, list) }.or_minus_one()
}

/// # Safety
/// As for `narrow`.
unsafe fn print_wide_to(stream: &mut Stream, text: *const wchar_t, list: *mut VaList) -> c_int {
    stream.orient(1);
    // SAFETY: caller contract.
    unsafe { wide(&mut WideSink(stream), text, list) }.or_minus_one()
}

/// C23 7.31.2.5.
///
/// # Safety
/// `text` is a format and `list` holds its arguments; `file` is an open stream.
#[export]
pub unsafe extern "C" fn vfwprintf(file: *mut File, text: *const wchar_t, list: *mut VaList) -> c_int {
    // SAFETY: caller contract.
    unsafe { print_wide_to(&mut stream(file).output(), text, list) }
}

/// C23 7.31.2.9.
///
/// # Safety
/// `text` is a format and `list` holds its arguments.
#[export]
pub unsafe extern "C" fn vwprintf(text: *const wchar_t, list: *mut VaList) -> c_int {
    // SAFETY: caller contract.
    unsafe { print_wide_to(&mut STANDARD_OUTPUT.output(), text, list) }
}

/// C23 7.31.2.7: unlike `vsnprintf` -1, with `EOVERFLOW`, when the text does not fit.
///
/// # Safety
/// `size` characters at `out` are writable; `text` is a format and `list` holds its arguments.
#[export]
pub unsafe extern "C" fn vswprintf(out: *mut wchar_t, size: size_t, text: *const wchar_t, list: *mut VaList) -> c_int {
    // SAFETY: caller contract; `wchar_t` has the layout of `u32` on both CPUs.
    let mut sink = unsafe { StringSink::<u32>::new(out.cast(), size) };
    // SAFETY: caller contract.
    let result = unsafe { wide(&mut sink, text, list) };
    sink.finish();
    result.and_then(|count| if count < size { Ok(count) } else { Err(Errno::OVERFLOW) }).or_minus_one()
}

crate::export_c!(
    asprintf => xlibc_asprintf,
    dprintf => xlibc_dprintf,
    fprintf => xlibc_fprintf,
    fwprintf => xlibc_fwprintf,
    printf => xlibc_printf,
    snprintf => xlibc_snprintf,
    sprintf => xlibc_sprintf,
    swprintf => xlibc_swprintf,
    wprintf => xlibc_wprintf,
);
