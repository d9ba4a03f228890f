//! Which packages are wanted, and which repositories have them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use anyhow::{Result, bail};

use crate::Key;
use crate::catalog::{Catalog, Reach, well_known};
use crate::index::Package;
use crate::repository::{Place, Source};

/// A package that is wanted.
pub struct Wanted {
    /// As the first repository that has it describes it; `None` if that has no index.
    pub package: Option<Package>,
    /// Repositories that have the same one, in the order in which they are tried.
    pub from: Vec<Arc<Catalog>>,
}

/// The repositories, each opened when it is first asked, and once.
pub struct Catalogs<'a> {
    reach: &'a Reach<'a>,
    sources: &'a [Source],
    opened: HashMap<String, Option<Arc<Catalog>>>,
    mirrors: HashMap<String, Vec<Source>>,
    failures: Vec<String>,
}

impl<'a> Catalogs<'a> {
    pub fn new(reach: &'a Reach<'a>, sources: &'a [Source]) -> Catalogs<'a> {
        let (opened, mirrors) = Default::default();
        Catalogs { reach, sources, opened, mirrors, failures: Vec::new() }
    }

    /// What could not be reached or believed.
    pub fn failures(&self) -> &[String] {
        &self.failures
    }

    /// All packages that `keys` need, themselves among them.
    pub fn closure(&mut self, keys: &[Key]) -> Result<BTreeMap<Key, Wanted>> {
        let mut wanted: BTreeMap<Key, Wanted> = BTreeMap::new();
        let mut queue: Vec<(Key, Option<Key>)> = keys.iter().rev().map(|key| (key.clone(), None)).collect();
        while let Some((key, asked_by)) = queue.pop() {
            if wanted.contains_key(&key) {
                continue;
            }
            let found = self.find(&key, asked_by.as_ref())?;
            let needs = found.package.iter().flat_map(|package| package.needs.iter().cloned());
            queue.extend(needs.map(|need| (need, Some(key.clone()))));
            wanted.insert(key, found);
        }
        Ok(wanted)
    }

    fn find(&mut self, key: &Key, asked_by: Option<&Key>) -> Result<Wanted> {
        let mut wanted: Option<Wanted> = None;
        let mut asked = Vec::new();
        for catalog in self.of(key) {
            let package = match &catalog.index {
                Some(index) => match index.packages.get(key) {
                    Some(package) => Some(package.clone()),
                    None => {
                        asked.push(catalog);
                        continue;
                    }
                },
                None => None,
            };
            match &mut wanted {
                None => wanted = Some(Wanted { package, from: vec![catalog] }),
                // Another build of it does not belong to the packages that the first one needs.
                Some(wanted) if wanted.package.as_ref().map(|p| &p.sha256) == package.as_ref().map(|p| &p.sha256) => {
                    wanted.from.push(catalog);
                }
                Some(_) => {}
            }
        }
        if let Some(wanted) = wanted {
            return Ok(wanted);
        }
        let why = asked_by.map(|by| format!(" ({by} needs it)")).unwrap_or_default();
        let mut lines: Vec<String> = asked.iter().map(|catalog| format!("{} does not have it", catalog.name)).collect();
        lines.extend(self.failures.iter().cloned());
        let names: BTreeSet<&Key> =
            asked.iter().filter_map(|c| c.index.as_ref()).flat_map(|i| i.packages.keys()).collect();
        if let Some(near) = recipe::suggest::closest(key.as_str(), names.iter().map(|key| key.as_str())) {
            lines.push(format!("did you mean {near}?"));
        }
        bail!("no repository has {key}{why}:\n  {}", lines.join("\n  "))
    }

    /// The repositories that a key may come from.
    fn of(&mut self, key: &Key) -> Vec<Arc<Catalog>> {
        let mut catalogs = Vec::new();
        for source in self.sources {
            let places = match &source.place {
                Place::WellKnown => self.mirrors(key, source),
                _ => vec![source.clone()],
            };
            catalogs.extend(places.iter().filter_map(|source| self.open(source)));
        }
        catalogs
    }

    fn mirrors(&mut self, key: &Key, source: &Source) -> Vec<Source> {
        if let Some(known) = self.mirrors.get(key.host()) {
            return known.clone();
        }
        let found = well_known(self.reach, key.host(), source.key).unwrap_or_else(|error| {
            self.failures.push(format!("{error:#}"));
            Vec::new()
        });
        self.mirrors.insert(key.host().to_owned(), found.clone());
        found
    }

    fn open(&mut self, source: &Source) -> Option<Arc<Catalog>> {
        let name = source.place.name();
        if let Some(known) = self.opened.get(&name) {
            return known.clone();
        }
        let opened = match Catalog::open(self.reach, source) {
            Ok(catalog) => Some(Arc::new(catalog)),
            Err(error) => {
                self.failures.push(format!("{error:#}"));
                None
            }
        };
        self.opened.insert(name, opened.clone());
        opened
    }

    /// All that the repositories list; those of `host` where a host is to be asked.
    pub fn listed(&mut self, host: &Key) -> BTreeMap<Key, Package> {
        let mut all = BTreeMap::new();
        for catalog in self.of(host) {
            for (key, package) in catalog.index.iter().flat_map(|index| &index.packages) {
                all.entry(key.clone()).or_insert_with(|| package.clone());
            }
        }
        all
    }
}
