//! The bytes of a file at their addresses.

use alloc::vec::Vec;

use object::pod::{Pod, slice_from_bytes};

/// The parts of a file that nobody writes, each with its first address.
#[derive(Clone, Debug, Default)]
pub struct Image<'a> {
    parts: Vec<(u64, &'a [u8])>,
}

impl<'a> Image<'a> {
    /// Adds the bytes at `address`.
    pub fn add(&mut self, address: u64, bytes: &'a [u8]) {
        self.parts.push((address, bytes));
    }

    /// From `address` to the end of its part; `None` where no part has this address.
    #[must_use]
    pub fn tail(&self, address: u64) -> Option<&'a [u8]> {
        self.parts.iter().find_map(|(start, bytes)| {
            let at = usize::try_from(address.checked_sub(*start)?).ok()?;
            bytes.get(at..).filter(|tail| !tail.is_empty())
        })
    }

    /// Exactly these bytes.
    #[must_use]
    pub fn bytes(&self, address: u64, length: u64) -> Option<&'a [u8]> {
        self.tail(address)?.get(..usize::try_from(length).ok()?)
    }

    /// As many whole values as lie between `address` and the end of its part.
    #[must_use]
    pub fn values<T: Pod>(&self, address: u64) -> Option<&'a [T]> {
        let tail = self.tail(address)?;
        slice_from_bytes(tail, tail.len() / size_of::<T>()).ok().map(|(values, _)| values)
    }
}
