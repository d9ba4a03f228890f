//! What is known of files in this run: each is looked at once, and read once, until a command may have changed it.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use twox_hash::XxHash3_64;

use crate::os::{self, Stat};

/// A hash of bytes, for what has changed; not a defence against people who want two files to look the same.
pub fn hash(bytes: &[u8]) -> u64 {
    XxHash3_64::oneshot(bytes)
}

/// A file by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileId(pub u32);

#[derive(Default)]
struct Entry {
    path: String,
    stat: Option<Option<Stat>>,
    hash: Option<u64>,
}

/// All files that a run came across, by absolute name.
#[derive(Default)]
pub struct Files {
    ids: BTreeMap<String, FileId>,
    entries: Vec<Entry>,
}

impl Files {
    /// The number of a file.
    pub fn id(&mut self, path: &str) -> FileId {
        if let Some(id) = self.ids.get(path) {
            return *id;
        }
        let id = FileId(self.entries.len() as u32);
        self.ids.insert(path.into(), id);
        self.entries.push(Entry { path: path.into(), ..Entry::default() });
        id
    }

    /// Its name.
    pub fn path(&self, id: FileId) -> &str {
        &self.entries[id.0 as usize].path
    }

    /// What it is; `None`: it is not there, or cannot be looked at.
    pub fn stat(&mut self, id: FileId) -> Option<Stat> {
        let entry = &mut self.entries[id.0 as usize];
        *entry.stat.get_or_insert_with(|| os::stat(&entry.path).ok())
    }

    /// The hash of its contents; of a folder that of its names. 0 where it cannot be read, which no log has.
    pub fn hash(&mut self, id: FileId) -> u64 {
        let is_folder = self.stat(id).is_some_and(|stat| stat.is_folder);
        let entry = &mut self.entries[id.0 as usize];
        *entry.hash.get_or_insert_with(|| match is_folder {
            true => os::names(&entry.path).map_or(0, |names| hash(names.join("\n").as_bytes()).max(1)),
            false => os::read(&entry.path).map_or(0, |bytes| hash(&bytes).max(1)),
        })
    }

    /// A command may have changed it.
    pub fn forget(&mut self, id: FileId) {
        let entry = &mut self.entries[id.0 as usize];
        (entry.stat, entry.hash) = (None, None);
    }

    /// A command that does not say what it writes has run.
    pub fn forget_all(&mut self) {
        self.entries.iter_mut().for_each(|entry| (entry.stat, entry.hash) = (None, None));
    }

    /// Every name.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.ids.keys().map(String::as_str)
    }
}
