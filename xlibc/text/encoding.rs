//! What the bytes of a string mean: characters of one byte, or UTF-8. The one engine of multibyte functions and streams.

use super::utf8::{self, LONGEST};

/// What the bytes of a string mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Every byte is a character.
    Bytes,
    /// UTF-8.
    Utf8,
}

/// Wide characters of the bytes from 0x80 in "C" are this and the byte: surrogates, so never characters of Unicode.
const BYTE_PLANE: u32 = 0xDF00;

impl Encoding {
    /// The wide character of a byte that is a character by itself.
    #[inline]
    #[must_use]
    pub fn widen(self, byte: u8) -> Option<u32> {
        match (self, byte) {
            (_, 0..0x80) => Some(byte.into()),
            (Self::Bytes, _) => Some(BYTE_PLANE | u32::from(byte)),
            (Self::Utf8, _) => None,
        }
    }

    /// The byte of a character that has one.
    #[inline]
    #[must_use]
    pub fn narrow(self, wide: u32) -> Option<u8> {
        match (self, wide) {
            (_, 0..0x80) | (Self::Bytes, 0xDF80..0xE000) => Some(wide as u8),
            _ => None,
        }
    }

    /// The bytes of a wide character; `None` if it has none (`EILSEQ`).
    #[inline]
    #[must_use]
    pub fn encode(self, wide: u32) -> Option<Encoded> {
        if let Some(byte) = self.narrow(wide) {
            return Some(Encoded { bytes: [byte, 0, 0, 0], length: 1 });
        }
        match self {
            Self::Bytes => None,
            Self::Utf8 => {
                let (bytes, length) = utf8::encode(char::from_u32(wide)?);
                Some(Encoded { bytes, length })
            }
        }
    }
}

/// The bytes of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoded {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Encoded {
    /// No bytes yet.
    pub const NONE: Self = Self { bytes: [0; LONGEST], length: 0 };

    /// The bytes.
    #[inline]
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or(&[])
    }
}

/// What a byte did to a [`Decoder`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A character is complete.
    Character(u32),
    /// More bytes belong to it.
    More,
    /// The bytes are no character (`EILSEQ`).
    Invalid,
}

/// Turns bytes into characters, one byte at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decoder {
    encoding: Encoding,
    utf8: utf8::Decoder,
}

impl Decoder {
    /// Between two characters.
    #[must_use]
    pub fn new(encoding: Encoding) -> Self {
        Self { encoding, utf8: utf8::Decoder::default() }
    }

    /// In the state that [`Decoder::word`] gave. Any number is accepted: one that no decoder makes is refused at the next byte.
    #[inline]
    #[must_use]
    pub fn from_word(encoding: Encoding, word: u32) -> Self {
        Self { encoding, utf8: utf8::Decoder::from_word(word) }
    }

    /// The state as a number; 0 between characters.
    #[inline]
    #[must_use]
    pub fn word(&self) -> u32 {
        self.utf8.word()
    }

    /// Whether bytes of an unfinished character were taken.
    #[inline]
    #[must_use]
    pub fn is_inside(&self) -> bool {
        !self.utf8.is_initial()
    }

    /// Takes a byte. After [`Step::Invalid`] the decoder is between two characters again.
    #[inline]
    pub fn push(&mut self, byte: u8) -> Step {
        if let (Encoding::Bytes, false) = (self.encoding, self.is_inside()) {
            return self.encoding.widen(byte).map_or(Step::Invalid, Step::Character);
        }
        if self.encoding == Encoding::Bytes {
            // The state is from another locale.
            self.utf8 = utf8::Decoder::default();
            return Step::Invalid;
        }
        match self.utf8.push(byte) {
            utf8::Step::Char(character) => Step::Character(character.into()),
            utf8::Step::More => Step::More,
            utf8::Step::Invalid => Step::Invalid,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_a_character_of_c() {
        for byte in 0..=255 {
            let wide = if byte < 128 { byte.into() } else { 0xDF00 | u32::from(byte) };
            assert_eq!(Decoder::new(Encoding::Bytes).push(byte), Step::Character(wide));
            assert_eq!(Encoding::Bytes.encode(wide).unwrap().as_bytes(), [byte]);
            assert_eq!((Encoding::Bytes.widen(byte), Encoding::Bytes.narrow(wide)), (Some(wide), Some(byte)));
            assert_eq!(Encoding::Utf8.widen(byte), (byte < 128).then_some(byte.into()));
        }
        for wide in [0x80, 0xE4, 0xFF, 0x100, 0xDF7F, 0xE000, 0xDC80, u32::MAX] {
            assert_eq!((Encoding::Bytes.encode(wide), Encoding::Bytes.narrow(wide)), (None, None), "{wide:x}");
        }
        assert_eq!([0x80, 0xDF80, 0x7F].map(|wide| Encoding::Utf8.narrow(wide)), [None, None, Some(0x7F)]);
        assert_eq!(Encoding::Utf8.encode(0xE4).unwrap().as_bytes(), "ä".as_bytes());
        assert_eq!(Encoding::Utf8.encode(0xD800), None);
    }

    #[test]
    fn a_state_of_another_encoding_is_refused_once() {
        let mut inside = Decoder::new(Encoding::Utf8);
        assert_eq!(inside.push(0xC3), Step::More);
        let mut decoder = Decoder::from_word(Encoding::Bytes, inside.word());
        assert_eq!((decoder.push(b'a'), decoder.push(b'a')), (Step::Invalid, Step::Character(0x61)));
    }
}
