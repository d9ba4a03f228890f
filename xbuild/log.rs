//! What was built, from what and how: the file `.xbuild.log` in the folder of builds.
//!
//! A head, a hash of the rest, a table of paths, then the targets. A file that is cut, changed or of another version counts as none, and
//! everything is built again.

use alloc::vec;
use alloc::vec::Vec;

use crate::files::{FileId, Files, hash};
use crate::names::Names;

const HEAD: &[u8] = b"xbuild log 1\n";
/// The head and the hash.
const BODY: usize = HEAD.len() + 8;
/// What a [`Known`] takes in the file.
const KNOWN_BYTES: usize = 28;

/// A file as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Which it is.
    pub file: FileId,
    /// Last change, in ns since 1970.
    pub changed_ns: i64,
    /// Bytes.
    pub size: u64,
    /// Of the contents; of an output 0, whose contents are not read.
    pub hash: u64,
}

/// A target that was built without a failure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Of its commands and what they get.
    pub command: u64,
    /// What it was made from, those of its depfile too.
    pub inputs: Vec<Known>,
    /// What it made.
    pub outputs: Vec<Known>,
}

/// The whole file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    /// Of the file with the targets, when `compile_commands.json` was written from it.
    pub recipe: u64,
    /// By the target's number.
    pub records: Vec<Option<Record>>,
}

impl Log {
    /// One without records, for so many targets.
    pub fn empty(targets: usize) -> Log {
        Log { recipe: 0, records: vec![None; targets] }
    }

    /// As the file has it.
    pub fn to_bytes(&self, names: &Names<'_>, files: &Files<'_>) -> Vec<u8> {
        // Only files that a record has; their numbers in the file.
        let mut numbers = vec![u32::MAX; files.count()];
        let mut paths: Vec<FileId> = Vec::new();
        let records = || self.records.iter().enumerate().filter_map(|(at, record)| Some((at, record.as_ref()?)));
        for (_, record) in records() {
            for known in record.inputs.iter().chain(&record.outputs) {
                let number = &mut numbers[known.file.0 as usize];
                if *number == u32::MAX {
                    *number = paths.len() as u32;
                    paths.push(known.file);
                }
            }
        }
        let mut bytes = [HEAD, &[0; 8]].concat();
        let text = |bytes: &mut Vec<u8>, text: &str| {
            bytes.extend((text.len() as u32).to_le_bytes());
            bytes.extend(text.as_bytes());
        };
        bytes.extend(self.recipe.to_le_bytes());
        bytes.extend((paths.len() as u32).to_le_bytes());
        paths.iter().for_each(|id| text(&mut bytes, files.path(*id)));
        bytes.extend((records().count() as u32).to_le_bytes());
        for (at, record) in records() {
            text(&mut bytes, names.name(at));
            bytes.extend(record.command.to_le_bytes());
            for known in [&record.inputs, &record.outputs] {
                bytes.extend((known.len() as u32).to_le_bytes());
                for file in known {
                    let mut packed = [0; KNOWN_BYTES];
                    packed[..4].copy_from_slice(&numbers[file.file.0 as usize].to_le_bytes());
                    packed[4..12].copy_from_slice(&file.changed_ns.to_le_bytes());
                    packed[12..20].copy_from_slice(&file.size.to_le_bytes());
                    packed[20..].copy_from_slice(&file.hash.to_le_bytes());
                    bytes.extend_from_slice(&packed);
                }
            }
        }
        let hash = hash(&bytes[BODY..]).to_le_bytes();
        bytes[HEAD.len()..BODY].copy_from_slice(&hash);
        bytes
    }

