//! Requests on several pieces of memory: Windows has them for one.

use alloc::vec::Vec;

use platform::{Errno, Piece, PieceMut, Result};

use crate::sys::memory::demand;
use crate::sys::native::guest;

/// Up to this much goes by way of the stack.
const SMALL: usize = 4 << 10;
/// Most that is copied together for one request: what a pipe holds. A piece that is as long as this goes by itself.
const AT_ONCE: usize = 64 << 10;

/// Memory for a copy of so many bytes, which is given to `work`.
fn with_copy<T>(length: usize, work: impl FnOnce(&mut [u8]) -> Result<T>) -> Result<T> {
    if length <= SMALL {
        return work([0; SMALL].get_mut(..length).unwrap_or_default());
    }
    let mut copy: Vec<u8> = Vec::new();
    copy.try_reserve_exact(length).map_err(|_| Errno::NOMEM)?;
    copy.resize(length, 0);
    work(&mut copy)
}

/// The only piece that is not empty.
fn only<T>(pieces: impl Iterator<Item = T>, is_empty: impl Fn(&T) -> bool) -> Option<T> {
    let mut filled = pieces.filter(|piece| !is_empty(piece));
    filled.next().filter(|_| filled.next().is_none())
}

/// Fills pieces by one `read`, of no more than [`AT_ONCE`] where there are several: another one might wait.
pub fn read_once(pieces: &mut [PieceMut<'_>], read: impl FnOnce(&mut [u8]) -> Result<usize>) -> Result<usize> {
    let total = platform::total(pieces.iter().map(PieceMut::len))?;
    if total == 0 {
        return read(&mut []);
    }
    if let Some(piece) = only(pieces.iter_mut(), |piece| piece.is_empty()) {
        return read(demand::writable(piece.bytes()));
    }
    with_copy(total.min(AT_ONCE), |copy| {
        let count = read(copy)?;
        let mut rest = copy.get(..count).unwrap_or_default();
        for piece in pieces {
            let (part, more) = rest.split_at_checked(piece.len()).unwrap_or((rest, &[]));
            guest::copy(piece.bytes(), part)?;
            rest = more;
        }
        Ok(count)
    })
}

/// Fills pieces by a `read` for each of those that are long, which gets the number of bytes that were read before: for files, where
/// no read waits. Ends with the first that gives less than was asked for.
pub fn read_each(
    pieces: &mut [PieceMut<'_>],
    mut read: impl FnMut(&mut [u8], usize) -> Result<usize>,
) -> Result<usize> {
    if platform::total(pieces.iter().map(PieceMut::len))? <= SMALL {
        return read_once(pieces, |bytes| read(bytes, 0));
    }
    let mut done = 0;
    for piece in pieces.iter_mut().filter(|piece| !piece.is_empty()) {
        match read(demand::writable(piece.bytes()), done) {
            Ok(count) => {
                done += count;
                if count < piece.len() {
                    break;
                }
            }
            // What was read is not lost; the error comes back with the next request.
            Err(_) if done > 0 => break,
            Err(errno) => return Err(errno),
        }
    }
    Ok(done)
}

/// Writes pieces, copied together where they are short, by `write`, which gets the number of bytes that were written before. Ends with
/// the first that takes less than it was given.
pub fn write(pieces: &[Piece<'_>], mut write: impl FnMut(&[u8], usize) -> Result<usize>) -> Result<usize> {
    let total = platform::total(pieces.iter().map(Piece::len))?;
    if total == 0 {
        return write(&[], 0);
    }
    if let Some(piece) = only(pieces.iter(), |piece| piece.is_empty()) {
        return write(demand::readable(piece.bytes()), 0);
    }
    let mut done = 0;
    // Whether the request took all that it was given; an error counts when nothing was written before.
    let mut put = |data: &[u8]| match write(data, done) {
        Ok(count) => {
            done += count;
            Ok(count == data.len())
        }
        Err(errno) if done == 0 => Err(errno),
        Err(_) => Ok(false),
    };
    with_copy(total.min(AT_ONCE), |copy| {
        let mut filled = 0;
        for piece in pieces {
            let mut rest = piece.bytes();
            while !rest.is_empty() {
                if filled == 0 && rest.len() >= copy.len() {
                    // Long enough for a request of its own.
                    let ready = demand::readable(rest);
                    if !put(ready)? || ready.len() < rest.len() {
                        return Ok(());
                    }
                    break;
                }
                let room = copy.get_mut(filled..).unwrap_or_default();
                let (part, more) = rest.split_at_checked(room.len()).unwrap_or((rest, &[]));
                guest::copy(room, part)?;
                (filled, rest) = (filled + part.len(), more);
                if filled == copy.len() {
                    if !put(copy)? {
                        return Ok(());
                    }
                    filled = 0;
                }
            }
        }
        if filled > 0 {
            put(copy.get(..filled).unwrap_or_default())?;
        }
        Ok(())
    })?;
    Ok(done)
}
