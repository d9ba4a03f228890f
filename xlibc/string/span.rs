//! Sets of bytes: `strspn`, `strcspn`, `strpbrk`, and the tokens they cut.

use super::scan;
use crate::rt::CBytes;

/// A set of byte values.
#[derive(Clone, Copy, Debug)]
pub struct ByteSet([u64; 4]);

impl ByteSet {
    /// The bytes of a string, without its NUL.
    #[must_use]
    pub fn of(bytes: impl Iterator<Item = u8>) -> Self {
        let mut words = [0u64; 4];
        for byte in bytes {
            words[usize::from(byte >> 6)] |= 1 << (byte & 63);
        }
        Self(words)
    }
    /// Whether the byte is a member.
    #[inline(always)]
    #[must_use]
    pub fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte >> 6)] >> (byte & 63) & 1 != 0
    }
}

/// Bytes at the start of `string` that are in `set`.
///
/// # Safety
/// Both are NUL-terminated.
pub unsafe fn inside(string: *const u8, set: *const u8) -> usize {
    // SAFETY: caller contract. NUL is not in the set, so the walk ends.
    unsafe {
        let set = ByteSet::of(CBytes::new(set.cast()));
        let mut at = 0;
        while set.has(*string.add(at)) {
            at += 1;
        }
        at
    }
}

/// Bytes at the start of `string` that are not in `set`.
///
/// # Safety
/// Both are NUL-terminated.
pub unsafe fn outside(string: *const u8, set: *const u8) -> usize {
    // SAFETY: caller contract. The second byte of the set is read only if the first is not NUL; a NUL in the string ends the walk.
    unsafe {
        let first = *set;
        if first == 0 || *set.add(1) == 0 {
            return scan::find_or_end(string, first) as usize - string as usize;
        }
        if *set.add(2) == 0 {
            return scan::find_either_or_end(string, first, *set.add(1)) as usize - string as usize;
        }
        let mut set = ByteSet::of(CBytes::new(set.cast()));
        set.0[0] |= 1;
        let mut at = 0;
        while !set.has(*string.add(at)) {
            at += 1;
        }
        at
    }
}

/// C23 7.28.5.8: the next token from `start`, or from `rest` if `start` is null. The byte after it becomes NUL.
///
/// # Safety
/// `start`, or else `rest` if not null, is a writable NUL-terminated string; `separators` is NUL-terminated.
pub unsafe fn token(start: *mut u8, separators: *const u8, rest: &mut *mut u8) -> *mut u8 {
    let from = if start.is_null() { *rest } else { start };
    if from.is_null() {
        return from;
    }
    // SAFETY: caller contract; spans stay inside the string.
    unsafe {
        let first = from.add(inside(from, separators));
        if *first == 0 {
            *rest = core::ptr::null_mut();
            return core::ptr::null_mut();
        }
        let end = first.add(outside(first, separators));
        *rest = if *end == 0 {
            core::ptr::null_mut()
        } else {
            *end = 0;
            end.add(1)
        };
        first
    }
}

/// `strsep`: as [`token`], but every separator ends a field, so fields may be empty.
///
/// # Safety
/// `rest` is null or a writable NUL-terminated string; `separators` is NUL-terminated.
pub unsafe fn field(rest: &mut *mut u8, separators: *const u8) -> *mut u8 {
    let first = *rest;
    if first.is_null() {
        return first;
    }
    // SAFETY: caller contract; the span stays inside the string.
    unsafe {
        let end = first.add(outside(first, separators));
        *rest = if *end == 0 {
            core::ptr::null_mut()
        } else {
            *end = 0;
            end.add(1)
        };
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rt::c_bytes;

    #[test]
    fn spans() {
        for (text, set, inner, outer) in [
            (c"", c"", 0, 0),
            (c"abc", c"", 0, 3),
            (c"", c"abc", 0, 0),
            (c"aabbc", c"ab", 4, 0),
            (c"xyzab", c"ab", 0, 3),
            (c"xyzab", c"b", 0, 4),
            (c"xyzab", c"qrstb", 0, 4),
            (c"abc", c"cab", 3, 0),
            (c"\xFF\xFE", c"\xFE\xFF\x80", 2, 0),
        ] {
            // SAFETY: literals.
            unsafe {
                assert_eq!(inside(text.as_ptr().cast(), set.as_ptr().cast()), inner, "{text:?} {set:?}");
                assert_eq!(outside(text.as_ptr().cast(), set.as_ptr().cast()), outer, "{text:?} {set:?}");
            }
        }
    }

    #[test]
    fn tokens_skip_runs_and_fields_do_not() {
        let (mut text, mut rest, mut tokens) = (*b",,one, two,,\0", core::ptr::null_mut(), Vec::new());
        let mut start = text.as_mut_ptr();
        // SAFETY: NUL-terminated.
        unsafe {
            loop {
                let found = token(start, c", ".as_ptr().cast(), &mut rest);
                if found.is_null() {
                    break;
                }
                tokens.push(c_bytes(found.cast()).to_vec());
                start = core::ptr::null_mut();
            }
            assert_eq!(tokens, [b"one", b"two"]);
            assert!(token(core::ptr::null_mut(), c",".as_ptr().cast(), &mut rest).is_null());

            let mut text = *b"a,,b,\0";
            let (mut rest, mut fields) = (text.as_mut_ptr(), Vec::new());
            while !rest.is_null() {
                fields.push(c_bytes(field(&mut rest, c",".as_ptr().cast()).cast()).to_vec());
            }
            assert_eq!(fields, [b"a".to_vec(), b"".to_vec(), b"b".to_vec(), b"".to_vec()]);
        }
    }
}
