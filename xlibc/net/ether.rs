//! Addresses of Ethernet, and the lines of `/etc/ethers`.
#![forbid(unsafe_code)]

use crate::rt::copy_parts;
use crate::text::print_int::Digits;

/// Six bytes.
pub type Octets = [u8; 6];

/// Longest text of an address with its NUL.
pub const TEXT_BYTES: usize = 18;

/// Six numbers of one or two hexadecimal digits between colons.
pub fn parse(text: &[u8]) -> Option<Octets> {
    let mut octets = [0; 6];
    let mut parts = text.split(|byte| *byte == b':');
    for octet in &mut octets {
        let digits = parts.next().filter(|digits| (1..=2).contains(&digits.len()) && !digits.starts_with(b"+"))?;
        *octet = u8::from_str_radix(core::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    parts.next().is_none().then_some(octets)
}

/// The address as text with its NUL, leading zeros left out.
pub fn text(octets: Octets) -> [u8; TEXT_BYTES] {
    let mut text = [0; TEXT_BYTES];
    let mut used = 0;
    for (at, octet) in octets.into_iter().enumerate() {
        let digits = Digits::new(octet.into(), 16, false);
        let parts = [if at == 0 { &b""[..] } else { b":" }, digits.as_bytes()];
        used += copy_parts(text.get_mut(used..).unwrap_or_default(), &parts);
    }
    text
}

/// Address and host of a line of `/etc/ethers`; `#` begins a comment.
pub fn line(text: &[u8]) -> Option<(Octets, &[u8])> {
    let text = text.split(|byte| matches!(byte, b'#' | b'\n')).next()?;
    let mut words = text.split(|byte| byte.is_ascii_whitespace()).filter(|word| !word.is_empty());
    Some((parse(words.next()?)?, words.next()?))
}

/// The entries of a file, invalid lines passed over.
pub fn lines(file: &[u8]) -> impl Iterator<Item = (Octets, &[u8])> {
    file.split(|byte| *byte == b'\n').filter_map(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_six_octets() {
        assert_eq!(parse(b"0:1a:FF:0:10:9"), Some([0, 0x1A, 0xFF, 0, 0x10, 9]));
        assert_eq!(&text([0, 0x1A, 0xFF, 0, 0x10, 9])[..15], b"0:1a:ff:0:10:9\0");
        assert_eq!(text([0xFF; 6])[..], *b"ff:ff:ff:ff:ff:ff\0");
        for wrong in ["0:1:2:3:4", "0:1:2:3:4:5:6", "0:1:2:3:4:100", "0:1:2:3:4:", "0:1:2:3:4:g", "0:1:2:3:4:+5", ""] {
            assert_eq!(parse(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn lines_name_a_host() {
        let file = b"# comment\n 1:2:3:4:5:6\thost # more\nbad host\n1:2:3:4:5:7\n";
        assert_eq!(lines(file).collect::<std::vec::Vec<_>>(), [([1, 2, 3, 4, 5, 6], &b"host"[..])]);
    }
}
