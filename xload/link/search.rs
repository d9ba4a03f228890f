//! Where libraries lie.

use alloc::vec::Vec;

use loader_abi::files::PACKAGE_PREFIX;
use platform::dirent::Record;
use platform::{Errno, Platform, abi};

use super::object::{Object, Opened};
use crate::elf::Machine;
use crate::error::Text;
use crate::files::{absolute, folder, own_path};
use crate::payload::Payload;
use crate::trace::{Topic, Trace};

/// Folders that stand for `/` of the paths in DT_SONAME and DT_NEEDED, best first: the program's path less its soname,
/// `XLOAD_ROOT`, the root in which the loader lies. Each is found out when it is asked for, as that takes system calls.
///
/// A process that may do more than its starter has the last one only: the starter chooses the environment, and where a link to
/// the program lies.
pub(crate) struct Roots {
    known: Vec<Vec<u8>>,
    /// `XLOAD_ROOT` of the environment, absolute.
    environment: Option<Vec<u8>>,
    /// How many of the three places were looked at.
    asked: u32,
}

impl Roots {
    pub(crate) const EMPTY: Self = Self { known: Vec::new(), environment: None, asked: 0 };

    /// With `XLOAD_ROOT`, where it is set.
    pub(crate) fn new(environment: Option<Vec<u8>>) -> Self {
        Self { environment, ..Self::EMPTY }
    }

    /// Root number `index`.
    pub(crate) fn get<P: Platform>(&mut self, platform: &P, program: Option<&Object>, index: usize) -> Option<&[u8]> {
        while self.known.len() <= index {
            let root = match self.asked {
                0 => program.filter(|_| !platform.is_secure()).and_then(|program| {
                    let soname = program.dynamic.soname.filter(|soname| soname.starts_with(b"/"))?;
                    clean(program.home()?.path).strip_suffix(soname).map(<[u8]>::to_vec)
                }),
                1 => self.environment.take().map(|root| root.strip_suffix(b"/").unwrap_or(&root).to_vec()),
                2 => own_root(platform),
                _ => return None,
            };
            self.asked += 1;
            self.known.extend(root);
        }
        self.known.get(index).map(Vec::as_slice)
    }
}

/// The root in which the loader itself lies: `<root>/distx.org_2024-xload-<cpu>/bin/<loader>`.
fn own_root<P: Platform>(platform: &P) -> Option<Vec<u8>> {
    let path = own_path(platform).ok()?;
    let package = folder(&path).strip_suffix(b"/bin")?;
    package.contains(&b'/').then(|| folder(package).to_vec())
}

/// Opens a file under its absolute path, so that it keeps its place whatever becomes of the current directory; as it was named
/// where the host does not let that path through.
pub(crate) fn open<P: Platform>(platform: &P, path: &[u8]) -> Result<Opened, Errno> {
    match absolute(platform, path).filter(|full| full != path) {
        Some(full) => Opened::open(platform, &full).or_else(|_| Opened::open(platform, path)),
        None => Opened::open(platform, path),
    }
}

/// An absolute path by its text alone, without `.`, `..` and doubled slashes but the two at the start of a share's.
fn clean(path: &[u8]) -> Vec<u8> {
    let mut clean: Vec<u8> = Vec::with_capacity(path.len());
    if path.starts_with(b"//") && path.get(2) != Some(&b'/') {
        clean.push(b'/');
    }
    for part in path.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => clean.truncate(folder(&clean).len()),
            name => {
                clean.push(b'/');
                clean.extend_from_slice(name);
            }
        }
    }
    clean
}

/// Where the environment says that libraries lie.
#[derive(Default)]
pub(crate) struct Named {
    /// `XLOAD_ROOT`, absolute.
    pub root: Option<Vec<u8>>,
    /// The folders of `LD_LIBRARY_PATH`, absolute.
    pub library_path: Vec<Vec<u8>>,
}

