//! C memory as slices and iterators.

use crate::types::c_char;

/// `n` bytes at `data`; accepts any pointer when `n` is 0, which `slice::from_raw_parts` does not.
///
/// # Safety
/// `n` bytes at `data` are readable and not written for `'a`, unless `n` is 0.
#[inline]
pub unsafe fn bytes<'a>(data: *const u8, n: usize) -> &'a [u8] {
    // SAFETY: caller contract.
    if n == 0 { &[] } else { unsafe { core::slice::from_raw_parts(data, n) } }
}

/// `n` bytes at `data` for writing; accepts any pointer when `n` is 0.
///
/// # Safety
/// `n` bytes at `data` are writable and used by nobody else for `'a`, unless `n` is 0.
#[inline]
pub unsafe fn bytes_mut<'a>(data: *mut u8, n: usize) -> &'a mut [u8] {
    // SAFETY: caller contract.
    if n == 0 { &mut [] } else { unsafe { core::slice::from_raw_parts_mut(data, n) } }
}

/// Copies the parts one behind the other, as far as there is room; how many bytes these were.
pub fn copy_parts(target: &mut [u8], parts: &[&[u8]]) -> usize {
    let mut used = 0;
    for part in parts {
        let place = target.get_mut(used..).unwrap_or_default();
        let n = place.len().min(part.len());
        if let (Some(place), Some(part)) = (place.get_mut(..n), part.get(..n)) {
            place.copy_from_slice(part);
        }
        used += n;
    }
    used
}

/// Bytes before the NUL.
///
/// # Safety
/// `string` is NUL-terminated.
#[inline]
pub unsafe fn c_length(string: *const c_char) -> usize {
    // SAFETY: caller contract.
    unsafe { core::ffi::CStr::from_ptr(string) }.count_bytes()
}

/// The bytes of a string, without the NUL.
///
/// # Safety
/// `string` is NUL-terminated and not written for `'a`.
#[inline]
pub unsafe fn c_bytes<'a>(string: *const c_char) -> &'a [u8] {
    // SAFETY: caller contract.
    unsafe { core::ffi::CStr::from_ptr(string) }.to_bytes()
}

/// The bytes of a string up to its NUL, read only as far as asked: a parser that stops early never touches what follows.
#[derive(Clone, Copy, Debug)]
pub struct CBytes {
    at: *const u8,
}

impl CBytes {
    /// # Safety
    /// `string` is NUL-terminated and not written while the iterator lives.
    #[inline]
    #[must_use]
    pub unsafe fn new(string: *const c_char) -> Self {
        Self { at: string.cast() }
    }
}

impl Iterator for CBytes {
    type Item = u8;

    #[inline]
    fn next(&mut self) -> Option<u8> {
        // SAFETY: contract of `new`; `at` never moves past the NUL.
        let byte = unsafe { *self.at };
        if byte == 0 {
            return None;
        }
        // SAFETY: not at the NUL, so the next byte belongs to the string.
        self.at = unsafe { self.at.add(1) };
        Some(byte)
    }
}

#[cfg(test)]
mod tests {
    use super::copy_parts;

    #[test]
    fn parts_stop_where_the_room_ends() {
        let mut target = [b'.'; 6];
        assert_eq!(copy_parts(&mut target, &[b"ab", b"", b"c"]), 3);
        assert_eq!(&target, b"abc...");
        assert_eq!(copy_parts(&mut target, &[b"1234", b"567", b"8"]), 6);
        assert_eq!(&target, b"123456");
        assert_eq!(copy_parts(&mut [], &[b"x"]), 0);
    }
}
