//! Internet addresses as text. No state, and no memory of C's.
#![forbid(unsafe_code)]

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::rt::copy_parts;
use crate::text::print_int::Digits;

/// `inet_pton` with AF_INET: four decimal numbers.
pub fn parse_v4(text: &[u8]) -> Option<[u8; 4]> {
    core::str::from_utf8(text).ok()?.parse::<Ipv4Addr>().ok().map(|address| address.octets())
}

/// `inet_pton` with AF_INET6 (RFC 4291 2.2).
pub fn parse_v6(text: &[u8]) -> Option<[u8; 16]> {
    core::str::from_utf8(text).ok()?.parse::<Ipv6Addr>().ok().map(|address| address.octets())
}

/// One to four numbers between points, each decimal, octal with a leading 0, or hexadecimal with 0x; the list and how many there are.
fn numbers(text: &[u8]) -> Option<([u32; 4], usize)> {
    let (mut list, mut count) = ([0; 4], 0);
    for part in text.split(|byte| *byte == b'.') {
        let (digits, base) = match part {
            [b'0', b'x' | b'X', digits @ ..] => (digits, 16),
            [b'0', digits @ ..] if !digits.is_empty() => (digits, 8),
            digits => (digits, 10),
        };
        let digits = core::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
        *list.get_mut(count)? = u32::from_str_radix(digits, base).ok()?;
        count += 1;
    }
    Some((list, count))
}

/// POSIX.1-2024 `inet_addr`: of the numbers of [`numbers`] the last has all bytes that the others leave.
pub fn parse_loose_v4(text: &[u8]) -> Option<[u8; 4]> {
    let (list, count) = numbers(text)?;
    let (last, before) = list.get(..count)?.split_last()?;
    let mut address = 0_u32;
    for (number, shift) in before.iter().zip([24, 16, 8]) {
        address |= u32::from(u8::try_from(*number).ok()?) << shift;
    }
    let room = u32::MAX.checked_shr(8 * before.len() as u32)?;
    (*last <= room).then(|| (address | last).to_be_bytes())
}

/// BSD `inet_network`: the numbers are bytes, the last the lowest, so that `10.1` is network 0x0a01.
pub fn parse_network(text: &[u8]) -> Option<u32> {
    let (list, count) = numbers(text)?;
    list.get(..count)?.iter().try_fold(0_u32, |sum, number| Some(sum << 8 | u32::from(u8::try_from(*number).ok()?)))
}

/// Bits of the host's part of an address of class A, B or C (RFC 791); 0 for others.
pub fn host_bits(address: u32) -> u32 {
    match address >> 24 {
        0..=127 => 24,
        128..=191 => 16,
        192..=223 => 8,
        _ => 0,
    }
}

/// BSD `inet_makeaddr`: a network's number, which tells its class, and a host's number in it.
pub fn with_host(network: u32, host: u32) -> u32 {
    match network {
        0..=0x7F => network << 24 | host & 0xFF_FFFF,
        0x80..=0xFFFF => network << 16 | host & 0xFFFF,
        0x1_0000..=0xFF_FFFF => network << 8 | host & 0xFF,
        _ => network | host,
    }
}

/// Text of an address, without a NUL.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    bytes: [u8; 46],
    length: usize,
}

impl Text {
    const EMPTY: Self = Self { bytes: [0; 46], length: 0 };

    fn push(&mut self, part: &[u8]) {
        self.length += copy_parts(self.bytes.get_mut(self.length..).unwrap_or_default(), &[part]);
    }

