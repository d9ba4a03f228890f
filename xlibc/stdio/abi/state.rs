//! Position, indicators, buffering and locks: C23 7.23.5, 7.23.9, 7.23.10, POSIX.1-2024.

use super::super::file::File;
use super::super::registry;
use super::super::stream::Buffering;
use super::stream;
use crate::rt::abi::seek;
use crate::rt::{CResult, Errno};
use crate::types::{c_char, c_int, c_long, off_t, size_t};

/// POSIX.1-2024. `EINVAL`, `ESPIPE`, `EOVERFLOW`, and the errors of `write` when output waited.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn fseeko(file: *mut File, offset: off_t, whence: c_int) -> c_int {
    // SAFETY: caller contract.
    unsafe { stream(file) }.lock().seek(offset, whence as u32).or_minus_one()
}

/// C23 7.23.9.2.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn fseek(file: *mut File, offset: c_long, whence: c_int) -> c_int {
    // SAFETY: caller contract.
    unsafe { fseeko(file, offset, whence) }
}

/// POSIX.1-2024. `ESPIPE`, `EOVERFLOW`.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn ftello(file: *mut File) -> off_t {
    // SAFETY: caller contract.
    unsafe { stream(file) }.lock().tell().or_errno(-1)
}

/// C23 7.23.9.4.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn ftell(file: *mut File) -> c_long {
    // SAFETY: caller contract.
    unsafe { ftello(file) }
}

/// C23 7.23.9.5.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn rewind(file: *mut File) {
    // SAFETY: caller contract.
    let mut stream = unsafe { stream(file) }.lock();
    // C gives the error nowhere to go but errno.
    let result = stream.seek(0, seek::SET);
    stream.error = false;
    drop(stream);
    result.or_errno(());
}

/// `fpos_t`: 16 bytes, of which the offset is the first half.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(8))]
pub struct fpos_t {
    offset: off_t,
    reserved: u64,
}
const _: () = assert!(size_of::<fpos_t>() == 16);

/// C23 7.23.9.1.
///
/// # Safety
/// `file` is an open stream, `position` valid for a write.
#[export]
pub unsafe extern "C" fn fgetpos(file: *mut File, position: *mut fpos_t) -> c_int {
    // SAFETY: caller contract.
    let result = unsafe { stream(file) }.lock().tell();
    // SAFETY: caller contract.
    result.map(|offset| unsafe { position.write(fpos_t { offset, reserved: 0 }) }).or_minus_one()
}

/// C23 7.23.9.3.
///
/// # Safety
/// `file` is an open stream, `position` from `fgetpos`.
#[export]
pub unsafe extern "C" fn fsetpos(file: *mut File, position: *const fpos_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { stream(file) }.lock().seek(unsafe { (*position).offset }, seek::SET).or_minus_one()
}

/// C23 7.23.5.2, POSIX.1-2024: a file that was read stands where the program stopped, pushed back bytes are dropped; what
/// cannot seek keeps its input. Null: all streams. The errors of `write` and `lseek` but `ESPIPE`.
///
/// # Safety
/// `file` is an open stream or null.
#[export]
pub unsafe extern "C" fn fflush(file: *mut File) -> c_int {
    if file.is_null() {
        return registry::flush_all().or_minus_one();
    }
    // SAFETY: caller contract.
    unsafe { stream(file) }.lock().flush().or_minus_one()
}

/// GNU.
///
/// # Safety
/// As for `fflush`, and the caller holds the lock.
#[export]
pub unsafe extern "C" fn fflush_unlocked(file: *mut File) -> c_int {
    if file.is_null() {
        return registry::flush_all().or_minus_one();
    }
    // SAFETY: caller contract.
    unsafe { stream(file).unlocked() }.flush().or_minus_one()
}

/// C23 7.23.10.2.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn feof(file: *mut File) -> c_int {
    // SAFETY: caller contract.
    c_int::from(unsafe { stream(file) }.lock().end)
}

/// GNU.
///
/// # Safety
/// `file` is an open stream, locked by the caller.
#[export]
pub unsafe extern "C" fn feof_unlocked(file: *mut File) -> c_int {
    // SAFETY: caller contract.
    c_int::from(unsafe { stream(file).unlocked() }.end)
}

