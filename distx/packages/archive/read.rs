//! Unpacking an archive that anybody may have made: nothing is written outside of one new folder, and what is odd is refused.

use std::cell::Cell;
use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::{Context, Result, bail, ensure};
use lzma_rust2::XzReader;
use tar::{Archive, Entry, EntryType, PaxExtensions};

use crate::Key;
use crate::archive::links::{self, Member, Place};
use crate::archive::{Limits, RECORD, names};

/// Memory for a dictionary: that of `xz -9`, the largest that xz makes unasked.
const DICTIONARY_KIB: u32 = 66 << 10;
/// Long names travel as contents of members.
const NAME_BYTES_MAX: u64 = 8 << 10;
/// What a tar file has besides contents, for each member: its header, the rounding, and those of a long name.
const OVERHEAD_BYTES: u64 = 16 << 10;
const RATIO_FREE_BYTES: u64 = 64 << 20;
/// Zeros of this size become holes where the file system has them.
const HOLE_BYTES: usize = 4096;

/// Unpacks the members below the folder `key` into `folder`, which is made and must not be there. After an error it holds a
/// part of the package, for the caller to remove.
pub fn unpack(key: &Key, archive: &mut dyn Read, folder: &Path, limits: &Limits) -> Result<()> {
    fs::create_dir(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let packed = Rc::new(Cell::new(0));
    let archive = Counted { inner: archive, count: Rc::clone(&packed) };
    let total = limits.unpacked_bytes.saturating_add(limits.members.saturating_mul(OVERHEAD_BYTES));
    let xz = XzReader::new_mem_limit(archive, false, DICTIONARY_KIB);
    let mut tar = Archive::new(Expanded { inner: xz, packed, done: 0, total, ratio: limits.ratio });
    let mut unpacker = Unpacker {
        key,
        folder,
        limits,
        members: BTreeMap::new(),
        folded: HashSet::new(),
        count: 0,
        bytes: 0,
        long: Long::default(),
    };
    for entry in tar.entries()?.raw(true) {
        unpacker.entry(&mut entry.context("the archive is damaged")?)?;
    }
    ensure!(unpacker.count > 0, "the archive holds nothing");
    ensure!(!unpacker.long.is_some(), "the archive ends behind a long name");
    // What stands behind the end of the tar file holds the checksums of the compression.
    io::copy(&mut tar.into_inner(), &mut io::sink()).context("the archive is damaged")?;
    unpacker.make_links()
}

/// Names that do not fit a header stand in members of their own, before the one that they are for.
#[derive(Default)]
struct Long {
    name: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
}

impl Long {
    fn is_some(&self) -> bool {
        self.name.is_some() || self.link.is_some()
    }
}

struct Unpacker<'a> {
    key: &'a Key,
    folder: &'a Path,
    limits: &'a Limits,
    /// All that was made, and links that will be.
    members: BTreeMap<Place, Member>,
    /// The same in lower case.
    folded: HashSet<String>,
    count: u64,
    bytes: u64,
    long: Long,
}

