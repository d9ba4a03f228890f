//! A repository that was reached: what it has, whether that is vouched for, and how its archives come.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::Key;
use crate::cache::Cache;
use crate::fetch::Client;
use crate::index::{Hash, INDEX, Index, Package, SIGNATURE};
use crate::repository::{Place, Source};
use crate::signature::{self, PublicKey};
use crate::trust::Trust;
use crate::watch::Watch;

const INDEX_BYTES_MAX: u64 = 16 << 20;
const SIGNATURE_BYTES_MAX: u64 = 4 << 10;
const WELL_KNOWN_BYTES_MAX: u64 = 64 << 10;
/// Of an archive of which no index tells the size.
const ARCHIVE_BYTES_MAX: u64 = 4 << 30;
const MIRRORS_MAX: usize = 16;

/// What reaching a repository takes.
pub struct Reach<'a> {
    pub client: Client,
    pub cache: Cache,
    pub trust: Trust,
    pub offline: bool,
    pub watch: &'a dyn Watch,
}

/// A repository with its index, if it has one.
pub struct Catalog {
    /// For messages.
    pub name: String,
    place: Place,
    /// `None`: nothing can be verified.
    pub index: Option<Index>,
}

/// The places that a host names for its packages, as those of one source.
pub fn well_known(reach: &Reach, host: &str, key: Option<PublicKey>) -> Result<Vec<Source>> {
    #[derive(Deserialize)]
    struct WellKnown {
        urls: Vec<String>,
    }
    let url = format!("https://{host}/.well-known/distx.json");
    let bytes = if reach.offline {
        reach.cache.index(&url)?.with_context(|| format!("{url} was never fetched, and --offline fetches nothing"))?.0
    } else {
        let found = reach.client.small(&url, WELL_KNOWN_BYTES_MAX)?;
        found.with_context(|| format!("{url} is not there: {host} has no packages, or choose a repository"))?
    };
    let found: WellKnown = serde_json::from_slice(&bytes).with_context(|| format!("{url} is damaged"))?;
    ensure!(!found.urls.is_empty() && found.urls.len() <= MIRRORS_MAX, "{url}: 1 to {MIRRORS_MAX} urls are expected");
    let mut sources = Vec::new();
    for text in &found.urls {
        // Without a scheme, as DistX writes them; a server has no say over folders of this machine.
        let address = text.strip_prefix("https://").unwrap_or(text);
        let source =
            Source::parse(&format!("https://{address}"), Path::new("")).with_context(|| format!("in {url}"))?;
        sources.push(Source { key: key.or(source.key), ..source });
    }
    if !reach.offline {
        reach.cache.keep_index(&url, &bytes, None)?;
    }
    Ok(sources)
}

impl Catalog {
    /// Reads a repository's index and decides whether to believe it.
    pub fn open(reach: &Reach, source: &Source) -> Result<Catalog> {
        let name = source.place.name();
        let found = match &source.place {
            Place::WellKnown => bail!("`well-known` is asked by the host of a key"),
            Place::Folder(folder) => {
                ensure!(folder.is_dir(), "{}: no such folder", folder.display());
                let index = small(&folder.join(INDEX), INDEX_BYTES_MAX)?;
                let signature = small(&folder.join(SIGNATURE), SIGNATURE_BYTES_MAX)?;
                index.map(|index| (index, signature))
            }
            Place::Web(url) if reach.offline => reach.cache.index(url)?,
            Place::Web(url) => match reach.client.small(&format!("{url}/{INDEX}"), INDEX_BYTES_MAX)? {
                None => None,
                Some(index) => {
                    let signature = reach.client.small(&format!("{url}/{SIGNATURE}"), SIGNATURE_BYTES_MAX)?;
                    Some((index, signature))
                }
            },
        };
        let Some((bytes, signature)) = found else {
            let must = source.key.is_some() || reach.trust.knows(&name)?;
            ensure!(!must, "{name}: there is no index, but its key is known: somebody may be hiding it");
            return Ok(Catalog { name, place: source.place.clone(), index: None });
        };
        let signer = signature.as_deref().map(|signature| signature::verify(&bytes, signature));
        let signer = signer.transpose().with_context(|| name.clone())?;
        let index = Index::parse(&bytes).with_context(|| name.clone())?;
        match (signer, reach.trust.check(&name, source.key, signer, index.serial)?) {
            (Some(key), true) => reach.watch.note(&format!("{name}: first use, its key {key} is remembered")),
            (Some(_), false) => {}
            (None, _) if matches!(source.place, Place::Folder(_)) => {}
            (None, _) => reach.watch.warn(&format!(
                "{name}: the index is not signed: damage is noticed, a change by somebody who has the server is not"
            )),
        }
        if let Place::Web(url) = &source.place
            && !reach.offline
        {
            reach.cache.keep_index(url, &bytes, signature.as_deref())?;
        }
        Ok(Catalog { name, place: source.place.clone(), index: Some(index) })
    }

