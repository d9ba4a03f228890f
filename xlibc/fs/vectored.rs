//! `readv` and `writev` over plain reads and writes.

use alloc::vec::Vec;

use crate::rt::abi::{at, file_type};
use crate::rt::{Errno, Platform, Result, blocking, bytes, bytes_mut};
use crate::types::{c_int, iovec};

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

/// Bytes that one request reads for several pieces: more than pipes and terminals give at once.
const AT_ONCE: usize = 1 << 17;

/// POSIX.1-2024 `readv`: fills the pieces in order, by one request: a second one might wait, when the first has given all that
/// was there. Large pieces of regular files, which never wait, are read where they are.
///
/// # Safety
/// `vector` points to `count` elements, each of writable memory.
pub unsafe fn read(host: &impl Platform, fd: c_int, vector: *const iovec, count: c_int) -> Result<usize> {
    let mut sum = 0;
    // SAFETY: caller contract.
    let pieces = unsafe { pieces(vector, count)? };
    if pieces.iter().all(|piece| piece.iov_len == 0) {
        // Nothing to read: only what is wrong with the descriptor.
        return blocking(|| host.read(fd, &mut []));
    }
    let total: usize = pieces.iter().map(|piece| piece.iov_len).sum();
    let filled = pieces.iter().filter(|piece| piece.iov_len > 0).count();
    if filled > 1 && (total <= AT_ONCE || !is_regular(host, fd)) {
        // SAFETY: caller contract.
        return unsafe { read_at_once(host, fd, pieces, total.min(AT_ONCE)) };
    }
    for piece in pieces.iter().filter(|piece| piece.iov_len > 0) {
        // SAFETY: caller contract.
        let buffer = unsafe { bytes_mut(piece.iov_base.cast(), piece.iov_len) };
        match blocking(|| host.read(fd, buffer)) {
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

fn is_regular(host: &impl Platform, fd: c_int) -> bool {
    host.stat(fd, b"", at::EMPTY_PATH).is_ok_and(|stat| stat.mode & file_type::MASK == file_type::REGULAR)
}

/// # Safety
/// Each piece is writable memory.
unsafe fn read_at_once(host: &impl Platform, fd: c_int, pieces: &[iovec], limit: usize) -> Result<usize> {
    let mut data = Vec::new();
    data.try_reserve_exact(limit).map_err(|_| Errno::NOMEM)?;
    data.resize(limit, 0);
    let count = blocking(|| host.read(fd, &mut data))?;
    let mut rest = data.get(..count).unwrap_or(&[]);
    for piece in pieces {
        let (part, more) = rest.split_at_checked(piece.iov_len).unwrap_or((rest, &[]));
        // SAFETY: caller contract.
        unsafe { bytes_mut(piece.iov_base.cast(), part.len()) }.copy_from_slice(part);
        rest = more;
    }
    Ok(count)
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
        [] => blocking(|| host.write(fd, b"")),
        [one] => blocking(|| host.write(fd, data(one))),
        [first, second] => blocking(|| host.write_two(fd, data(first), data(second))),
        _ => {
            let mut all = Vec::new();
            all.try_reserve_exact(pieces.iter().map(|piece| piece.iov_len).sum()).map_err(|_| Errno::NOMEM)?;
            for piece in pieces {
                all.extend_from_slice(data(piece));
            }
            blocking(|| host.write(fd, &all))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::Files;
    use platform_sim::Sim;

    #[test]
    fn pieces_without_bytes_still_need_a_descriptor() {
        let sim = Sim::default();
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

    #[test]
    fn small_and_large_pieces_are_filled_in_order() {
        let data: Vec<u8> = (0..3 * AT_ONCE).map(|at| (at % 251) as u8).collect();
        for sizes in [[0, 1, 2], [3, 0, 4], [1, AT_ONCE - 1, 0], [AT_ONCE, 1, AT_ONCE], [AT_ONCE * 2, 0, AT_ONCE * 2]] {
            let sim = Sim::default();
            sim.put_file(b"/tmp/a", &data);
            let fd = sim.open(at::CURRENT_DIRECTORY, b"/tmp/a", 0, 0).unwrap();
            let mut places = sizes.map(|size| std::vec![0_u8; size]);
            let vector: Vec<_> = places
                .iter_mut()
                .map(|place| iovec { iov_base: place.as_mut_ptr().cast(), iov_len: place.len() })
                .collect();
            let total = sizes.iter().sum::<usize>().min(data.len());
            // SAFETY: three elements with their memory.
            assert_eq!(unsafe { read(&sim, fd, vector.as_ptr(), 3) }, Ok(total));
            assert_eq!(places.concat()[..total], data[..total]);
        }
    }
}
