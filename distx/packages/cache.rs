//! Archives and indexes that were fetched once: `archives/<sha256>.tar.xz`, `indexes/<hash of the repository's name>.json`.

use std::fs::{self, File};
use std::io::{Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::config::Folders;
use crate::index::Hash;
use crate::lock::replace;

/// A part of an archive that nobody went on with for so long goes.
const STALE: Duration = Duration::from_secs(7 * 24 * 3600);

/// The bytes of an index, and those of its signature.
pub type SignedIndex = (Vec<u8>, Option<Vec<u8>>);

pub struct Cache {
    folder: PathBuf,
}

impl Cache {
    pub fn of(folders: &Folders) -> Cache {
        Cache { folder: folders.cache.clone() }
    }

    /// An archive with this hash, opened at its beginning. One that was changed is removed.
    pub fn open(&self, hash: &Hash) -> Option<File> {
        let path = self.archive(hash);
        let mut file = File::open(&path).ok()?;
        if Hash::of(&file).is_ok_and(|found| found == *hash) && file.seek(SeekFrom::Start(0)).is_ok() {
            return Some(file);
        }
        let _ = fs::remove_file(&path);
        None
    }

    /// Where an archive is kept.
    pub fn archive(&self, hash: &Hash) -> PathBuf {
        self.folder.join("archives").join(format!("{}.tar.xz", hash.as_str()))
    }

    /// One process at a time fetches. `waiting` is called if another one does.
    pub fn hold(&self, waiting: impl FnOnce()) -> Result<File> {
        let archives = self.folder.join("archives");
        fs::create_dir_all(&archives).with_context(|| format!("cannot make {}", archives.display()))?;
        let lock = held(&self.folder.join("lock"), waiting)?;
        for entry in fs::read_dir(&archives)?.flatten() {
            let name = entry.file_name();
            let age =
                entry.metadata().and_then(|metadata| metadata.modified()).ok().and_then(|time| time.elapsed().ok());
            if name.as_encoded_bytes().ends_with(b".partial") && age.is_some_and(|age| age > STALE) {
                let _ = fs::remove_file(entry.path());
            }
        }
        Ok(lock)
    }

    /// The file that grows while something of this name is fetched.
    pub fn partial(&self, name: &str) -> PathBuf {
        self.folder.join("archives").join(format!("{name}.partial"))
    }

    /// Keeps an index and its signature.
    pub fn keep_index(&self, repository: &str, index: &[u8], signature: Option<&[u8]>) -> Result<()> {
        let (file, beside) = self.index_files(repository)?;
        fs::create_dir_all(file.parent().context("a file has a folder")?)?;
        match signature {
            Some(signature) => replace(&beside, signature)?,
            None => drop(fs::remove_file(&beside)),
        }
        replace(&file, index)
    }

    /// The index that was kept last, and its signature.
    pub fn index(&self, repository: &str) -> Result<Option<SignedIndex>> {
        let (file, beside) = self.index_files(repository)?;
        Ok(fs::read(file).ok().map(|index| (index, fs::read(beside).ok())))
    }

    fn index_files(&self, repository: &str) -> Result<(PathBuf, PathBuf)> {
        let name = Hash::of(repository.as_bytes())?;
        let file = self.folder.join("indexes").join(format!("{}.json", name.as_str()));
        let beside = file.with_extension("json.sig");
        Ok((file, beside))
    }
}

/// Takes a lock file, which the system gives back when this process ends, however it does.
pub(crate) fn held(file: &Path, waiting: impl FnOnce()) -> Result<File> {
    let lock = File::options().create(true).truncate(false).write(true).open(file);
    let lock = lock.with_context(|| format!("cannot write {}", file.display()))?;
    if lock.try_lock().is_err() {
        waiting();
        lock.lock().with_context(|| format!("cannot lock {}", file.display()))?;
    }
    Ok(lock)
}