    /// Fetches an archive into the cache; its hash there. With what the index tells, it has that hash.
    pub fn fetch(&self, reach: &Reach, key: &Key, package: Option<&Package>) -> Result<Hash> {
        let name = match package {
            // Two packages may have one archive, by mistake, and are fetched at the same time.
            Some(package) => format!("{key}-{}", package.sha256.as_str()),
            None => format!("unverified-{}", Hash::of(format!("{}/{key}", self.name).as_bytes())?.as_str()),
        };
        let path = reach.cache.partial(&name);
        if package.is_none() {
            let _ = fs::remove_file(&path);
        }
        loop {
            let partial = File::options().create(true).truncate(false).read(true).write(true).open(&path);
            let mut partial = partial.with_context(|| format!("cannot write {}", path.display()))?;
            let begun = partial.metadata()?.len();
            self.copy(reach, key, package, &mut partial)?;
            partial.seek(SeekFrom::Start(0))?;
            let hash = Hash::of(&mut partial)?;
            if package.is_none_or(|package| package.sha256 == hash) {
                drop(partial);
                fs::rename(&path, reach.cache.archive(&hash)).context("cannot write to the cache")?;
                return Ok(hash);
            }
            partial.set_len(0).context("cannot write to the cache")?;
            // What was there from another day may have been the wrong part: once more, all of it.
            if begun == 0 {
                bail!(
                    "{}: {} has a wrong hash: {}, but the index says {}; it is damaged or was exchanged",
                    self.name,
                    key.archive(),
                    hash.as_str(),
                    package.map_or("nothing", |package| package.sha256.as_str())
                );
            }
        }
    }

    fn copy(&self, reach: &Reach, key: &Key, package: Option<&Package>, to: &mut File) -> Result<()> {
        let limit = package.map_or(ARCHIVE_BYTES_MAX, |package| package.bytes);
        let seen = |done| reach.watch.bytes(key, done, package.map(|package| package.bytes));
        match &self.place {
            Place::WellKnown => bail!("`well-known` holds no archives"),
            Place::Folder(folder) => {
                let path = folder.join(key.archive());
                let from = File::open(&path).with_context(|| format!("cannot read {}", path.display()))?;
                let length = from.metadata()?.len();
                ensure!(length <= limit, "{}: larger than the {limit} bytes that it may have", path.display());
                ensure!(package.is_none() || length == limit, "{}: cut: {length} of {limit} bytes", path.display());
                to.set_len(0)?;
                to.seek(SeekFrom::Start(0))?;
                let mut from = from.take(limit);
                io::copy(&mut from, to).with_context(|| format!("cannot copy {} to the cache", path.display()))?;
                seen(length);
                Ok(())
            }
            Place::Web(url) => {
                ensure!(!reach.offline, "{key} is not in the cache, and --offline fetches nothing");
                reach.client.file(&format!("{url}/{}", key.archive()), to, limit, package.is_some(), &seen)
            }
        }
    }
}

/// The contents of a file of at most `limit` bytes; `None` if there is none.
fn small(path: &PathBuf, limit: u64) -> Result<Option<Vec<u8>>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).with_context(|| format!("cannot read {}", path.display()))?;
    ensure!(bytes.len() as u64 <= limit, "{}: larger than {limit} bytes", path.display());
    Ok(Some(bytes))
}
