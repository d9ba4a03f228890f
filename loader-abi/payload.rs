//! What `distx pack` puts behind a loader: a program and its libraries in one file, found by a mark in the loader's own image.
//!
//! All numbers are little-endian. The payload begins at a multiple of [`ALIGN`] in the file, and holds nothing that depends on the
//! loader before it:
//!
//! ```text
//! head     8 bytes MAGIC, u64 bytes of the payload, u32 number of members, u32 number of the program among them
//! records  for each member, by name in ascending order:
//!          u64 offset in the payload, u64 bytes, u32 place of the name in the directory, u32 bytes of the name, 32 bytes SHA-256
//! names    one behind the other
//! members  each at a multiple of ALIGN
//! ```
//!
//! Head, records and names are the directory. A name is a path below `/` of the distx root, or beside the program: relative, without
//! empty parts, `.` and `..`. The mark tells where the payload begins, and size and checksum of its directory.
#![forbid(unsafe_code)]

use alloc::vec::Vec;

/// What a view of a file can begin at on every host.
pub const ALIGN: u64 = 64 << 10;
/// Stands in a loader's image once, and the numbers of [`Mark`] behind it.
pub const MARK: [u8; 16] = *b"distx payload:\r\n";
/// The payload's first bytes; the last one is the version of the format.
const MAGIC: [u8; 8] = *b"distxPK\x01";
/// Most bytes of a directory: the loader reads it at each start.
const DIRECTORY_LIMIT: u64 = 1 << 20;
/// Longest name of a member.
const NAME_LIMIT: usize = 1024;
const HEAD_BYTES: usize = 24;
const RECORD_BYTES: usize = 56;

/// Where the payload lies: the numbers behind [`MARK`] in a loader, all 0 in one without payload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Where it begins in the file.
    pub offset: u64,
    /// Bytes of the directory.
    pub directory_bytes: u64,
    /// [`checksum`] of the directory.
    pub checksum: u64,
}

impl Mark {
    /// As it stands in a file.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 24] {
        let mut bytes = [0; 24];
        let numbers = [self.offset, self.directory_bytes, self.checksum];
        for (place, number) in bytes.chunks_exact_mut(8).zip(numbers) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        bytes
    }

    /// As it stands in a file.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 24]) -> Self {
        let number = |at| number(bytes, at).unwrap_or(0);
        Self { offset: number(0), directory_bytes: number(8), checksum: number(16) }
    }

    /// Checks what can be checked before the directory is read, for a file of so many bytes.
    ///
    /// # Errors
    /// What is wrong with the mark or the file.
    pub fn check(&self, file_bytes: u64) -> Result<(), &'static str> {
        if self.offset == 0 || !self.offset.is_multiple_of(ALIGN) {
            return Err("its payload is misplaced");
        }
        if !(HEAD_BYTES as u64..=DIRECTORY_LIMIT).contains(&self.directory_bytes) {
            return Err("the directory of its payload has an impossible size");
        }
        match self.offset.checked_add(self.directory_bytes) {
            Some(end) if end <= file_bytes => Ok(()),
            _ => Err(CUT),
        }
    }
}

/// The usual reason for a payload that is not all there.
const CUT: &str = "the file ends before its payload does: it was cut off or stripped";

/// FNV-1a, 64 bits (Fowler, Noll, Vo 1991): finds damage, not intent.
#[must_use]
pub fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}

/// A file of the payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member<'a> {
    /// Relative path.
    pub name: &'a [u8],
    /// Where it begins in the payload.
    pub offset: u64,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its contents.
    pub sha256: [u8; 32],
}

/// The directory of a payload, checked.
#[derive(Clone, Copy, Debug)]
pub struct Directory<'a> {
    bytes: &'a [u8],
    count: usize,
    program: usize,
    /// Bytes of the whole payload.
    pub payload_bytes: u64,
}