/// C23 7.23.10.3.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn ferror(file: *mut File) -> c_int {
    // SAFETY: caller contract.
    c_int::from(unsafe { stream(file) }.lock().error)
}

/// GNU.
///
/// # Safety
/// `file` is an open stream, locked by the caller.
#[export]
pub unsafe extern "C" fn ferror_unlocked(file: *mut File) -> c_int {
    // SAFETY: caller contract.
    c_int::from(unsafe { stream(file).unlocked() }.error)
}

/// C23 7.23.10.1.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn clearerr(file: *mut File) {
    // SAFETY: caller contract.
    let mut stream = unsafe { stream(file) }.lock();
    (stream.end, stream.error) = (false, false);
}

/// GNU.
///
/// # Safety
/// `file` is an open stream, locked by the caller.
#[export]
pub unsafe extern "C" fn clearerr_unlocked(file: *mut File) {
    // SAFETY: caller contract.
    let stream = unsafe { stream(file).unlocked() };
    (stream.end, stream.error) = (false, false);
}

/// POSIX.1-2024. `EBADF` for a stream without a descriptor.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn fileno(file: *mut File) -> c_int {
    // SAFETY: caller contract.
    unsafe { stream(file) }.lock().descriptor().or_errno(-1)
}

/// GNU.
///
/// # Safety
/// `file` is an open stream, locked by the caller.
#[export]
pub unsafe extern "C" fn fileno_unlocked(file: *mut File) -> c_int {
    // SAFETY: caller contract.
    unsafe { stream(file).unlocked() }.descriptor().or_errno(-1)
}

const FULL: c_int = 0;
const LINE: c_int = 1;
const NONE: c_int = 2;

/// C23 7.23.5.6. `EINVAL` for an unknown mode, or once the buffer holds something.
///
/// # Safety
/// `size` bytes at `buffer` are the stream's until it is closed, or it is null; `file` is an open stream.
#[export]
pub unsafe extern "C" fn setvbuf(file: *mut File, buffer: *mut c_char, mode: c_int, size: size_t) -> c_int {
    let buffering = match mode {
        FULL => Buffering::Full,
        LINE => Buffering::Line,
        NONE => Buffering::None,
        _ => return Err::<(), _>(Errno::INVAL).or_minus_one(),
    };
    let place = (!buffer.is_null()).then_some((buffer.cast(), size));
    // SAFETY: caller contract.
    unsafe { stream(file).lock().set_buffering(buffering, place) }.or_minus_one()
}

/// C23 7.23.5.5.
///
/// # Safety
/// `BUFSIZ` bytes at `buffer` are the stream's until it is closed, or it is null; `file` is an open stream.
#[export]
pub unsafe extern "C" fn setbuf(file: *mut File, buffer: *mut c_char) {
    // SAFETY: caller contract.
    unsafe { setbuffer(file, buffer, 1024) }
}

/// BSD.
///
/// # Safety
/// As for `setvbuf`.
#[export]
pub unsafe extern "C" fn setbuffer(file: *mut File, buffer: *mut c_char, size: size_t) {
    // SAFETY: caller contract. There is no way to tell of a failure.
    unsafe { setvbuf(file, buffer, if buffer.is_null() { NONE } else { FULL }, size) };
}

/// BSD.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn setlinebuf(file: *mut File) {
    // SAFETY: caller contract. There is no way to tell of a failure.
    unsafe { setvbuf(file, core::ptr::null_mut(), LINE, 0) };
}

/// POSIX.1-2024.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn flockfile(file: *mut File) {
    // SAFETY: caller contract.
    unsafe { stream(file) }.user_lock().lock();
}

/// POSIX.1-2024: 0 when the lock was taken.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn ftrylockfile(file: *mut File) -> c_int {
    // SAFETY: caller contract.
    c_int::from(!unsafe { stream(file) }.user_lock().try_lock())
}

/// POSIX.1-2024. Nothing happens if the caller has not locked it.
///
/// # Safety
/// `file` is an open stream.
#[export]
pub unsafe extern "C" fn funlockfile(file: *mut File) {
    // SAFETY: caller contract.
    unsafe { stream(file) }.user_lock().unlock_own();
}
