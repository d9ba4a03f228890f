//! Which files a program needs, found where the loader finds them (`xload/link/search.rs`).

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use distx_toolchain::target::{Cpu, Root};
use loader_abi::files::PACKAGE_PREFIX;

use crate::elf::Elf;

/// A file on its way into the payload.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name in the payload.
    pub name: String,
    pub path: PathBuf,
    pub bytes: Vec<u8>,
    soname: Option<String>,
}

/// A program and all that it needs.
#[derive(Debug)]
pub struct Closure {
    pub cpu: Cpu,
    /// The program first.
    pub files: Vec<File>,
}

/// Reads the program, the files that are to come along, and the libraries that all of them need.
pub fn closure(program: &Path, with: &[PathBuf], root: &Root) -> Result<Closure> {
    let (bytes, elf) = read(program)?;
    let cpu = elf.cpu;
    let home = folder(program);
    let mut roots = Vec::new();
    // The program's path less its soname, as the loader has it.
    let absolute = std::path::absolute(program)?;
    roots.extend(elf.soname.as_ref().and_then(|soname| root_of(&absolute, soname)));
    roots.push(root.0.clone());
    let mut search = Search { cpu, home: home.clone(), roots, files: Vec::new(), open: VecDeque::new() };
    let name = program.file_name().with_context(|| format!("{}: not a file", program.display()))?;
    search.add(text(Path::new(name))?, program.to_owned(), bytes, elf)?;
    for file in with {
        let (bytes, elf) = read(file)?;
        // Where it lies beside the program, it is found as it is there.
        let below = std::path::absolute(file)?.strip_prefix(std::path::absolute(&home)?).ok().map(Path::to_owned);
        let name = below.or_else(|| file.file_name().map(PathBuf::from)).unwrap_or_default();
        search.add(text(&name)?, file.clone(), bytes, elf)?;
    }
    search.close_over()?;
    Ok(Closure { cpu, files: search.files })
}

fn read(path: &Path) -> Result<(Vec<u8>, Elf)> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let elf = Elf::parse(&bytes).with_context(|| path.display().to_string())?;
    Ok((bytes, elf))
}

fn folder(path: &Path) -> PathBuf {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

/// With `/` between folders on every machine.
fn text(path: &Path) -> Result<String> {
    let text = path.to_str().with_context(|| format!("{}: the name is not UTF-8", path.display()))?;
    Ok(if cfg!(windows) { text.replace('\\', "/") } else { text.to_owned() })
}

fn root_of(program: &Path, soname: &str) -> Option<PathBuf> {
    let parts = Path::new(soname.strip_prefix('/')?).components().count();
    program.ends_with(&soname[1..]).then(|| program.ancestors().nth(parts).map(Path::to_owned)).flatten()
}

/// A file whose libraries are to be found.
struct Open {
    path: PathBuf,
    needed: Vec<String>,
    runpath: Vec<String>,
}

struct Search {
    cpu: Cpu,
    /// The program's folder.
    home: PathBuf,
    roots: Vec<PathBuf>,
    files: Vec<File>,
    open: VecDeque<Open>,
}

impl Search {
    fn add(&mut self, name: String, path: PathBuf, bytes: Vec<u8>, elf: Elf) -> Result<()> {
        if elf.cpu != self.cpu {
            bail!("{}: made for {}, the program for {}", path.display(), elf.cpu.name(), self.cpu.name());
        }
        if let Some(other) = self.files.iter().find(|file| file.name == name) {
            if other.bytes == bytes {
                return Ok(());
            }
            bail!("{} and {} would both be {name} in the packed file", other.path.display(), path.display());
        }
        self.open.push_back(Open { path: path.clone(), needed: elf.needed, runpath: elf.runpath });
        self.files.push(File { name, path, bytes, soname: elf.soname });
        Ok(())
    }

    /// Breadth first, as the loader does it: of two files for a name the same one wins.
    fn close_over(&mut self) -> Result<()> {
        while let Some(needer) = self.open.pop_front() {
            for name in &needer.needed {
                if let Some(file) = self.files.iter().find(|file| file.answers_to(name)) {
                    if !file.is_found_by(name) {
                        let file = file.clone();
                        self.files.push(File { name: name.trim_start_matches('/').to_owned(), ..file });
                    }
                    continue;
                }
                let path = self.find(name, &needer).with_context(|| {
                    format!(
                        "{} needs the library {name}, which is neither beside it nor in {}; name its file with --with",
                        needer.path.display(),
                        self.roots.iter().map(|root| root.display().to_string()).collect::<Vec<_>>().join(", ")
                    )
                })?;
                let (bytes, elf) = read(&path)?;
                self.add(name.trim_start_matches('/').to_owned(), path, bytes, elf)?;
            }
        }
        Ok(())
    }

    fn find(&self, name: &str, needer: &Open) -> Option<PathBuf> {
        let is_file = |path: &PathBuf| path.is_file();
        if let Some(relative) = name.strip_prefix('/') {
            let in_root = self.roots.iter().map(|root| root.join(relative)).find(is_file);
            return in_root.or_else(|| Some(PathBuf::from(name)).filter(is_file));
        }
        let origin = folder(&needer.path);
        let runpath = needer.runpath.iter().filter(|entry| !entry.is_empty()).map(|entry| {
            let rest = entry.strip_prefix("${ORIGIN}").or_else(|| entry.strip_prefix("$ORIGIN"));
            rest.map_or_else(|| PathBuf::from(entry), |rest| origin.join(rest.trim_start_matches('/')))
        });
        let folders = [self.home.clone()].into_iter().chain(runpath).chain([origin.clone()]).chain(self.libraries());
        folders.map(|folder| folder.join(name)).find(is_file)
    }

    /// The library folders of the roots: first those of our own packages.
    fn libraries(&self) -> Vec<PathBuf> {
        let cpu = self.cpu.name();
        let mut folders = Vec::new();
        for root in &self.roots {
            let own = ["xlibc", "llvm-libcxx", "llvm-rt"].map(|package| format!("{PACKAGE_PREFIX}{package}-{cpu}"));
            folders.extend(own.map(|package| root.join(package).join("lib")));
        }
        for root in &self.roots {
            let entries = fs::read_dir(root).into_iter().flatten().flatten();
            let mut packages: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
            packages.retain(|path| path.to_string_lossy().ends_with(cpu));
            packages.sort();
            folders.extend(packages.into_iter().map(|package| package.join("lib")));
        }
        folders
    }
}

impl File {
    /// As `Object::answers_to` of the loader.
    fn answers_to(&self, name: &str) -> bool {
        let last = |path: &str| path.rsplit('/').next() == Some(name);
        let soname = self.soname.as_deref().unwrap_or_default();
        soname == name || !name.contains('/') && last(soname) || self.is_found_by(name)
    }

    /// As `Directory::library` of the payload.
    fn is_found_by(&self, name: &str) -> bool {
        self.name == name.trim_start_matches('/') || !name.contains('/') && self.name.rsplit('/').next() == Some(name)
    }
}
