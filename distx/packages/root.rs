//! A root: the folder in which packages lie side by side. Its folder `.distx` holds what is not in its place yet.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use serde::{Deserialize, Serialize};

use crate::Key;
use crate::archive::{Limits, RECORD, read};
use crate::cache::held;
use crate::index::Hash;

/// What lies in a root under the name of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing.
    Absent,
    /// A package that `distx` installed.
    Installed(Record),
    /// Something that `distx` did not put there: built in place, or unpacked by hand.
    Foreign,
}

/// What is known of an installed package: the file `.distx-package.json` in its folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Empty if the repository tells none.
    pub version: String,
    /// Of the archive that it came from.
    pub sha256: Hash,
    /// Packages without which it is of no use.
    pub needs: Vec<Key>,
}

/// What lies in `root` under the name `key`.
pub fn state(root: &Path, key: &Key) -> State {
    let folder = root.join(key.as_str());
    if fs::symlink_metadata(&folder).is_err() {
        return State::Absent;
    }
    match fs::read(folder.join(RECORD)).ok().and_then(|text| serde_json::from_slice(&text).ok()) {
        Some(record) => State::Installed(record),
        None => State::Foreign,
    }
}

/// All packages in a root, sorted.
pub fn packages(root: &Path) -> Result<Vec<(Key, State)>> {
    let entries = match fs::read_dir(root) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", root.display())),
    };
    let keys = entries.flatten().filter_map(|entry| Key::parse(entry.file_name().to_str()?).ok());
    let mut packages: Vec<_> = keys.map(|key| (key.clone(), state(root, &key))).collect();
    packages.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(packages)
}

/// A root that this process alone changes.
pub struct Held {
    root: PathBuf,
    _lock: File,
}

impl Held {
    /// Takes the root, which is made if it is not there, and tidies up after a process that was killed in the middle:
    /// packages that it had moved aside come back, the rest goes. `waiting` is called if another process has it.
    pub fn take(root: &Path, waiting: impl FnOnce()) -> Result<Held> {
        let work = root.join(".distx");
        fs::create_dir_all(&work).with_context(|| format!("cannot write to {}", root.display()))?;
        let lock = held(&work.join("lock"), waiting)?;
        let held = Held { root: root.to_owned(), _lock: lock };
        for entry in fs::read_dir(held.before("")).into_iter().flatten().flatten() {
            let place = root.join(entry.file_name());
            if fs::symlink_metadata(&place).is_err() {
                fs::rename(entry.path(), &place).with_context(|| format!("cannot put {} back", place.display()))?;
            }
        }
        let _ = fs::remove_dir_all(held.aside(""));
        let _ = fs::remove_dir_all(held.before(""));
        Ok(held)
    }

    fn aside(&self, name: &str) -> PathBuf {
        self.root.join(".distx/new").join(name)
    }

    fn before(&self, name: &str) -> PathBuf {
        self.root.join(".distx/old").join(name)
    }

    /// Unpacks an archive beside the packages, where nobody looks.
    pub fn unpack(&self, key: &Key, archive: &mut dyn Read, limits: &Limits, record: &Record) -> Result<()> {
        let unpacked = (|| {
            fs::create_dir_all(self.aside("")).with_context(|| format!("cannot write to {}", self.root.display()))?;
            read::unpack(key, archive, &self.aside(key.as_str()), limits)?;
            let text = serde_json::to_string_pretty(record)? + "\n";
            fs::write(self.aside(key.as_str()).join(RECORD), text).context("cannot write the package's record")
        })();
        unpacked.with_context(|| format!("{key} is not installed, everything is as it was"))
    }

    /// Puts what `unpack` made in the place of these packages: all of them, or none.
    pub fn place(&self, keys: &[Key]) -> Result<()> {
        fs::create_dir_all(self.before("")).with_context(|| format!("cannot write to {}", self.root.display()))?;
        for (at, key) in keys.iter().enumerate() {
            if let Err(error) = self.swap(key) {
                let put_back: Result<Vec<()>> = keys.iter().take(at).rev().map(|key| self.undo(key)).collect();
                return Err(match put_back {
                    Ok(_) => anyhow!(error).context(format!("cannot put {key} in its place; everything is as it was")),
                    Err(second) => {
                        anyhow!(error).context(format!("cannot put {key} in its place, and then: {second:#}"))
                    }
                });
            }
        }
        let _ = fs::remove_dir_all(self.before(""));
        Ok(())
    }

    fn swap(&self, key: &Key) -> io::Result<()> {
        let (place, new, old) = (self.root.join(key.as_str()), self.aside(key.as_str()), self.before(key.as_str()));
        match fs::rename(&place, &old) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        fs::rename(&new, &place).inspect_err(|_| drop(fs::rename(&old, &place)))
    }

    fn undo(&self, key: &Key) -> Result<()> {
        let (place, new, old) = (self.root.join(key.as_str()), self.aside(key.as_str()), self.before(key.as_str()));
        fs::rename(&place, &new).with_context(|| format!("cannot take {key} back"))?;
        match fs::rename(&old, &place) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot put {key} back"))
            }
            _ => Ok(()),
        }
    }

    /// Removes a package: moved aside first, so that it is there as a whole or not at all.
    pub fn remove(&self, key: &Key) -> Result<()> {
        let place = self.root.join(key.as_str());
        fs::create_dir_all(self.aside(""))
            .and_then(|()| fs::rename(&place, self.aside(key.as_str())))
            .with_context(|| format!("cannot remove {}", place.display()))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(self.aside(""));
    }
}

#[cfg(test)]
#[path = "root_tests.rs"]
mod tests;
