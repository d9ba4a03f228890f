//! Whom the user trusts: the key that each repository's index was first signed with, and how new that index was.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::config::Folders;
use crate::lock::replace;
use crate::signature::PublicKey;

/// What is known of one repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    key: PublicKey,
    serial: u64,
}

type All = BTreeMap<String, Known>;

/// The file `trust.json` of the user's config folder.
pub struct Trust {
    file: PathBuf,
}

impl Trust {
    /// The user's.
    pub fn of(folders: &Folders) -> Trust {
        Trust { file: folders.config.join("trust.json") }
    }

    /// Decides whether the index of a repository, signed by `signer` or by nobody, is to be believed, and remembers it.
    /// `pinned` is what the config says. True if the repository's key was not known before.
    pub fn check(&self, name: &str, pinned: Option<PublicKey>, signer: Option<PublicKey>, serial: u64) -> Result<bool> {
        let _held = if signer.is_some() { Some(self.hold()?) } else { None };
        let mut all = self.read()?;
        let known = all.get(name).cloned();
        let Some(expected) = pinned.or(known.as_ref().map(|known| known.key)) else {
            let Some(key) = signer else { return Ok(false) };
            all.insert(name.to_owned(), Known { key, serial });
            self.write(&all)?;
            return Ok(true);
        };
        let how = if pinned.is_some() { "config says" } else { "index was signed before" };
        let Some(signer) = signer else {
            bail!("{name}: the index is not signed, but the {how}, by {expected}; {}", self.advice(name));
        };
        if signer != expected {
            bail!(
                "{name}: the key has changed: the index is signed by {signer}, but the {how}, by {expected}; {}",
                self.advice(name)
            );
        }
        // The serial of another key says nothing.
        let seen = known.filter(|known| known.key == signer).map_or(0, |known| known.serial);
        if serial < seen {
            bail!(
                "{name}: the index (serial {serial}) is older than one that was seen (serial {seen}): somebody may be hiding an update"
            );
        }
        if serial > seen {
            all.insert(name.to_owned(), Known { key: signer, serial });
            self.write(&all)?;
        }
        Ok(false)
    }

    /// Whether a repository must have a signed index.
    pub fn knows(&self, name: &str) -> Result<bool> {
        Ok(self.read()?.contains_key(name))
    }

    /// Forgets a repository's key, so that the next one is believed. False if none was known.
    pub fn forget(&self, name: &str) -> Result<bool> {
        let _held = self.hold()?;
        let mut all = self.read()?;
        let known = all.remove(name).is_some();
        if known {
            self.write(&all)?;
        }
        Ok(known)
    }

    /// The repositories whose keys are known.
    pub fn list(&self) -> Result<Vec<(String, PublicKey)>> {
        Ok(self.read()?.into_iter().map(|(name, known)| (name, known.key)).collect())
    }

    fn advice(&self, name: &str) -> String {
        format!("if its owner says that this is right, change the config, or `distx key forget {name}`")
    }

    /// One process at a time changes the file.
    fn hold(&self) -> Result<File> {
        let folder = self.file.parent().context("a file has a folder")?;
        let lock = fs::create_dir_all(folder).and_then(|()| {
            let lock = File::create(self.file.with_extension("lock"))?;
            lock.lock().map(|()| lock)
        });
        lock.with_context(|| format!("cannot lock {}", self.file.display()))
    }

    fn read(&self) -> Result<All> {
        match fs::read(&self.file) {
            // A damaged file is an error: to trust everybody anew is not for us to decide.
            Ok(text) => serde_json::from_slice(&text).with_context(|| format!("{} is damaged", self.file.display())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(All::new()),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", self.file.display())),
        }
    }

    fn write(&self, all: &All) -> Result<()> {
        replace(&self.file, (serde_json::to_string_pretty(all)? + "\n").as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::PrivateKey;

    const REPOSITORY: &str = "https://packages.example";

    struct Keys {
        folder: tempfile::TempDir,
        first: PublicKey,
        second: PublicKey,
    }

    fn keys() -> (Keys, Trust) {
        let folder = tempfile::tempdir().expect("a folder");
        let key = |name: &str| PrivateKey::create(&folder.path().join(name)).expect("made").public();
        let keys = Keys { first: key("1"), second: key("2"), folder };
        let folders = Folders { config: keys.folder.path().join("config"), cache: keys.folder.path().join("cache") };
        (keys, Trust::of(&folders))
    }

    fn refused(result: Result<bool>, why: &str) {
        let error = result.expect_err(why).to_string();
        assert!(error.contains(why), "{error}");
    }

    #[test]
    fn the_first_key_is_kept_and_another_refused() {
        let (keys, trust) = keys();
        assert!(!trust.check(REPOSITORY, None, None, 1).expect("nothing is known"));
        assert!(trust.check(REPOSITORY, None, Some(keys.first), 5).expect("first use"));
        assert!(!trust.check(REPOSITORY, None, Some(keys.first), 5).expect("the same"));
        refused(trust.check(REPOSITORY, None, Some(keys.second), 6), "the key has changed");
        refused(trust.check(REPOSITORY, None, None, 6), "not signed");
        assert!(trust.check("https://other.example", None, Some(keys.second), 1).expect("another repository"));
        assert!(trust.forget(REPOSITORY).expect("forgotten"));
        assert!(trust.check(REPOSITORY, None, Some(keys.second), 1).expect("first use again"));
    }

    #[test]
    fn an_older_index_is_refused() {
        let (keys, trust) = keys();
        for pinned in [None, Some(keys.first)] {
            trust.check(REPOSITORY, pinned, Some(keys.first), 5).expect("seen");
            refused(trust.check(REPOSITORY, pinned, Some(keys.first), 4), "older than");
        }
    }

    #[test]
    fn a_pinned_key_is_the_only_one() {
        let (keys, trust) = keys();
        refused(trust.check(REPOSITORY, Some(keys.first), None, 1), "not signed");
        refused(trust.check(REPOSITORY, Some(keys.first), Some(keys.second), 1), "the key has changed");
        trust.check(REPOSITORY, Some(keys.first), Some(keys.first), 9).expect("pinned");
        // The config's word counts more than what was seen, and the old key's serial no longer.
        trust.check(REPOSITORY, Some(keys.second), Some(keys.second), 1).expect("pinned anew");
    }

    #[test]
    fn a_damaged_file_is_no_empty_one() {
        let (keys, trust) = keys();
        trust.check(REPOSITORY, None, Some(keys.first), 1).expect("seen");
        fs::write(&trust.file, "{").expect("written");
        refused(trust.check(REPOSITORY, None, Some(keys.second), 1), "damaged");
    }
}
