//! Entries of a directory, and as `struct dirent` records of the C ABI.

use alloc::vec::Vec;
use platform::dirent::Record;

pub use platform::dirent::{DIRECTORY, REGULAR, SYMLINK};

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

/// Stores the entries from `first` on as whole records; how many went in and how many bytes they use. The `off` of a record
/// is the index of the entry after it.
pub fn store(entries: &[Entry], first: usize, buffer: &mut [u8]) -> (usize, usize) {
    let mut used = 0;
    let mut stored = 0;
    for Entry { ino, kind, name } in entries.iter().skip(first) {
        let record = Record { ino: *ino, next: (first + stored + 1) as i64, kind: *kind, name };
        let Some(length) = record.store(buffer.get_mut(used..).unwrap_or_default()) else { break };
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
        let second = Record { ino: 9, next: 2, kind: REGULAR, name: b"abcde" };
        assert_eq!(Record::first(&buffer[24..]), Some((second, 32)));
        assert_eq!(store(&entries, 0, &mut buffer[..55]), (1, 24));
        assert_eq!(store(&entries, 1, &mut buffer[..31]), (0, 0));
        assert_eq!(store(&entries, 2, &mut buffer), (0, 0));
    }
}
