//! UTF-8, strictly (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
#![forbid(unsafe_code)]

/// Bytes of the longest character.
pub const LONGEST: usize = 4;

/// A character of which some bytes are read. Zero is the state between characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decoder {
    /// Bits 0 to 20: the value so far. Bits 24 to 26: bytes still to come. Bits 28 to 30: bytes of the whole character.
    word: u32,
}

/// What a byte did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It completed a character.
    Char(char),
    /// More bytes must follow.
    More,
    /// It cannot stand here; the decoder is between characters again. The byte itself may begin a character.
    Invalid,
}

impl Decoder {
    /// The state kept in a number, as C's `mbstate_t` does. Any number is accepted: one that no decoder makes is refused at the next byte.
    #[inline]
    #[must_use]
    pub fn from_word(word: u32) -> Self {
        Self { word }
    }
    /// The state as a number; 0 between characters.
    #[inline]
    #[must_use]
    pub fn word(self) -> u32 {
        self.word
    }
    /// Between two characters.
    #[inline]
    #[must_use]
    pub fn is_initial(self) -> bool {
        self.word == 0
    }

    /// Takes the next byte.
    #[inline]
    pub fn push(&mut self, byte: u8) -> Step {
        if self.word != 0 {
            return self.follow(byte);
        }
        let (length, bits) = match byte {
            0..0x80 => return Step::Char(char::from(byte)),
            0xC2..0xE0 => (2, byte & 0x1F),
            0xE0..0xF0 => (3, byte & 0x0F),
            0xF0..0xF5 => (4, byte & 0x07),
            _ => return Step::Invalid,
        };
        self.word = length << 28 | (length - 1) << 24 | u32::from(bits);
        Step::More
    }

    fn follow(&mut self, byte: u8) -> Step {
        let (length, left, bits) = (self.word >> 28, self.word >> 24 & 7, self.word & 0x1F_FFFF);
        self.word = 0;
        // The second byte decides about overlong forms, surrogates and the upper limit.
        let allowed = match (length, left, bits) {
            (3, 2, 0x0) => 0xA0..=0xBF,
            (3, 2, 0xD) => 0x80..=0x9F,
            (4, 3, 0x0) => 0x90..=0xBF,
            (4, 3, 0x4) => 0x80..=0x8F,
            (2..=4, 1..=3, _) => 0x80..=0xBF,
            _ => return Step::Invalid,
        };
        if !allowed.contains(&byte) {
            return Step::Invalid;
        }
        let bits = bits << 6 | u32::from(byte & 0x3F);
        if left > 1 {
            self.word = length << 28 | (left - 1) << 24 | bits & 0x1F_FFFF;
            return Step::More;
        }
        char::from_u32(bits).map_or(Step::Invalid, Step::Char)
    }
}

/// The bytes of a character: an array and how many of it count.
#[inline]
#[must_use]
pub fn encode(character: char) -> ([u8; LONGEST], usize) {
    let mut bytes = [0; LONGEST];
    let length = character.encode_utf8(&mut bytes).len();
    (bytes, length)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a decoder makes of bytes: characters, and `None` for each refusal.
    fn decode(bytes: &[u8]) -> (Vec<Option<char>>, bool) {
        let (mut decoder, mut out) = (Decoder::default(), Vec::new());
        for byte in bytes {
            decoder = Decoder::from_word(decoder.word());
            match decoder.push(*byte) {
                Step::Char(character) => out.push(Some(character)),
                Step::Invalid => out.push(None),
                Step::More => {}
            }
        }
        (out, decoder.is_initial())
    }

    #[test]
    fn every_character_comes_back() {
        for character in '\0'..=char::MAX {
            let (bytes, length) = encode(character);
            assert_eq!(decode(&bytes[..length]), (vec![Some(character)], true));
            for cut in 1..length {
                assert_eq!(decode(&bytes[..cut]), (vec![], false));
            }
        }
    }

    #[test]
    fn a_sequence_is_accepted_exactly_if_core_accepts_it() {
        let lead = [
            0x00, 0x7F, 0x80, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5,
            0xFF,
        ];
        let next = [0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF];
        for a in lead {
            for b in next {
                for c in next {
                    for d in next {
                        for length in 1..=4 {
                            let bytes = &[a, b, c, d][..length];
                            let (out, complete) = decode(bytes);
                            let expected =
                                core::str::from_utf8(bytes).ok().map(|text| text.chars().map(Some).collect());
                            let valid = complete && !out.contains(&None);
                            assert_eq!(valid.then_some(out), expected, "{bytes:x?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_state_that_no_decoder_makes_is_refused() {
        for word in [1, 0x7000_0000, 0x0F00_0000, 0xFFFF_FFFF, 0x4700_0000, 0x2000_0041] {
            let mut decoder = Decoder::from_word(word);
            assert_eq!(decoder.push(0x80), Step::Invalid, "{word:x}");
            assert!(decoder.is_initial());
        }
    }
}
