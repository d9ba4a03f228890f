//! Pieces of memory that one request reads into or writes from.

use core::fmt::{self, Debug};
use core::marker::PhantomData;

use crate::{Errno, Result};

/// Most pieces in one request: `IOV_MAX`.
pub const MOST_PIECES: usize = 1024;

/// Memory to write from, laid out as C's `struct iovec` (POSIX.1-2024 `sys/uio.h`): a list of C is a list of these. A length of 0
/// allows any pointer.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Piece<'a> {
    data: *const u8,
    length: usize,
    bytes: PhantomData<&'a [u8]>,
}

/// Memory to read into, laid out as [`Piece`].
#[repr(C)]
pub struct PieceMut<'a> {
    data: *mut u8,
    length: usize,
    bytes: PhantomData<&'a mut [u8]>,
}

// SAFETY: as the slice that it stands for.
unsafe impl Send for Piece<'_> {}
// SAFETY: as above.
unsafe impl Sync for Piece<'_> {}
// SAFETY: as the slice that it stands for.
unsafe impl Send for PieceMut<'_> {}
// SAFETY: as above.
unsafe impl Sync for PieceMut<'_> {}

impl<'a> Piece<'a> {
    /// Of these bytes.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { data: bytes.as_ptr(), length: bytes.len(), bytes: PhantomData }
    }

    /// The bytes.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        // SAFETY: made of such a slice, or by C in the same form; an empty slice needs no memory.
        if self.length == 0 { &[] } else { unsafe { core::slice::from_raw_parts(self.data, self.length) } }
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.length
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }
}

impl<'a> PieceMut<'a> {
    /// Of this room.
    #[must_use]
    pub const fn new(bytes: &'a mut [u8]) -> Self {
        Self { data: bytes.as_mut_ptr(), length: bytes.len(), bytes: PhantomData }
    }

    /// The room.
    pub const fn bytes(&mut self) -> &mut [u8] {
        // SAFETY: made of such a slice, or by C in the same form; an empty slice needs no memory.
        if self.length == 0 { &mut [] } else { unsafe { core::slice::from_raw_parts_mut(self.data, self.length) } }
    }

    /// Bytes of room.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.length
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }
}

impl Debug for Piece<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.bytes().escape_ascii())
    }
}

impl Debug for PieceMut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.length)
    }
}

/// The sum of the lengths of pieces. `EINVAL` for more than [`MOST_PIECES`], or a sum that is no `ssize_t`.
pub fn total(lengths: impl ExactSizeIterator<Item = usize>) -> Result<usize> {
    if lengths.len() > MOST_PIECES {
        return Err(Errno::INVAL);
    }
    let mut lengths = lengths;
    let sum = lengths.try_fold(0_usize, |sum, length| sum.checked_add(length));
    sum.filter(|sum| *sum <= isize::MAX as usize).ok_or(Errno::INVAL)
}
