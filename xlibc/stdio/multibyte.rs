//! Characters of streams: how bytes and wide characters correspond in the encoding of the locale.

use crate::locale;
use crate::text::utf8;

pub use crate::locale::Encoding;

/// The encoding of the calling thread's locale.
pub fn encoding() -> Encoding {
    locale::encoding()
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

    /// Whether bytes of an unfinished character were taken.
    #[must_use]
    pub fn is_inside(&self) -> bool {
        !self.utf8.is_initial()
    }

    /// Takes a byte. After [`Step::Invalid`] the decoder is between two characters again.
    #[inline]
    pub fn push(&mut self, byte: u8) -> Step {
        match self.encoding {
            // Bytes that are no ASCII have places of their own, where Unicode has no characters.
            Encoding::Bytes if byte >= 0x80 => Step::Character(0xdf00 | u32::from(byte)),
            Encoding::Bytes => Step::Character(byte.into()),
            Encoding::Utf8 => match self.utf8.push(byte) {
                utf8::Step::Char(character) => Step::Character(character.into()),
                utf8::Step::More => Step::More,
                utf8::Step::Invalid => Step::Invalid,
            },
        }
    }
}

/// The bytes of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoded {
    bytes: [u8; utf8::LONGEST],
    length: usize,
}

impl Encoded {
    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or(&[])
    }
}

/// The bytes of a wide character; `None` if it has none (`EILSEQ`).
#[must_use]
pub fn encode(encoding: Encoding, character: u32) -> Option<Encoded> {
    match (encoding, character) {
        (_, 0..=0x7f) | (Encoding::Bytes, 0xdf80..=0xdfff) => {
            Some(Encoded { bytes: [character as u8, 0, 0, 0], length: 1 })
        }
        (Encoding::Bytes, _) => None,
        (Encoding::Utf8, _) => {
            let (bytes, length) = utf8::encode(char::from_u32(character)?);
            Some(Encoded { bytes, length })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_is_a_character_without_utf_8() {
        for byte in 0..=255 {
            let Step::Character(character) = Decoder::new(Encoding::Bytes).push(byte) else { panic!() };
            assert_eq!(encode(Encoding::Bytes, character).unwrap().as_bytes(), [byte]);
        }
        assert_eq!(encode(Encoding::Bytes, 0xe4), None);
        assert_eq!(encode(Encoding::Utf8, 0xe4).unwrap().as_bytes(), "ä".as_bytes());
        assert_eq!(encode(Encoding::Utf8, 0xd800), None);
    }
}
