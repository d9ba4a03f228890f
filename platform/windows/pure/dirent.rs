//! Entries of a directory: as Windows lists them, and as `struct dirent` records of the C ABI.

use alloc::vec::Vec;
use platform::dirent::Record;

use super::{file_id, utf16};

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

/// In which form Windows lists (MS-FSCC 2.4): the second is what every file system has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `FILE_ID_BOTH_DIR_INFORMATION`.
    Full,
    /// `FILE_DIRECTORY_INFORMATION`.
    Plain,
}

/// A name as Windows lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The name.
    pub name: Vec<u16>,
    /// `FILE_ATTRIBUTE_*`.
    pub attributes: u32,
    /// Tag of its reparse point, 0 without one; `None` where the form does not tell it.
    pub tag: Option<u32>,
    /// File number, if there is one.
    pub number: Option<u64>,
}

/// Adds the names of an answer of Windows; `None` where that is damaged.
#[must_use]
pub fn parse(answer: &[u8], form: Form, names: &mut Vec<Listed>) -> Option<()> {
    let mut rest = answer;
    loop {
        let word = |at: usize| Some(u32::from_le_bytes(rest.get(at..at + 4)?.try_into().ok()?));
        let long = |at: usize| Some(u64::from_le_bytes(rest.get(at..at + 8)?.try_into().ok()?));
        let attributes = word(56)?;
        let length = word(60)? as usize;
        let (tag, number, start) = match form {
            // With a reparse point the field for extended attributes holds its tag.
            Form::Full if attributes & REPARSE_POINT != 0 => (Some(word(64)?), file_id::known(long(96)?), 104),
            Form::Full => (Some(0), file_id::known(long(96)?), 104),
            Form::Plain => (None, None, 64),
        };
        let name = utf16::units(rest.get(start..)?.get(..length)?);
        names.push(Listed { name, attributes, tag, number });
        match word(0)? as usize {
            0 => return Some(()),
            next => rest = rest.get(next..)?,
        }
    }
}

/// `FILE_ATTRIBUTE_REPARSE_POINT`.
const REPARSE_POINT: u32 = 0x400;

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

    /// A record of Windows: distance to the next one, attributes, tag, number, name.
    fn record(form: Form, next: u32, attributes: u32, tag: u32, number: u64, name: &str) -> Vec<u8> {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let start = if form == Form::Full { 104 } else { 64 };
        let mut record = [0xAA; 104][..start].to_vec();
        record[..4].copy_from_slice(&next.to_le_bytes());
        record[56..60].copy_from_slice(&attributes.to_le_bytes());
        record[60..64].copy_from_slice(&(name.len() as u32).to_le_bytes());
        if form == Form::Full {
            record[64..68].copy_from_slice(&tag.to_le_bytes());
            record[96..].copy_from_slice(&number.to_le_bytes());
        }
        record.extend(name);
        record.resize(record.len().max(next as usize), 0xAA);
        record
    }

    fn listed(name: &str, attributes: u32, tag: Option<u32>, number: Option<u64>) -> Listed {
        Listed { name: name.encode_utf16().collect(), attributes, tag, number }
    }

    #[test]
    fn both_forms_of_windows_are_read() {
        let mut names = Vec::new();
        let full = |next, attributes, tag, number, name| record(Form::Full, next, attributes, tag, number, name);
        let answer =
            [full(112, 0x20, 77, 5, "a"), full(112, 0x410, 0xA000_0003, 0, "bcd"), full(0, 0x10, 0, u64::MAX, "")];
        assert_eq!(parse(&answer.concat(), Form::Full, &mut names), Some(()));
        let expected = [
            listed("a", 0x20, Some(0), Some(5)),
            listed("bcd", 0x410, Some(0xA000_0003), None),
            listed("", 0x10, Some(0), None),
        ];
        assert_eq!(names, expected);
        names.clear();
        let plain = |next, attributes, name| record(Form::Plain, next, attributes, 0, 0, name);
        assert_eq!(parse(&[plain(72, 0x20, "ab"), plain(0, 0x410, "c")].concat(), Form::Plain, &mut names), Some(()));
        assert_eq!(names, [listed("ab", 0x20, None, None), listed("c", 0x410, None, None)]);
    }

    #[test]
    fn damaged_answers_are_refused() {
        let whole = record(Form::Full, 0, 0x20, 0, 5, "name");
        for length in 0..whole.len() {
            assert_eq!(parse(&whole[..length], Form::Full, &mut Vec::new()), None, "{length}");
        }
        let mut far = whole.clone();
        far[..4].copy_from_slice(&500u32.to_le_bytes());
        assert_eq!(parse(&far, Form::Full, &mut Vec::new()), None);
        let mut long = whole;
        long[60..64].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(parse(&long, Form::Full, &mut Vec::new()), None);
    }

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
