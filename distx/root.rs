//! Which root a command works with.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use distx_toolchain::driver::ROOT_VARIABLE;
use distx_toolchain::target::{Cpu, Root};
use loader_abi::files::PACKAGE_PREFIX;

use crate::project;

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
    let in_package = folder.file_name()?.to_string_lossy().starts_with(PACKAGE_PREFIX);
    Some(if in_package { folder.parent()? } else { folder }.to_owned())
}

/// Whether packages lie in the folder.
fn is_root(folder: &Path) -> bool {
    let Ok(mut entries) = std::fs::read_dir(folder) else { return false };
    entries.any(|entry| entry.is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with(PACKAGE_PREFIX)))
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
}
