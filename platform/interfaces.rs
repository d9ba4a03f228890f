//! Records of network interfaces and their addresses, as [`crate::Network::interfaces`] gives them: the host's own byte order, each at a
//! multiple of four bytes.

/// Bytes before the name: length, family, hardware, prefix, three lengths, two unused, index, flags.
pub const HEAD: usize = 20;

/// One address of an interface, or with the family `socket::AF_PACKET` the interface itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Record<'a> {
    /// AF_*.
    pub family: u16,
    /// ARPHRD_*, for the interface itself.
    pub hardware: u16,
    /// Bits of the network's part of the address.
    pub prefix: u8,
    /// The interface's number, from 1.
    pub index: u32,
    /// IFF_*.
    pub flags: u32,
    /// The interface's name.
    pub name: &'a [u8],
    /// 4 or 16 bytes; the hardware's address for the interface itself.
    pub address: &'a [u8],
    /// The address to broadcast to or, with IFF_POINTOPOINT, the peer's; empty where there is none.
    pub other: &'a [u8],
}

impl<'a> Record<'a> {
    /// How many bytes the record takes. `None` for a name or an address above 255 bytes.
    #[must_use]
    pub fn length(&self) -> Option<usize> {
        let parts = [self.name, self.address, self.other];
        parts
            .iter()
            .try_fold(HEAD, |sum, part| Some(sum + usize::from(u8::try_from(part.len()).ok()?)))?
            .checked_next_multiple_of(4)
    }

    /// Stores the record at the start of `buffer`; how many bytes it takes. `None` where it does not fit.
    pub fn store(&self, buffer: &mut [u8]) -> Option<usize> {
        let length = self.length()?;
        let [name, address, other] = [self.name, self.address, self.other].map(|part| part.len() as u8);
        let parts: [&[u8]; 9] = [
            &u16::try_from(length).ok()?.to_ne_bytes(),
            &self.family.to_ne_bytes(),
            &self.hardware.to_ne_bytes(),
            &[self.prefix, name, address, other, 0, 0],
            &self.index.to_ne_bytes(),
            &self.flags.to_ne_bytes(),
            self.name,
            self.address,
            self.other,
        ];
        let bytes = parts.into_iter().flatten().chain(core::iter::repeat(&0));
        buffer.get_mut(..length)?.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte);
        Some(length)
    }

    /// The record at the start of `buffer`, and how many bytes it takes. `None` where there is no whole one.
    #[must_use]
    pub fn first(buffer: &'a [u8]) -> Option<(Self, usize)> {
        let (length, rest) = buffer.split_first_chunk()?;
        let length = usize::from(u16::from_ne_bytes(*length));
        let (family, rest) = rest.split_first_chunk()?;
        let (hardware, rest) = rest.split_first_chunk()?;
        let ([prefix, name, address, other, _, _], rest) = rest.split_first_chunk()?;
        let (index, rest) = rest.split_first_chunk()?;
        let (flags, _) = rest.split_first_chunk()?;
        let rest = buffer.get(HEAD..length)?;
        let (name, rest) = rest.split_at_checked(usize::from(*name))?;
        let (address, rest) = rest.split_at_checked(usize::from(*address))?;
        let (other, _) = rest.split_at_checked(usize::from(*other))?;
        let (family, hardware) = (u16::from_ne_bytes(*family), u16::from_ne_bytes(*hardware));
        let (index, flags) = (u32::from_ne_bytes(*index), u32::from_ne_bytes(*flags));
        Some((Self { family, hardware, prefix: *prefix, index, flags, name, address, other }, length))
    }
}

/// The records in a buffer, in order.
pub fn records(buffer: &[u8]) -> impl Iterator<Item = Record<'_>> + Clone {
    let mut rest = buffer;
    core::iter::from_fn(move || {
        let (record, length) = Record::first(rest)?;
        rest = rest.get(length..)?;
        Some(record)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: Record<'_> = Record {
        family: 17,
        hardware: 772,
        prefix: 0,
        index: 1,
        flags: 0x49,
        name: b"lo",
        address: &[0; 6],
        other: &[],
    };
    const ADDRESS: Record<'_> = Record {
        family: 2,
        hardware: 0,
        prefix: 8,
        index: 1,
        flags: 0x49,
        name: b"lo:1",
        address: &[127, 0, 0, 1],
        other: &[127, 255, 255, 255],
    };

    #[test]
    fn records_come_back_one_after_the_other() {
        let mut buffer = [0xAA; 64];
        assert_eq!(LINK.store(&mut buffer), Some(28));
        assert_eq!(ADDRESS.store(&mut buffer[28..]), Some(32));
        {
            let mut found = records(&buffer[..60]);
            assert_eq!((found.next(), found.next(), found.next()), (Some(LINK), Some(ADDRESS), None));
        }
        assert_eq!(ADDRESS.store(&mut buffer[..31]), None);
        assert_eq!(Record { name: &[b'x'; 256], ..LINK }.length(), None);
    }

    #[test]
    fn only_whole_records_are_read() {
        let mut buffer = [0; 32];
        assert_eq!(ADDRESS.store(&mut buffer), Some(32));
        for end in 0..32 {
            assert_eq!(Record::first(&buffer[..end]), None, "{end}");
        }
        // A name that does not end in the record, and a record that does not move on.
        buffer[7] = 200;
        assert_eq!(Record::first(&buffer), None);
        buffer[..2].copy_from_slice(&0_u16.to_ne_bytes());
        assert_eq!(records(&buffer).count(), 0);
    }
}