impl<'a> Directory<'a> {
    /// Checks the directory of the payload that `mark` leads to in a file of so many bytes.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(bytes: &'a [u8], mark: &Mark, file_bytes: u64) -> Result<Self, &'static str> {
        mark.check(file_bytes)?;
        if bytes.len() as u64 != mark.directory_bytes || checksum(bytes) != mark.checksum {
            return Err("the directory of its payload does not have the checksum that the loader was given");
        }
        if bytes.get(..8) != Some(&MAGIC) {
            return Err("its payload has a format that this loader does not know");
        }
        let (Some(payload_bytes), Some(count), Some(program)) = (number(bytes, 8), half(bytes, 16), half(bytes, 20))
        else {
            return Err("the directory of its payload is incomplete");
        };
        if mark.offset.checked_add(payload_bytes).is_none_or(|end| end > file_bytes) {
            return Err(CUT);
        }
        let directory = Self { bytes, count, program, payload_bytes };
        if program >= count || count > (bytes.len() - HEAD_BYTES) / RECORD_BYTES {
            return Err("the directory of its payload has a wrong number of members");
        }
        let mut last: &[u8] = b"";
        for index in 0..count {
            let member = directory.get(index).ok_or("the directory of its payload is incomplete")?;
            if !is_name(member.name) || member.name <= last {
                return Err("a member of its payload has a forbidden name");
            }
            last = member.name;
            let fits = member.offset.checked_add(member.bytes).is_some_and(|end| end <= payload_bytes);
            if !fits || !member.offset.is_multiple_of(ALIGN) || member.offset < bytes.len() as u64 {
                return Err("a member of its payload is misplaced");
            }
        }
        Ok(directory)
    }

    fn get(&self, index: usize) -> Option<Member<'a>> {
        let at = HEAD_BYTES + index * RECORD_BYTES;
        let record = self.bytes.get(at..at + RECORD_BYTES)?;
        let start = half(record, 16)?;
        let name = self.bytes.get(start..start.checked_add(half(record, 20)?)?)?;
        let sha256 = record.get(24..)?.try_into().ok()?;
        Some(Member { name, offset: number(record, 0)?, bytes: number(record, 8)?, sha256 })
    }

    /// All members, by name.
    pub fn members(&self) -> impl Iterator<Item = Member<'a>> + use<'a> {
        let directory = *self;
        (0..self.count).filter_map(move |index| directory.get(index))
    }

    /// The program.
    #[must_use]
    pub fn program(&self) -> Option<Member<'a>> {
        self.get(self.program)
    }

    /// The member that is a library of this relative path; for a name without folders also the first one in any folder.
    #[must_use]
    pub fn library(&self, name: &[u8]) -> Option<Member<'a>> {
        let program = self.program;
        let libraries =
            || self.members().enumerate().filter(move |(index, _)| *index != program).map(|(_, member)| member);
        let last = |path: &'a [u8]| path.rsplit(|byte| *byte == b'/').next();
        libraries()
            .find(|member| member.name == name)
            .or_else(|| libraries().find(|member| last(member.name) == Some(name)))
    }
}

/// Whether a member may have this name.
#[must_use]
pub fn is_name(name: &[u8]) -> bool {
    let is_part = |part: &[u8]| !matches!(part, b"" | b"." | b"..");
    // What separates folders on Windows, and what names its drives and streams, is refused for all hosts.
    name.len() <= NAME_LIMIT
        && name.split(|byte| *byte == b'/').all(is_part)
        && !name.iter().any(|byte| matches!(byte, 0 | b'\\' | b':'))
}

/// What a payload is made of.
#[derive(Clone, Debug)]
pub struct Contents {
    /// Name, size and SHA-256; by name in ascending order.
    pub members: Vec<(Vec<u8>, u64, [u8; 32])>,
    /// Number of the program among them.
    pub program: usize,
}

impl Contents {
    /// The directory; [`Directory`] tells where each member goes. Members with the same contents lie in the same place.
    ///
    /// # Errors
    /// A name is forbidden or given twice, or there are too many.
    pub fn directory(&self) -> Result<Vec<u8>, &'static str> {
        let names_at = HEAD_BYTES + self.members.len() * RECORD_BYTES;
        let directory_bytes = names_at + self.members.iter().map(|member| member.0.len()).sum::<usize>();
        let (mut records, mut names) = (Vec::<u8>::new(), Vec::<u8>::new());
        let mut end = directory_bytes as u64;
        let mut placed: Vec<(u64, &[u8; 32], u64)> = Vec::new();
        for (name, bytes, sha256) in &self.members {
            let same = placed.iter().find(|(size, hash, _)| size == bytes && *hash == sha256);
            let offset = same.map_or_else(|| end.next_multiple_of(ALIGN), |(_, _, offset)| *offset);
            placed.push((*bytes, sha256, offset));
            end = end.max(offset + bytes);
            records.extend(offset.to_le_bytes());
            records.extend(bytes.to_le_bytes());
            records.extend(((names_at + names.len()) as u32).to_le_bytes());
            records.extend((name.len() as u32).to_le_bytes());
            records.extend(sha256);
            names.extend(name);
        }
        let mut directory = MAGIC.to_vec();
        directory.extend(end.to_le_bytes());
        directory.extend((self.members.len() as u32).to_le_bytes());
        directory.extend((self.program as u32).to_le_bytes());
        directory.extend(records);
        directory.extend(names);
        // What the loader would refuse is not made.
        let mark = Mark { offset: ALIGN, directory_bytes: directory.len() as u64, checksum: checksum(&directory) };
        Directory::parse(&directory, &mark, u64::MAX)?;
        Ok(directory)
    }
}