    /// As ASCII.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or(&[])
    }

    /// The address with points.
    pub fn v4(address: [u8; 4]) -> Self {
        let mut text = Self::EMPTY;
        for (at, byte) in address.into_iter().enumerate() {
            text.push(if at == 0 { b"" } else { b"." });
            text.push(Digits::new(byte.into(), 10, false).as_bytes());
        }
        text
    }

    /// The address as RFC 5952 wants it; one that maps an address of IPv4 ends with that.
    pub fn v6(address: [u8; 16]) -> Self {
        let mut text = Self::EMPTY;
        if let Some([a, b, c, d]) = Ipv6Addr::from(address).to_ipv4_mapped().map(|mapped| mapped.octets()) {
            text.push(b"::ffff:");
            text.push(Self::v4([a, b, c, d]).as_bytes());
            return text;
        }
        let groups = Ipv6Addr::from(address).segments();
        let (start, length) = longest_zeros(groups);
        let mut colon = false;
        for (at, group) in groups.into_iter().enumerate() {
            if (start..start + length).contains(&at) {
                if at == start {
                    text.push(b"::");
                }
                colon = false;
                continue;
            }
            text.push(if colon { b":" } else { b"" });
            text.push(Digits::new(group.into(), 16, false).as_bytes());
            colon = true;
        }
        text
    }
}

/// Where the first longest run of at least two zero groups begins, and its length, which is 0 without one.
fn longest_zeros(groups: [u16; 8]) -> (usize, usize) {
    let (mut best, mut run) = ((0, 0), 0);
    for (at, group) in groups.into_iter().enumerate() {
        run = if group == 0 { run + 1 } else { 0 };
        if run > best.1 && run > 1 {
            best = (at + 1 - run, run);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn loose_addresses_have_one_to_four_numbers() {
        for (text, expected) in [
            ("1.2.3.4", Some([1, 2, 3, 4])),
            ("1.2.772", Some([1, 2, 3, 4])),
            ("1.131844", Some([1, 2, 3, 4])),
            ("16909060", Some([1, 2, 3, 4])),
            ("0x1.02.0X3.04", Some([1, 2, 3, 4])),
            ("255.255.255.255", Some([255; 4])),
            ("4294967295", Some([255; 4])),
            ("0", Some([0; 4])),
            ("4294967296", None),
            ("1.16777216", None),
            ("1.2.65536", None),
            ("1.2.3.256", None),
            ("256.1", None),
            ("1.2.3.4.5", None),
            ("1.2.3.", None),
            ("08", None),
            ("0x", None),
            ("+1", None),
            ("1 ", None),
            ("", None),
        ] {
            assert_eq!(parse_loose_v4(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn networks_are_bytes_from_the_highest() {
        for (text, expected) in
            [("10", Some(10)), ("10.1", Some(0x0A01)), ("1.2.3.4", Some(0x0102_0304)), ("1.256", None), ("1..2", None)]
        {
            assert_eq!(parse_network(text.as_bytes()), expected, "{text}");
        }
        assert_eq!(
            [with_host(10, 0x0102_0304), with_host(0x8001, 2), with_host(0xC0_0001, 3)],
            [0x0A02_0304, 0x8001_0002, 0xC000_0103]
        );
        assert_eq!([0x0A00_0001, 0x8000_0001, 0xC000_0001, 0xE000_0001].map(host_bits), [24, 16, 8, 0]);
    }

    #[test]
    fn text_of_v6_is_that_of_rfc_5952() {
        for text in [
            "::",
            "::1",
            "1::",
            "1:2:3:4:5:6:7:8",
            "1:0:3:4:5:6:7:8",
            "1::4:5:0:0:8",
            "1:0:0:4::8",
            "::ffff:1.2.3.4",
            "fe80::1:0:0:1",
            "0:1:2:3:4:5:6:7",
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        ] {
            let address = parse_v6(text.as_bytes()).unwrap();
            assert_eq!(Text::v6(address).as_bytes(), Ipv6Addr::from(address).to_string().as_bytes(), "{text}");
        }
        assert_eq!(Text::v4([255, 0, 10, 199]).as_bytes(), b"255.0.10.199");
        assert_eq!(parse_v4(b"1.2.3"), None);
        assert_eq!(parse_v6(b"1::2::3"), None);
    }
}
