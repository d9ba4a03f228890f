//! Reading and writing of several pieces of memory (POSIX.1-2024 `sys/uio.h`).

use crate::rt::{Errno, MOST_PIECES, Piece, PieceMut, Platform, Result, blocking, total};
use crate::types::{c_int, iovec, off_t};

const _: () = assert!(size_of::<iovec>() == size_of::<Piece<'_>>() && size_of::<iovec>() == size_of::<PieceMut<'_>>());

/// `EINVAL` for a count out of range.
fn count_of(count: c_int) -> Result<usize> {
    usize::try_from(count).ok().filter(|count| *count <= MOST_PIECES).ok_or(Errno::INVAL)
}

/// An offset of `preadv` and `pwritev`. `EINVAL` below zero.
pub fn place(offset: off_t) -> Result<u64> {
    u64::try_from(offset).map_err(|_| Errno::INVAL)
}

/// `readv`, and with an offset `preadv`: one request, as a second one might wait when the first has given all that was there.
///
/// # Safety
/// `vector` points to `count` elements, each of writable memory.
pub unsafe fn read(
    host: &impl Platform,
    fd: c_int,
    vector: *const iovec,
    count: c_int,
    offset: Option<u64>,
) -> Result<usize> {
    let pieces: &mut [PieceMut<'_>] = match count_of(count)? {
        0 => &mut [],
        // SAFETY: caller contract. Nothing writes the elements: they are what their layout is that of.
        count => unsafe { core::slice::from_raw_parts_mut(vector.cast_mut().cast(), count) },
    };
    // Linux looks at the addresses first, and says EFAULT.
    total(pieces.iter().map(PieceMut::len))?;
    blocking(|| host.read_vector(fd, pieces, offset))
}

/// `writev`, and with an offset `pwritev`: one request, so that other writers do not come between.
///
/// # Safety
/// `vector` points to `count` elements, each of readable memory.
pub unsafe fn write(
    host: &impl Platform,
    fd: c_int,
    vector: *const iovec,
    count: c_int,
    offset: Option<u64>,
) -> Result<usize> {
    let pieces: &[Piece<'_>] = match count_of(count)? {
        0 => &[],
        // SAFETY: caller contract.
        count => unsafe { core::slice::from_raw_parts(vector.cast(), count) },
    };
    total(pieces.iter().map(Piece::len))?;
    blocking(|| host.write_vector(fd, pieces, offset))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rt::abi::at;
    use platform::Files;
    use platform_sim::Sim;
    use std::vec::Vec;

    #[test]
    fn pieces_without_bytes_still_need_a_descriptor() {
        let sim = Sim::default();
        let mut byte = 0_u8;
        let empty = [iovec { iov_base: (&raw mut byte).cast(), iov_len: 0 }; 2];
        // SAFETY: two elements without memory.
        unsafe {
            assert_eq!(read(&sim, 99, empty.as_ptr(), 2, None), Err(Errno::BADF));
            assert_eq!(read(&sim, 99, core::ptr::null(), 0, None), Err(Errno::BADF));
            assert_eq!(read(&sim, 0, empty.as_ptr(), 2, None), Ok(0));
            assert_eq!(read(&sim, 0, empty.as_ptr(), -1, None), Err(Errno::INVAL));
            assert_eq!(write(&sim, 1, empty.as_ptr(), 1025, None), Err(Errno::INVAL));
            assert_eq!(write(&sim, 1, core::ptr::null(), 0, None), Ok(0));
        }
    }

    #[test]
    fn lengths_whose_sum_is_no_ssize_t_are_refused() {
        let sim = Sim::default();
        let mut byte = 0_u8;
        let half = iovec { iov_base: (&raw mut byte).cast(), iov_len: 1 << 62 };
        // SAFETY: two elements; the host does not use their memory.
        unsafe {
            assert_eq!(read(&sim, 0, [half; 2].as_ptr(), 2, None), Err(Errno::INVAL));
            assert_eq!(write(&sim, 1, [half; 5].as_ptr(), 5, None), Err(Errno::INVAL));
        }
    }

    #[test]
    fn small_and_large_pieces_are_filled_in_order() {
        const LARGE: usize = 1 << 17;
        let data: Vec<u8> = (0..3 * LARGE).map(|at| (at % 251) as u8).collect();
        for sizes in [[0, 1, 2], [3, 0, 4], [1, LARGE - 1, 0], [LARGE, 1, LARGE], [LARGE * 2, 0, LARGE * 2]] {
            let sim = Sim::default();
            sim.put_file(b"/tmp/a", &data);
            let fd = sim.open(at::CURRENT_DIRECTORY, b"/tmp/a", 0, 0).unwrap();
            let mut places = sizes.map(|size| std::vec![0_u8; size]);
            let vector: Vec<_> = places
                .iter_mut()
                .map(|place| iovec { iov_base: place.as_mut_ptr().cast(), iov_len: place.len() })
                .collect();
            for offset in [None, Some(0), Some(7)] {
                let start = offset.unwrap_or(0) as usize;
                let total = sizes.iter().sum::<usize>().min(data.len() - start);
                // SAFETY: three elements with their memory.
                assert_eq!(unsafe { read(&sim, fd, vector.as_ptr(), 3, offset) }, Ok(total));
                assert_eq!(places.concat()[..total], data[start..start + total]);
            }
        }
    }
}
