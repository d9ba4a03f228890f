//! From one open file to another.

use alloc::vec::Vec;

use platform::{Errno, Result};

use super::disk;
use super::kind::Kind;
use super::open_file::OpenFile;
use crate::pure::status::from_status;
use crate::sys::native::nt;
use crate::sys::native::sync::Guard;

/// `sendfile`: from `offset` on, which moves, or from the source's own.
pub fn copy(target: &OpenFile, source: &OpenFile, offset: Option<u64>, length: usize) -> Result<usize> {
    let Some(place) = offset else {
        if source.kind() != Kind::File {
            return pieces(length, |piece| source.read(piece), |piece| target.write(piece));
        }
        if !source.readable() {
            return Err(Errno::BADF);
        }
        // Nobody else uses the offsets meanwhile.
        let _offsets = Held::both(source, target);
        let handle = source.handle()?;
        let read = |piece: &mut [u8]| nt::read(handle, piece, None).map_err(from_status);
        return pieces(length, read, |piece| {
            let written = if target.kind() == Kind::File && target.writable() {
                disk::write_here(target, piece)
            } else {
                target.write(piece)
            };
            let left = piece.len() - written.unwrap_or(0);
            if left > 0 && !core::ptr::eq(source, target) {
                disk::move_by(source, -(left as i64))?;
            }
            written
        });
    };
    let at = core::cell::Cell::new(place);
    pieces(
        length,
        |piece| source.read_at(piece, at.get()),
        |piece| target.write(piece).inspect(|count| at.set(at.get() + *count as u64)),
    )
}

/// Reads and writes one piece after the other, until less is read or written than was asked for; bytes written.
fn pieces(
    length: usize,
    mut read: impl FnMut(&mut [u8]) -> Result<usize>,
    mut write: impl FnMut(&[u8]) -> Result<usize>,
) -> Result<usize> {
    const PIECE: usize = 64 << 10;
    let mut buffer: Vec<u8> = Vec::new();
    buffer.try_reserve_exact(PIECE.min(length)).map_err(|_| Errno::NOMEM)?;
    buffer.resize(PIECE.min(length), 0);
    let mut done = 0;
    while done < length {
        let want = buffer.len().min(length - done);
        let step = read(buffer.get_mut(..want).unwrap_or_default()).and_then(|count| match count {
            0 => Ok((0, 0)),
            count => Ok((count, write(buffer.get(..count).unwrap_or_default())?)),
        });
        match step {
            Ok((count, written)) => {
                done += written;
                if count == 0 || written < count {
                    break;
                }
            }
            Err(errno) if done == 0 => return Err(errno),
            Err(_) => break,
        }
    }
    Ok(done)
}

/// The offsets of two files that may be the same: all who take two take them in one order.
struct Held<'a> {
    _offsets: [Option<Guard<'a, ()>>; 2],
}

impl<'a> Held<'a> {
    /// `other`'s only where it is a file: what else there is to write to may wait for long.
    fn both(file: &'a OpenFile, other: &'a OpenFile) -> Self {
        let address = |file: &OpenFile| core::ptr::from_ref(file).addr();
        let (first, second) = if address(file) <= address(other) { (file, other) } else { (other, file) };
        let wanted = |one: &OpenFile| core::ptr::eq(one, file) || one.kind() == Kind::File;
        let first_offset = wanted(first).then(|| first.offset.lock());
        let second_offset = (!core::ptr::eq(first, second) && wanted(second)).then(|| second.offset.lock());
        Self { _offsets: [first_offset, second_offset] }
    }
}
