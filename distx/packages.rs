//! The packages of a root, as they lie there.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use loader_abi::files::PACKAGE_PREFIX;
use recipe::json::{self, Value};

pub use distx_packages::archive::RECORD;

/// A package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// `distx.org_2024-xlibc-x86_64`
    pub key: String,
    /// Its folder.
    pub folder: PathBuf,
    /// Where `distx install` put it there and knows one.
    pub version: Option<String>,
}

/// All of them, sorted.
///
/// # Errors
/// The folder cannot be read; one that is not there holds none.
pub fn of(root: &Path) -> Result<Vec<Package>> {
    let entries = match fs::read_dir(root) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.with_context(|| format!("cannot read {}", root.display()))?,
    };
    let mut packages = Vec::new();
    for entry in entries {
        let folder = entry?.path();
        let Some(key) = folder.file_name().and_then(|name| name.to_str()).filter(|name| is_key(name)) else { continue };
        if folder.is_dir() {
            packages.push(Package { key: key.to_owned(), version: version(&folder), folder });
        }
    }
    packages.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(packages)
}

/// Whether a folder is a package wherever it lies: one of ours, or one of others that distx installed. Folders that only have a name like
/// a key, `linux-6.1_src`, are none.
pub fn is_package(folder: &Path) -> bool {
    let Some(name) = folder.file_name().and_then(|name| name.to_str()) else { return false };
    name.starts_with(PACKAGE_PREFIX) || is_key(name) && folder.join(RECORD).is_file()
}

/// A host, `_`, and a name.
fn is_key(name: &str) -> bool {
    name.split_once('_').is_some_and(|(host, name)| host.contains('.') && !host.starts_with('.') && !name.is_empty())
}

fn version(folder: &Path) -> Option<String> {
    let record = json::parse(&fs::read(folder.join(RECORD)).ok()?).ok()?;
    match &record.get("version")?.value {
        Value::String(version) if !version.is_empty() => Some(version.clone()),
        _ => None,
    }
}

/// The files below a folder, with their sizes in bytes, sorted; links are not followed.
///
/// # Errors
/// A folder cannot be read.
pub fn files(folder: &Path) -> Result<Vec<(PathBuf, u64)>> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let entry = entry?;
            match entry.file_type()?.is_dir() {
                true => folders.push(entry.path()),
                false => files.push((entry.path(), entry.metadata()?.len())),
            }
        }
    }
    files.sort();
    Ok(files)
}

/// A size for people: `12.3 MB`, in powers of ten.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{}.{} kB", bytes / 1_000, bytes / 100 % 10),
        1_000_000..1_000_000_000 => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
        _ => format!("{}.{} GB", bytes / 1_000_000_000, bytes / 100_000_000 % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_folders_with_a_key() {
        let root = tempfile::tempdir().expect("a folder");
        for name in ["a.b_2-y", "a.b_1-x", "a.b_3-z", "bin", ".distx", "share_d", ".hidden.d_x"] {
            fs::create_dir(root.path().join(name)).expect("made");
        }
        fs::write(root.path().join("a.b_file"), "").expect("written");
        fs::write(root.path().join("a.b_1-x").join(RECORD), r#"{"version": "1.2"}"#).expect("written");
        fs::write(root.path().join("a.b_3-z").join(RECORD), "{").expect("written");
        let found = of(root.path()).expect("read");
        let told: Vec<_> = found.iter().map(|package| (package.key.as_str(), package.version.as_deref())).collect();
        assert_eq!(told, [("a.b_1-x", Some("1.2")), ("a.b_2-y", None), ("a.b_3-z", None)]);
        let are_packages =
            ["a.b_1-x", "a.b_2-y", "bin", "distx.org_2024-x"].map(|name| is_package(&root.path().join(name)));
        assert_eq!(are_packages, [true, false, false, true]);
        assert_eq!(of(&root.path().join("none")).expect("none"), []);
        assert_eq!(files(root.path()).expect("read").len(), 3);
    }

    #[test]
    fn sizes_have_three_digits_or_so() {
        for (bytes, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (999_999, "999.9 kB"),
            (1_250_000, "1.2 MB"),
            (33_000_000_000, "33.0 GB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }
}