impl Unpacker<'_> {
    fn entry(&mut self, entry: &mut Entry<impl Read>) -> Result<()> {
        self.count += 1;
        ensure!(self.count <= self.limits.members, "the archive has more than {} members", self.limits.members);
        match entry.header().entry_type() {
            EntryType::GNULongName => {
                self.long.name = Some(until_nul(small(entry)?));
                return Ok(());
            }
            EntryType::GNULongLink => {
                self.long.link = Some(until_nul(small(entry)?));
                return Ok(());
            }
            EntryType::XHeader => return self.extension(&small(entry)?),
            // Says something of all members, such as a comment with a commit; what of it counts is not for packages.
            EntryType::XGlobalHeader => return small(entry).map(drop),
            _ => {}
        }
        let long = std::mem::take(&mut self.long);
        let name = long.name.unwrap_or_else(|| entry.path_bytes().into_owned());
        let link = long.link.or_else(|| entry.link_name_bytes().map(|link| link.into_owned()));
        let shown = name.escape_ascii().to_string();
        let Some(place) = self.place(&name)? else { return Ok(()) };
        self.make(entry, place, link).with_context(|| format!("member `{shown}`"))
    }

    /// A member's place below the package's folder; `None` for that folder itself.
    fn place(&mut self, name: &[u8]) -> Result<Option<Place>> {
        let mut place = names::components(name)?;
        let first = place.remove(0);
        ensure!(first == self.key.as_str(), "member `{}`: not in the folder {}", name.escape_ascii(), self.key);
        Ok(if place.is_empty() { None } else { Some(place) })
    }

    fn extension(&mut self, data: &[u8]) -> Result<()> {
        for extension in PaxExtensions::new(data) {
            let extension = extension.context("an extended header is damaged")?;
            match extension.key_bytes() {
                b"path" => self.long.name = Some(extension.value_bytes().to_vec()),
                b"linkpath" => self.long.link = Some(extension.value_bytes().to_vec()),
                key @ b"size" => bail!("extended header `{}`: no package has such a file", key.escape_ascii()),
                key if key.starts_with(b"GNU.sparse") => bail!("a sparse file, in a form that packages do not have"),
                // Times, owners, attributes: of the machine that the archive was made on.
                _ => {}
            }
        }
        Ok(())
    }

    fn make(&mut self, entry: &mut Entry<impl Read>, place: Place, link: Option<Vec<u8>>) -> Result<()> {
        ensure!(place.join("/") != RECORD, "the name is that of our own record");
        let kind = entry.header().entry_type();
        if kind == EntryType::Directory && self.members.get(&place) == Some(&Member::Folder) {
            // A folder may follow what lies in it, and is there already.
            return Ok(());
        }
        self.parents(&place)?;
        let at = self.path(&place);
        match kind {
            EntryType::Directory => {
                self.add(&place, Member::Folder)?;
                fs::create_dir(&at).with_context(|| format!("cannot make {}", at.display()))
            }
            EntryType::Regular => {
                let size = entry.header().size().context("the size is damaged")?;
                self.bytes = self.bytes.saturating_add(size);
                let most = self.limits.unpacked_bytes;
                ensure!(self.bytes <= most, "the package is larger than the {most} bytes that it may have");
                self.add(&place, Member::File)?;
                // The bits that let a file run as another user are not taken over, nor who may write.
                let program = entry.header().mode().context("the mode is damaged")? & 0o111 != 0;
                file(entry, &at, size, program).with_context(|| format!("cannot write {}", at.display()))
            }
            EntryType::Link => {
                let link = link.context("a hard link to nothing")?;
                let target = self.place(&link)?.context("a hard link to the package's folder")?;
                let known = self.members.get(&target) == Some(&Member::File);
                ensure!(known, "a hard link to `{}`, which is no earlier file of the package", link.escape_ascii());
                self.add(&place, Member::File)?;
                link_or_copy(&self.path(&target), &at).with_context(|| format!("cannot link {}", at.display()))
            }
            EntryType::Symlink => {
                let link =
                    String::from_utf8(link.context("a link to nothing")?).ok().context("the target is not UTF-8")?;
                self.add(&place, Member::Link(link))
            }
            EntryType::Char | EntryType::Block | EntryType::Fifo => bail!("a device or pipe"),
            other => bail!("a member of kind `{}`, which packages do not have", other.as_byte().escape_ascii()),
        }
    }

    /// Makes the folders above a place. A link is none, so nothing is written through one.
    fn parents(&mut self, place: &Place) -> Result<()> {
        for depth in 1..place.len() {
            let above: Place = place.iter().take(depth).cloned().collect();
            match self.members.get(&above) {
                Some(Member::Folder) => {}
                Some(_) => bail!("lies below `{}`, which is no folder", above.join("/")),
                None => {
                    self.add(&above, Member::Folder)?;
                    let at = self.path(&above);
                    fs::create_dir(&at).with_context(|| format!("cannot make {}", at.display()))?;
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, place: &Place, member: Member) -> Result<()> {
        ensure!(!self.members.contains_key(place), "the archive has this name twice");
        ensure!(self.folded.insert(names::folded(place)), "another member differs in upper and lower case only");
        self.members.insert(place.clone(), member);
        Ok(())
    }

    fn path(&self, place: &Place) -> PathBuf {
        place.iter().fold(self.folder.to_owned(), |path, part| path.join(part))
    }

    /// Links come last, when all that they may lead to is there.
    fn make_links(&self) -> Result<()> {
        for (place, member) in &self.members {
            let Member::Link(text) = member else { continue };
            let target = links::resolve(&self.members, place)?;
            let at = self.path(place);
            link(&at, text, &self.path(&target)).with_context(|| format!("cannot link {}", at.display()))?;
        }
        Ok(())
    }
}

/// The contents of a member that is a name.
fn small(entry: &mut Entry<impl Read>) -> Result<Vec<u8>> {
    ensure!(entry.size() <= NAME_BYTES_MAX, "a name or header of {} bytes", entry.size());
    let mut data = Vec::new();
    entry.read_to_end(&mut data).context("the archive is damaged")?;
    Ok(data)
}

fn until_nul(mut name: Vec<u8>) -> Vec<u8> {
    name.pop_if(|last| *last == 0);
    name
}

/// Writes a new file of `size` bytes; zeros become holes, as `.bss` of our libraries needs it.
fn file(from: &mut impl Read, at: &Path, size: u64, program: bool) -> Result<()> {
    let mut file = create(at, program)?;
    let mut buffer = vec![0; 16 * HOLE_BYTES];
    let mut done = 0;
    while done < size {
        let want = usize::try_from(size - done).unwrap_or(usize::MAX).min(buffer.len());
        let (part, _) = buffer.split_at_mut(want);
        from.read_exact(part).context("the archive is damaged")?;
        for block in part.chunks(HOLE_BYTES) {
            if block.len() == HOLE_BYTES && block.iter().all(|byte| *byte == 0) {
                file.seek(SeekFrom::Current(HOLE_BYTES as i64))?;
            } else {
                file.write_all(block)?;
            }
        }
        done += want as u64;
    }
    file.set_len(size)?;
    Ok(())
}

fn create(at: &Path, program: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    // A new file: what is there, a link too, is an error.
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, if program { 0o755 } else { 0o644 });
    #[cfg(not(unix))]
    let _ = program;
    options.open(at)
}

fn link_or_copy(target: &Path, at: &Path) -> io::Result<()> {
    // File systems without hard links, and those with few for a file, get a copy.
    fs::hard_link(target, at).or_else(|_| {
        ensure_absent(at)?;
        fs::copy(target, at).map(drop)
    })
}

fn ensure_absent(at: &Path) -> io::Result<()> {
    match fs::symlink_metadata(at) {
        Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
        Err(_) => Ok(()),
    }
}

#[cfg(unix)]
fn link(at: &Path, text: &str, _: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(text, at)
}

/// Windows lets only administrators make symbolic links: another name of the file does, and a folder is made anew.
#[cfg(not(unix))]
fn link(at: &Path, _: &str, target: &Path) -> io::Result<()> {
    copy_tree(target, at)
}

/// Gives a file or a folder's files another name.
#[cfg(any(test, not(unix)))]
fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    if !fs::metadata(from)?.is_dir() {
        return link_or_copy(from, to);
    }
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy_tree(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

/// Counts what is read.
struct Counted<R> {
    inner: R,
    count: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.set(self.count.get() + read as u64);
        Ok(read)
    }
}

/// The unpacked tar file, as long as it keeps the limits.
struct Expanded<R> {
    inner: R,
    packed: Rc<Cell<u64>>,
    done: u64,
    total: u64,
    ratio: u64,
}

impl<R: Read> Read for Expanded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.done += read as u64;
        if self.done > self.total {
            return Err(io::Error::other("it unpacks to more bytes than it may"));
        }
        if self.done > RATIO_FREE_BYTES && self.done / self.ratio > self.packed.get() {
            return Err(io::Error::other("it unpacks to far more bytes than it has: made to fill a disk"));
        }
        Ok(read)
    }
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
