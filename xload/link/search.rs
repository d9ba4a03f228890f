//! Where libraries lie.

use alloc::vec::Vec;

use platform::{Errno, Platform, abi};

use super::object::{Object, Opened, folder};
use crate::elf::Machine;

/// Folders that stand for `/` of the paths in DT_SONAME and DT_NEEDED, best first.
pub(crate) struct Roots {
    list: Vec<Vec<u8>>,
    /// `XLOAD_ROOT` of the environment.
    environment: Option<Vec<u8>>,
    known: bool,
}

impl Roots {
    pub(crate) const EMPTY: Self = Self { list: Vec::new(), environment: None, known: false };

    /// With `XLOAD_ROOT`, where it is set.
    pub(crate) fn new(environment: Option<&[u8]>) -> Self {
        Self { environment: environment.filter(|root| !root.is_empty()).map(<[u8]>::to_vec), ..Self::EMPTY }
    }

    /// The roots: the program's path less its soname, `XLOAD_ROOT`, the root in which the loader lies. Found out when first
    /// asked for, as it takes system calls.
    pub(crate) fn list<P: Platform>(&mut self, platform: &P, program: Option<&Object>) -> &[Vec<u8>] {
        if !self.known {
            self.known = true;
            let of_program = program.and_then(|program| {
                let soname = program.dynamic.soname.filter(|soname| soname.starts_with(b"/"))?;
                absolute(platform, program.name())?.strip_suffix(soname).map(<[u8]>::to_vec)
            });
            self.list.extend(of_program);
            self.list.extend(self.environment.as_deref().map(|root| root.strip_suffix(b"/").unwrap_or(root).to_vec()));
            self.list.extend(own_root(platform));
        }
        &self.list
    }
}

/// The root in which the loader itself lies: `<root>/distx.org_2024-xload-<cpu>/bin/<loader>`.
fn own_root<P: Platform>(platform: &P) -> Option<Vec<u8>> {
    let mut buffer = alloc::vec![0; 4096];
    let length = platform.executable_path(&mut buffer).ok()?;
    let bin = folder(buffer.get(..length)?);
    let package = bin.strip_suffix(b"/bin")?;
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
    pub roots: &'s [Vec<u8>],
    /// Path of the program.
    pub program: &'s [u8],
    /// Path of the file that needs the library.
    pub needer: &'s [u8],
    /// DT_RUNPATH of that file.
    pub runpath: Option<&'s [u8]>,
}

impl<P: Platform> Search<'_, P> {
    /// Opens the library; `NOENT` when it is nowhere, else the first other reason.
    pub(crate) fn open(&self, name: &[u8]) -> Result<Opened, Errno> {
        if name.contains(&b'/') { self.open_path(name) } else { self.open_name(name) }
    }

    /// A path: inside the root, and as it stands.
    fn open_path(&self, path: &[u8]) -> Result<Opened, Errno> {
        let mut reason = Errno::NOENT;
        if path.starts_with(b"/") {
            for root in self.roots {
                if let Some(found) = self.attempt([root, path].concat(), &mut reason) {
                    return Ok(found);
                }
            }
        }
        self.attempt(path.to_vec(), &mut reason).ok_or(reason)
    }

    /// A name: beside the program, in DT_RUNPATH, beside the file that needs it, in the library folders of the roots.
    fn open_name(&self, name: &[u8]) -> Result<Opened, Errno> {
        let mut reason = Errno::NOENT;
        let beside = |path: &[u8]| match folder(path) {
            b"" if !path.starts_with(b"/") => name.to_vec(),
            folder => [folder, b"/", name].concat(),
        };
        if let Some(found) = self.attempt(beside(self.program), &mut reason) {
            return Ok(found);
        }
        for entry in self.runpath.unwrap_or_default().split(|byte| *byte == b':').filter(|entry| !entry.is_empty()) {
            if let Some(found) = self.attempt([&self.origin(entry), &b"/"[..], name].concat(), &mut reason) {
                return Ok(found);
            }
        }
        if folder(self.needer) != folder(self.program)
            && let Some(found) = self.attempt(beside(self.needer), &mut reason)
        {
            return Ok(found);
        }
        for root in self.roots {
            for package in ["xlibc", "llvm-libcxx", "llvm-rt"] {
                let folder = ["/distx.org_2024-", package, "-", Machine::HOST.name(), "/lib/"].concat();
                if let Some(found) = self.attempt([root, folder.as_bytes(), name].concat(), &mut reason) {
                    return Ok(found);
                }
            }
        }
        for root in self.roots {
            for package in self.packages(root) {
                if let Some(found) = self.attempt([root, &b"/"[..], &package, b"/lib/", name].concat(), &mut reason) {
                    return Ok(found);
                }
            }
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

    /// A folder of DT_RUNPATH, with the folder of the file that needs the library for `$ORIGIN`.
    fn origin(&self, entry: &[u8]) -> Vec<u8> {
        let rest = entry.strip_prefix(b"$ORIGIN").or_else(|| entry.strip_prefix(b"${ORIGIN}"));
        match (rest, folder(self.needer)) {
            (None, _) => entry.to_vec(),
            (Some(rest), b"") if !self.needer.starts_with(b"/") => [b".", rest].concat(),
            (Some(rest), folder) => [folder, rest].concat(),
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
