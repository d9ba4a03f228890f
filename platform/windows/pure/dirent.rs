//! `struct dirent` records of the C ABI.

use alloc::vec::Vec;

/// `DT_DIR`.
pub const DIRECTORY: u8 = 4;
/// `DT_REG`.
pub const REGULAR: u8 = 8;
/// `DT_LNK`.
pub const SYMLINK: u8 = 10;

/// A name of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// File number.
    pub ino: u64,
    /// `DT_*`.
    pub kind: u8,
    /// The name's bytes.
    pub name: Vec<u8>,
}

/// Bytes before the name: ino, off, reclen, type.
const HEAD: usize = 19;

/// Stores the entries from `first` on as whole records; how many went in and how many bytes they use. The `off` of a record
/// is the index of the entry after it.
pub fn store(entries: &[Entry], first: usize, buffer: &mut [u8]) -> (usize, usize) {
    let mut used = 0;
    let mut stored = 0;
    for entry in entries.iter().skip(first) {
        let length = (HEAD + entry.name.len() + 1).next_multiple_of(8);
        let Some(record) = buffer.get_mut(used..used + length) else { break };
        record.fill(0);
        record[0..8].copy_from_slice(&entry.ino.to_ne_bytes());
        record[8..16].copy_from_slice(&((first + stored + 1) as i64).to_ne_bytes());
        record[16..18].copy_from_slice(&(length as u16).to_ne_bytes());
        record[18] = entry.kind;
        record[HEAD..HEAD + entry.name.len()].copy_from_slice(&entry.name);
        used += length;
        stored += 1;
    }
    (stored, used)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_records_are_stored() {
        let entries = [
            Entry { ino: 7, kind: DIRECTORY, name: b".".to_vec() },
            Entry { ino: 9, kind: REGULAR, name: b"abcde".to_vec() },
        ];
        let mut buffer = [0xAA; 64];
        assert_eq!(store(&entries, 0, &mut buffer), (2, 24 + 32));
        assert_eq!(&buffer[24..32], &9u64.to_ne_bytes());
        assert_eq!(&buffer[32..40], &2i64.to_ne_bytes());
        assert_eq!(&buffer[40..42], &32u16.to_ne_bytes());
        assert_eq!(&buffer[42..50], b"\x08abcde\0\0");
        assert_eq!(store(&entries, 0, &mut buffer[..55]), (1, 24));
        assert_eq!(store(&entries, 1, &mut buffer[..31]), (0, 0));
        assert_eq!(store(&entries, 2, &mut buffer), (0, 0));
    }
}
