//! What is known of files in this run: each is looked at once, and read once, until a command may have changed it.

use alloc::string::String;
use alloc::vec::Vec;

use hashbrown::HashTable;
use twox_hash::XxHash3_64;

use crate::os::{self, Stat};
use crate::paths::Folder;

/// A hash of bytes, for what has changed; not a defence against people who want two files to look the same.
pub fn hash(bytes: &[u8]) -> u64 {
    XxHash3_64::oneshot(bytes)
}

/// A file by number: its name is kept once, and names are compared once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileId(pub u32);

struct Entry {
    /// Where the name lies in [`Files::names`].
    start: usize,
    length: usize,
    stat: Option<Option<Stat>>,
    hash: Option<u64>,
}

/// All files that a run came across, by absolute name.
pub struct Files<'a> {
    folder: &'a Folder,
    ids: HashTable<FileId>,
    entries: Vec<Entry>,
    names: String,
    /// For the absolute name of a file that is looked up.
    absolute: String,
}

impl<'a> Files<'a> {
    /// None yet; relative names start from this folder, which is the current one.
    pub fn new(folder: &'a Folder) -> Self {
        Files { folder, ids: HashTable::new(), entries: Vec::new(), names: String::new(), absolute: String::new() }
    }

    /// Makes room for so many more files.
    pub fn reserve(&mut self, files: usize) {
        let Files { ids, entries, names, .. } = self;
        ids.reserve(files, |id| hash(name(names, &entries[id.0 as usize]).as_bytes()));
        entries.reserve(files);
    }

    /// The number of a file by its absolute name.
    pub fn id(&mut self, path: &str) -> FileId {
        let Files { ids, entries, names, .. } = self;
        let key = hash(path.as_bytes());
        if let Some(id) = ids.find(key, |id| name(names, &entries[id.0 as usize]) == path) {
            return *id;
        }
        let id = FileId(entries.len() as u32);
        entries.push(Entry { start: names.len(), length: path.len(), stat: None, hash: None });
        names.push_str(path);
        ids.insert_unique(key, id, |id| hash(name(names, &entries[id.0 as usize]).as_bytes()));
        id
    }

    /// The number of a file by any name.
    pub fn find(&mut self, path: &str) -> FileId {
        let mut absolute = core::mem::take(&mut self.absolute);
        absolute.clear();
        self.folder.write_absolute(path, &mut absolute);
        let id = self.id(&absolute);
        self.absolute = absolute;
        id
    }

    /// How many there are; their numbers are below.
    pub fn count(&self) -> usize {
        self.entries.len()
    }

    /// Its absolute name.
    pub fn path(&self, id: FileId) -> &str {
        name(&self.names, &self.entries[id.0 as usize])
    }

    /// The name that people read.
    pub fn short(&self, id: FileId) -> &str {
        self.folder.short(self.path(id))
    }

    /// What it is; `None`: it is not there, or cannot be looked at.
    pub fn stat(&mut self, id: FileId) -> Option<Stat> {
        let Files { folder, entries, names, .. } = self;
        let entry = &mut entries[id.0 as usize];
        match entry.stat {
            Some(stat) => stat,
            None => {
                // From the current folder on there is less of a name to follow.
                let stat = os::stat(folder.short(name(names, entry))).ok();
                entry.stat = Some(stat);
                stat
            }
        }
    }

    /// The hash of its contents; of a folder that of its names. 0 where it cannot be read, which no log has.
    pub fn hash(&mut self, id: FileId) -> u64 {
        let is_folder = self.stat(id).is_some_and(|stat| stat.is_folder);
        let Files { entries, names, .. } = self;
        let entry = &mut entries[id.0 as usize];
        if let Some(hash) = entry.hash {
            return hash;
        }
        let path = name(names, entry);
        let found = match is_folder {
            true => os::names(path).map_or(0, |names| hash(names.join("\n").as_bytes()).max(1)),
            false => os::read(path).map_or(0, |bytes| hash(&bytes).max(1)),
        };
        entry.hash = Some(found);
        found
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
}

fn name<'n>(names: &'n str, entry: &Entry) -> &'n str {
    &names[entry.start..entry.start + entry.length]
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn a_file_has_one_number_by_all_its_names() {
        let folder = Folder::current().expect("a folder");
        let mut files = Files::new(&folder);
        let first = files.find("a/./b");
        assert_eq!(files.find("a//b"), first);
        assert_eq!(files.id(&folder.absolute("a/b")), first);
        assert_eq!(files.short(first), "a/b");
        let many: Vec<FileId> = (0..1000).map(|number| files.find(&format!("{number}"))).collect();
        assert_eq!(files.find("a/b"), first);
        for (number, id) in many.iter().enumerate() {
            assert_eq!(files.find(&format!("{number}")), *id);
            assert_eq!(files.short(*id), format!("{number}"));
        }
        assert_eq!(files.count(), 1001);
    }

    #[test]
    fn a_file_is_looked_at_again_after_it_was_forgotten() {
        let folder = Folder::current().expect("a folder");
        let outside = tempfile::tempdir().expect("folder");
        let file = outside.path().join("f");
        let mut files = Files::new(&folder);
        let id = files.find(file.to_str().expect("UTF-8"));
        assert_eq!((files.stat(id), files.hash(id)), (None, 0));
        std::fs::write(&file, "1").expect("write");
        assert_eq!(files.stat(id), None);
        files.forget(id);
        assert_eq!(files.stat(id).map(|stat| stat.size), Some(1));
        assert_eq!(files.hash(id), hash(b"1"));
    }
}
