//! Fuzz targets: multibyte text from outside.

use super::multibyte::{Decoded, State, decode};
use crate::text::encoding::Encoding;
use std::string::String;

/// mbrtowc in UTF-8: the characters are those that Rust finds, and bytes one by one give the same as all at once.
pub fn mbrtowc(data: &[u8]) {
    let valid = match core::str::from_utf8(data) {
        Ok(text) => text,
        Err(error) => core::str::from_utf8(&data[..error.valid_up_to()]).unwrap_or_default(),
    };
    let (mut state, mut rest, mut read) = (State::default(), data, String::new());
    while let Decoded::Wide(wide, taken) = decode(Encoding::Utf8, &mut state, rest.iter().copied()) {
        read.push(char::from_u32(wide).unwrap_or_else(|| panic!("{wide:#x} is no character")));
        rest = &rest[taken..];
    }
    assert_eq!(read, valid);

    let (mut state, mut single) = (State::default(), String::new());
    for byte in data {
        match decode(Encoding::Utf8, &mut state, [*byte].into_iter()) {
            Decoded::Wide(wide, taken) => {
                assert_eq!(taken, 1);
                single.extend(char::from_u32(wide));
            }
            Decoded::Incomplete => {}
            Decoded::Invalid => break,
        }
    }
    assert_eq!(single, valid);
}

#[cfg(test)]
mod tests {
    use crate::fuzz::drive;

    #[test]
    fn mbrtowc() {
        let good: [&[u8]; 4] = [
            "aé€😀\u{10FFFF}\u{7FF}\u{800}\u{FFFF}".as_bytes(),
            b"\xC0\x80\xED\xA0\x80\xF4\x90\x80\x80",
            b"\xE0\x80\x80\xF0\x80\x80\x80",
            b"plain",
        ];
        drive(super::mbrtowc, &good, 50_000);
    }
}
