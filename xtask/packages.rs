//! Putting files into `_distx`: only what changed is written, so that build systems that look at times stay quiet.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use distx_toolchain::tools;

use crate::{cache, run};

/// Copies a file if its contents or mode differ. The old one is replaced, not overwritten: it may be running.
pub fn file(from: &Path, to: &Path) -> Result<()> {
    let contents = fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
    let mode = fs::metadata(from)?.permissions();
    let same =
        fs::metadata(to).is_ok_and(|old| old.permissions() == mode) && fs::read(to).is_ok_and(|old| old == contents);
    if same {
        return Ok(());
    }
    let folder = to.parent().context("a file has a folder")?;
    fs::create_dir_all(folder)?;
    let partial = to.with_file_name(format!(".{}.partial", to.file_name().unwrap_or_default().to_string_lossy()));
    distx_toolchain::postlink::write_sparse(&partial, &contents)?;
    fs::set_permissions(&partial, mode)?;
    fs::rename(&partial, to).with_context(|| format!("cannot write {}", to.display()))
}

/// Writes a text file if it differs.
pub fn text(to: &Path, contents: &str) -> Result<()> {
    if fs::read_to_string(to).is_ok_and(|old| old == contents) {
        return Ok(());
    }
    fs::create_dir_all(to.parent().context("a file has a folder")?)?;
    fs::write(to, contents).with_context(|| format!("cannot write {}", to.display()))
}

/// Copies the files below `from`, beside what is in `to`.
pub fn files(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for path in cache::files_below(from)? {
        file(&path, &to.join(path.strip_prefix(from)?))?;
    }
    Ok(())
}

/// Makes `to` hold the files of `from` and no others.
pub fn tree(from: &Path, to: &Path) -> Result<()> {
    files(from, to)?;
    for path in cache::files_below(to)? {
        if !from.join(path.strip_prefix(to)?).exists() {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

/// A symbolic link.
pub fn link(at: &Path, target: impl AsRef<Path>) -> Result<()> {
    let target = target.as_ref();
    if fs::read_link(at).is_ok_and(|old| old == target) {
        return Ok(());
    }
    fs::create_dir_all(at.parent().context("a link has a folder")?)?;
    match fs::symlink_metadata(at) {
        Ok(old) if old.is_dir() => fs::remove_dir_all(at)?,
        Ok(_) => fs::remove_file(at)?,
        Err(_) => {}
    }
    symlink(target, at).with_context(|| format!("cannot link {}", at.display()))
}

/// Copies a program without its symbols or debug information (`what`: an option of objcopy).
pub fn stripped(program: &Path, what: &str, target: &Path) -> Result<()> {
    let copy = program.with_added_extension("stripped");
    let mut objcopy = Command::new(tools::llvm("llvm-objcopy")?);
    run::output(objcopy.arg(what).arg(program).arg(&copy))?;
    file(&copy, target)
}
