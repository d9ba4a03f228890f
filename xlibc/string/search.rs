//! Looking for a string in a string. Bytes go through `memchr::memmem` (vectorised, linear at worst), the rest through
//! [`two_way`](super::two_way).

use memchr::memmem;

use super::{scan, two_way};

/// Index of the first occurrence of `needle`.
#[must_use]
pub fn in_bytes(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    memmem::find(haystack, needle)
}

/// Searches a haystack of unknown length in windows that double: a hit near the start does not pay for measuring the whole, as
/// programs search on from hit to hit.
///
/// # Safety
/// `haystack` is terminated, and `length_within(p, n)` gives the elements at `p` before its terminator, `n` at most.
pub unsafe fn in_windows<T>(
    haystack: *const T,
    needle_length: usize,
    length_within: impl Fn(*const T, usize) -> usize,
    find: impl Fn(&[T]) -> Option<usize>,
) -> Option<usize> {
    let (mut start, mut end) = (0, 0);
    let mut window = needle_length.saturating_mul(4).max(256);
    loop {
        // SAFETY: `end` elements before the terminator are known.
        let more = length_within(unsafe { haystack.add(end) }, window);
        end += more;
        // SAFETY: as above; start <= end.
        let known = unsafe { core::slice::from_raw_parts(haystack.add(start), end - start) };
        if let Some(place) = find(known) {
            return Some(start + place);
        }
        if more < window {
            return None;
        }
        // An occurrence may straddle the two windows.
        start = end - needle_length.saturating_sub(1);
        window = window.saturating_mul(2);
    }
}

/// Index of the first occurrence of a string in a string.
///
/// # Safety
/// `haystack` is NUL-terminated.
pub unsafe fn in_string(haystack: *const u8, needle: &[u8]) -> Option<usize> {
    let Some(first) = needle.first() else { return Some(0) };
    // SAFETY: caller contract: both give an address inside the string; windows ask for no more than the string has.
    unsafe {
        let start = scan::find_or_end(haystack, *first);
        let skipped = start as usize - haystack as usize;
        if *start == 0 {
            return None;
        }
        if needle.len() == 1 {
            return Some(skipped);
        }
        let finder = memmem::Finder::new(needle);
        in_windows(start, needle.len(), |at, n| scan::length_within(at, n), |window| finder.find(window))
            .map(|place| skipped + place)
    }
}

/// As [`in_string`], without regard to the case of ASCII letters.
///
/// # Safety
/// `haystack` is NUL-terminated.
pub unsafe fn in_string_folded(haystack: *const u8, needle: &[u8]) -> Option<usize> {
    let Some(first) = needle.first() else { return Some(0) };
    // SAFETY: as `in_string`.
    unsafe {
        let start = scan::find_either_or_end(haystack, first.to_ascii_lowercase(), first.to_ascii_uppercase());
        if *start == 0 {
            return None;
        }
        in_windows(
            start,
            needle.len(),
            |at, n| scan::length_within(at, n),
            |window| two_way::find(window, needle, |byte| byte.to_ascii_lowercase()),
        )
        .map(|place| start as usize - haystack as usize + place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_found_across_windows() {
        for length in [0usize, 1, 10, 250, 255, 256, 257, 511, 767, 768, 2000] {
            let mut text = vec![b'n'; length];
            text.extend_from_slice(b"Needle\0");
            for (needle, folded) in [("Needle", false), ("nEEdLE", true), ("N", false), ("x", false)] {
                // SAFETY: NUL-terminated.
                let (exact, loose) = unsafe {
                    (in_string(text.as_ptr(), needle.as_bytes()), in_string_folded(text.as_ptr(), needle.as_bytes()))
                };
                let body = core::str::from_utf8(&text).unwrap();
                assert_eq!(exact, body.find(needle), "{needle} {length} {folded}");
                assert_eq!(loose, body.to_lowercase().find(&needle.to_lowercase()));
            }
        }
        // SAFETY: literals.
        unsafe {
            assert_eq!(in_string(c"abc".as_ptr().cast(), b""), Some(0));
            assert_eq!(in_string(c"".as_ptr().cast(), b"a"), None);
            assert_eq!(in_string_folded(c"".as_ptr().cast(), b""), Some(0));
        }
    }
}
