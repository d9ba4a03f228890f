//! Upper and lower case: one character to one character (Unicode's simple mappings).
#![forbid(unsafe_code)]

/// The lower case of a code point, or itself.
#[must_use]
pub fn lower(code: u32) -> u32 {
    if code < 0x80 {
        return if code.wrapping_sub(0x41) < 26 { code | 0x20 } else { code };
    }
    // U+0130 is the only character whose full mapping has two characters; the simple one is its first.
    char::from_u32(code).and_then(|character| character.to_lowercase().next()).map_or(code, u32::from)
}

/// The upper case of a code point, or itself.
#[must_use]
pub fn upper(code: u32) -> u32 {
    if code < 0x80 {
        return if code.wrapping_sub(0x61) < 26 { code & !0x20 } else { code };
    }
    let Some(character) = char::from_u32(code) else { return code };
    let mut full = character.to_uppercase();
    match (full.next(), full.next()) {
        (Some(single), None) => single.into(),
        // Greek with iota subscript: the full mapping writes the iota out, the simple one gives the letter with it.
        _ => match code {
            0x1F80..=0x1FAF => code | 8,
            0x1FB3 | 0x1FC3 | 0x1FF3 => code + 9,
            // Such as U+00DF: no single character is its upper case.
            _ => code,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_pairs() {
        for (small, large) in [
            (0x61, 0x41),
            (0x7A, 0x5A),
            (0xE9, 0xC9),
            (0xFF, 0x178),
            (0x3C9, 0x3A9),
            (0x1F80, 0x1F88),
            (0x1FA7, 0x1FAF),
            (0x1FB3, 0x1FBC),
            (0x1FC3, 0x1FCC),
            (0x1FF3, 0x1FFC),
            (0x10428, 0x10400),
            (0xAB70, 0x13A0),
        ] {
            assert_eq!((upper(small), lower(large)), (large, small), "{small:x}");
            assert_eq!((upper(large), lower(small)), (large, small), "{small:x}");
        }
        assert_eq!((lower(0x130), upper(0x131)), (0x69, 0x49));
        for code in [0x40, 0x5B, 0x60, 0x7B, 0xDF, 0x149, 0x1F50, 0xFB00, 0xDF80, 0xD800, 0x11_0000, u32::MAX] {
            assert_eq!((upper(code), lower(code)), (code, code), "{code:x}");
        }
    }

    #[test]
    fn titlecase_letters_have_both_cases() {
        assert_eq!((upper(0x1C5), lower(0x1C5)), (0x1C4, 0x1C6));
    }
}