    /// From a file's bytes, what it has of the targets of these names; `None`: damaged, or of another version.
    pub fn from_bytes(bytes: &[u8], names: &Names<'_>, files: &mut Files<'_>) -> Option<Log> {
        let mut rest = Bytes(bytes.strip_prefix(HEAD)?);
        if rest.u64()? != hash(rest.0) {
            return None;
        }
        let mut log = Log { recipe: rest.u64()?, ..Log::empty(names.count()) };
        let count = rest.count(4)?;
        let mut ids = Vec::with_capacity(count);
        for _ in 0..count {
            ids.push(files.id(rest.text()?));
        }
        // Mostly in the order in which they were written.
        let mut next = 0;
        for _ in 0..rest.count(20)? {
            let name = rest.text()?;
            let record = Record { command: rest.u64()?, inputs: rest.known(&ids)?, outputs: rest.known(&ids)? };
            let is_next = next < names.count() && names.name(next) == name;
            if let Some(number) = if is_next { Some(next) } else { names.number(name) } {
                log.records[number] = Some(record);
                next = number + 1;
            }
        }
        rest.0.is_empty().then_some(log)
    }
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.take().map(u64::from_le_bytes)
    }

    /// A number of items of at least so many bytes each: no more than there is room for.
    fn count(&mut self, bytes: usize) -> Option<usize> {
        self.u32().map(|count| count as usize).filter(|count| *count <= self.0.len() / bytes)
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = self.u32()? as usize;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        core::str::from_utf8(text).ok()
    }

    fn known(&mut self, ids: &[FileId]) -> Option<Vec<Known>> {
        let count = self.count(KNOWN_BYTES)?;
        let mut known = Vec::with_capacity(count);
        for _ in 0..count {
            let file = *ids.get(self.u32()? as usize)?;
            let changed_ns = self.take().map(i64::from_le_bytes)?;
            known.push(Known { file, changed_ns, size: self.u64()?, hash: self.u64()? });
        }
        Some(known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths::Folder;
    use proptest::prelude::*;

    fn names() -> Names<'static> {
        Names::new(["a b", "é", "c"].into_iter())
    }

    fn sample(files: &mut Files<'_>) -> Log {
        let ids = [files.id("/p/a"), files.id("/p/é")];
        let known = |at: usize| Known { file: ids[at], changed_ns: -5, size: 7, hash: 9 };
        let record = Record { command: 3, inputs: [known(0), known(1)].into(), outputs: [known(1)].into() };
        Log { recipe: 1, records: [Some(record), Some(Record::default()), None].into() }
    }

    #[test]
    fn a_log_comes_back_as_it_was() {
        let folder = Folder::current().expect("a folder");
        let mut files = Files::new(&folder);
        for log in [Log::empty(3), sample(&mut files)] {
            let bytes = log.to_bytes(&names(), &files);
            assert_eq!(Log::from_bytes(&bytes, &names(), &mut files), Some(log));
        }
    }

    #[test]
    fn targets_and_files_may_have_other_numbers_the_next_time() {
        let folder = Folder::current().expect("a folder");
        let mut files = Files::new(&folder);
        files.id("/unused");
        let bytes = sample(&mut files).to_bytes(&names(), &files);
        let mut files = Files::new(&folder);
        files.id("/p/é");
        let log = Log::from_bytes(&bytes, &Names::new(["new", "é", "a b"].into_iter()), &mut files).expect("a log");
        assert_eq!(files.count(), 2);
        assert_eq!(log.records[..2], [None, Some(Record::default())]);
        let record = log.records[2].as_ref().expect("a record");
        let paths: Vec<&str> = record.inputs.iter().map(|known| files.path(known.file)).collect();
        assert_eq!(paths, ["/p/a", "/p/é"]);
    }

    #[test]
    fn a_damaged_log_is_none() {
        let folder = Folder::current().expect("a folder");
        let mut files = Files::new(&folder);
        let bytes = sample(&mut files).to_bytes(&names(), &files);
        for at in 0..bytes.len() {
            assert_eq!(Log::from_bytes(&bytes[..at], &names(), &mut files), None, "cut at {at}");
            let mut changed = bytes.clone();
            changed[at] ^= 0x10;
            assert_eq!(Log::from_bytes(&changed, &names(), &mut files), None, "changed at {at}");
        }
        assert_eq!(Log::from_bytes(&[&bytes[..], b"x"].concat(), &names(), &mut files), None);
    }

    proptest! {
        #[test]
        fn any_body_with_a_right_hash_is_read_or_none(body in proptest::collection::vec(any::<u8>(), 0..80)) {
            let folder = Folder::current().expect("a folder");
            let bytes = [HEAD, &hash(&body).to_le_bytes(), &body].concat();
            Log::from_bytes(&bytes, &names(), &mut Files::new(&folder));
        }

        #[test]
        fn counts_and_numbers_that_are_too_large_are_refused(at in 8usize..200, byte in any::<u8>()) {
            let folder = Folder::current().expect("a folder");
            let mut files = Files::new(&folder);
            let mut bytes = sample(&mut files).to_bytes(&names(), &files);
            if let Some(changed) = bytes[BODY..].get_mut(at) {
                *changed = byte;
            }
            let right = hash(&bytes[BODY..]).to_le_bytes();
            bytes[HEAD.len()..BODY].copy_from_slice(&right);
            Log::from_bytes(&bytes, &names(), &mut files);
        }
    }
}
