//! Results of comparing lanes.

/// Which lanes are set, `BITS` bits for each, the first lane lowest.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Mask<const BITS: usize>(u64);

impl<const BITS: usize> Mask<BITS> {
    /// By the bits of all lanes.
    #[inline(always)]
    pub fn new(bits: u64) -> Self {
        Self(bits)
    }

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
