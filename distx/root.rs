//! Which root a command works with where none is named: the one that `distx` lies in, else the one of the project.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use distx_toolchain::driver::ROOT_VARIABLE;
use distx_toolchain::target::{Cpu, Root};
use loader_abi::files::PACKAGE_PREFIX;

/// The file that makes a folder a project.
const PROJECT: &str = "distx-build.json";
/// A project's root.
const ROOT: &str = "_distx";

/// The root of this program's place or of the current folder's project.
///
/// # Errors
/// There is none; the message says how one is named or made.
pub fn find() -> Result<Root> {
    if let Some(root) = of_program(&program()?) {
        return Ok(root);
    }
    let here = env::current_dir().context("the current folder cannot be read")?;
    of_project(&here).context(
        "no folder with packages: distx lies in none, and neither this folder nor one above is a project with `_distx`; \
         `distx install` makes it, --root DIR names another",
    )
}

/// The root that the compiler's driver works with, for the linker that clang starts.
pub fn of_link() -> Option<Root> {
    env::var_os(ROOT_VARIABLE).map(|root| Root(root.into()))
}

/// The linker for clang: another name of this program.
///
/// # Errors
/// There is no file of that name.
pub fn linker(root: &Root) -> Result<PathBuf> {
    let name = format!("distx-ld{}", env::consts::EXE_SUFFIX);
    let program = program()?;
    let folders = [program.parent().unwrap_or(&program), &root.bin(), &root.llvm(Cpu::of_this_machine()).join("bin")]
        .map(|folder| folder.join(&name));
    match folders.iter().find(|file| file.is_file()) {
        Some(file) => Ok(file.clone()),
        None => bail!("no {name} beside {}: that name of distx starts the linker", program.display()),
    }
}

/// This program's own file, without links and without the `\\?\` that Windows puts before resolved names.
fn program() -> Result<PathBuf> {
    env::current_exe().and_then(dunce::canonicalize).context("cannot find distx's own file")
}

/// `<root>/bin/distx` and `<root>/<package>/bin/distx` lie in a root.
fn of_program(program: &Path) -> Option<Root> {
    let folder = program.parent().filter(|folder| folder.ends_with("bin"))?.parent()?;
    let in_package = is_package(folder).then(|| folder.parent()).flatten();
    [in_package, Some(folder)]
        .into_iter()
        .flatten()
        .find(|folder| is_root(folder))
        .map(|folder| Root(folder.to_owned()))
}

/// The `_distx` of the nearest folder that is a project, from `here` upwards. On Unix a project counts only if it belongs to the
/// user or to root: in a folder like /tmp others could leave one that we would run programs of.
fn of_project(here: &Path) -> Option<Root> {
    let project = here.ancestors().find(|folder| folder.join(PROJECT).is_file() && is_trusted(folder))?;
    let root = project.join(ROOT);
    is_root(&root).then_some(Root(root))
}

/// A folder that holds a package.
fn is_root(folder: &Path) -> bool {
    fs::read_dir(folder)
        .is_ok_and(|mut entries| entries.any(|entry| entry.is_ok_and(|entry| is_package(&entry.path()))))
}

fn is_package(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(PACKAGE_PREFIX.as_bytes()))
}

#[cfg(unix)]
fn is_trusted(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let own = rustix::process::geteuid().as_raw();
    fs::metadata(folder.join(PROJECT)).is_ok_and(|file| file.uid() == own || file.uid() == 0)
        && fs::metadata(folder).is_ok_and(|folder| folder.uid() == own || folder.uid() == 0)
}

#[cfg(not(unix))]
fn is_trusted(_: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(root: Option<Root>) -> Option<PathBuf> {
        root.map(|root| root.0)
    }

    #[test]
    fn a_program_of_a_root_or_of_a_package_finds_the_root() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("my röot");
        let bin = root.join(format!("{PACKAGE_PREFIX}llvm-x86_64/bin"));
        fs::create_dir_all(&bin).expect("made");
        assert_eq!(found(of_program(&bin.join("distx"))), Some(root.clone()));
        assert_eq!(found(of_program(&root.join("bin/distx"))), Some(root.clone()));
        assert_eq!(found(of_program(&root.join("distx"))), None);
        assert_eq!(found(of_program(&folder.path().join("bin/distx"))), None, "no package beside it");
        assert_eq!(found(of_program(Path::new("distx"))), None);
    }

    #[test]
    fn the_nearest_project_counts() {
        let folder = tempfile::tempdir().expect("a folder");
        let inner = folder.path().join("a/b/c");
        fs::create_dir_all(&inner).expect("made");
        assert_eq!(found(of_project(&inner)), None);
        let project = folder.path().join("a");
        fs::write(project.join(PROJECT), "{}").expect("written");
        assert_eq!(found(of_project(&inner)), None, "nothing is installed");
        fs::create_dir_all(project.join(ROOT).join(format!("{PACKAGE_PREFIX}xload-x86_64"))).expect("made");
        assert_eq!(found(of_project(&inner)), Some(project.join(ROOT)));
        fs::write(inner.join(PROJECT), "{}").expect("written");
        assert_eq!(found(of_project(&inner)), None, "the nearer one");
    }
}
