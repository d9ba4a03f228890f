//! Looking for bytes. Blocks are aligned, so a read never enters a page in which no byte of the string lies.

use super::vector::{LANES, Mask, Vector};

/// Bytes of a round of the fast loops.
const ROUND: usize = 4 * LANES;

/// Address of the first byte from `start` on whose lane `hit` sets.
///
/// # Safety
/// Such a byte exists, and every byte up to it is readable.
#[inline(always)]
unsafe fn first(start: *const u8, hit: impl Fn(Vector) -> Vector) -> *const u8 {
    let skip = start as usize % LANES;
    // SAFETY: the aligned block that holds `start`.
    let mut at = unsafe { start.sub(skip) };
    // SAFETY: as above.
    let found = hit(unsafe { Vector::load_aligned(at) }).mask().from(skip);
    if found.any() {
        // SAFETY: the byte of a lane at or after `start`.
        return unsafe { at.add(found.first()) };
    }
    // SAFETY: nothing was found before `at`, so by contract the byte at `at` is readable, and with it its aligned round.
    unsafe {
        at = at.add(LANES);
        while !(at as usize).is_multiple_of(ROUND) {
            let found = hit(Vector::load_aligned(at)).mask();
            if found.any() {
                return at.add(found.first());
            }
            at = at.add(LANES);
        }
        loop {
            let a = hit(Vector::load_aligned(at));
            let b = hit(Vector::load_aligned(at.add(LANES)));
            let c = hit(Vector::load_aligned(at.add(2 * LANES)));
            let d = hit(Vector::load_aligned(at.add(3 * LANES)));
            if a.or(b).or(c.or(d)).any() {
                return at.add(first_of_four(a, b, c, d));
            }
            at = at.add(ROUND);
        }
    }
}

/// Number of the first set lane among four blocks, of which one has it.
#[inline(always)]
fn first_of_four(a: Vector, b: Vector, c: Vector, d: Vector) -> usize {
    let (a, b, c) = (a.mask(), b.mask(), c.mask());
    if a.any() {
        a.first()
    } else if b.any() {
        LANES + b.first()
    } else if c.any() {
        2 * LANES + c.first()
    } else {
        3 * LANES + d.mask().first()
    }
}

/// Index of the first of `n` bytes at `start` whose lane `hit` sets.
///
/// # Safety
/// Every byte up to the hit, or all `n`, are readable; `n` may reach past the end of memory if there is a hit before.
#[inline(always)]
unsafe fn first_within(start: *const u8, n: usize, hit: impl Fn(Vector) -> Vector) -> Option<usize> {
    if n == 0 {
        return None;
    }
    let skip = start as usize % LANES;
    let mut at = start.wrapping_sub(skip);
    // SAFETY: the aligned block that holds `start`.
    let found = hit(unsafe { Vector::load_aligned(at) }).mask().from(skip);
    // Index of byte `at` of the block after.
    let mut index = LANES - skip;
    if found.any() {
        let place = found.first() - skip;
        return (place < n).then_some(place);
    }
    // SAFETY: below: `index < n` and nothing was found before it, so the byte at `at` is readable, and with it its aligned round.
    unsafe {
        at = at.add(LANES);
        while index < n {
            if (at as usize).is_multiple_of(ROUND) {
                let a = hit(Vector::load_aligned(at));
                let b = hit(Vector::load_aligned(at.add(LANES)));
                let c = hit(Vector::load_aligned(at.add(2 * LANES)));
                let d = hit(Vector::load_aligned(at.add(3 * LANES)));
                if a.or(b).or(c.or(d)).any() {
                    let place = index + first_of_four(a, b, c, d);
                    return (place < n).then_some(place);
                }
                at = at.add(ROUND);
                index += ROUND;
            } else {
                let found = hit(Vector::load_aligned(at)).mask();
                if found.any() {
                    let place = index + found.first();
                    return (place < n).then_some(place);
                }
                at = at.add(LANES);
                index += LANES;
            }
        }
    }
    None
}

