//! Looking for a string in a string. Bytes go through `memchr::memmem` (vectorised, linear at worst), the rest through
//! [`two_way`](super::two_way).

use memchr::memmem;

use super::{scan, two_way};

/// Index of the first occurrence of `needle`.
#[must_use]
pub fn in_bytes(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    // To prepare a needle takes time that grows with it.
    if needle.len() > haystack.len() { None } else { memmem::find(haystack, needle) }
}

/// The needle as a slice; `None` if the haystack is shorter. Of both no more is looked at than the shorter one has, twice.
///
/// # Safety
/// Both are terminated, the needle is not written for `'a`, and `length_within(p, n)` gives the elements at `p` before its
/// terminator, `n` at most.
pub unsafe fn needle_for<'a, T>(
    haystack: *const T,
    needle: *const T,
    length_within: impl Fn(*const T, usize) -> usize,
) -> Option<&'a [T]> {
    let (mut known, mut window) = (0, 64);
    loop {
        // SAFETY: both have `known` elements before their terminators.
        let (rest, other) = unsafe { (needle.add(known), haystack.add(known)) };
        let more = length_within(rest, window);
        if length_within(other, more) < more {
            return None;
        }
        known += more;
        if more < window {
            // SAFETY: caller contract; measured above.
            return Some(unsafe { core::slice::from_raw_parts(needle, known) });
        }
        window = known;
    }
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
/// Both are NUL-terminated.
pub unsafe fn in_string(haystack: *const u8, needle: *const u8) -> Option<usize> {
    // SAFETY: caller contract: addresses are inside the strings; windows ask for no more than a string has.
    unsafe {
        if *needle == 0 {
            return Some(0);
        }
        let start = scan::find_or_end(haystack, *needle);
        let skipped = start as usize - haystack as usize;
        if *start == 0 {
            return None;
        }
        let needle = needle_for(start, needle, |at, n| scan::length_within(at, n))?;
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
/// Both are NUL-terminated.
pub unsafe fn in_string_folded(haystack: *const u8, needle: *const u8) -> Option<usize> {
    // SAFETY: as `in_string`.
    unsafe {
        let first = *needle;
        if first == 0 {
            return Some(0);
        }
        let start = scan::find_either_or_end(haystack, first.to_ascii_lowercase(), first.to_ascii_uppercase());
        if *start == 0 {
            return None;
        }
        let needle = needle_for(start, needle, |at, n| scan::length_within(at, n))?;
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
            for needle in [c"Needle", c"nEEdLE", c"N", c"x"] {
                // SAFETY: NUL-terminated.
                let (exact, loose) = unsafe {
                    (
                        in_string(text.as_ptr(), needle.as_ptr().cast()),
                        in_string_folded(text.as_ptr(), needle.as_ptr().cast()),
                    )
                };
                let body = core::str::from_utf8(&text).unwrap();
                let needle = needle.to_str().unwrap();
                assert_eq!(exact, body.find(needle), "{needle} {length}");
                assert_eq!(loose, body.to_lowercase().find(&needle.to_lowercase()));
            }
        }
        // SAFETY: literals.
        unsafe {
            assert_eq!(in_string(c"abc".as_ptr().cast(), c"".as_ptr().cast()), Some(0));
            assert_eq!(in_string(c"".as_ptr().cast(), c"a".as_ptr().cast()), None);
            assert_eq!(in_string_folded(c"".as_ptr().cast(), c"".as_ptr().cast()), Some(0));
        }
    }

    #[test]
    fn lengths_are_compared_before_any_work() {
        for (haystack, needle) in [
            (0, 0),
            (0, 1),
            (1, 0),
            (10, 1_000_000),
            (63, 64),
            (64, 64),
            (64, 65),
            (200, 190),
            (1_000_000, 10),
            (5000, 5001),
        ] {
            let text = |length: usize| -> Vec<u8> { (0..length).map(|_| b'a').chain([0]).collect() };
            let (text, words) = (text(haystack), text(needle));
            let looked_at = core::cell::Cell::new(0);
            let length_within = |at: *const u8, n: usize| {
                // SAFETY: NUL-terminated.
                let length = unsafe { scan::length_within(at, n) };
                looked_at.set(looked_at.get() + length + 1);
                length
            };
            // SAFETY: NUL-terminated, and lengths within.
            let found = unsafe { needle_for(text.as_ptr(), words.as_ptr(), length_within) };
            assert_eq!(found.map(<[u8]>::len), (needle <= haystack).then_some(needle));
            let shorter = haystack.min(needle);
            assert!(looked_at.get() <= 3 * shorter + 64 + 50, "{haystack} {needle}: {}", looked_at.get());
            assert_eq!(in_bytes(&text[..haystack], &words[..needle]), found.map(|_| 0));
        }
    }
}
