//! Sixteen bytes at a time: SSE2 on x86_64, NEON on aarch64, both part of every such CPU.

use core::arch::asm;

#[cfg(target_arch = "aarch64")]
use core::arch::aarch64::*;
#[cfg(target_arch = "x86_64")]
use core::arch::x86_64::*;

/// Bytes in a [`Vector`].
pub const LANES: usize = 16;

/// Sixteen bytes in one register.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Vector(#[cfg(target_arch = "x86_64")] __m128i, #[cfg(target_arch = "aarch64")] uint8x16_t);

/// Which lanes are set, `BITS` bits for each, the first lane lowest.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Mask(u64);

#[cfg(target_arch = "x86_64")]
const BITS: usize = 1;
#[cfg(target_arch = "aarch64")]
const BITS: usize = 4;

impl Mask {
    #[inline(always)]
    pub fn any(self) -> bool {
        self.0 != 0
    }
    /// Number of the first lane set; 16 or more if there is none.
    #[inline(always)]
    pub fn first(self) -> usize {
        self.0.trailing_zeros() as usize / BITS
    }
    /// Number of the last lane set; only for a mask that has one.
    #[inline(always)]
    pub fn last(self) -> usize {
        (63 - (self.0 | 1).leading_zeros() as usize) / BITS
    }
    /// Without the lanes before `lane`, which is below 16.
    #[inline(always)]
    pub fn from(self, lane: usize) -> Self {
        Self(self.0 & (u64::MAX << (lane * BITS)))
    }
    /// Only the lanes before `lane`, which is 1 to 16.
    #[inline(always)]
    pub fn before(self, lane: usize) -> Self {
        Self(self.0 & (u64::MAX >> (64 - lane * BITS)))
    }
}

#[cfg(target_arch = "x86_64")]
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
        Mask(u64::from(unsafe { _mm_movemask_epi8(self.0) } as u16))
    }
    /// True if a lane is all ones and the others are zero.
    #[inline(always)]
    pub fn any(self) -> bool {
        self.mask().any()
    }
}

#[cfg(target_arch = "aarch64")]
impl Vector {
    #[inline(always)]
    pub fn splat(byte: u8) -> Self {
        // SAFETY: NEON is part of aarch64.
        Self(unsafe { vdupq_n_u8(byte) })
    }
    /// The aligned block at `at`. Assembly, as the block may begin before the object or end after it: what the CPU allows, a
    /// plain load would not be.
    ///
    /// # Safety
    /// `at` is a multiple of 16 and at least one byte of the block is readable: then the whole page is.
    #[inline(always)]
    pub unsafe fn load_aligned(at: *const u8) -> Self {
        // SAFETY: caller contract.
        unsafe { Self::load(at) }
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
            asm!("ldr {:q}, [{}]", out(vreg) block, in(reg) at, options(pure, readonly, nostack, preserves_flags));
        }
        Self(block)
    }
    /// Lanes that are equal, as all ones.
    #[inline(always)]
    pub fn equal(self, other: Self) -> Self {
        // SAFETY: NEON is part of aarch64.
        Self(unsafe { vceqq_u8(self.0, other.0) })
    }
    #[inline(always)]
    pub fn or(self, other: Self) -> Self {
        // SAFETY: NEON is part of aarch64.
        Self(unsafe { vorrq_u8(self.0, other.0) })
    }
    /// The lesser of each pair of lanes, unsigned.
    #[inline(always)]
    pub fn min(self, other: Self) -> Self {
        // SAFETY: NEON is part of aarch64.
        Self(unsafe { vminq_u8(self.0, other.0) })
    }
    /// Lanes of all ones become set; every other lane is zero.
    #[inline(always)]
    pub fn mask(self) -> Mask {
        // SAFETY: NEON is part of aarch64.
        // Narrowing each pair of bytes by four bits leaves four bits of every byte.
        Mask(unsafe { vget_lane_u64::<0>(vreinterpret_u64_u8(vshrn_n_u16::<4>(vreinterpretq_u16_u8(self.0)))) })
    }
    /// True if a lane is all ones and the others are zero.
    #[inline(always)]
    pub fn any(self) -> bool {
        self.mask().any()
    }
}