/// Bytes before the NUL.
///
/// # Safety
/// `string` is NUL-terminated.
#[inline(always)]
pub unsafe fn length(string: *const u8) -> usize {
    let zero = Vector::splat(0);
    // SAFETY: caller contract.
    let end = unsafe { first(string, |block| block.equal(zero)) };
    end as usize - string as usize
}

/// Bytes before the NUL, at most `limit`.
///
/// # Safety
/// `string` is readable up to its NUL or for `limit` bytes.
#[inline(always)]
pub unsafe fn length_within(string: *const u8, limit: usize) -> usize {
    let zero = Vector::splat(0);
    // SAFETY: caller contract.
    unsafe { first_within(string, limit, |block| block.equal(zero)) }.unwrap_or(limit)
}

/// Index of the first `byte` among `n`.
///
/// # Safety
/// Readable up to the first `byte` or for `n` bytes.
#[inline(always)]
pub unsafe fn find(data: *const u8, byte: u8, n: usize) -> Option<usize> {
    let wanted = Vector::splat(byte);
    // SAFETY: caller contract.
    unsafe { first_within(data, n, |block| block.equal(wanted)) }
}

/// Address of the first `byte` of a string, or of its NUL.
///
/// # Safety
/// `string` is NUL-terminated.
#[inline(always)]
pub unsafe fn find_or_end(string: *const u8, byte: u8) -> *const u8 {
    let (wanted, zero) = (Vector::splat(byte), Vector::splat(0));
    // SAFETY: caller contract.
    unsafe { first(string, |block| block.equal(wanted).or(block.equal(zero))) }
}

/// Address of the first byte of a string that is `low` or `high`, or of its NUL.
///
/// # Safety
/// `string` is NUL-terminated.
#[inline(always)]
pub unsafe fn find_either_or_end(string: *const u8, low: u8, high: u8) -> *const u8 {
    let (low, high, zero) = (Vector::splat(low), Vector::splat(high), Vector::splat(0));
    // SAFETY: caller contract.
    unsafe { first(string, |block| block.equal(low).or(block.equal(high)).or(block.equal(zero))) }
}

/// Index of the last `byte` among `n`.
///
/// # Safety
/// `n` bytes at `data` are readable.
#[inline(always)]
pub unsafe fn find_last(data: *const u8, byte: u8, n: usize) -> Option<usize> {
    if n == 0 {
        return None;
    }
    let wanted = Vector::splat(byte);
    let end = data as usize + n;
    let skip = data as usize % LANES;
    // Bytes of the last aligned block that belong to the data: 1 to 16.
    let in_last = (end - 1) % LANES + 1;
    let mut at = data.wrapping_add(n).wrapping_sub(in_last);
    // SAFETY: each block holds at least one of the `n` bytes: it ends after `data` and begins before its end.
    unsafe {
        let mut found = Vector::load_aligned(at).equal(wanted).mask().before(in_last);
        loop {
            let first_block = at <= data;
            if first_block {
                found = found.from(skip);
            }
            if found.any() {
                return Some(at as usize + found.last() - data as usize);
            }
            if first_block {
                return None;
            }
            at = at.wrapping_sub(LANES);
            found = Vector::load_aligned(at).equal(wanted).mask();
        }
    }
}

