//! Which root a command works with.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use distx_toolchain::driver::ROOT_VARIABLE;
use distx_toolchain::target::{Cpu, Root};

use crate::{packages, project};

/// The root that is named, else the one that this program lies in, else `_distx` of the project that the current folder is in.
///
/// # Errors
/// There is none of them.
pub fn find(named: Option<&Path>) -> Result<Root> {
    if let Some(folder) = named {
        return Ok(Root(std::path::absolute(folder)?));
    }
    let program = program()?;
    let beside = above(&program);
    if let Some(folder) = beside.as_ref().filter(|folder| is_root(folder)) {
        return Ok(Root(folder.clone()));
    }
    match project::folder_of(&env::current_dir()?)?.map(|folder| folder.join(project::PACKAGES)) {
        Some(folder) if is_root(&folder) => Ok(Root(folder)),
        Some(folder) => bail!("{} has no packages; `distx install` gets them", folder.display()),
        None => bail!(
            "no packages: {} lies in no folder with packages, and the current folder in no project with some; name one with --root DIR",
            program.display()
        ),
    }
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

/// The root of `ROOT/bin/distx` and `ROOT/PACKAGE/bin/distx`.
fn above(program: &Path) -> Option<PathBuf> {
    let folder = program.parent()?.parent()?;
    Some(if packages::is_package(folder) { folder.parent()? } else { folder }.to_owned())
}

/// Whether packages lie in the folder.
fn is_root(folder: &Path) -> bool {
    let Ok(mut entries) = std::fs::read_dir(folder) else { return false };
    entries.any(|entry| entry.is_ok_and(|entry| packages::is_package(&entry.path())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_is_found_from_its_bin_and_from_that_of_a_package() {
        for program in ["/r/bin/distx", "/r/distx.org_2024-llvm-x86_64/bin/clang"] {
            assert_eq!(above(Path::new(program)), Some("/r".into()), "{program}");
        }
        assert_eq!(above(Path::new("/distx")), None);
    }

    #[test]
    fn a_folder_with_a_package_is_a_root() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(!is_root(folder.path()));
        std::fs::create_dir(folder.path().join("distx.org_2024-xlibc-x86_64")).expect("made");
        assert!(is_root(folder.path()));
        assert!(!is_root(&folder.path().join("none")));
    }

    #[test]
    fn packages_of_others_make_a_root_where_distx_installed_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let package = folder.path().join("packages.example_tool-x86_64");
        std::fs::create_dir_all(package.join("bin")).expect("made");
        assert!(!is_root(folder.path()), "any folder may have such a name");
        assert_eq!(above(&package.join("bin/distx")), Some(package.clone()));
        std::fs::write(package.join(packages::RECORD), "{}").expect("written");
        assert!(is_root(folder.path()));
        assert_eq!(above(&package.join("bin/distx")), Some(folder.path().to_owned()));
    }
}
