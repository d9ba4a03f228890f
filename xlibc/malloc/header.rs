//! The 8 bytes before every object: where its span is, its class, its state and how much of its room was not asked for.
//!
//! Bits 0..18 are the distance to the descriptor in units of 16 bytes, 18..24 the class. The upper 40 bits are 13 of slack and 27
//! of state, hidden under a mask that depends on the address, on the lower 24 bits and on the secret of the process. So a header
//! fits one object only, and who overwrites any part of one does not know what to write.

use super::keys::mix;

/// Class of an object that fills a span.
pub(super) const WHOLE: usize = 62;
/// Class of an object in a mapping of its own.
pub(super) const MAPPED: usize = 63;
/// More unused room than this is not told in the header.
pub(super) const SLACK_MAX: usize = (1 << 13) - 1;

const STATE_SHIFT: u32 = 37;
const SLACK_SHIFT: u32 = 24;
const CLASS_SHIFT: u32 = 18;
const PLAIN: u64 = (1 << SLACK_SHIFT) - 1;

/// What an object is. The numbers differ in each byte of the header that they reach into: no write to one byte turns a state
/// into another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum State {
    /// In a free list.
    Free = 0x1a3_5c69,
    /// In use.
    Live = 0x6e5_93b6,
    /// In use, and inside a slot or span rather than at its start: an aligned allocation.
    Aligned = 0x35b_ec1d,
    /// Start of the slot or span that an aligned object lies in; nobody was given its address.
    Carrier = 0x496_2fd2,
}

/// A header as it was read or made, with the mask for its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    word: u64,
    mask: u64,
}

impl Header {
    /// The header of an object whose descriptor is at `descriptor`, at most 4 MiB before it.
    pub(super) fn new(object: *mut u8, descriptor: usize, class: usize, state: State, slack: usize) -> Self {
        let plain = ((object as usize - descriptor) as u64 >> 4 | (class as u64) << CLASS_SHIFT) & PLAIN;
        let mask = mix(object as usize, plain);
        let hidden = (state as u64) << STATE_SHIFT | (slack.min(SLACK_MAX) as u64) << SLACK_SHIFT;
        Self { word: plain | (mask ^ hidden) & !PLAIN, mask }
    }

    /// # Safety
    /// `object` came from this allocator (else the answer is any word, and the read may stop the process).
    #[inline]
    pub(super) unsafe fn read(object: *mut u8) -> Self {
        // SAFETY: caller contract; objects are aligned to 16.
        let word = unsafe { object.sub(8).cast::<u64>().read() };
        Self { word, mask: mix(object as usize, word & PLAIN) }
    }

    /// # Safety
    /// The 8 bytes before `object`, for which the header was made or read, belong to it.
    #[inline]
    pub(super) unsafe fn write(self, object: *mut u8) {
        // SAFETY: caller contract.
        unsafe { object.sub(8).cast::<u64>().write(self.word) };
    }

    #[inline]
    pub(super) fn is(self, state: State) -> bool {
        (self.word ^ self.mask) >> STATE_SHIFT == state as u64
    }

    /// The state, if this is the header of that object.
    pub(super) fn state(self) -> Option<State> {
        [State::Free, State::Live, State::Aligned, State::Carrier].into_iter().find(|state| self.is(*state))
    }

    /// The same object in another state and with another slack; `self` is in the state `from`.
    #[inline]
    pub(super) fn turned(self, from: State, to: State, slack: usize) -> Self {
        let slack = (self.slack() ^ slack.min(SLACK_MAX)) as u64;
        Self { word: self.word ^ ((from as u64 ^ to as u64) << STATE_SHIFT | slack << SLACK_SHIFT), ..self }
    }

    /// That of a free slot, which has no slack, as that of an object in use.
    #[inline]
    pub(super) fn taken(self, slack: usize) -> Self {
        let change = (State::Free as u64 ^ State::Live as u64) << STATE_SHIFT;
        Self { word: self.word ^ (change | ((slack & SLACK_MAX) as u64) << SLACK_SHIFT), ..self }
    }

    /// The same object as a free slot.
    #[inline]
    pub(super) fn freed(self) -> Self {
        let hidden = (State::Free as u64) << STATE_SHIFT;
        Self { word: self.word & PLAIN | (self.mask ^ hidden) & !PLAIN, ..self }
    }

    /// Turns the header in memory, which is in the state `from` and without slack, into one of another state.
    ///
    /// # Safety
    /// The 8 bytes before `object` are such a header.
    pub(super) unsafe fn flip(object: *mut u8, from: State, to: State) {
        // SAFETY: caller contract; objects are aligned to 16.
        unsafe { *object.sub(8).cast::<u64>() ^= (from as u64 ^ to as u64) << STATE_SHIFT };
    }

    /// Bytes at the end of the object's room that are not to be used. The first of them is the canary.
    #[inline]
    pub(super) fn slack(self) -> usize {
        ((self.word ^ self.mask) >> SLACK_SHIFT) as usize & SLACK_MAX
    }

    /// What the first byte after the object holds, if that is not used otherwise. Never 0, which strings write past their end.
    #[inline]
    pub(super) fn canary(self) -> u8 {
        self.mask as u8 | 1
    }

    #[inline]
    pub(super) fn class(self) -> usize {
        ((self.word & PLAIN) >> CLASS_SHIFT) as usize
    }

    /// Address of the descriptor: of the span or mapping.
    #[inline]
    pub(super) fn descriptor(self, object: *mut u8) -> usize {
        (object as usize).wrapping_sub(((self.word & ((1 << CLASS_SHIFT) - 1)) << 4) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::super::keys;
    use super::*;

    const STATES: [State; 4] = [State::Free, State::Live, State::Aligned, State::Carrier];

    /// Eight bytes with room for an object's address behind them.
    #[repr(align(16))]
    struct Place([u64; 4]);

    #[test]
    fn a_header_tells_what_was_put_in() {
        keys::make(crate::rt::host());
        let object = 0x7f12_3456_7890 as *mut u8;
        for (class, slack, distance) in [(0, 0, 16), (40, 8191, (1 << 22) - 16), (WHOLE, 1, 32), (MAPPED, 0, 64)] {
            for state in STATES {
                let header = Header::new(object, object as usize - distance, class, state, slack);
                assert_eq!((header.state(), header.class(), header.slack()), (Some(state), class, slack));
                assert_eq!(header.descriptor(object), object as usize - distance);
                let turned = header.turned(state, State::Live, 5);
                assert_eq!((turned.state(), turned.class(), turned.slack()), (Some(State::Live), class, 5));
                assert_ne!(header.canary(), 0);
                let free = header.freed();
                assert_eq!((free.state(), free.class(), free.slack()), (Some(State::Free), class, 0));
                assert_eq!((free.taken(5), free.mask), (turned, header.mask));
            }
        }
    }

    #[test]
    fn any_byte_that_changes_makes_it_no_header() {
        keys::make(crate::rt::host());
        let mut place = Place([0; 4]);
        let object = (&raw mut place.0[2]).cast::<u8>();
        for state in STATES {
            // Bytes 3 and 4 hold the slack, which the canary guards.
            for byte in [0, 1, 2, 5, 6, 7] {
                for change in 1..=255u8 {
                    // SAFETY: the header lies in `place`.
                    unsafe {
                        Header::new(object, object as usize - 4096, 7, state, 0).write(object);
                        *object.sub(8).add(byte) ^= change;
                        assert_eq!(Header::read(object).state(), None, "byte {byte} ^ {change}");
                    }
                }
            }
        }
    }
}
