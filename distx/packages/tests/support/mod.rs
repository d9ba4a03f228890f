//! A repository made on the spot, a server for it that misbehaves on demand, and a project to install into.

pub mod server;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::Result;
use distx_packages::Key;
use distx_packages::archive::write;
use distx_packages::config::Folders;
use distx_packages::index::{Hash, INDEX, Index, Package, SIGNATURE};
use distx_packages::install::{Outcome, Request, install};
use distx_packages::repository::Source;
use distx_packages::signature::PrivateKey;
use distx_packages::watch::Watch;
use tempfile::TempDir;

pub fn key(name: &str) -> Key {
    Key::parse(&format!("packages.example_{name}")).expect("a key")
}

/// A repository in a folder.
pub struct Repository {
    pub folder: PathBuf,
    pub packages: BTreeMap<Key, Package>,
}

impl Repository {
    pub fn new(folder: PathBuf) -> Repository {
        fs::create_dir_all(&folder).expect("made");
        Repository { folder, packages: BTreeMap::new() }
    }

    /// Adds a package with one file of that text, as large as `extra` bytes more that do not compress.
    pub fn add_large(&mut self, name: &str, text: &str, needs: &[&str], extra: usize) {
        let contents = tempfile::tempdir().expect("a folder");
        fs::create_dir(contents.path().join("lib")).expect("made");
        fs::write(contents.path().join("lib/file"), text).expect("written");
        let mut state = 1_u64;
        let noise = std::iter::repeat_with(|| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 56) as u8
        });
        fs::write(contents.path().join("noise"), noise.take(extra).collect::<Vec<u8>>()).expect("written");
        let path = self.archive(name);
        let written =
            write::write(&key(name), contents.path(), &mut File::create(&path).expect("made")).expect("packed");
        self.describe(name, text, needs, written.unpacked_bytes);
    }

    pub fn add(&mut self, name: &str, text: &str, needs: &[&str]) {
        self.add_large(name, text, needs, 0);
    }

    /// Describes the archive that is there.
    pub fn describe(&mut self, name: &str, version: &str, needs: &[&str], unpacked_bytes: u64) {
        let path = self.archive(name);
        let package = Package {
            version: version.into(),
            bytes: fs::metadata(&path).expect("there").len(),
            unpacked_bytes,
            sha256: Hash::of(File::open(&path).expect("there")).expect("read"),
            needs: needs.iter().map(|name| key(name)).collect(),
        };
        self.packages.insert(key(name), package);
    }

    pub fn archive(&self, name: &str) -> PathBuf {
        self.folder.join(key(name).archive())
    }

    /// Writes the index.
    pub fn publish(&self, serial: u64, signer: Option<&PrivateKey>) {
        let text = Index::new(serial, self.packages.clone()).text().expect("a text");
        fs::write(self.folder.join(INDEX), &text).expect("written");
        match signer {
            Some(signer) => fs::write(self.folder.join(SIGNATURE), signer.sign(text.as_bytes())).expect("written"),
            None => drop(fs::remove_file(self.folder.join(SIGNATURE))),
        }
    }
}

/// A user with a project.
pub struct User {
    pub place: TempDir,
    pub folders: Folders,
}

/// What `install` said.
#[derive(Default)]
pub struct Said(pub Mutex<Vec<String>>);

impl Watch for Said {
    fn note(&self, text: &str) {
        self.0.lock().expect("not poisoned").push(format!("note: {text}"));
    }
    fn warn(&self, text: &str) {
        self.0.lock().expect("not poisoned").push(format!("warning: {text}"));
    }
    fn bytes(&self, _: &Key, _: u64, _: Option<u64>) {}
}

#[derive(Clone, Copy, Default)]
pub struct Options {
    pub locked: bool,
    pub offline: bool,
    pub force: bool,
}

impl User {
    pub fn new() -> User {
        let place = tempfile::tempdir().expect("a folder");
        let folders = Folders { config: place.path().join("config"), cache: place.path().join("cache") };
        fs::create_dir(place.path().join("project")).expect("made");
        User { place, folders }
    }

    pub fn repository(&self, name: &str) -> Repository {
        Repository::new(self.place.path().join(name))
    }

    pub fn key(&self, name: &str) -> PrivateKey {
        PrivateKey::create(&self.place.path().join(name)).expect("made")
    }

    pub fn project(&self) -> PathBuf {
        self.place.path().join("project")
    }

    pub fn root(&self) -> PathBuf {
        self.project().join("_distx")
    }

    pub fn text(&self, name: &str) -> String {
        fs::read_to_string(self.root().join(key(name).as_str()).join("lib/file")).unwrap_or_default()
    }

    pub fn install(&self, names: &[&str], sources: &[&str], options: Options) -> (Result<Outcome>, String) {
        let keys: Vec<Key> = names.iter().map(|name| key(name)).collect();
        let sources: Vec<Source> =
            sources.iter().map(|text| Source::parse(text, self.place.path()).expect("a source")).collect();
        let said = Said::default();
        let request = Request {
            keys: &keys,
            sources: &sources,
            root: &self.root(),
            project: &self.project(),
            folders: &self.folders,
            locked: options.locked,
            offline: options.offline,
            force: options.force,
        };
        let result = install(&request, &said);
        (result, said.0.into_inner().expect("not poisoned").join("\n"))
    }

    /// Installs and must succeed; the names of what was installed, and what was said.
    pub fn good(&self, names: &[&str], sources: &[&str]) -> (Vec<String>, String) {
        let (result, said) = self.install(names, sources, Options::default());
        (installed(&result.unwrap_or_else(|error| panic!("{error:#}"))), said)
    }

    /// Must fail, say all of `why`, and leave project and root as they were.
    pub fn refused(&self, names: &[&str], sources: &[&str], options: Options, why: &[&str]) {
        let before = tree(&self.project());
        let (result, _) = self.install(names, sources, options);
        let error = format!("{:#}", result.expect_err(why.first().unwrap_or(&"")));
        for why in why {
            assert!(error.contains(why), "`{error}` does not say `{why}`");
        }
        assert_eq!(tree(&self.project()), before, "{error}");
    }
}

pub fn installed(outcome: &Outcome) -> Vec<String> {
    let name = |key: &Key| key.as_str().trim_start_matches("packages.example_").to_owned();
    outcome.installed.iter().map(|installed| name(&installed.key)).collect()
}

/// Names and contents of all files below a folder, but for the lock of a root and the folder that it is in.
pub fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("read") {
        let path = entry.expect("read").path();
        if path.ends_with(".distx") {
            let left: Vec<_> = fs::read_dir(&path).expect("read").flatten().map(|entry| entry.file_name()).collect();
            assert!(left.iter().all(|name| name == "lock" || name == "old"), "{left:?}");
            continue;
        }
        if path.ends_with("_distx") && fs::read_dir(&path).expect("read").flatten().all(|e| e.file_name() == ".distx") {
            continue;
        }
        if fs::symlink_metadata(&path).expect("there").is_dir() {
            all.extend(tree(&path));
            all.insert(path, Vec::new());
        } else {
            let contents = fs::read(&path).unwrap_or_default();
            all.insert(path, contents);
        }
    }
    all
}
