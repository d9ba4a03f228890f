//! Classes of characters.
#![forbid(unsafe_code)]

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// C23 7.4.1, in the order of their `wctype_t` numbers, which start at 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "C's names")]
pub enum Class {
    Alnum = 1,
    Alpha,
    Blank,
    Cntrl,
    Digit,
    Graph,
    Lower,
    Print,
    Punct,
    Space,
    Upper,
    Xdigit,
}

/// Names that `wctype` knows.
const NAMES: [(&[u8], Class); 12] = [
    (b"alnum", Class::Alnum),
    (b"alpha", Class::Alpha),
    (b"blank", Class::Blank),
    (b"cntrl", Class::Cntrl),
    (b"digit", Class::Digit),
    (b"graph", Class::Graph),
    (b"lower", Class::Lower),
    (b"print", Class::Print),
    (b"punct", Class::Punct),
    (b"space", Class::Space),
    (b"upper", Class::Upper),
    (b"xdigit", Class::Xdigit),
];

impl Class {
    /// The class with a name.
    #[must_use]
    pub fn named(name: &[u8]) -> Option<Self> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, class)| *class)
    }
    /// The class with a `wctype_t` number.
    #[must_use]
    pub fn numbered(number: u64) -> Option<Self> {
        NAMES.iter().find(|(_, class)| *class as u64 == number).map(|(_, class)| *class)
    }

    /// Whether a byte of ASCII has the class; no other number has.
    #[inline(always)]
    #[must_use]
    pub const fn has_ascii(self, code: u32) -> bool {
        /// `first..=last`, by one comparison.
        const fn within(code: u32, first: u8, last: u8) -> bool {
            code.wrapping_sub(first as u32) <= (last - first) as u32
        }
        // Letters fold to lower case by a bit; the other characters that the bit moves are no letters after it either.
        let letter = within(code | 0x20, b'a', b'z');
        let digit = within(code, b'0', b'9');
        match self {
            Self::Alnum => letter || digit,
            Self::Alpha => letter,
            Self::Blank => code == 0x20 || code == 0x09,
            Self::Cntrl => code < 0x20 || code == 0x7F,
            Self::Digit => digit,
            Self::Graph => within(code, b'!', b'~'),
            Self::Lower => within(code, b'a', b'z'),
            Self::Print => within(code, b' ', b'~'),
            Self::Punct => within(code, b'!', b'~') && !letter && !digit,
            Self::Space => code == 0x20 || within(code, 0x09, 0x0D),
            Self::Upper => within(code, b'A', b'Z'),
            Self::Xdigit => digit || within(code | 0x20, b'a', b'f'),
        }
    }

    /// Whether a code point has the class.
    ///
    /// As C23 7.32.2.1 demands, the digits are those of ASCII; the decimal digits of other scripts count as letters, so that they are
    /// alphanumeric. Spaces that forbid a line break are no spaces but punctuation, as words do not end there.
    #[must_use]
    pub fn has(self, code: u32) -> bool {
        if code < 0x80 {
            return self.has_ascii(code);
        }
        let Some(character) = char::from_u32(code) else { return false };
        match self {
            Self::Alnum | Self::Alpha => alphabetic(character),
            Self::Blank => space(character) && character.general_category() == GeneralCategory::SpaceSeparator,
            Self::Cntrl => control(character),
            Self::Digit | Self::Xdigit => false,
            Self::Graph => printing(character) && !space(character),
            Self::Lower => character.is_lowercase(),
            Self::Print => printing(character),
            Self::Punct => printing(character) && !space(character) && !alphabetic(character),
            Self::Space => space(character),
            Self::Upper => character.is_uppercase(),
        }
    }
}

fn alphabetic(character: char) -> bool {
    character.is_alphabetic()
        || character.is_numeric() && character.general_category() == GeneralCategory::DecimalNumber
}

fn space(character: char) -> bool {
    character.is_whitespace() && !matches!(character, '\u{A0}' | '\u{2007}' | '\u{202F}')
}

fn control(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}

fn printing(character: char) -> bool {
    !control(character) && character.general_category() != GeneralCategory::Unassigned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_classes_agree_with_core() {
        for byte in 0..=127u8 {
            let code = u32::from(byte);
            let is = |class: Class| class.has(code);
            assert_eq!(is(Class::Alnum), byte.is_ascii_alphanumeric());
            assert_eq!(is(Class::Alpha), byte.is_ascii_alphabetic());
            assert_eq!(is(Class::Blank), byte == b' ' || byte == b'\t');
            assert_eq!(is(Class::Cntrl), byte.is_ascii_control());
            assert_eq!(is(Class::Digit), byte.is_ascii_digit());
            assert_eq!(is(Class::Graph), byte.is_ascii_graphic());
            assert_eq!(is(Class::Lower), byte.is_ascii_lowercase());
            assert_eq!(is(Class::Print), byte.is_ascii_graphic() || byte == b' ');
            assert_eq!(is(Class::Punct), byte.is_ascii_punctuation());
            assert_eq!(is(Class::Space), byte.is_ascii_whitespace() || byte == 0x0B);
            assert_eq!(is(Class::Upper), byte.is_ascii_uppercase());
            assert_eq!(is(Class::Xdigit), byte.is_ascii_hexdigit());
        }
        for (name, class) in NAMES {
            assert!((0x80..0x100).all(|code| !class.has_ascii(code)) && !class.has_ascii(u32::MAX));
            assert_eq!((Class::named(name), Class::numbered(class as u64)), (Some(class), Some(class)));
        }
        assert_eq!([Class::named(b""), Class::named(b"alph"), Class::numbered(0), Class::numbered(13)], [None; 4]);
    }

    #[test]
    fn relations_of_the_standard_hold_for_every_code_point() {
        for code in 0..0x11_0000 {
            let is = |class: Class| class.has(code);
            assert_eq!(is(Class::Alnum), is(Class::Alpha) || is(Class::Digit), "{code:x}");
            assert_eq!(is(Class::Punct), is(Class::Graph) && !is(Class::Alnum), "{code:x}");
            assert!(!(is(Class::Print) && is(Class::Cntrl)), "{code:x}");
            assert!(!is(Class::Graph) || is(Class::Print), "{code:x}");
            assert!(!is(Class::Blank) || is(Class::Space), "{code:x}");
            assert!(!(is(Class::Upper) || is(Class::Lower)) || is(Class::Alpha), "{code:x}");
            assert!(!(is(Class::Space) && is(Class::Alnum)), "{code:x}");
        }
    }

    #[test]
    fn known_characters() {
        for (code, classes) in [
            (0xE9, "alpha lower print graph"),
            (0xC9, "alpha upper print graph"),
            (0x661, "alpha print graph"),
            (0x20AC, "punct print graph"),
            (0x3000, "space blank print"),
            (0xA0, "punct print graph"),
            (0x85, "cntrl space"),
            (0x378, ""),
            (0xDF80, ""),
            (0x10FFFF, ""),
            (0x110000, ""),
            (0x1F600, "punct print graph"),
            (0x4E00, "alpha print graph"),
        ] {
            for (name, class) in NAMES {
                let name = core::str::from_utf8(name).unwrap();
                let expected = classes.split(' ').any(|known| known == name || (name == "alnum" && known == "alpha"));
                assert_eq!(class.has(code), expected, "{code:x} {name}");
            }
        }
    }
}