/// Who asks for a library.
pub(crate) struct Search<'s, P> {
    pub platform: &'s P,
    pub trace: Trace,
    /// The folders of `LD_LIBRARY_PATH`, absolute.
    pub library_path: &'s [Vec<u8>],
    pub roots: &'s mut Roots,
    pub program: Option<&'s Object>,
    /// The file that needs the library.
    pub needer: Option<&'s Object>,
    /// What the loader's own file holds.
    pub payload: Option<&'s Payload>,
}

impl<P: Platform> Search<'_, P> {
    fn root(&mut self, index: usize) -> Option<Vec<u8>> {
        self.roots.get(self.platform, self.program, index).map(<[u8]>::to_vec)
    }

    /// Opens the library; `NOENT` when it is nowhere, else the first other reason.
    pub(crate) fn open(&mut self, name: &[u8]) -> Result<Opened, Errno> {
        if let Some(member) = self.member(name, true) {
            return member;
        }
        let found = if name.contains(&b'/') { self.open_path(name) } else { self.open_name(name) };
        match found {
            Err(Errno::NOENT) => self.member(name, false).unwrap_or(Err(Errno::NOENT)),
            found => found,
        }
    }

    /// A library of the payload: first of all where its program runs, else last, as the root in which the loader lies.
    fn member(&self, name: &[u8], first: bool) -> Option<Result<Opened, Errno>> {
        let member = self.payload.filter(|payload| payload.is_running == first)?.library(self.platform, name)?;
        self.show(name, &member);
        Some(member)
    }

    /// A path: inside the root, and as it stands.
    fn open_path(&mut self, path: &[u8]) -> Result<Opened, Errno> {
        let mut reason = Errno::NOENT;
        if path.starts_with(b"/") {
            let mut index = 0;
            while let Some(root) = self.root(index) {
                if let Some(found) = self.attempt([&root, path].concat(), &mut reason) {
                    return Ok(found);
                }
                index += 1;
            }
        }
        if self.platform.is_secure() && !path.starts_with(b"/") {
            return Err(Errno::ACCES);
        }
        self.check(path, open(self.platform, path), &mut reason).ok_or(reason)
    }

    /// A name: in DT_RPATH, in `LD_LIBRARY_PATH`, beside the program, in DT_RUNPATH, beside the file that needs it, in the library
    /// folders of the roots.
    fn open_name(&mut self, name: &[u8]) -> Result<Opened, Errno> {
        let mut reason = Errno::NOENT;
        let home = |object: Option<&Object>| object.and_then(Object::home).map(|home| home.folder.to_vec());
        let (program, needer) = (home(self.program), home(self.needer));
        let own = self.needer.map(|needer| needer.runpath.clone()).unwrap_or_default();
        let needer = needer.filter(|needer| Some(needer) != program.as_ref());
        let (rpath, runpath) = if self.needer.is_some_and(|needer| needer.dynamic.runpath.is_none()) {
            (own, Vec::new())
        } else {
            (Vec::new(), own)
        };
        let given = rpath.into_iter().chain(self.library_path.iter().cloned());
        for folder in given.chain(program).chain(runpath).chain(needer) {
            if let Some(found) = self.attempt([&folder, &b"/"[..], name].concat(), &mut reason) {
                return Ok(found);
            }
        }
        let mut index = 0;
        while let Some(root) = self.root(index) {
            for package in ["xlibc", "llvm-libcxx", "llvm-rt"] {
                let folder = ["/", PACKAGE_PREFIX, package, "-", Machine::HOST.name(), "/lib/"].concat();
                if let Some(found) = self.attempt([&root, folder.as_bytes(), name].concat(), &mut reason) {
                    return Ok(found);
                }
            }
            index += 1;
        }
        let mut index = 0;
        while let Some(root) = self.root(index) {
            for package in self.packages(&root) {
                if let Some(found) = self.attempt([&root, &b"/"[..], &package, b"/lib/", name].concat(), &mut reason) {
                    return Ok(found);
                }
            }
            index += 1;
        }
        Err(reason)
    }

    fn attempt(&self, path: Vec<u8>, reason: &mut Errno) -> Option<Opened> {
        self.check(&path, Opened::open(self.platform, &path), reason)
    }

    fn check(&self, path: &[u8], file: Result<Opened, Errno>, reason: &mut Errno) -> Option<Opened> {
        let file = file.and_then(|file| self.trusted(file));
        self.show(path, &file);
        match file {
            Ok(found) => Some(found),
            Err(Errno::NOENT | Errno::NOTDIR) => None,
            Err(errno) => {
                if *reason == Errno::NOENT {
                    *reason = errno;
                }
                None
            }
        }
    }

    fn show(&self, path: &[u8], file: &Result<Opened, Errno>) {
        if self.trace.shows(Topic::Files) {
            match file {
                Ok(file) => self.trace.say(Topic::Files, format_args!("  found {}", Text(&file.path))),
                Err(errno) => self.trace.say(Topic::Files, format_args!("  not {}: {errno:?}", Text(path))),
            }
        }
    }

    /// A process that may do more than its starter takes code only from the superuser and from the user whose rights it has.
    fn trusted(&self, file: Opened) -> Result<Opened, Errno> {
        if !self.platform.is_secure() || [0, self.platform.ids().euid].contains(&file.stat.uid) {
            return Ok(file);
        }
        // The descriptor was only looked at.
        let _ = self.platform.close(file.fd);
        Err(Errno::ACCES)
    }

    /// Packages of this CPU in the root, in order of name, so that the same root always gives the same answer.
    fn packages(&self, root: &[u8]) -> Vec<Vec<u8>> {
        let mut packages = Vec::new();
        let flags = abi::open::READ_ONLY | abi::open::DIRECTORY | abi::open::CLOSE_ON_EXEC;
        let Ok(fd) =
            self.platform.open(abi::at::CURRENT_DIRECTORY, if root.is_empty() { b"/" } else { root }, flags, 0)
        else {
            return packages;
        };
        let mut buffer = alloc::vec![0; 8192];
        while let Some(mut records) = self.platform.read_directory(fd, &mut buffer).ok().and_then(|n| buffer.get(..n))
            && !records.is_empty()
        {
            while let Some((record, length)) = Record::first(records) {
                if record.name.ends_with(Machine::HOST.name().as_bytes()) {
                    packages.push(record.name.to_vec());
                }
                records = records.get(length..).unwrap_or_default();
            }
        }
        // The directory was only read.
        let _ = self.platform.close(fd);
        packages.sort();
        packages
    }
}

