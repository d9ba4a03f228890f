//! NEON, which every such CPU has.

use core::arch::aarch64::*;
use core::arch::asm;

/// Sixteen bytes in one register.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Vector(uint8x16_t);

/// Which lanes of a [`Vector`] are set.
pub type Mask = crate::string::mask::Mask<4>;

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
        Mask::new(unsafe { vget_lane_u64::<0>(vreinterpret_u64_u8(vshrn_n_u16::<4>(vreinterpretq_u16_u8(self.0)))) })
    }
    /// True if a lane is all ones and the others are zero.
    #[inline(always)]
    pub fn any(self) -> bool {
        self.mask().any()
    }
}

/// The widest value that one instruction loads or stores.
pub type Wide = uint8x16_t;

/// Copies `count` blocks of 64 bytes, at least one, upwards.
///
/// # Safety
/// Regions valid.
#[inline(always)]
pub unsafe fn blocks_ascending(to: *mut u8, from: *const u8, count: usize) {
    // SAFETY: caller contract.
    unsafe {
        asm!(
            "2:",
            "ldp {a:q}, {b:q}, [{from}]",
            "ldp {c:q}, {d:q}, [{from}, #32]",
            "add {from}, {from}, #64",
            "stp {a:q}, {b:q}, [{to}]",
            "stp {c:q}, {d:q}, [{to}, #32]",
            "add {to}, {to}, #64",
            "subs {count}, {count}, #1",
            "b.ne 2b",
            from = inout(reg) from => _, to = inout(reg) to => _, count = inout(reg) count => _,
            a = out(vreg) _, b = out(vreg) _, c = out(vreg) _, d = out(vreg) _,
            options(nostack),
        );
    }
}

/// Copies `count` blocks of 64 bytes, at least one, downwards from the ends `to` and `from`.
///
/// # Safety
/// Regions valid.
#[inline(always)]
pub unsafe fn blocks_descending(to: *mut u8, from: *const u8, count: usize) {
    // SAFETY: caller contract.
    unsafe {
        asm!(
            "2:",
            "ldp {a:q}, {b:q}, [{from}, #-32]",
            "ldp {c:q}, {d:q}, [{from}, #-64]",
            "sub {from}, {from}, #64",
            "stp {a:q}, {b:q}, [{to}, #-32]",
            "stp {c:q}, {d:q}, [{to}, #-64]",
            "sub {to}, {to}, #64",
            "subs {count}, {count}, #1",
            "b.ne 2b",
            from = inout(reg) from => _, to = inout(reg) to => _, count = inout(reg) count => _,
            a = out(vreg) _, b = out(vreg) _, c = out(vreg) _, d = out(vreg) _,
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
            "dup {v:v}.2d, {pattern}",
            "str {v:q}, [{to}]",
            "stur {v:q}, [{end}, #-16]",
            "add {to}, {to}, #16",
            "and {to}, {to}, #-16",
            "sub {end}, {end}, #64",
            "cmp {to}, {end}",
            "b.hi 3f",
            "2:",
            "stp {v:q}, {v:q}, [{to}]",
            "stp {v:q}, {v:q}, [{to}, #32]",
            "add {to}, {to}, #64",
            "cmp {to}, {end}",
            "b.ls 2b",
            "3:",
            "add {end}, {end}, #48",
            "4:",
            "cmp {to}, {end}",
            "b.hi 5f",
            "str {v:q}, [{to}], #16",
            "b 4b",
            "5:",
            to = inout(reg) to => _, end = inout(reg) to.add(n) => _, pattern = in(reg) pattern, v = out(vreg) _,
            options(nostack),
        );
    }
}
