//! Setting bytes.

use core::arch::asm;

use super::arch::fill_wide;

#[derive(Clone, Copy)]
#[repr(C, packed)]
struct Unaligned<T: Copy>(T);

/// Stores `value` at the first and at the last place of `n` bytes.
///
/// # Safety
/// `n` bytes are writable and no fewer than the size of `T`.
#[inline(always)]
unsafe fn ends<T: Copy>(to: *mut u8, value: T, n: usize) {
    // SAFETY: caller contract; the packed type has alignment 1.
    unsafe {
        *to.cast::<Unaligned<T>>() = Unaligned(value);
        *to.add(n - size_of::<T>()).cast::<Unaligned<T>>() = Unaligned(value);
    }
}

/// Sets `n` bytes at `to` to `byte`.
///
/// # Safety
/// `n` bytes at `to` are writable.
#[inline(always)]
pub unsafe fn fill(to: *mut u8, byte: u8, n: usize) {
    let pattern = u64::from(byte) * 0x0101_0101_0101_0101;
    // SAFETY: caller contract; each arm touches bytes 0 to n - 1 only.
    unsafe {
        match n {
            0 => {}
            1 => *to = byte,
            2..=3 => ends(to, pattern as u16, n),
            4..=7 => ends(to, pattern as u32, n),
            8..=15 => ends(to, pattern, n),
            _ => fill_wide(to, pattern, n),
        }
    }
}

/// Sets `n` bytes to zero in a way that no optimiser drops, though nobody reads them afterwards.
///
/// # Safety
/// `n` bytes at `to` are writable.
pub unsafe fn erase(to: *mut u8, n: usize) {
    // SAFETY: caller contract; the empty assembly may read the memory, so the stores before it stay.
    unsafe {
        fill(to, 0, n);
        asm!("/* {} */", in(reg) to, options(nostack, preserves_flags));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_and_alignment_sets_exactly_its_bytes() {
        for n in 0..=300 {
            for start in 16..33 {
                let mut memory = [0xEEu8; 400];
                // SAFETY: start + n is below 400.
                unsafe { fill(memory.as_mut_ptr().add(start), 0x5A, n) };
                for (at, byte) in memory.iter().enumerate() {
                    let inside = at >= start && at < start + n;
                    assert_eq!(*byte, if inside { 0x5A } else { 0xEE }, "{n} at {start}: byte {at}");
                }
            }
        }
    }
}
