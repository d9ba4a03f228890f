//! Characters of several bytes: the locale's encoding to wide characters and back.
#![forbid(unsafe_code)]

use core::sync::atomic::{AtomicU64, Ordering};

use crate::text::encoding::{Decoder, Encoded, Encoding, Step};

/// `mbstate_t`. Zero bytes are the initial state.
#[doc(alias = "mbstate_t")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct State {
    /// [`Decoder`] of the character in hand.
    decoder: u32,
    /// UTF-16: the surrogate that the other call has still to give or to get; else 0.
    surrogate: u32,
}

const _: () = assert!(size_of::<State>() == 8 && align_of::<State>() == 4);

impl State {
    /// C23 7.31.6.3.1.
    #[must_use]
    pub fn is_initial(self) -> bool {
        self == Self::default()
    }
}

/// The state that a function keeps itself when it is given none.
#[derive(Debug, Default)]
pub struct OwnState(AtomicU64);

impl OwnState {
    /// The initial state.
    #[must_use]
    pub const fn new() -> Self {
        Self(AtomicU64::new(0))
    }
    /// The state now.
    pub fn get(&self) -> State {
        let word = self.0.load(Ordering::Relaxed);
        State { decoder: word as u32, surrogate: (word >> 32) as u32 }
    }
    /// Replaces it.
    pub fn set(&self, state: State) {
        self.0.store(u64::from(state.surrogate) << 32 | u64::from(state.decoder), Ordering::Relaxed);
    }
}

/// What a conversion of bytes gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decoded {
    /// A character and the bytes taken for it.
    Wide(u32, usize),
    /// All bytes were taken; the character needs more.
    Incomplete,
    /// The bytes are no character.
    Invalid,
}

/// Takes the next character from `bytes`. The state is initial afterwards unless the character is incomplete.
#[inline]
pub fn decode(encoding: Encoding, state: &mut State, bytes: impl Iterator<Item = u8>) -> Decoded {
    let mut decoder = Decoder::from_word(encoding, state.decoder);
    for (at, byte) in bytes.enumerate() {
        let decoded = match decoder.push(byte) {
            Step::Character(character) => Decoded::Wide(character, at + 1),
            Step::More => continue,
            Step::Invalid => Decoded::Invalid,
        };
        state.decoder = 0;
        return decoded;
    }
    state.decoder = decoder.word();
    Decoded::Incomplete
}

/// What a conversion to UTF-16 gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decoded16 {
    /// A unit and the bytes taken for it.
    Unit(u16, usize),
    /// The second unit of the character of the call before; no byte was taken.
    Second(u16),
    /// All bytes were taken; the character needs more.
    Incomplete,
    /// The bytes are no character.
    Invalid,
}

/// C23 7.30.2.3: the next unit of UTF-16.
pub fn decode16(encoding: Encoding, state: &mut State, bytes: impl Iterator<Item = u8>) -> Decoded16 {
    if state.surrogate != 0 {
        let unit = state.surrogate as u16;
        state.surrogate = 0;
        return Decoded16::Second(unit);
    }
    match decode(encoding, state, bytes) {
        Decoded::Incomplete => Decoded16::Incomplete,
        Decoded::Invalid => Decoded16::Invalid,
        Decoded::Wide(wide, taken) => match u16::try_from(wide) {
            Ok(unit) => Decoded16::Unit(unit, taken),
            Err(_) => {
                state.surrogate = 0xDC00 | wide & 0x3FF;
                Decoded16::Unit((0xD7C0 + (wide >> 10)) as u16, taken)
            }
        },
    }
}

/// C23 7.30.2.4: the bytes of a character whose last unit of UTF-16 this is; none for its first. `None` for a unit that cannot stand here.
pub fn encode16(encoding: Encoding, state: &mut State, unit: u16) -> Option<Encoded> {
    let unit = u32::from(unit);
    let first = core::mem::take(&mut state.surrogate);
    match (first, unit) {
        (0, 0xD800..=0xDBFF) => {
            state.surrogate = unit;
            Some(Encoded::NONE)
        }
        (0, _) => encoding.encode(unit),
        (0xD800..=0xDBFF, 0xDC00..=0xDFFF) => encoding.encode(0x1_0000 + ((first & 0x3FF) << 10 | unit & 0x3FF)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_may_come_byte_by_byte() {
        let mut state = State::default();
        let mut one = |byte| decode(Encoding::Utf8, &mut state, [byte].into_iter());
        assert_eq!(
            [one(0xF0), one(0x9F), one(0x98), one(0x80)],
            [Decoded::Incomplete, Decoded::Incomplete, Decoded::Incomplete, Decoded::Wide(0x1F600, 1)]
        );
        assert_eq!([one(0xE2), one(0x28)], [Decoded::Incomplete, Decoded::Invalid]);
        assert!(state.is_initial());
        assert_eq!(decode(Encoding::Utf8, &mut state, [].into_iter()), Decoded::Incomplete);
    }

    #[test]
    fn utf16_pairs() {
        let mut state = State::default();
        let bytes = "\u{1F600}".bytes();
        assert_eq!(decode16(Encoding::Utf8, &mut state, bytes), Decoded16::Unit(0xD83D, 4));
        assert!(!state.is_initial());
        assert_eq!(decode16(Encoding::Utf8, &mut state, [b'x'].into_iter()), Decoded16::Second(0xDE00));
        assert!(state.is_initial());
        assert_eq!(encode16(Encoding::Utf8, &mut state, 0xD83D), Some(Encoded::NONE));
        assert_eq!(encode16(Encoding::Utf8, &mut state, 0xDE00), Encoding::Utf8.encode(0x1F600));
        assert_eq!(encode16(Encoding::Utf8, &mut state, 0xDE00), None);
        assert_eq!(encode16(Encoding::Utf8, &mut state, 0xD83D), Some(Encoded::NONE));
        assert_eq!(encode16(Encoding::Utf8, &mut state, 0x41), None);
        assert!(state.is_initial());
        // A byte of "C" goes through UTF-16 unchanged.
        assert_eq!(decode16(Encoding::Bytes, &mut state, [0xE9].into_iter()), Decoded16::Unit(0xDFE9, 1));
        assert_eq!(encode16(Encoding::Bytes, &mut state, 0xDFE9), Encoding::Bytes.encode(0xDFE9));
    }
}
