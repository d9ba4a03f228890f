//! `<sys/random.h>`, and `getentropy` of `<unistd.h>`.

use crate::rt::{CResult, Errno, Random, bytes_mut, host};
use crate::types::{c_int, c_uint, c_void, size_t, ssize_t};

/// Linux: fills the buffer. `EINVAL` for unknown flags. The host's generator is always ready, so no flag changes anything.
///
/// # Safety
/// `n` bytes at `data` are writable.
#[export]
pub unsafe extern "C" fn getrandom(data: *mut c_void, n: size_t, flags: c_uint) -> ssize_t {
    const KNOWN: c_uint = 7;
    let known = if flags & !KNOWN == 0 { Ok(()) } else { Err(Errno::INVAL) };
    // SAFETY: caller contract.
    let done = known.and_then(|()| host().random(unsafe { bytes_mut(data.cast(), n) }));
    done.map(|()| n).or_minus_one()
}

/// POSIX.1-2024. `EINVAL` for more than 256 bytes.
///
/// # Safety
/// `n` bytes at `data` are writable.
#[export]
pub unsafe extern "C" fn getentropy(data: *mut c_void, n: size_t) -> c_int {
    let allowed = if n <= 256 { Ok(()) } else { Err(Errno::INVAL) };
    // SAFETY: caller contract.
    allowed.and_then(|()| host().random(unsafe { bytes_mut(data.cast(), n) })).or_minus_one()
}
