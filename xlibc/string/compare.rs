//! Comparing bytes, as unsigned numbers.

use core::cmp::Ordering;

use super::vector::{LANES, Vector};

/// The smallest page of any host.
const PAGE: usize = 4096;

/// Compares `n` bytes.
///
/// # Safety
/// Both are readable for `n` bytes.
#[inline(always)]
pub unsafe fn memory(a: *const u8, b: *const u8, n: usize) -> Ordering {
    // SAFETY: caller contract; indices stay below `n`.
    unsafe {
        if n < LANES {
            return short(a, b, n);
        }
        let mut at = 0;
        while at + LANES <= n {
            if let Some(order) = block(a.add(at), b.add(at)) {
                return order;
            }
            at += LANES;
        }
        // What is left, together with bytes known to be equal.
        block(a.add(n - LANES), b.add(n - LANES)).unwrap_or(Ordering::Equal)
    }
}

/// Compares sixteen bytes; `None` if they are equal.
///
/// # Safety
/// Both are readable for 16 bytes.
#[inline(always)]
unsafe fn block(a: *const u8, b: *const u8) -> Option<Ordering> {
    // SAFETY: caller contract; the lane is below 16.
    unsafe {
        let different = Vector::load(a).equal(Vector::load(b)).equal(Vector::splat(0)).mask();
        different.any().then(|| (*a.add(different.first())).cmp(&*b.add(different.first())))
    }
}

/// Compares fewer than 16 bytes, as big-endian numbers that overlap.
///
/// # Safety
/// Both are readable for `n` bytes.
#[inline(always)]
unsafe fn short(a: *const u8, b: *const u8, n: usize) -> Ordering {
    #[derive(Clone, Copy)]
    #[repr(C, packed)]
    struct Unaligned<T: Copy>(T);
    // SAFETY: caller contract; each read lies inside 0 .. n.
    unsafe {
        let eight = |p: *const u8, at| u64::from_be((*p.add(at).cast::<Unaligned<u64>>()).0);
        let four = |p: *const u8, at| u64::from(u32::from_be((*p.add(at).cast::<Unaligned<u32>>()).0));
        let one = |p: *const u8, at: usize| u64::from(*p.add(at));
        match n {
            0 => Ordering::Equal,
            1..=3 => {
                let all = |p| one(p, 0) << 16 | one(p, n / 2) << 8 | one(p, n - 1);
                all(a).cmp(&all(b))
            }
            4..=7 => {
                let all = |p| four(p, 0) << 32 | four(p, n - 4);
                all(a).cmp(&all(b))
            }
            _ => {
                let head = eight(a, 0).cmp(&eight(b, 0));
                if head.is_ne() { head } else { eight(a, n - 8).cmp(&eight(b, n - 8)) }
            }
        }
    }
}

/// Compares two strings.
///
/// # Safety
/// Both are NUL-terminated.
#[inline(always)]
pub unsafe fn strings(a: *const u8, b: *const u8) -> Ordering {
    // SAFETY: caller contract.
    unsafe { strings_within(a, b, usize::MAX) }
}

/// Compares two strings, `n` bytes at most.
///
/// # Safety
/// Both are readable up to their NUL, the first difference or for `n` bytes.
#[inline(always)]
pub unsafe fn strings_within(a: *const u8, b: *const u8, n: usize) -> Ordering {
    let zero = Vector::splat(0);
    let mut at = 0;
    // SAFETY: `at` never passes the first difference, the NUL or `n`; a whole block is read only inside the pages of bytes that
    // may be read.
    unsafe {
        while at < n {
            let (x, y) = (a.wrapping_add(at), b.wrapping_add(at));
            let room = (PAGE - x as usize % PAGE).min(PAGE - y as usize % PAGE);
            let mut blocks = room / LANES;
            if blocks == 0 {
                // Near the end of a page: as many single bytes as it has left.
                for step in 0..room {
                    if at + step == n {
                        return Ordering::Equal;
                    }
                    let (left, right) = (*x.add(step), *y.add(step));
                    if left != right || left == 0 {
                        return left.cmp(&right);
                    }
                }
                at += room;
                continue;
            }
            while blocks > 0 && at < n {
                let (x, y) = (Vector::load(a.add(at)), Vector::load(b.add(at)));
                // A lane is zero where the bytes differ or both are NUL.
                let stop = x.equal(y).min(x).equal(zero).mask();
                if stop.any() {
                    let place = at + stop.first();
                    return if place >= n { Ordering::Equal } else { (*a.add(place)).cmp(&*b.add(place)) };
                }
                at += LANES;
                blocks -= 1;
            }
        }
    }
    Ordering::Equal
}

/// Compares two strings without regard to the case of ASCII letters, `n` bytes at most (POSIX.1-2024 `strncasecmp`; our locales
/// have no other letters of one byte).
///
/// # Safety
/// Both are readable up to their NUL, the first difference or for `n` bytes.
pub unsafe fn strings_folded(a: *const u8, b: *const u8, n: usize) -> Ordering {
    for at in 0..n {
        // SAFETY: no NUL and no difference so far.
        let (x, y) = unsafe { ((*a.add(at)).to_ascii_lowercase(), (*b.add(at)).to_ascii_lowercase()) };
        if x != y || x == 0 {
            return x.cmp(&y);
        }
    }
    Ordering::Equal
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(a: &[u8], b: &[u8], gap: usize) {
        let n = a.len().min(b.len());
        // Another alignment for the second.
        let mut shifted = vec![7; gap];
        shifted.extend_from_slice(b);
        let end = |text: &[u8]| text.iter().position(|byte| *byte == 0).unwrap_or(text.len());
        let (mut x, mut y) = (a[..end(a)].to_vec(), shifted[..gap].to_vec());
        y.extend_from_slice(&b[..end(b)]);
        x.push(0);
        y.push(0);
        // SAFETY: within both.
        unsafe {
            assert_eq!(memory(a.as_ptr(), shifted.as_ptr().add(gap), n), a[..n].cmp(&b[..n]));
            let (p, q) = (x.as_ptr(), y.as_ptr().add(gap));
            assert_eq!(strings(p, q), a[..end(a)].cmp(&b[..end(b)]));
            for limit in [0, 1, 15, 16, 17, n] {
                let (left, right) = (&a[..end(a).min(limit)], &b[..end(b).min(limit)]);
                assert_eq!(strings_within(p, q, limit), left.cmp(right), "{left:?} {right:?} {limit}");
                assert_eq!(
                    strings_folded(p, q, limit),
                    left.to_ascii_lowercase().cmp(&right.to_ascii_lowercase()),
                    "{left:?} {right:?} {limit}"
                );
            }
        }
    }

    #[test]
    fn differences_are_found_at_every_place() {
        for n in 0..70 {
            let a = vec![b'A'; n];
            check(&a, &a, n % 17);
            for at in 0..n {
                for other in [0, b'@', b'a', 0xFF] {
                    let mut b = a.clone();
                    b[at] = other;
                    check(&a, &b, (n + at) % 17);
                    check(&b, &a, (n + at) % 17);
                }
            }
        }
    }

    proptest! {
        #[test]
        fn agrees_with_slices(mut a in proptest::collection::vec(any::<u8>(), 0..5000), at: prop::sample::Index, byte: u8, gap in 0usize..4096) {
            a.push(1);
            for x in &mut a { *x |= 1 }
            let mut b = a.clone();
            let place = at.index(b.len());
            b[place] = byte;
            check(&a, &b, gap);
        }
    }
}
