//! UTF-8 to UTF-16 and back without loss: an unpaired surrogate, which NTFS allows in names, is three bytes as in WTF-8.

use alloc::vec::Vec;

use platform::{Errno, Result};

/// The bytes of a UTF-16 string.
#[must_use]
pub fn to_bytes(wide: &[u16]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(wide.len() * 3 / 2);
    for unit in char::decode_utf16(wide.iter().copied()) {
        match unit {
            Ok(char) => bytes.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes()),
            Err(error) => {
                let unit = error.unpaired_surrogate();
                bytes.extend_from_slice(&[
                    0xE0 | (unit >> 12) as u8,
                    0x80 | (unit >> 6 & 0x3F) as u8,
                    0x80 | (unit & 0x3F) as u8,
                ]);
            }
        }
    }
    bytes
}

/// The UTF-16 form of bytes; `EILSEQ` where they are neither UTF-8 nor a surrogate in WTF-8.
pub fn to_wide(bytes: &[u8]) -> Result<Vec<u16>> {
    let mut wide = Vec::with_capacity(bytes.len() + 1);
    let mut rest = bytes;
    loop {
        match core::str::from_utf8(rest) {
            Ok(text) => {
                wide.extend(text.encode_utf16());
                return Ok(wide);
            }
            Err(error) => {
                let (valid, after) = rest.split_at(error.valid_up_to());
                if let Ok(text) = core::str::from_utf8(valid) {
                    wide.extend(text.encode_utf16());
                }
                let [0xED, second @ 0xA0..=0xBF, third @ 0x80..=0xBF, tail @ ..] = after else {
                    return Err(Errno::ILSEQ);
                };
                wide.push(0xD000 | u16::from(second & 0x3F) << 6 | u16::from(third & 0x3F));
                rest = tail;
            }
        }
    }
}

/// The units that bytes of Windows' own make, low byte first.
#[must_use]
pub fn units(bytes: &[u8]) -> Vec<u16> {
    bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect()
}

/// As [`to_wide`], with a terminating zero; `EINVAL` for a zero inside.
pub fn to_wide_z(bytes: &[u8]) -> Result<Vec<u16>> {
    let mut wide = to_wide(bytes)?;
    if wide.contains(&0) {
        return Err(Errno::INVAL);
    }
    wide.push(0);
    Ok(wide)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_utf16_string_survives_the_round_trip() {
        for wide in [
            &[][..],
            &[0x61, 0xE9, 0x20AC],
            &[0xD83D, 0xDE00],
            &[0xD83D],
            &[0xDE00, 0xD83D],
            &[0x61, 0xD800, 0x62],
            &[0xDFFF],
        ] {
            assert_eq!(to_wide(&to_bytes(wide)), Ok(wide.to_vec()), "{wide:x?}");
        }
    }

    #[test]
    fn bytes_that_are_no_utf8_are_refused() {
        for bytes in [&[0xFF][..], &[0xC3], &[0x80], &[0xED, 0xA0], &[0xC0, 0x80], &[0xF5, 0x80, 0x80, 0x80]] {
            assert_eq!(to_wide(bytes), Err(Errno::ILSEQ), "{bytes:x?}");
        }
        assert_eq!(to_wide_z(b"a\0b"), Err(Errno::INVAL));
    }
}
