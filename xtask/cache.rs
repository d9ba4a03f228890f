//! Results that do not depend on this checkout's place: `$XDG_CACHE_HOME/distx`, one folder per result, named by the hash of
//! what went in. A folder is complete when it holds the mark, so a broken build is built again.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use distx_packages::hexadecimal::hex;
use distx_packages::index::Hash;
use sha2::{Digest, Sha256};

const MARK: &str = ".complete";

/// The cache of this user.
pub fn folder() -> Result<PathBuf> {
    let base = std::env::var_os("XDG_CACHE_HOME").filter(|path| !path.is_empty()).map(PathBuf::from);
    let base = base.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")));
    let folder = base.context("neither XDG_CACHE_HOME nor HOME is set")?.join("distx");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

/// Collects what a result depends on.
#[derive(Clone, Default)]
pub struct Key(Sha256);

impl Key {
    /// A text: a version, a flag, a command line.
    pub fn text(mut self, text: impl AsRef<[u8]>) -> Key {
        self.0.update((text.as_ref().len() as u64).to_le_bytes());
        self.0.update(text);
        self
    }

    /// The contents of a file.
    pub fn file(self, file: &Path) -> Result<Key> {
        Ok(self.text(fs::read(file).with_context(|| format!("cannot read {}", file.display()))?))
    }

    /// Names and contents of all files below a folder.
    pub fn tree(mut self, folder: &Path) -> Result<Key> {
        for file in files_below(folder)? {
            let name = file.strip_prefix(folder).unwrap_or(&file).to_string_lossy().into_owned();
            self = self.text(name).file(&file)?;
        }
        Ok(self)
    }

    /// The hash, short enough for a folder name.
    pub fn hash(self) -> String {
        hex(&self.0.finalize())[..16].to_owned()
    }
}

/// SHA-256 of a file.
pub fn sha256(file: &Path) -> Result<String> {
    let hash = File::open(file).and_then(Hash::of).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(hash.into())
}

/// All regular files below a folder (links followed), sorted.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The folder `<name>-<hash of key>`, filled by `build` if it is not there yet. Another `./x` that builds the same waits.
pub fn entry(name: &str, key: Key, build: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
    resumed(name, key, |folder| {
        fs::remove_dir_all(folder)?;
        fs::create_dir_all(folder)?;
        build(folder)
    })
}

/// As [`entry`], for a build of hours: `build` finds what it left when it was interrupted.
pub fn resumed(name: &str, key: Key, build: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
    let base = self::folder()?;
    let name = format!("{name}-{}", key.hash());
    let folder = base.join(&name);
    if folder.join(MARK).exists() {
        return Ok(folder);
    }
    let lock = File::create(base.join(format!("{name}.lock")))?;
    lock.lock().context("cannot lock the cache")?;
    if !folder.join(MARK).exists() {
        fs::create_dir_all(&folder)?;
        build(&folder)?;
        File::create(folder.join(MARK))?;
    }
    Ok(folder)
}
