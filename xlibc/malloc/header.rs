//! The 8 bytes before every object: where its span is, its class, its state, and a check that ties them to the address.

/// Class of an object that fills its span.
pub(super) const WHOLE: u8 = 0xff;

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum State {
    /// In use.
    Live = 0xa6,
    /// In use, and inside a slot or span rather than at its start: an aligned allocation.
    Aligned = 0xc9,
    /// In a free list.
    Free = 0x5e,
}

/// Packed: bits 0..32 distance to the span in units of 16 bytes, 32..48 check, 48..56 class, 56..64 state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub(super) struct Header(u64);

/// 16 bits of the address; a pointer that `malloc` never gave passes with a chance of one in 2^16.
fn check(object: usize) -> u64 {
    ((object >> 4) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48
}

impl Header {
    pub(super) fn new(object: usize, span: usize, class: u8, state: State) -> Self {
        let distance = (object - span) as u64 >> 4;
        Self(distance | check(object) << 32 | u64::from(class) << 48 | u64::from(state as u8) << 56)
    }

    /// The same object in another state.
    pub(super) fn with_state(self, state: State) -> Self {
        Self(self.0 & !(0xff << 56) | u64::from(state as u8) << 56)
    }

    /// The state, if this is the header of that object.
    pub(super) fn state(self, object: usize) -> Option<State> {
        if (self.0 >> 32) & 0xffff != check(object) {
            return None;
        }
        [State::Live, State::Aligned, State::Free].into_iter().find(|state| *state as u64 == self.0 >> 56)
    }

    #[inline]
    pub(super) fn class(self) -> u8 {
        (self.0 >> 48) as u8
    }

    /// Address of the object's span.
    #[inline]
    pub(super) fn span(self, object: usize) -> usize {
        object.wrapping_sub((self.0 as u32 as usize) << 4)
    }

    /// Largest distance between a span and its object.
    pub(super) const DISTANCE_MAX: usize = (u32::MAX as usize) << 4;

    /// # Safety
    /// `object` came from this allocator (else the answer is any word, and the read may stop the process).
    #[inline]
    pub(super) unsafe fn read(object: *mut u8) -> Self {
        // SAFETY: caller contract; objects are aligned to 16.
        unsafe { object.sub(8).cast::<Self>().read() }
    }

    /// # Safety
    /// The 8 bytes before `object` belong to it.
    #[inline]
    pub(super) unsafe fn write(self, object: *mut u8) {
        // SAFETY: caller contract.
        unsafe { object.sub(8).cast::<Self>().write(self) };
    }
}
