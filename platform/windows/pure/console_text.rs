//! UTF-8 that arrives in pieces: a console takes and gives UTF-16, a program writes bytes cut anywhere.

use alloc::vec::Vec;

/// The start of a character whose rest has not come yet.
#[derive(Debug, Default)]
pub struct Carry {
    bytes: [u8; 4],
    length: usize,
}

impl Carry {
    /// Nothing carried.
    #[must_use]
    pub const fn new() -> Self {
        Self { bytes: [0; 4], length: 0 }
    }

    /// UTF-16 of what was carried and `data`; an unfinished character at the end is kept for the next call. Bytes that are
    /// no UTF-8 become U+FFFD.
    pub fn wide(&mut self, data: &[u8]) -> Vec<u16> {
        let mut text = Vec::with_capacity(self.length + data.len());
        text.extend_from_slice(&self.bytes[..self.length]);
        text.extend_from_slice(data);
        self.length = 0;
        let mut wide = Vec::with_capacity(text.len());
        let mut rest = &text[..];
        while !rest.is_empty() {
            let (valid, bad) = match core::str::from_utf8(rest) {
                Ok(_) => (rest.len(), 0),
                Err(error) => match error.error_len() {
                    Some(bad) => (error.valid_up_to(), bad),
                    None => {
                        let tail = &rest[error.valid_up_to()..];
                        self.bytes[..tail.len()].copy_from_slice(tail);
                        self.length = tail.len();
                        rest = &rest[..error.valid_up_to()];
                        continue;
                    }
                },
            };
            wide.extend(core::str::from_utf8(&rest[..valid]).unwrap_or_default().encode_utf16());
            if bad != 0 {
                wide.push(0xFFFD);
            }
            rest = &rest[valid + bad..];
        }
        wide
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_in_two_writes_is_whole() {
        let mut carry = Carry::new();
        assert_eq!(carry.wide("a\u{20ac}".as_bytes().split_at(2).0), [0x61]);
        assert_eq!(carry.wide(&[0x82]), []);
        assert_eq!(carry.wide(&[0xAC, 0x62]), [0x20AC, 0x62]);
        assert_eq!(carry.wide(&[0xE2, 0x41]), [0xFFFD, 0x41]);
        assert_eq!(carry.wide(&[0xFF]), [0xFFFD]);
        assert_eq!(carry.wide("\u{1F600}".as_bytes()), [0xD83D, 0xDE00]);
    }
}
