//! Installing: what is wanted, what of it is not there, fetched, verified, unpacked aside, and put in place at once.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::Mutex;

use anyhow::{Context, Error, Result, anyhow, bail, ensure};

use crate::Key;
use crate::archive::Limits;
use crate::cache::Cache;
use crate::catalog::{Catalog, Reach};
use crate::config::Folders;
use crate::fetch::Client;
use crate::index::{Hash, Package};
use crate::lock::{self, Lock, Locked};
use crate::plan::{Catalogs, Wanted};
use crate::repository::Source;
use crate::root::{self, Held, Record, State};
use crate::trust::Trust;
use crate::watch::Watch;

const DOWNLOADS_AT_ONCE: usize = 4;

/// What to install, where, and from where.
pub struct Request<'a> {
    /// Packages; what they need comes with them.
    pub keys: &'a [Key],
    /// Repositories in their order: `Folders::sources`.
    pub sources: &'a [Source],
    /// The folder that packages lie in.
    pub root: &'a Path,
    /// The folder with `distx.lock`.
    pub project: &'a Path,
    /// Config and cache.
    pub folders: &'a Folders,
    /// Only what `distx.lock` says.
    pub locked: bool,
    /// Only what the cache or a folder has.
    pub offline: bool,
    /// Replace what `distx` did not install.
    pub force: bool,
}

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Packages that were put in place, with the version before if there was one.
    pub installed: Vec<Installed>,
    /// Packages that were there already.
    pub kept: Vec<Key>,
}

/// A package that was put in place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// Which.
    pub key: Key,
    /// Empty if the repository tells none.
    pub version: String,
    /// Of the package that it replaced.
    pub before: Option<String>,
}

/// A package that has to come.
struct Task {
    key: Key,
    package: Option<Package>,
    from: Vec<std::sync::Arc<Catalog>>,
    before: Option<String>,
    /// What `distx.lock` demands.
    expected: Option<Hash>,
}

/// Installs packages. After an error the root is as it was, apart from the folder `.distx`.
pub fn install(request: &Request, watch: &dyn Watch) -> Result<Outcome> {
    let lock_file = request.project.join(lock::FILE);
    let lock = Lock::read(&lock_file)?;
    if request.locked {
        ensure!(
            lock.is_some(),
            "{} is not there, which --locked demands; `distx install` writes it",
            lock_file.display()
        );
    }
    let reach = reach(request.folders, request.offline, watch)?;
    let mut catalogs = Catalogs::new(&reach, request.sources);
    let wanted = catalogs.closure(request.keys)?;
    for failure in catalogs.failures() {
        watch.warn(failure);
    }
    if request.locked {
        check_locked(&wanted, lock.as_ref(), &lock_file)?;
    }
    let mut outcome = Outcome::default();
    let mut locked = BTreeMap::new();
    let mut tasks = Vec::new();
    for (key, wanted) in wanted {
        let before = match root::state(request.root, &key) {
            State::Absent => None,
            State::Foreign if request.force => None,
            State::Foreign => bail!(
                "{} was not installed by distx: remove it, or give --force to have it replaced",
                request.root.join(key.as_str()).display()
            ),
            State::Installed(record) => Some(record),
        };
        let target = wanted.package.as_ref().map(|package| &package.sha256);
        let in_lock = lock.as_ref().and_then(|lock| lock.packages.get(&key)).map(|locked| locked.sha256.clone());
        let expected = target.is_none().then_some(in_lock).flatten().filter(|_| request.locked || request.offline);
        // Without an index nothing tells of an update: what is there stays, unless the lock file demands another.
        let demanded = target.or(expected.as_ref().filter(|_| request.locked));
        match &before {
            Some(record) if demanded.is_none_or(|hash| *hash == record.sha256) => {
                locked.insert(key.clone(), Locked { version: record.version.clone(), sha256: record.sha256.clone() });
                outcome.kept.push(key);
            }
            _ => {
                let before = before.map(|record| record.version);
                tasks.push(Task { key, package: wanted.package, from: wanted.from, before, expected });
            }
        }
    }
    if !tasks.is_empty() {
        warn_unverified(&tasks, watch);
        let hashes = fetch(&reach, &tasks)?;
        place(request, &reach, &tasks, &hashes, watch)?;
        for (task, hash) in tasks.into_iter().zip(hashes) {
            let version = task.package.map(|package| package.version).unwrap_or_default();
            locked.insert(task.key.clone(), Locked { version: version.clone(), sha256: hash });
            outcome.installed.push(Installed { key: task.key, version, before: task.before });
        }
    }
    if !request.locked {
        Lock::new(locked).write(&lock_file)?;
    }
    Ok(outcome)
}

/// What repositories list: those that are chosen, or those of the host of `key`. Second, what could not be reached.
pub fn listed(
    sources: &[Source],
    key: &Key,
    folders: &Folders,
    offline: bool,
    watch: &dyn Watch,
) -> Result<(BTreeMap<Key, Package>, Vec<String>)> {
    let reach = reach(folders, offline, watch)?;
    let mut catalogs = Catalogs::new(&reach, sources);
    let listed = catalogs.listed(key);
    Ok((listed, catalogs.failures().to_vec()))
}

