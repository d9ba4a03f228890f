//! Columns that characters take on a terminal.
#![forbid(unsafe_code)]

use unicode_width::UnicodeWidthChar;

use crate::ctype::class::Class;

/// POSIX.1-2024 `wcwidth`: columns of a character (East Asian Width, UAX 11); `None` if it does not print.
#[must_use]
pub fn of(wide: u32) -> Option<usize> {
    if wide == 0 {
        return Some(0);
    }
    if !Class::Print.has(wide) {
        return None;
    }
    char::from_u32(wide)?.width()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths() {
        for (wide, width) in [
            (0, Some(0)),
            (0x41, Some(1)),
            (0x7F, None),
            (0x09, None),
            (0x301, Some(0)),
            (0x4E00, Some(2)),
            (0xAC00, Some(2)),
            (0x1F600, Some(2)),
            (0x200B, Some(0)),
            (0xE9, Some(1)),
            (0xFF21, Some(2)),
            (0xD800, None),
            (0x378, None),
            (u32::MAX, None),
        ] {
            assert_eq!(of(wide), width, "{wide:x}");
        }
    }
}
