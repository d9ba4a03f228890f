//! `distx.lock`: what was installed for a project, so that others get the same or an error.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use crate::Key;
use crate::index::Hash;

/// The name of the file, beside `distx-build.json`.
pub const FILE: &str = "distx.lock";
const FORM: u64 = 1;

/// A package that was installed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Locked {
    /// Empty if the repository tells none.
    pub version: String,
    /// Of the archive.
    pub sha256: Hash,
}

/// All that was installed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    version: u64,
    /// By key.
    pub packages: BTreeMap<Key, Locked>,
}

impl Lock {
    /// A lock of these packages.
    pub fn new(packages: BTreeMap<Key, Locked>) -> Lock {
        Lock { version: FORM, packages }
    }

    /// Reads the file; `None` if there is none.
    pub fn read(file: &Path) -> Result<Option<Lock>> {
        let text = match fs::read(file) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", file.display())),
        };
        let lock: Lock = serde_json::from_slice(&text).with_context(|| format!("{} is damaged", file.display()))?;
        ensure!(lock.version == FORM, "{} is of a newer distx", file.display());
        Ok(Some(lock))
    }

    /// Writes the file if it says something else.
    pub fn write(&self, file: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        replace(file, text.as_bytes())
    }
}

/// Gives a file new contents at once: who reads it sees the old ones or the new ones. The same contents leave it alone.
pub fn replace(file: &Path, contents: &[u8]) -> Result<()> {
    if fs::read(file).is_ok_and(|old| old == contents) {
        return Ok(());
    }
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    // No other thread or process writes to a file of this name.
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let partial = file.with_file_name(format!(".{name}.{}.{number}.partial", std::process::id()));
    let result = fs::write(&partial, contents).and_then(|()| fs::rename(&partial, file));
    if result.is_err() {
        let _ = fs::remove_file(&partial);
    }
    result.with_context(|| format!("cannot write {}", file.display()))
}
