//! `index.json`: what a repository has, with sizes and hashes.

use std::collections::BTreeMap;
use std::io::Read;

use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Key;
use crate::hexadecimal::hex;

/// The name of the index in a repository.
pub const INDEX: &str = "index.json";
/// The name of its signature.
pub const SIGNATURE: &str = "index.json.sig";
/// The form of index that this program knows.
const FORM: u64 = 1;

/// SHA-256, as 64 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hash(String);

impl Hash {
    /// The hash of all that is left to read.
    pub fn of(mut from: impl Read) -> std::io::Result<Hash> {
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 64 << 10];
        loop {
            let read = from.read(&mut buffer)?;
            let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else { break };
            hasher.update(part);
        }
        Ok(Hash(hex(&hasher.finalize())))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Hash {
    type Error = anyhow::Error;

    fn try_from(text: String) -> Result<Hash> {
        let digits = text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        ensure!(digits, "`{}` is no SHA-256: 64 lower-case hexadecimal digits", text.escape_debug());
        Ok(Hash(text))
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> String {
        hash.0
    }
}

/// A package as an index describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// For people; two packages are the same when their hashes are.
    pub version: String,
    /// Size of the archive.
    pub bytes: u64,
    /// Sum of the sizes of its files.
    pub unpacked_bytes: u64,
    /// Hash of the archive.
    pub sha256: Hash,
    /// Packages without which it is of no use.
    #[serde(default)]
    pub needs: Vec<Key>,
}

/// A file of a repository that is used as it is, by somebody who has nothing of ours yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// For people.
    pub version: String,
    /// Size of the file.
    pub bytes: u64,
    /// Hash of the file.
    pub sha256: Hash,
}

/// All packages of a repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// The form of the file.
    #[serde(rename = "version")]
    form: u64,
    /// Grows with every change. An older signed index than one that was seen is refused.
    pub serial: u64,
    /// By key.
    pub packages: BTreeMap<Key, Package>,
    /// By the name of the file: `distx` itself, for each machine that it was built for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub programs: BTreeMap<String, Program>,
}

impl Index {
    /// An index of these packages.
    pub fn new(serial: u64, packages: BTreeMap<Key, Package>) -> Index {
        Index { form: FORM, serial, packages, programs: BTreeMap::new() }
    }

    /// Reads an index from the bytes of its file.
    pub fn parse(bytes: &[u8]) -> Result<Index> {
        #[derive(Deserialize)]
        struct Form {
            version: u64,
        }
        // First of all: another form may have other fields.
        let form: Form = serde_json::from_slice(bytes).context("the index is damaged")?;
        if form.version != FORM {
            bail!("the index has form {}, this distx knows form {FORM}: a newer distx may know it", form.version);
        }
        let index: Index = serde_json::from_slice(bytes).context("the index is damaged")?;
        let mut folded = std::collections::HashSet::new();
        for (key, package) in &index.packages {
            ensure!(
                folded.insert(key.as_str().to_lowercase()),
                "the index has `{key}` twice, but for upper and lower case"
            );
            let shown = package.version.len() <= 64 && package.version.chars().all(|c| c.is_ascii_graphic());
            ensure!(shown, "the version of {key} in the index is no version");
        }
        Ok(index)
    }

    /// The bytes of its file: the same for the same packages.
    pub fn text(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Index {
        let package = Package {
            version: "0.1.0".into(),
            bytes: 10,
            unpacked_bytes: 20,
            sha256: Hash::of(&b"x"[..]).expect("read"),
            needs: vec![Key::parse("a.b_d").expect("a key")],
        };
        Index::new(7, BTreeMap::from([(Key::parse("a.b_c").expect("a key"), package)]))
    }

    #[test]
    fn an_index_comes_back_from_its_text() {
        let text = index().text().expect("a text");
        assert_eq!(Index::parse(text.as_bytes()).expect("an index"), index());
        assert!(!text.contains("programs"), "{text}");
        let mut with = index();
        let program = Program { version: "1".into(), bytes: 3, sha256: Hash::of(&b"y"[..]).expect("read") };
        with.programs.insert("distx-linux-x86_64".into(), program);
        let text = with.text().expect("a text");
        assert_eq!(Index::parse(text.as_bytes()).expect("an index"), with);
    }

    #[test]
    fn damaged_indexes_are_refused() {
        let text = index().text().expect("a text");
        for (old, new, why) in [
            ("\"version\": 1", "\"version\": 2", "newer distx"),
            ("a.b_c", "../c", "no package"),
            ("a.b_d", "/etc", "no package"),
            ("2d711", "2D711", "no SHA-256"),
            ("0.1.0", "\\u001b[2J", "no version"),
            ("\"bytes\": 10", "\"bytes\": -1", "damaged"),
            ("\"bytes\": 10", "\"bytes\": 1e99", "damaged"),
            ("{", "[", "damaged"),
        ] {
            let changed = text.replacen(old, new, 1);
            assert_ne!(changed, text, "{old}");
            let error = format!("{:#}", Index::parse(changed.as_bytes()).expect_err(new));
            assert!(error.contains(why), "{error}");
        }
        assert!(Index::parse(b"").is_err());
        assert!(Index::parse(&[0xff; 20]).is_err());
        // Nested deeper than any stack: the parser has a limit of its own.
        assert!(Index::parse("[".repeat(100_000).as_bytes()).is_err());
    }
}