/// The folders of `LD_LIBRARY_PATH`, separated by `:` or `;`, as they are when the process starts. An empty one, which a script
/// leaves that adds to a variable without a value, is none: code does not come from wherever the process happens to be.
pub(crate) fn library_path<P: Platform>(platform: &P, value: &[u8]) -> Vec<Vec<u8>> {
    let entries = value.split(|byte| matches!(byte, b':' | b';')).filter(|entry| !entry.is_empty());
    entries.filter_map(|entry| absolute(platform, entry)).collect()
}

/// The folders of DT_RUNPATH, else DT_RPATH, as they are when the file is loaded: `$ORIGIN` is the folder of the file that has
/// them, a relative one begins at the current directory. Those that depend on what is not known, or not to be trusted, are left
/// out.
pub(crate) fn runpath<P: Platform>(platform: &P, object: &Object) -> Vec<Vec<u8>> {
    let list = object.dynamic.runpath.or(object.dynamic.rpath).unwrap_or_default();
    let entries = list.split(|byte| *byte == b':').filter(|entry| !entry.is_empty());
    let folder = |entry: &[u8]| match entry.strip_prefix(b"${ORIGIN}").or_else(|| after_origin(entry)) {
        Some(rest) => object.home().map(|home| [home.folder, rest].concat()),
        None if platform.is_secure() && !entry.starts_with(b"/") => None,
        None => absolute(platform, entry),
    };
    entries.filter_map(folder).collect()
}

/// What follows `$ORIGIN`, and not a longer name.
fn after_origin(entry: &[u8]) -> Option<&[u8]> {
    entry.strip_prefix(b"$ORIGIN").filter(|rest| matches!(rest, [] | [b'/', ..]))
}
