//! SSE2, which every such CPU has.

use core::arch::asm;
use core::arch::x86_64::*;

/// Sixteen bytes in one register.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Vector(__m128i);

/// Which lanes of a [`Vector`] are set.
pub type Mask = crate::string::mask::Mask<1>;

impl Vector {
    #[inline(always)]
    pub fn splat(byte: u8) -> Self {
        // SAFETY: SSE2 is part of x86_64.
        Self(unsafe { _mm_set1_epi8(byte as i8) })
    }
    /// The aligned block at `at`. Assembly, as the block may begin before the object or end after it: what the CPU allows, a
    /// plain load would not be.
    ///
    /// # Safety
    /// `at` is a multiple of 16 and at least one byte of the block is readable: then the whole page is.
    #[inline(always)]
    pub unsafe fn load_aligned(at: *const u8) -> Self {
        let block;
        // SAFETY: caller contract.
        unsafe {
            asm!("movdqa {}, [{}]", out(xmm_reg) block, in(reg) at, options(pure, readonly, nostack, preserves_flags));
        }
        Self(block)
    }
    /// The sixteen bytes at `at`.
    ///
    /// # Safety
    /// They lie in readable pages.
    #[inline(always)]
    pub unsafe fn load(at: *const u8) -> Self {
        let block;
        // SAFETY: caller contract.
        unsafe {
            asm!("movdqu {}, [{}]", out(xmm_reg) block, in(reg) at, options(pure, readonly, nostack, preserves_flags));
        }
        Self(block)
    }
    /// Lanes that are equal, as all ones.
    #[inline(always)]
    pub fn equal(self, other: Self) -> Self {
        // SAFETY: SSE2 is part of x86_64.
        Self(unsafe { _mm_cmpeq_epi8(self.0, other.0) })
    }
    #[inline(always)]
    pub fn or(self, other: Self) -> Self {
        // SAFETY: SSE2 is part of x86_64.
        Self(unsafe { _mm_or_si128(self.0, other.0) })
    }
    /// The lesser of each pair of lanes, unsigned.
    #[inline(always)]
    pub fn min(self, other: Self) -> Self {
        // SAFETY: SSE2 is part of x86_64.
        Self(unsafe { _mm_min_epu8(self.0, other.0) })
    }
    /// Lanes of all ones become set; every other lane is zero.
    #[inline(always)]
    pub fn mask(self) -> Mask {
        // SAFETY: SSE2 is part of x86_64.
        Mask::new(u64::from(unsafe { _mm_movemask_epi8(self.0) } as u16))
    }
    /// True if a lane is all ones and the others are zero.
    #[inline(always)]
    pub fn any(self) -> bool {
        self.mask().any()
    }
}

/// The widest value that one instruction loads or stores.
pub type Wide = __m128i;

/// Copies `count` blocks of 64 bytes, at least one, upwards.
///
/// # Safety
/// Regions valid; `to` is a multiple of 16.
#[inline(always)]
pub unsafe fn blocks_ascending(to: *mut u8, from: *const u8, count: usize) {
    // SAFETY: caller contract.
    unsafe {
        asm!(
            "2:",
            "movups {a}, [{from}]",
            "movups {b}, [{from} + 16]",
            "movups {c}, [{from} + 32]",
            "movups {d}, [{from} + 48]",
            "add {from}, 64",
            "movaps [{to}], {a}",
            "movaps [{to} + 16], {b}",
            "movaps [{to} + 32], {c}",
            "movaps [{to} + 48], {d}",
            "add {to}, 64",
            "dec {count}",
            "jnz 2b",
            from = inout(reg) from => _, to = inout(reg) to => _, count = inout(reg) count => _,
            a = out(xmm_reg) _, b = out(xmm_reg) _, c = out(xmm_reg) _, d = out(xmm_reg) _,
            options(nostack),
        );
    }
}

/// Copies `count` blocks of 64 bytes, at least one, downwards from the ends `to` and `from`.
///
/// # Safety
/// Regions valid; `to` is a multiple of 16.
#[inline(always)]
pub unsafe fn blocks_descending(to: *mut u8, from: *const u8, count: usize) {
    // SAFETY: caller contract.
    unsafe {
        asm!(
            "2:",
            "movups {a}, [{from} - 16]",
            "movups {b}, [{from} - 32]",
            "movups {c}, [{from} - 48]",
            "movups {d}, [{from} - 64]",
            "sub {from}, 64",
            "movaps [{to} - 16], {a}",
            "movaps [{to} - 32], {b}",
            "movaps [{to} - 48], {c}",
            "movaps [{to} - 64], {d}",
            "sub {to}, 64",
            "dec {count}",
            "jnz 2b",
            from = inout(reg) from => _, to = inout(reg) to => _, count = inout(reg) count => _,
            a = out(xmm_reg) _, b = out(xmm_reg) _, c = out(xmm_reg) _, d = out(xmm_reg) _,
            options(nostack),
        );
    }
}

/// Sets 16 bytes or more: both ends unaligned, aligned blocks of 16 between them, four to a round.
///
/// # Safety
/// `n` bytes at `to` are writable, `n` is 16 or more.
#[inline(always)]
pub unsafe fn fill_wide(to: *mut u8, pattern: u64, n: usize) {
    // SAFETY: caller contract: all stores lie between the two unaligned ones.
    unsafe {
        asm!(
            "movq {v}, {pattern}",
            "punpcklqdq {v}, {v}",
            "movups [{to}], {v}",
            "movups [{end} - 16], {v}",
            "add {to}, 16",
            "and {to}, -16",
            "sub {end}, 64",
            "cmp {to}, {end}",
            "ja 3f",
            "2:",
            "movaps [{to}], {v}",
            "movaps [{to} + 16], {v}",
            "movaps [{to} + 32], {v}",
            "movaps [{to} + 48], {v}",
            "add {to}, 64",
            "cmp {to}, {end}",
            "jbe 2b",
            "3:",
            "add {end}, 48",
            "4:",
            "cmp {to}, {end}",
            "ja 5f",
            "movaps [{to}], {v}",
            "add {to}, 16",
            "jmp 4b",
            "5:",
            to = inout(reg) to => _, end = inout(reg) to.add(n) => _, pattern = in(reg) pattern, v = out(xmm_reg) _,
            options(nostack),
        );
    }
}
