//! Copying bytes. One engine for `memcpy` and `memmove`: up to 128 bytes everything is loaded before anything is stored, and the
//! loop of larger copies runs in the direction that overlap allows, so nothing is gained by assuming that there is none.

use super::arch::{Wide, blocks_ascending, blocks_descending};

/// A value that may lie at any address.
#[derive(Clone, Copy)]
#[repr(C, packed)]
struct Unaligned<T: Copy>(T);

/// # Safety
/// `at` is readable for the size of `T`.
#[inline(always)]
unsafe fn load<T: Copy>(at: *const u8) -> T {
    // SAFETY: caller contract; the packed type has alignment 1.
    unsafe { (*at.cast::<Unaligned<T>>()).0 }
}

/// # Safety
/// `at` is writable for the size of `T`.
#[inline(always)]
unsafe fn store<T: Copy>(at: *mut u8, value: T) {
    // SAFETY: caller contract; the packed type has alignment 1.
    unsafe { *at.cast::<Unaligned<T>>() = Unaligned(value) }
}

/// Copies `n` bytes that are `size_of::<T>()` to twice that: two blocks that overlap.
///
/// # Safety
/// Both regions are valid for `n` bytes.
#[inline(always)]
unsafe fn two<T: Copy>(to: *mut u8, from: *const u8, n: usize) {
    // SAFETY: caller contract; `n` is at least the size of a block.
    unsafe {
        let last = n - size_of::<T>();
        let (head, tail) = (load::<T>(from), load::<T>(from.add(last)));
        store(to, head);
        store(to.add(last), tail);
    }
}

/// Copies `n` bytes; the regions may overlap.
///
/// # Safety
/// `from` is readable and `to` writable for `n` bytes.
#[inline(always)]
pub unsafe fn copy(to: *mut u8, from: *const u8, n: usize) {
    // SAFETY: caller contract; each arm touches bytes 0 to n - 1 only.
    unsafe {
        match n {
            0 => {}
            1 => *to = *from,
            2..=3 => two::<u16>(to, from, n),
            4..=7 => two::<u32>(to, from, n),
            8..=15 => two::<u64>(to, from, n),
            16..=32 => two::<Wide>(to, from, n),
            33..=64 => {
                let (a, b) = (load::<Wide>(from), load::<Wide>(from.add(16)));
                let (c, d) = (load::<Wide>(from.add(n - 32)), load::<Wide>(from.add(n - 16)));
                store(to, a);
                store(to.add(16), b);
                store(to.add(n - 32), c);
                store(to.add(n - 16), d);
            }
            65..=128 => {
                let (a, b) = (load::<Wide>(from), load::<Wide>(from.add(16)));
                let (c, d) = (load::<Wide>(from.add(32)), load::<Wide>(from.add(48)));
                let (e, f) = (load::<Wide>(from.add(n - 64)), load::<Wide>(from.add(n - 48)));
                let (g, h) = (load::<Wide>(from.add(n - 32)), load::<Wide>(from.add(n - 16)));
                store(to, a);
                store(to.add(16), b);
                store(to.add(32), c);
                store(to.add(48), d);
                store(to.add(n - 64), e);
                store(to.add(n - 48), f);
                store(to.add(n - 32), g);
                store(to.add(n - 16), h);
            }
            // Wraps to a large number where `to` lies below `from`: ascending order is right there too.
            _ if (to as usize).wrapping_sub(from as usize) >= n => ascending(to, from, n),
            _ => descending(to, from, n),
        }
    }
}