/// Address of the last `byte` of a string, NUL included; null if there is none.
///
/// # Safety
/// `string` is NUL-terminated.
#[inline(always)]
pub unsafe fn find_last_in_string(string: *const u8, byte: u8) -> *const u8 {
    let (wanted, zero) = (Vector::splat(byte), Vector::splat(0));
    let skip = string as usize % LANES;
    let mut at = string.wrapping_sub(skip);
    let mut last = core::ptr::null();
    let mut lane = skip;
    loop {
        // SAFETY: no NUL before this block, so its first byte that is not before `string` is readable.
        let block = unsafe { Vector::load_aligned(at) };
        let end: Mask = block.equal(zero).mask().from(lane);
        let mut found = block.equal(wanted).mask().from(lane);
        if end.any() {
            found = found.before(end.first() + 1);
        }
        if found.any() {
            last = at.wrapping_add(found.last());
        }
        if end.any() {
            return last;
        }
        at = at.wrapping_add(LANES);
        lane = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A text that may begin at any alignment and has a NUL and wanted bytes right before and after it.
    fn framed(text: &[u8], start: usize) -> Vec<u8> {
        let mut memory = vec![b'x'; start];
        memory.extend_from_slice(text);
        memory.push(0);
        memory.extend_from_slice(&[b'x'; 200]);
        memory
    }

    fn check(text: &[u8], start: usize) {
        let memory = framed(text, start + 1);
        let string = memory[start + 1..].as_ptr();
        let string_length = text.iter().position(|byte| *byte == 0).unwrap_or(text.len());
        let visible = &text[..string_length];
        // SAFETY: NUL-terminated; 200 bytes follow the NUL.
        unsafe {
            assert_eq!(length(string), string_length);
            for n in [0, 1, text.len() / 2, text.len(), text.len() + 1, text.len() + 90] {
                let all = core::slice::from_raw_parts(string, n);
                assert_eq!(length_within(string, n), string_length.min(n));
                assert_eq!(find(string, b'x', n), all.iter().position(|byte| *byte == b'x'));
                assert_eq!(find_last(string, b'x', n), all.iter().rposition(|byte| *byte == b'x'));
            }
            assert_eq!(length_within(string, usize::MAX), string_length);
            assert_eq!(find(string, 0, usize::MAX), Some(string_length));
            let place = visible.iter().position(|byte| *byte == b'x').unwrap_or(string_length);
            assert_eq!(find_or_end(string, b'x').offset_from(string) as usize, place);
            let place = visible.iter().position(|byte| matches!(byte, b'x' | b'y')).unwrap_or(string_length);
            assert_eq!(find_either_or_end(string, b'x', b'y').offset_from(string) as usize, place);
            let last = find_last_in_string(string, b'x');
            let place = (!last.is_null()).then(|| last.offset_from(string) as usize);
            assert_eq!(place, visible.iter().rposition(|byte| *byte == b'x'));
            assert_eq!(find_last_in_string(string, 0).offset_from(string) as usize, string_length);
        }
    }

    #[test]
    fn all_lengths_at_all_alignments() {
        for start in 0..65 {
            for n in 0..100 {
                let mut text = vec![0xFFu8; n];
                check(&text, start);
                if n > 0 {
                    text[n - 1] = b'x';
                    check(&text, start);
                    text[n / 2] = 0;
                    check(&text, start);
                }
            }
        }
    }

    #[test]
    fn reads_stop_at_the_page_of_the_end() {
        // Two pages of which the second cannot be read.
        unsafe extern "C" {
            fn mmap(at: *mut u8, n: usize, protection: i32, flags: i32, fd: i32, offset: i64) -> *mut u8;
            fn mprotect(at: *mut u8, n: usize, protection: i32) -> i32;
        }
        // SAFETY: fresh memory; strings end at the last readable byte.
        unsafe {
            let page = mmap(core::ptr::null_mut(), 8192, 3, 0x22, -1, 0);
            assert_eq!(mprotect(page.add(4096), 4096, 0), 0);
            for n in 0..200 {
                let string = page.add(4095 - n);
                string.write_bytes(b'a', n);
                string.add(n).write(0);
                assert_eq!(length(string), n);
                assert_eq!(find(string, b'b', n + 1), None);
                assert_eq!(find(string, 0, usize::MAX), Some(n));
                assert_eq!(find_last(string, b'b', n + 1), None);
                assert!(find_last_in_string(string, b'b').is_null());
                assert_eq!(crate::string::compare::strings(string, string), core::cmp::Ordering::Equal);
            }
        }
    }

    proptest! {
        #[test]
        fn agrees_with_byte_loops(text in proptest::collection::vec(prop_oneof![Just(b'x'), Just(b'y'), Just(0u8), any::<u8>(), 1..=255u8, 1..=255u8], 0..300), start in 0usize..64) {
            check(&text, start);
        }
    }
}
