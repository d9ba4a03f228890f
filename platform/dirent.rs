//! `struct dirent` records of the C ABI, as [`crate::Platform::read_directory`] gives them.

/// `DT_DIR`.
pub const DIRECTORY: u8 = 4;
/// `DT_REG`.
pub const REGULAR: u8 = 8;
/// `DT_LNK`.
pub const SYMLINK: u8 = 10;

/// Bytes before the name: ino, off, reclen, type.
pub const HEAD: usize = 19;

/// One record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// File number.
    pub ino: u64,
    /// `d_off`: where the directory goes on behind it.
    pub next: i64,
    /// `DT_*`.
    pub kind: u8,
    /// The name, without a NUL.
    pub name: &'a [u8],
}

impl<'a> Record<'a> {
    /// Stores the record at the start of `buffer`; how many bytes it takes, a multiple of 8. `None` where it does not fit.
    pub fn store(&self, buffer: &mut [u8]) -> Option<usize> {
        let length = (HEAD + self.name.len() + 1).next_multiple_of(8);
        let length_field = u16::try_from(length).ok()?;
        let (head, name) = buffer.get_mut(..length)?.split_at_mut_checked(HEAD)?;
        let [ino, next, last] = [&self.ino.to_ne_bytes()[..], &self.next.to_ne_bytes(), &length_field.to_ne_bytes()];
        let fields = ino.iter().chain(next).chain(last).chain(core::slice::from_ref(&self.kind));
        let padded = self.name.iter().chain(core::iter::repeat(&0));
        head.iter_mut().zip(fields).chain(name.iter_mut().zip(padded)).for_each(|(place, byte)| *place = *byte);
        Some(length)
    }

    /// The record at the start of `buffer`, and how many bytes it takes. `None` where there is no whole one.
    #[must_use]
    pub fn first(buffer: &'a [u8]) -> Option<(Self, usize)> {
        let (ino, rest) = buffer.split_first_chunk()?;
        let (next, rest) = rest.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let (kind, _) = rest.split_first()?;
        let length = usize::from(u16::from_ne_bytes(*length));
        let name = buffer.get(HEAD..length)?.split(|byte| *byte == 0);
        // Without a NUL there is one piece.
        let name = if name.clone().nth(1).is_some() { name.clone().next()? } else { return None };
        Some((Self { ino: u64::from_ne_bytes(*ino), next: i64::from_ne_bytes(*next), kind: *kind, name }, length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_back_one_after_the_other() {
        let one = Record { ino: 7, next: 1, kind: DIRECTORY, name: b"." };
        let two = Record { ino: 9, next: 2, kind: REGULAR, name: b"abcde" };
        let mut buffer = [0xAA; 64];
        assert_eq!(one.store(&mut buffer), Some(24));
        assert_eq!(two.store(&mut buffer[24..]), Some(32));
        assert_eq!(&buffer[24..32], &9u64.to_ne_bytes());
        assert_eq!(&buffer[32..40], &2i64.to_ne_bytes());
        assert_eq!(&buffer[40..42], &32u16.to_ne_bytes());
        assert_eq!(&buffer[42..56], b"\x08abcde\0\0\0\0\0\0\0\0");
        assert_eq!(Record::first(&buffer), Some((one, 24)));
        assert_eq!(Record::first(&buffer[24..]), Some((two, 32)));
        assert_eq!(two.store(&mut buffer[..31]), None);
    }

    #[test]
    fn only_whole_records_with_a_name_are_read() {
        let mut buffer = [0; 40];
        let record = Record { ino: 1, next: 1, kind: REGULAR, name: b"name" };
        let length = record.store(&mut buffer).unwrap();
        assert_eq!(length, 24);
        for end in 0..length {
            assert_eq!(Record::first(&buffer[..end]), None, "{end}");
        }
        // A length that ends before the name, and a name without an end.
        buffer[16] = 18;
        assert_eq!(Record::first(&buffer), None);
        buffer[16] = 23;
        assert_eq!(Record::first(&buffer), None);
    }
}