fn reach<'a>(folders: &Folders, offline: bool, watch: &'a dyn Watch) -> Result<Reach<'a>> {
    Ok(Reach { client: Client::new()?, cache: Cache::of(folders), trust: Trust::of(folders), offline, watch })
}

fn check_locked(wanted: &BTreeMap<Key, Wanted>, lock: Option<&Lock>, file: &Path) -> Result<()> {
    let mut different = Vec::new();
    for (key, wanted) in wanted {
        match (lock.and_then(|lock| lock.packages.get(key)), &wanted.package) {
            (None, _) => different.push(format!("{key} is not in it")),
            (Some(locked), Some(package)) if locked.sha256 != package.sha256 => different.push(format!(
                "{key}: {} ({}) there, the repository has {} ({})",
                locked.version,
                locked.sha256.as_str(),
                package.version,
                package.sha256.as_str()
            )),
            _ => {}
        }
    }
    ensure!(
        different.is_empty(),
        "{} says something else, and --locked demands it; `distx install` without --locked updates it:\n  {}",
        file.display(),
        different.join("\n  ")
    );
    Ok(())
}

fn warn_unverified(tasks: &[Task], watch: &dyn Watch) {
    let unverified = tasks.iter().filter(|task| task.package.is_none());
    let keys: Vec<&str> = unverified.map(|task| task.key.as_str()).collect();
    if !keys.is_empty() {
        watch.warn(&format!("the repository has no index: nothing was verified of {}", keys.join(", ")));
    }
}

/// Brings all archives into the cache, several at a time. Their hashes, in the order of `tasks`.
fn fetch(reach: &Reach, tasks: &[Task]) -> Result<Vec<Hash>> {
    let _held = reach.cache.hold(|| reach.watch.note("another distx fetches packages: waiting for it"))?;
    let queue: Mutex<VecDeque<usize>> = Mutex::new((0..tasks.len()).collect());
    let results: Mutex<BTreeMap<usize, Result<Hash>>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..DOWNLOADS_AT_ONCE.min(tasks.len()) {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().ok().and_then(|mut queue| queue.pop_front());
                    let Some((at, task)) = next.and_then(|at| Some((at, tasks.get(at)?))) else { break };
                    let result = fetch_one(reach, task);
                    // One that fails ends the whole: no more are begun.
                    if result.is_err()
                        && let Ok(mut queue) = queue.lock()
                    {
                        queue.clear();
                    }
                    if let Ok(mut results) = results.lock() {
                        results.insert(at, result);
                    }
                }
            });
        }
    });
    let results = results.into_inner().map_err(|_| anyhow!("a download stopped"))?;
    results.into_values().collect()
}

/// One archive, from the first repository that gives it.
fn fetch_one(reach: &Reach, task: &Task) -> Result<Hash> {
    let wanted = task.package.as_ref().map(|package| &package.sha256).or(task.expected.as_ref());
    if let Some(hash) = wanted.filter(|hash| reach.cache.open(hash).is_some()) {
        return Ok(hash.clone());
    }
    let mut failures: Vec<Error> = Vec::new();
    for catalog in &task.from {
        match catalog.fetch(reach, &task.key, task.package.as_ref()) {
            Ok(hash) if task.expected.as_ref().is_some_and(|expected| *expected != hash) => {
                failures.push(anyhow!("{}: {} is not the one that {} demands", catalog.name, task.key, lock::FILE));
            }
            Ok(hash) => {
                failures.iter().for_each(|failure| reach.watch.warn(&format!("{failure:#}")));
                return Ok(hash);
            }
            Err(error) => failures.push(error),
        }
    }
    let lines: Vec<String> = failures.iter().map(|failure| format!("{failure:#}")).collect();
    bail!("{} could not be fetched:\n  {}", task.key, lines.join("\n  "))
}

fn place(request: &Request, reach: &Reach, tasks: &[Task], hashes: &[Hash], watch: &dyn Watch) -> Result<()> {
    let held = Held::take(request.root, || watch.note("another distx installs into the same folder: waiting for it"))?;
    let mut keys = Vec::new();
    for (task, hash) in tasks.iter().zip(hashes) {
        // The process that we waited for may have done it.
        if matches!(root::state(request.root, &task.key), State::Installed(record) if record.sha256 == *hash) {
            continue;
        }
        let mut archive =
            reach.cache.open(hash).with_context(|| format!("{} is gone from the cache: try again", task.key))?;
        let (limits, version, needs) = match &task.package {
            Some(package) => (Limits::told(package.unpacked_bytes), package.version.clone(), package.needs.clone()),
            None => (Limits::UNKNOWN, String::new(), Vec::new()),
        };
        held.unpack(&task.key, &mut archive, &limits, &Record { version, sha256: hash.clone(), needs })?;
        keys.push(task.key.clone());
    }
    held.place(&keys)
}
