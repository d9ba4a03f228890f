//! What was built, from what and how: the file `.xbuild.log` in the folder of builds.
//!
//! A head, a hash of the rest, a table of paths, then the targets. A file that is cut, changed or of another version counts as none, and
//! everything is built again.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::files::hash;

const HEAD: &[u8] = b"xbuild log 1\n";

/// A file as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its number in [`Log::paths`].
    pub path: u32,
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
    /// Absolute names.
    pub paths: Vec<String>,
    /// By the target's name.
    pub records: BTreeMap<String, Record>,
}

impl Log {
    /// As the file has it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut body = Vec::new();
        let text = |body: &mut Vec<u8>, text: &str| {
            body.extend((text.len() as u32).to_le_bytes());
            body.extend(text.as_bytes());
        };
        body.extend(self.recipe.to_le_bytes());
        body.extend((self.paths.len() as u32).to_le_bytes());
        self.paths.iter().for_each(|path| text(&mut body, path));
        body.extend((self.records.len() as u32).to_le_bytes());
        for (name, record) in &self.records {
            text(&mut body, name);
            body.extend(record.command.to_le_bytes());
            for files in [&record.inputs, &record.outputs] {
                body.extend((files.len() as u32).to_le_bytes());
                for file in files {
                    body.extend(file.path.to_le_bytes());
                    body.extend(file.changed_ns.to_le_bytes());
                    body.extend(file.size.to_le_bytes());
                    body.extend(file.hash.to_le_bytes());
                }
            }
        }
        [HEAD, &hash(&body).to_le_bytes(), &body].concat()
    }

    /// From a file's bytes; `None`: damaged, or of another version.
    pub fn from_bytes(bytes: &[u8]) -> Option<Log> {
        let mut rest = Bytes(bytes.strip_prefix(HEAD)?);
        if rest.u64()? != hash(rest.0) {
            return None;
        }
        let mut log = Log { recipe: rest.u64()?, ..Log::default() };
        for _ in 0..rest.u32()? {
            log.paths.push(rest.text()?);
        }
        for _ in 0..rest.u32()? {
            let name = rest.text()?;
            let record = Record { command: rest.u64()?, inputs: rest.files(&log)?, outputs: rest.files(&log)? };
            log.records.insert(name, record);
        }
        rest.0.is_empty().then_some(log)
    }
}

struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
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

    fn text(&mut self) -> Option<String> {
        let length = self.u32()? as usize;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        core::str::from_utf8(text).ok().map(Into::into)
    }

    fn files(&mut self, log: &Log) -> Option<Vec<Known>> {
        let mut files = Vec::new();
        for _ in 0..self.u32()? {
            let path = self.u32().filter(|path| (*path as usize) < log.paths.len())?;
            let changed_ns = self.take().map(i64::from_le_bytes)?;
            files.push(Known { path, changed_ns, size: self.u64()?, hash: self.u64()? });
        }
        Some(files)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sample() -> Log {
        let known = |path| Known { path, changed_ns: -5, size: 7, hash: 9 };
        let record = Record { command: 3, inputs: [known(0), known(1)].into(), outputs: [known(1)].into() };
        let records = [("a b".into(), record), ("é".into(), Record::default())].into();
        Log { recipe: 1, paths: ["/p/a".into(), "/p/é".into()].into(), records }
    }

    #[test]
    fn a_log_comes_back_as_it_was() {
        for log in [Log::default(), sample()] {
            assert_eq!(Log::from_bytes(&log.to_bytes()), Some(log));
        }
    }

    #[test]
    fn a_damaged_log_is_none() {
        let bytes = sample().to_bytes();
        for at in 0..bytes.len() {
            assert_eq!(Log::from_bytes(&bytes[..at]), None, "cut at {at}");
            let mut changed = bytes.clone();
            changed[at] ^= 0x10;
            assert_eq!(Log::from_bytes(&changed), None, "changed at {at}");
        }
        assert_eq!(Log::from_bytes(&[&bytes[..], b"x"].concat()), None);
    }

    proptest! {
        #[test]
        fn any_body_with_a_right_hash_is_read_or_none(body in proptest::collection::vec(any::<u8>(), 0..80)) {
            Log::from_bytes(&[HEAD, &hash(&body).to_le_bytes(), &body].concat());
        }
    }
}
