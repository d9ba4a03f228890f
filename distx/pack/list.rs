//! What a packed file holds.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use loader_abi::payload::Directory;
use sha2::{Digest, Sha256};

use crate::loader;
use crate::payload::Listed;

/// The members of a packed file, each compared with its hash: the loader does not read them all when it starts.
///
/// # Errors
/// The file cannot be read, is not packed, or was changed since.
pub fn list(file: &Path) -> Result<Vec<Listed>> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    check(&bytes).with_context(|| file.display().to_string())
}

fn check(bytes: &[u8]) -> Result<Vec<Listed>> {
    let mark = loader::mark(bytes).context("not a packed program")?;
    let damaged = |what: &str| anyhow!("damaged packed program: {what}");
    mark.check(bytes.len() as u64).map_err(damaged)?;
    let payload = bytes.get(mark.offset as usize..).unwrap_or_default();
    let directory = payload.get(..mark.directory_bytes as usize).unwrap_or_default();
    let directory = Directory::parse(directory, &mark, bytes.len() as u64).map_err(damaged)?;
    for member in directory.members() {
        let contents = payload.get(member.offset as usize..(member.offset + member.bytes) as usize);
        if contents.is_none_or(|contents| Sha256::digest(contents)[..] != member.sha256) {
            bail!("damaged packed program: {} was changed", String::from_utf8_lossy(member.name));
        }
    }
    Ok(Listed::all(&directory))
}