/// Fuzz target: a directory, with a checksum that fits it so that the checks behind it are reached. What is accepted lies in the file.
#[cfg(any(test, fuzzing))]
pub fn fuzz(directory: &[u8]) {
    const FILE_BYTES: u64 = 1 << 30;
    let bytes = directory.len() as u64;
    let mark = Mark { offset: ALIGN, directory_bytes: bytes, checksum: checksum(directory) };
    let Ok(read) = Directory::parse(directory, &mark, FILE_BYTES) else { return };
    assert!(read.program().is_some() && read.payload_bytes <= FILE_BYTES - ALIGN);
    for member in read.members() {
        assert!(member.offset >= bytes && member.offset + member.bytes <= read.payload_bytes && is_name(member.name));
        let last = member.name.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
        assert!(read.library(last).is_some() || Some(member) == read.program());
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn half(bytes: &[u8], at: usize) -> Option<usize> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    const FILE_BYTES: u64 = 1 << 30;

    fn contents(names: &[&str]) -> Contents {
        let member = |(number, name): (usize, &&str)| (name.as_bytes().to_vec(), 100, [number as u8; 32]);
        Contents { members: names.iter().enumerate().map(member).collect(), program: 0 }
    }

    fn mark(directory: &[u8]) -> Mark {
        Mark { offset: ALIGN, directory_bytes: directory.len() as u64, checksum: checksum(directory) }
    }

    #[test]
    fn what_is_written_is_read() {
        let directory = contents(&["hello", "lib/libc.so", "libz.so"]).directory().unwrap();
        let read = Directory::parse(&directory, &mark(&directory), FILE_BYTES).unwrap();
        assert_eq!(read.program().unwrap().name, b"hello");
        assert_eq!(read.payload_bytes, 3 * ALIGN + 100);
        let found = |name: &str| read.library(name.as_bytes()).map(|member| member.offset);
        assert_eq!(found("lib/libc.so"), Some(2 * ALIGN));
        assert_eq!(found("libc.so"), Some(2 * ALIGN));
        assert_eq!(found("libz.so"), Some(3 * ALIGN));
        // A program is no library, and folders are not guessed.
        assert_eq!((found("hello"), found("c.so"), found("other/libz.so"), found("")), (None, None, None, None));
        assert_eq!(Mark::from_bytes(&mark(&directory).to_bytes()), mark(&directory));
    }

    #[test]
    fn the_same_contents_lie_in_one_place() {
        let mut contents = contents(&["hello", "libz.so", "libz.so.1"]);
        contents.members[2].2 = contents.members[1].2;
        let directory = contents.directory().unwrap();
        let read = Directory::parse(&directory, &mark(&directory), FILE_BYTES).unwrap();
        assert_eq!(read.library(b"libz.so").unwrap().offset, read.library(b"libz.so.1").unwrap().offset);
        assert_eq!(read.payload_bytes, 2 * ALIGN + 100);
    }

    #[test]
    fn names_stay_below_the_root() {
        for good in ["a", "a/b.so", "..a/...", "ä/b c"] {
            assert!(is_name(good.as_bytes()), "{good}");
        }
        for bad in ["", "/", "/a", "a/", "a//b", ".", "..", "a/../b", "a/.", "a\\b", "c:", "a\0"] {
            assert!(!is_name(bad.as_bytes()), "{bad:?}");
            assert!(contents(&[bad]).directory().is_err(), "{bad:?}");
        }
        assert!(!is_name(&[b'a'; NAME_LIMIT + 1]));
        assert!(contents(&["a", "a"]).directory().is_err());
        assert!(contents(&["b", "a"]).directory().is_err());
        assert!(contents(&[]).directory().is_err());
    }

    #[test]
    fn a_file_that_was_cut_off_is_refused() {
        let directory = contents(&["hello", "libc.so"]).directory().unwrap();
        let mark = mark(&directory);
        let end = ALIGN + 2 * ALIGN + 100;
        assert!(Directory::parse(&directory, &mark, end).is_ok());
        for bytes in [0, 1, ALIGN, ALIGN + 20, end - 1] {
            assert_eq!(Directory::parse(&directory, &mark, bytes).err(), Some(CUT), "{bytes}");
        }
        for wrong in [
            Mark { offset: 0, ..mark },
            Mark { offset: 4096, ..mark },
            Mark { offset: !0 << 16, ..mark },
            Mark { directory_bytes: 0, ..mark },
            Mark { directory_bytes: u64::MAX, ..mark },
            Mark { checksum: 1, ..mark },
        ] {
            assert!(Directory::parse(&directory, &wrong, end).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn damaged_directories_lead_nowhere() {
        let good = contents(&["hello", "lib/libc.so", "libz.so"]).directory().unwrap();
        for at in 0..good.len() {
            for value in [0, 1, 0x7f, 0x80, 0xff] {
                let mut bad = good.clone();
                bad[at] = value;
                fuzz(&bad);
                fuzz(&bad[..at]);
            }
        }
        crate::fuzz::drive(fuzz, &[&good], 10_000);
    }
}
