//! `readv` and `writev` over plain reads and writes.

use alloc::vec::Vec;

use crate::rt::{Errno, Platform, Result, bytes, bytes_mut};
use crate::types::{c_int, c_void};

/// POSIX.1-2024 `struct iovec`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct iovec {
    pub iov_base: *mut c_void,
    pub iov_len: usize,
}

/// `IOV_MAX` of the ABI.
const IOV_MAX: usize = 1024;

/// The pieces; `EINVAL` for a count out of range or lengths whose sum is no `ssize_t`.
///
/// # Safety
/// `vector` points to `count` elements.
unsafe fn pieces<'a>(vector: *const iovec, count: c_int) -> Result<&'a [iovec]> {
    let count = usize::try_from(count).ok().filter(|count| *count <= IOV_MAX).ok_or(Errno::INVAL)?;
    if count == 0 {
        return Ok(&[]);
    }
    // SAFETY: caller contract.
    let pieces = unsafe { core::slice::from_raw_parts(vector, count) };
    let sum = pieces.iter().try_fold(0_usize, |sum, piece| sum.checked_add(piece.iov_len));
    if sum.is_some_and(|sum| sum <= isize::MAX as usize) { Ok(pieces) } else { Err(Errno::INVAL) }
}

/// POSIX.1-2024 `readv`: fills the pieces in order and stops at the first short read.
///
/// # Safety
/// `vector` points to `count` elements, each of writable memory.
pub unsafe fn read(host: &impl Platform, fd: c_int, vector: *const iovec, count: c_int) -> Result<usize> {
    let mut sum = 0;
    // SAFETY: caller contract.
    let pieces = unsafe { pieces(vector, count)? };
    if pieces.iter().all(|piece| piece.iov_len == 0) {
        // Nothing to read: only what is wrong with the descriptor.
        return host.read(fd, &mut []);
    }
    for piece in pieces.iter().filter(|piece| piece.iov_len > 0) {
        // SAFETY: caller contract.
        let buffer = unsafe { bytes_mut(piece.iov_base.cast(), piece.iov_len) };
        match host.read(fd, buffer) {
            Ok(n) => {
                sum += n;
                if n < piece.iov_len {
                    break;
                }
            }
            // What was read already is not lost; the error comes back with the next call.
            Err(_) if sum > 0 => break,
            Err(errno) => return Err(errno),
        }
    }
    Ok(sum)
}

/// POSIX.1-2024 `writev`: the pieces in one request, so that other writers do not come between.
///
/// # Safety
/// `vector` points to `count` elements, each of readable memory.
pub unsafe fn write(host: &impl Platform, fd: c_int, vector: *const iovec, count: c_int) -> Result<usize> {
    // SAFETY: caller contract.
    let pieces = unsafe { pieces(vector, count)? };
    // SAFETY: caller contract.
    let data = |piece: &iovec| unsafe { bytes(piece.iov_base.cast(), piece.iov_len) };
    match pieces {
        [] => host.write(fd, b""),
        [one] => host.write(fd, data(one)),
        [first, second] => host.write_two(fd, data(first), data(second)),
        _ => {
            let mut all = Vec::new();
            all.try_reserve_exact(pieces.iter().map(|piece| piece.iov_len).sum()).map_err(|_| Errno::NOMEM)?;
            for piece in pieces {
                all.extend_from_slice(data(piece));
            }
            host.write(fd, &all)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform_sim::Sim;

    #[test]
    fn pieces_without_bytes_still_need_a_descriptor() {
        let sim = Sim::new();
        let mut byte = 0_u8;
        let empty = [iovec { iov_base: (&raw mut byte).cast(), iov_len: 0 }; 2];
        // SAFETY: two elements without memory.
        unsafe {
            assert_eq!(read(&sim, 99, empty.as_ptr(), 2), Err(Errno::BADF));
            assert_eq!(read(&sim, 99, core::ptr::null(), 0), Err(Errno::BADF));
            assert_eq!(read(&sim, 0, empty.as_ptr(), 2), Ok(0));
            assert_eq!(read(&sim, 0, empty.as_ptr(), -1), Err(Errno::INVAL));
        }
    }
}
