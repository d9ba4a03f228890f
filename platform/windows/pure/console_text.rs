//! Text between a console, which takes and gives UTF-16, and a program, which writes and reads bytes cut anywhere.

use alloc::string::String;
use alloc::vec::Vec;

/// Of the output: the start of a character whose rest has not come yet.
#[derive(Debug, Default)]
pub struct Carry {
    bytes: [u8; 4],
    length: usize,
}

impl Carry {
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

/// The first units, at most `most` (two or more), that end with a whole character where the text does.
#[must_use]
pub fn first_units(text: &[u16], most: usize) -> &[u16] {
    match text.get(..most) {
        Some([whole @ .., last]) if is_high(*last) => whole,
        Some(first) => first,
        None => text,
    }
}

/// Of the input: what a record of the console ended with and the next one decides.
#[derive(Debug, Default)]
pub struct Typed {
    /// The first half of a character, or a carriage return that a line feed may follow.
    held: Option<u16>,
    inside_line: bool,
    /// The console holds the rest of the line: no key tells of it.
    pub has_more: bool,
}

impl Typed {
    /// The bytes of a record, with the ends of lines as POSIX has them; `cut` when the record filled its buffer. `None` is the end of
    /// input: Ctrl-Z at the start of a line.
    pub fn bytes(&mut self, record: &[u16], cut: bool) -> Option<Vec<u8>> {
        const CTRL_Z: u16 = 0x1A;
        self.has_more = cut;
        let mut units: Vec<u16> = self.held.take().into_iter().collect();
        units.extend_from_slice(record);
        if !self.inside_line && units.first() == Some(&CTRL_Z) {
            return None;
        }
        self.held = units.pop_if(|last| is_high(*last) || cut && *last == u16::from(b'\r'));
        let Some(last) = units.last() else { return Some(Vec::new()) };
        self.inside_line = *last != u16::from(b'\n');
        Some(String::from_utf16_lossy(&units).replace("\r\n", "\n").into_bytes())
    }
}

/// Whether a key event of the console begins or goes on with typing: a key that is pressed, but for those that only change others
/// (numbers as `VK_*`). Alt typed a character when it is let go with one: its number was typed meanwhile.
#[must_use]
pub const fn is_typing(is_down: bool, key: u16, character: u16) -> bool {
    const ALT: u16 = 0x12;
    if !is_down {
        return key == ALT && character != 0;
    }
    // Shift, Ctrl, Alt, the locks, and Windows' own two.
    character != 0 || !matches!(key, 0x10 | 0x11 | ALT | 0x14 | 0x90 | 0x91 | 0x5B | 0x5C)
}

fn is_high(unit: u16) -> bool {
    (0xD800..0xDC00).contains(&unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_in_two_writes_is_whole() {
        let mut carry = Carry::default();
        assert_eq!(carry.wide("a\u{20ac}".as_bytes().split_at(2).0), [0x61]);
        assert_eq!(carry.wide(&[0x82]), []);
        assert_eq!(carry.wide(&[0xAC, 0x62]), [0x20AC, 0x62]);
        assert_eq!(carry.wide(&[0xE2, 0x41]), [0xFFFD, 0x41]);
        assert_eq!(carry.wide(&[0xFF]), [0xFFFD]);
        assert_eq!(carry.wide("\u{1F600}".as_bytes()), [0xD83D, 0xDE00]);
    }

    #[test]
    fn every_cut_of_a_text_shows_the_same() {
        let text = "a\u{e9}\u{20ac}\u{1F600}b";
        let wide: Vec<u16> = text.encode_utf16().collect();
        for first in 0..=text.len() {
            for second in first..=text.len() {
                let mut carry = Carry::default();
                let [a, b, c] =
                    [&text.as_bytes()[..first], &text.as_bytes()[first..second], &text.as_bytes()[second..]];
                assert_eq!([carry.wide(a), carry.wide(b), carry.wide(c)].concat(), wide, "{first} {second}");
            }
        }
    }

    #[test]
    fn a_pair_is_shown_in_one_piece() {
        let text = [0x61, 0xD83D, 0xDE00, 0x62];
        assert_eq!(first_units(&text, 2), [0x61]);
        assert_eq!(first_units(&text, 3), [0x61, 0xD83D, 0xDE00]);
        assert_eq!(first_units(&text, 4), text);
        assert_eq!(first_units(&text, 9), text);
        // Half a character stays what it is.
        assert_eq!(first_units(&[0xD83D], 9), [0xD83D]);
    }

    #[test]
    fn keys_that_type() {
        assert!(is_typing(true, 0x41, 0x61));
        // A key for which a program sent the character only, an arrow, an input method.
        assert!(is_typing(true, 0, 0x61) && is_typing(true, 0x25, 0) && is_typing(true, 0xE7, 0x20AC));
        assert!(is_typing(false, 0x12, 0xE9));
        assert!(!is_typing(false, 0x41, 0x61) && !is_typing(false, 0x12, 0));
        for key in [0x10, 0x11, 0x12, 0x14, 0x90, 0x91, 0x5B, 0x5C] {
            assert!(!is_typing(true, key, 0), "{key:x}");
        }
    }

    /// What a console gives that has this line and a buffer of so many units.
    fn read(line: &str, size: usize) -> Option<Vec<u8>> {
        let units: Vec<u16> = line.encode_utf16().collect();
        let mut typed = Typed::default();
        let mut bytes = Vec::new();
        for record in units.chunks(size) {
            bytes.extend(typed.bytes(record, record.len() == size)?);
        }
        if typed.has_more {
            bytes.extend(typed.bytes(&[], false)?);
        }
        Some(bytes)
    }

    #[test]
    fn lines_are_the_same_however_the_buffer_cuts_them() {
        for size in 1..12 {
            assert_eq!(read("ab\u{1F600}cd\r\n", size).unwrap(), "ab\u{1F600}cd\n".as_bytes(), "{size}");
            assert_eq!(read("a\rb\r\n", size).unwrap(), b"a\rb\n", "{size}");
            assert_eq!(read("ab\r\r\n", size).unwrap(), b"ab\r\n", "{size}");
            assert_eq!(read("ab\u{1A}\r\n", size).unwrap(), b"ab\x1A\n", "{size}");
            assert_eq!(read("\u{1A}\r\n", size), None, "{size}");
        }
    }

    #[test]
    fn records_of_single_keys() {
        let mut typed = Typed::default();
        assert_eq!(typed.bytes(&[0x0D], false).unwrap(), b"\r");
        assert_eq!(typed.bytes(&[0xD83D], false).unwrap(), b"");
        assert_eq!(typed.bytes(&[0xDE00], false).unwrap(), "\u{1F600}".as_bytes());
        assert_eq!(typed.bytes(&[0xD83D], false).unwrap(), b"");
        assert_eq!(typed.bytes(&[0x61], false).unwrap(), "\u{FFFD}a".as_bytes());
    }
}
