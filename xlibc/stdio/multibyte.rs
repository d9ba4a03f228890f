//! Characters of streams: how bytes and wide characters correspond in the encoding of the locale.

pub use crate::locale::Encoding;

/// The encoding of the calling thread's locale.
pub fn encoding() -> Encoding {
    crate::locale::current().encoding()
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
    value: u32,
    /// Bytes still missing.
    missing: u8,
    /// The range of the next byte, which excludes overlong forms, surrogates and what lies beyond Unicode.
    low: u8,
    high: u8,
}

impl Decoder {
    /// Between two characters.
    #[must_use]
    pub const fn new(encoding: Encoding) -> Self {
        Self { encoding, value: 0, missing: 0, low: 0x80, high: 0xbf }
    }

    /// The encoding.
    #[must_use]
    pub const fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Whether bytes of an unfinished character were taken.
    #[must_use]
    pub const fn is_inside(&self) -> bool {
        self.missing != 0
    }

    /// Takes a byte (RFC 3629). After [`Step::Invalid`] the decoder is between two characters again.
    pub fn push(&mut self, byte: u8) -> Step {
        if self.missing == 0 {
            return self.first(byte);
        }
        if byte < self.low || byte > self.high {
            *self = Self::new(self.encoding);
            return Step::Invalid;
        }
        self.value = self.value << 6 | u32::from(byte & 0x3f);
        self.missing -= 1;
        (self.low, self.high) = (0x80, 0xbf);
        if self.missing == 0 { Step::Character(self.value) } else { Step::More }
    }

    fn first(&mut self, byte: u8) -> Step {
        if byte < 0x80 {
            return Step::Character(byte.into());
        }
        if self.encoding == Encoding::Bytes {
            // Bytes that are no ASCII have places of their own, where Unicode has no characters.
            return Step::Character(0xdf00 | u32::from(byte));
        }
        let (missing, mask) = match byte {
            0xc2..=0xdf => (1, 0x1f),
            0xe0..=0xef => (2, 0x0f),
            0xf0..=0xf4 => (3, 0x07),
            _ => return Step::Invalid,
        };
        self.value = u32::from(byte & mask);
        self.missing = missing;
        match byte {
            0xe0 => self.low = 0xa0,
            0xed => self.high = 0x9f,
            0xf0 => self.low = 0x90,
            0xf4 => self.high = 0x8f,
            _ => {}
        }
        Step::More
    }
}

/// The bytes of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoded {
    bytes: [u8; 4],
    length: u8,
}

impl Encoded {
    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length.into()).unwrap_or(&[])
    }
}

/// The bytes of a wide character; `None` if it has none (`EILSEQ`).
#[must_use]
pub fn encode(encoding: Encoding, character: u32) -> Option<Encoded> {
    let one = |byte| Some(Encoded { bytes: [byte, 0, 0, 0], length: 1 });
    match (encoding, character) {
        (_, 0..=0x7f) => one(character as u8),
        (Encoding::Bytes, 0xdf80..=0xdfff) => one(character as u8),
        (Encoding::Bytes, _) => None,
        (Encoding::Utf8, _) => {
            let mut bytes = [0; 4];
            let length = char::from_u32(character)?.encode_utf8(&mut bytes).len() as u8;
            Some(Encoded { bytes, length })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_characters_return_as_they_were() {
        for character in (0..=0x0011_0000).step_by(7).chain([0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x1_0000, 0x10_ffff]) {
            let Some(encoded) = encode(Encoding::Utf8, character) else {
                assert!(char::from_u32(character).is_none());
                continue;
            };
            let mut decoder = Decoder::new(Encoding::Utf8);
            let (last, first) = encoded.as_bytes().split_last().unwrap();
            for byte in first {
                assert_eq!(decoder.push(*byte), Step::More);
            }
            assert_eq!(decoder.push(*last), Step::Character(character));
        }
        for byte in 0..=255 {
            let Step::Character(character) = Decoder::new(Encoding::Bytes).push(byte) else { panic!() };
            assert_eq!(encode(Encoding::Bytes, character).unwrap().as_bytes(), [byte]);
        }
    }

    #[test]
    fn what_is_no_utf_8_is_invalid() {
        for text in [&b"\x80"[..], b"\xc1\x80", b"\xe0\x80", b"\xed\xa0", b"\xf0\x80", b"\xf4\x90", b"\xf5", b"\xe2\x41"] {
            let mut decoder = Decoder::new(Encoding::Utf8);
            assert_eq!(text.iter().map(|byte| decoder.push(*byte)).last(), Some(Step::Invalid), "{text:?}");
        }
    }
}
