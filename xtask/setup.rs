//! Debian packages: each is installed only when the file it is needed for is missing.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};
use distx::tools::on_path;

use crate::progress::note;
use crate::run;

/// A file and the package that brings it.
struct Need {
    /// A path, or the name of a command on PATH.
    file: &'static str,
    package: &'static str,
}

const fn need(file: &'static str, package: &'static str) -> Need {
    Need { file, package }
}

/// Without these nothing is built.
const REQUIRED: &[Need] = &[
    need("/usr/lib/llvm-19/bin/clang", "clang-19"),
    need("/usr/lib/llvm-19/bin/ld.lld", "lld-19"),
    need("/usr/lib/llvm-19/bin/llvm-ar", "llvm-19"),
    need("cmake", "cmake"),
    need("ninja", "ninja-build"),
    need("python3", "python3"),
    need("xz", "xz-utils"),
    need("make", "make"),
    need("cc", "gcc"),
    need("/usr/include/stdio.h", "libc6-dev"),
    need("/usr/bin/rustc", "rustc-web"),
    need("/usr/bin/cargo", "cargo-web"),
    need("/usr/lib/rustlib/src/rust/library/Cargo.lock", "rust-web-src"),
    need("x86_64-w64-mingw32-gcc", "gcc-mingw-w64-x86-64"),
    // The data base that libc++'s time zones read, as text.
    need("/usr/share/zoneinfo/tzdata.zi", "tzdata"),
    need("/usr/share/zoneinfo/leap-seconds.list", "tzdata"),
];

/// Without one of these a host, program or comparison is skipped, and named.
const OPTIONAL: &[Need] = &[
    need("/usr/lib/wine/wine64", "wine64"),
    need("wine", "wine"),
    need("qemu-aarch64", "qemu-user"),
    need("tclsh", "tcl"),
    need("gdb", "gdb"),
    need("musl-gcc", "musl-tools"),
];

impl Need {
    fn is_met(&self) -> bool {
        match self.file.starts_with('/') {
            true => Path::new(self.file).exists(),
            false => on_path(self.file).is_some(),
        }
    }
}

/// Installs what every build needs.
///
/// # Errors
/// Something is missing and cannot be installed: the message names it.
pub fn required() -> Result<()> {
    install(REQUIRED)?;
    let version = run::output(Command::new("/usr/bin/rustc").arg("--version"))?;
    if minor_version(&version).is_none_or(|minor| minor < 95) {
        bail!(
            "/usr/bin/rustc is {}; the cross builds need Debian's rustc-web 1.95 or later in its place",
            version.trim()
        );
    }
    Ok(())
}

/// Installs what some hosts and tests need; a failure is only reported.
pub fn optional() {
    if let Err(error) = install(OPTIONAL) {
        note(&format!("some hosts or tests will be skipped: {error:#}"));
    }
}

/// Installs the linters where cargo has none.
///
/// # Errors
/// They are missing and cannot be installed.
pub fn linters() -> Result<()> {
    // clippy of Debian's compiler for the cross targets, whose libraries another version cannot read.
    let needs = [need("cargo-fmt", "rustfmt-web"), need("/usr/bin/cargo-clippy", "rust-web-clippy")];
    install(&needs)
}

fn minor_version(version: &str) -> Option<u32> {
    version.split_whitespace().nth(1)?.split('.').nth(1)?.parse().ok()
}

fn install(needs: &[Need]) -> Result<()> {
    let mut missing: Vec<&str> = needs.iter().filter(|need| !need.is_met()).map(|need| need.package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    missing.dedup();
    let list = missing.join(" ");
    if on_path("apt-get").is_none() {
        bail!("missing: {list} (Debian names); there is no apt-get here to install them");
    }
    if !is_root() {
        bail!("missing: {list}; run `apt-get install {list}` as root, or ./x setup as root");
    }
    note(&format!("installing {list}"));
    run::step("apt-get update", Command::new("apt-get").args(["update", "-q"]))?;
    run::step(
        &format!("apt-get install {list}"),
        Command::new("apt-get")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["install", "-q", "-y", "--no-install-recommends"])
            .args(missing),
    )
}

/// True for the user who may install packages.
pub fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|metadata| metadata.uid() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiler_version_is_read() {
        assert_eq!(minor_version("rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)"), Some(96));
        assert_eq!(minor_version("rustc"), None);
    }
}
