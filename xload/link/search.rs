//! Where libraries lie.

use alloc::vec::Vec;

use platform::{Errno, Platform, abi};

use super::object::{Object, Opened, folder};
use crate::elf::Machine;

/// Folders that stand for `/` of the paths in DT_SONAME and DT_NEEDED, best first: the program's path less its soname,
/// `XLOAD_ROOT`, the root in which the loader lies. Each is found out when it is asked for, as that takes system calls.
pub(crate) struct Roots {
    known: Vec<Vec<u8>>,
    /// `XLOAD_ROOT` of the environment.
    environment: Option<Vec<u8>>,
    /// How many of the three places were looked at.
    asked: u32,
}

impl Roots {
    pub(crate) const EMPTY: Self = Self { known: Vec::new(), environment: None, asked: 0 };

    /// With `XLOAD_ROOT`, where it is set.
    pub(crate) fn new(environment: Option<&[u8]>) -> Self {
        Self { environment: environment.filter(|root| !root.is_empty()).map(<[u8]>::to_vec), ..Self::EMPTY }
    }

    /// Root number `index`.
    pub(crate) fn get<P: Platform>(&mut self, platform: &P, program: Option<&Object>, index: usize) -> Option<&[u8]> {
        while self.known.len() <= index {
            let root = match self.asked {
                0 => program.and_then(|program| {
                    let soname = program.dynamic.soname.filter(|soname| soname.starts_with(b"/"))?;
                    absolute(platform, program.name())?.strip_suffix(soname).map(<[u8]>::to_vec)
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

/// The path of the loader's own file.
pub(crate) fn own_path<P: Platform>(platform: &P) -> Result<Vec<u8>, Errno> {
    // Long enough as a rule, and touches no further page of the stack.
    let mut short = [0; 256];
    match platform.executable_path(&mut short) {
        Err(Errno::RANGE) => {
            let mut path = alloc::vec![0; 4096];
            let length = platform.executable_path(&mut path)?;
            path.truncate(length);
            Ok(path)
        }
        length => short.get(..length?).map(<[u8]>::to_vec).ok_or(Errno::RANGE),
    }
}

/// The root in which the loader itself lies: `<root>/distx.org_2024-xload-<cpu>/bin/<loader>`.
fn own_root<P: Platform>(platform: &P) -> Option<Vec<u8>> {
    let path = own_path(platform).ok()?;
    let package = folder(&path).strip_suffix(b"/bin")?;
    package.contains(&b'/').then(|| folder(package).to_vec())
}

/// The path from the root of the file system, without `.`, `..` and doubled slashes. Backslashes of a host that has
/// drive letters count as slashes.
fn absolute<P: Platform>(platform: &P, path: &[u8]) -> Option<Vec<u8>> {
    let drive = path.get(1) == Some(&b':');
    let mut full = Vec::new();
    if !path.starts_with(b"/") && !drive {
        full.resize(4096, 0);
        let length = platform.current_directory(&mut full).ok()?;
        full.truncate(length);
        full.push(b'/');
    }
    full.extend(path.iter().map(|byte| if drive && *byte == b'\\' { b'/' } else { *byte }));
    let mut clean: Vec<u8> = Vec::with_capacity(full.len());
    for part in full.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => clean.truncate(folder(&clean).len()),
            name => {
                if !clean.is_empty() || !drive {
                    clean.push(b'/');
                }
                clean.extend_from_slice(name);
            }
        }
    }
    Some(clean)
}

/// Who asks for a library.
pub(crate) struct Search<'s, P> {
    pub platform: &'s P,
    pub roots: &'s mut Roots,
    pub program: Option<&'s Object>,
    /// The file that needs the library.
    pub needer: Option<&'s Object>,
}

impl<P: Platform> Search<'_, P> {
    fn root(&mut self, index: usize) -> Option<Vec<u8>> {
        self.roots.get(self.platform, self.program, index).map(<[u8]>::to_vec)
    }

    /// Opens the library; `NOENT` when it is nowhere, else the first other reason.
    pub(crate) fn open(&mut self, name: &[u8]) -> Result<Opened, Errno> {
        if name.contains(&b'/') { self.open_path(name) } else { self.open_name(name) }
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
        self.attempt(path.to_vec(), &mut reason).ok_or(reason)
    }

    /// A name: beside the program, in DT_RUNPATH, beside the file that needs it, in the library folders of the roots.
    fn open_name(&mut self, name: &[u8]) -> Result<Opened, Errno> {
        let mut reason = Errno::NOENT;
        let beside = |path: &[u8]| match folder(path) {
            b"" if !path.starts_with(b"/") => name.to_vec(),
            folder => [folder, b"/", name].concat(),
        };
        let path = |object: Option<&Object>| object.map(|object| object.name().to_vec()).unwrap_or_default();
        let (program, needer) = (path(self.program), path(self.needer));
        if let Some(found) = self.attempt(beside(&program), &mut reason) {
            return Ok(found);
        }
        let runpath = self.needer.and_then(|needer| needer.dynamic.runpath).unwrap_or_default();
        for entry in runpath.split(|byte| *byte == b':').filter(|entry| !entry.is_empty()) {
            if let Some(found) = self.attempt([&expand(entry, &needer), &b"/"[..], name].concat(), &mut reason) {
                return Ok(found);
            }
        }
        if folder(&needer) != folder(&program)
            && let Some(found) = self.attempt(beside(&needer), &mut reason)
        {
            return Ok(found);
        }
        let mut index = 0;
        while let Some(root) = self.root(index) {
            for package in ["xlibc", "llvm-libcxx", "llvm-rt"] {
                let folder = ["/distx.org_2024-", package, "-", Machine::HOST.name(), "/lib/"].concat();
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
        match Opened::open(self.platform, &path) {
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
            // struct dirent: ino, off, length of the record, type, name.
            while let Some((&[low, high, _], name)) = records.get(16..).and_then(<[u8]>::split_first_chunk) {
                let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
                if name.ends_with(Machine::HOST.name().as_bytes()) {
                    packages.push(name.to_vec());
                }
                records = records.get(usize::from(u16::from_le_bytes([low, high])).max(1)..).unwrap_or_default();
            }
        }
        // The directory was only read.
        let _ = self.platform.close(fd);
        packages.sort();
        packages
    }
}

/// A folder of DT_RUNPATH, with the folder of the file that has it for `$ORIGIN`.
fn expand(entry: &[u8], needer: &[u8]) -> Vec<u8> {
    let rest = entry.strip_prefix(b"$ORIGIN").or_else(|| entry.strip_prefix(b"${ORIGIN}"));
    match (rest, folder(needer)) {
        (None, _) => entry.to_vec(),
        (Some(rest), b"") if !needer.starts_with(b"/") => [b".", rest].concat(),
        (Some(rest), folder) => [folder, rest].concat(),
    }
}
