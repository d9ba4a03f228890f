//! Making an archive: the same folder gives the same bytes, on every machine and at any time.

use std::fs::{self, File};
use std::io::{self, BufReader, Write};
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use lzma_rust2::{CheckType, XzOptions, XzWriterMt};
use sha2::{Digest, Sha256};
use tar::{Builder, EntryType, Header};

use crate::Key;
use crate::archive::{RECORD, links, names};
use crate::hexadecimal::hex;
use crate::index::Hash;

/// The time of every member: the first second of 2024.
const TIME: u64 = 1_704_067_200;
/// Blocks are compressed one by one, so any number of threads gives the same bytes.
const BLOCK_BYTES: NonZeroU64 = NonZeroU64::new(8 << 20).unwrap();
const PRESET: u32 = 6;
const THREADS: u32 = 2;

/// What went into an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contents {
    /// Sum of the sizes of all files: what `Limits::told` takes.
    pub unpacked_bytes: u64,
    /// Files, folders and links.
    pub members: u64,
}

/// Writes the folder of a package as an archive. Links that stay inside the package are kept; what others point to becomes
/// part of it, since a package works wherever it is unpacked.
pub fn write(key: &Key, folder: &Path, to: &mut dyn Write) -> Result<Contents> {
    let mut options = XzOptions::with_preset(PRESET);
    options.set_check_sum_type(CheckType::Crc64);
    options.set_block_size(Some(BLOCK_BYTES));
    let (contents, xz) = tar(key, folder, XzWriterMt::new(to, options, THREADS)?)?;
    xz.finish()?.flush()?;
    Ok(contents)
}

/// The hash of what an archive of the folder would unpack to, which takes far less time than making it: archives of folders
/// with the same hash have the same bytes.
pub fn contents_hash(key: &Key, folder: &Path) -> Result<Hash> {
    struct Hasher(Sha256);
    impl Write for Hasher {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.update(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let (_, hasher) = tar(key, folder, Hasher(Sha256::new()))?;
    Hash::try_from(hex(&hasher.0.finalize()))
}

fn tar<W: Write>(key: &Key, folder: &Path, to: W) -> Result<(Contents, W)> {
    let top = fs::canonicalize(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let contents = Contents { unpacked_bytes: 0, members: 0 };
    let mut writer = Writer { tar: Builder::new(to), top, contents };
    writer.tar.mode(tar::HeaderMode::Deterministic);
    writer.folder(key.as_str(), folder, 0)?;
    Ok((writer.contents, writer.tar.into_inner()?))
}

struct Writer<W: Write> {
    tar: Builder<W>,
    top: PathBuf,
    contents: Contents,
}

impl<W: Write> Writer<W> {
    fn folder(&mut self, name: &str, folder: &Path, depth: usize) -> Result<()> {
        ensure!(depth < 64, "{}: folders nested too deep, or a circle of links", folder.display());
        self.member(name, EntryType::Directory, 0o755, 0, io::empty())?;
        let mut entries = fs::read_dir(folder)
            .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>())
            .with_context(|| format!("cannot read {}", folder.display()))?;
        // By bytes of the name: no collation, no order of the file system.
        entries.sort();
        for path in entries {
            let Some(last) = path.file_name().and_then(|name| name.to_str()) else {
                bail!("{}: the name is not UTF-8", path.display());
            };
            if depth == 0 && last == RECORD {
                continue;
            }
            let name = format!("{name}/{last}");
            names::components(name.as_bytes()).with_context(|| format!("{} cannot be packed", path.display()))?;
            self.entry(&name, &path, depth).with_context(|| format!("cannot pack {}", path.display()))?;
        }
        Ok(())
    }

    fn entry(&mut self, name: &str, path: &Path, depth: usize) -> Result<()> {
        let kind = fs::symlink_metadata(path)?.file_type();
        if kind.is_symlink() && self.inside(path)? {
            let target = fs::read_link(path)?;
            let target = target.to_str().context("the target of the link is not UTF-8")?.replace('\\', "/");
            let mut header = header(EntryType::Symlink, 0o777, 0);
            self.tar.append_link(&mut header, name, target)?;
            self.contents.members += 1;
            return Ok(());
        }
        let file = fs::metadata(path)?;
        if file.is_dir() {
            return self.folder(name, path, depth + 1);
        }
        ensure!(file.is_file(), "neither a file, a folder nor a link");
        let contents = File::open(path)?;
        self.contents.unpacked_bytes += file.len();
        self.member(name, EntryType::Regular, mode(&file), file.len(), BufReader::new(contents))
    }

    /// Whether a link leads to a place inside the package by a relative path.
    fn inside(&self, path: &Path) -> Result<bool> {
        let target = fs::read_link(path)?;
        let at = fs::canonicalize(path.parent().context("a link has a folder")?)?;
        let resolved =
            fs::canonicalize(path).with_context(|| format!("a link to {}, which is not there", target.display()))?;
        // The way may not leave the package and come back either: the folder may have another name there.
        let inside_folder = at.strip_prefix(&self.top).ok().and_then(|at| links::joined(at, &target)).is_some();
        Ok(target.is_relative() && inside_folder && resolved.starts_with(&self.top))
    }

    fn member(&mut self, name: &str, kind: EntryType, mode: u32, size: u64, data: impl io::Read) -> Result<()> {
        self.tar.append_data(&mut header(kind, mode, size), name, data)?;
        self.contents.members += 1;
        Ok(())
    }
}

fn header(kind: EntryType, mode: u32, size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(size);
    header.set_mtime(TIME);
    header.set_uid(0);
    header.set_gid(0);
    header
}

/// Two modes only: what else a file has is of the machine that it was made on.
#[cfg(unix)]
fn mode(file: &fs::Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    if file.permissions().mode() & 0o111 == 0 { 0o644 } else { 0o755 }
}

/// Windows has no such bit: programs are found by their names there, and run by the loader elsewhere.
#[cfg(not(unix))]
fn mode(_: &fs::Metadata) -> u32 {
    0o755
}
