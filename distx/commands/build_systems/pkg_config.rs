//! `distx pkg-config`: the machine's pkg-config, which then knows the packages of the root and what the user names, and none of the
//! machine's own libraries.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Context, Result};
use distx_toolchain::target::{Cpu, Root};
use distx_toolchain::tools;

use super::target::target_arch;

/// Runs it for libraries of `cpu`, or of the CPU that a first `--target-arch=` names.
pub fn run(mut args: Vec<OsString>, cpu: Cpu, root: &Root) -> Result<i32> {
    let cpu = target_arch(&mut args)?.unwrap_or(cpu);
    let program = ["pkgconf", "pkg-config"].into_iter().find_map(tools::on_path).context(
        "there is no pkgconf or pkg-config on PATH; install one (Debian: `apt-get install pkgconf`), it reads the .pc files",
    )?;
    // A folder's own list (`PKG_CONFIG_PATH`) is the user's and comes first; this one stands for the machine's.
    let folders = std::env::join_paths(folders(root, cpu)?).context("the root's path cannot stand in a list")?;
    let mut line: Vec<OsString> = Vec::new();
    if std::env::var_os("PKG_CONFIG_SYSROOT_DIR").is_none() {
        // A package says where it was built; where its .pc file lies is where it is.
        line.push("--define-prefix".into());
    }
    line.extend(args);
    let libdir = folders.to_str().context("the root's path is not UTF-8")?.to_owned();
    // Folders of the compiler's own, which no flag need name, are those of this machine in pkg-config's eyes.
    let own = [
        ("PKG_CONFIG_LIBDIR", libdir),
        ("PKG_CONFIG_SYSTEM_INCLUDE_PATH", "/".into()),
        ("PKG_CONFIG_SYSTEM_LIBRARY_PATH", "/".into()),
    ];
    tools::run_exactly(&program, &line, &own)
}

/// Where the packages of the root have .pc files, those of the CPU first.
fn folders(root: &Root, cpu: Cpu) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(&root.0).with_context(|| format!("cannot read {}", root.0.display()))?;
    let mut names: Vec<OsString> = entries.filter_map(|entry| Some(entry.ok()?.file_name())).collect();
    names.sort();
    let of =
        |variant: &str| names.iter().filter(move |name| name.to_string_lossy().ends_with(variant)).collect::<Vec<_>>();
    let packages = [of(&format!("-{}", cpu.name())), of("-common")].concat();
    let inside = packages
        .into_iter()
        .flat_map(|package| ["lib/pkgconfig", "share/pkgconfig"].map(|folder| root.0.join(package).join(folder)));
    Ok(inside.collect())
}