/// Copies from the first byte to the last. The last 64 bytes are loaded before the loop and stored after it.
///
/// # Safety
/// As [`copy`]; `n` is above 128 and `to` is not inside `from .. from + n`, unless it is `from`.
unsafe fn ascending(to: *mut u8, from: *const u8, n: usize) {
    // SAFETY: caller contract; the loop covers 0 .. the multiple of 64 that leaves 1 to 64 bytes, the tail covers those.
    unsafe {
        // The first block separately, so that the stores of the loop are aligned.
        let head = load::<Wide>(from);
        let tail = from.add(n - 64);
        let (a, b) = (load::<Wide>(tail), load::<Wide>(tail.add(16)));
        let (c, d) = (load::<Wide>(tail.add(32)), load::<Wide>(tail.add(48)));
        let skip = 16 - (to as usize & 15);
        blocks_ascending(to.add(skip), from.add(skip), (n - skip - 1) / 64);
        store(to, head);
        let end = to.add(n - 64);
        store(end, a);
        store(end.add(16), b);
        store(end.add(32), c);
        store(end.add(48), d);
    }
}

/// Copies from the last byte to the first. The first 64 bytes are loaded before the loop and stored after it.
///
/// # Safety
/// As [`copy`]; `n` is above 128.
unsafe fn descending(to: *mut u8, from: *const u8, n: usize) {
    // SAFETY: caller contract; the loop covers whole blocks of 64 that end at the aligned end, the head covers the rest.
    unsafe {
        let last = load::<Wide>(from.add(n - 16));
        let (a, b) = (load::<Wide>(from), load::<Wide>(from.add(16)));
        let (c, d) = (load::<Wide>(from.add(32)), load::<Wide>(from.add(48)));
        let skip = (to as usize + n) & 15;
        blocks_descending(to.add(n - skip), from.add(n - skip), (n - skip - 1) / 64);
        store(to.add(n - 16), last);
        store(to, a);
        store(to.add(16), b);
        store(to.add(32), c);
        store(to.add(48), d);
    }
}

/// Exchanges the bytes of each pair; an odd last byte is not copied (POSIX.1-2024 `swab`).
///
/// # Safety
/// `n` bytes at `from` are readable and at `to` writable; equal or disjoint.
pub unsafe fn swap_pairs(to: *mut u8, from: *const u8, n: usize) {
    let mut at = 0;
    while at + 1 < n {
        // SAFETY: caller contract; `at + 1` is below `n`.
        unsafe { store::<u16>(to.add(at), load::<u16>(from.add(at)).swap_bytes()) };
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(mut memory: Vec<u8>, to: usize, from: usize, n: usize) -> Vec<u8> {
        assert!(to.max(from) + n <= memory.len());
        let base = memory.as_mut_ptr();
        // SAFETY: asserted above.
        unsafe { copy(base.add(to), base.add(from), n) };
        memory
    }

    #[test]
    fn every_length_and_distance_matches_copy_within() {
        let memory: Vec<u8> = (0..900u32).map(|i| (i * 7 + i / 251) as u8).collect();
        for n in 0..=330 {
            for (to, from) in [
                (0, 400),
                (400, 0),
                (1, 0),
                (0, 1),
                (17, 0),
                (0, 17),
                (64, 63),
                (100, 165),
                (165, 100),
                (3, 3),
                (333, 2),
            ] {
                let mut expected = memory.clone();
                expected.copy_within(from..from + n, to);
                assert_eq!(moved(memory.clone(), to, from, n), expected, "{n} bytes from {from} to {to}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn agrees_with_copy_within(seed: u8, to in 0usize..3000, from in 0usize..3000, n in 0usize..4000) {
            let memory: Vec<u8> = (0..7000u32).map(|i| (i * 31 + i / 256) as u8 ^ seed).collect();
            let mut expected = memory.clone();
            expected.copy_within(from..from + n, to);
            assert_eq!(moved(memory, to, from, n), expected);
        }
    }

    #[test]
    fn swab_swaps_pairs_and_leaves_an_odd_byte() {
        let mut to = *b"-----";
        // SAFETY: five bytes each.
        unsafe { swap_pairs(to.as_mut_ptr(), b"abcde".as_ptr(), 5) };
        assert_eq!(&to, b"badc-");
    }
}
