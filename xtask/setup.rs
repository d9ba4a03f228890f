//! Debian packages: each is installed only when the file it is needed for is missing, and after a question.

use std::io::{IsTerminal, stdin};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use distx_toolchain::tools::on_path;

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
    need("pkg-config", "pkgconf"),
    need("meson", "meson"),
    need("autoreconf", "autoconf"),
    need("automake", "automake"),
    need("libtoolize", "libtool"),
    need("ccache", "ccache"),
    need("sccache", "sccache"),
    need("distcc", "distcc"),
    need("clangd-19", "clangd-19"),
];

impl Need {
    fn is_met(&self) -> bool {
        match self.file.starts_with('/') {
            true => Path::new(self.file).exists(),
            false => on_path(self.file).is_some(),
        }
    }
}

/// The least version of Rust, from the workspace's `Cargo.toml`.
const LEAST_RUST: &str = env!("CARGO_PKG_RUST_VERSION");

/// Installs packages.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    /// Do not ask before (`--yes`).
    pub yes: bool,
}

impl Setup {
    /// Installs what every build needs.
    ///
    /// # Errors
    /// Something is missing and cannot be installed: the message names it.
    pub fn required(self) -> Result<()> {
        self.install(REQUIRED)?;
        let version = run::output(Command::new("/usr/bin/rustc").arg("--version"))?;
        if minor_version(&version) < minor(LEAST_RUST) {
            bail!(
                "/usr/bin/rustc is {}; the cross builds need Debian's rustc-web {LEAST_RUST} or later in its place",
                version.trim()
            );
        }
        Ok(())
    }

    /// Installs what some hosts and tests need; a failure is only reported.
    pub fn optional(self) {
        if let Err(error) = self.install(OPTIONAL) {
            note(&format!("some hosts or tests will be skipped: {error:#}"));
        }
    }

    /// Installs the linters where cargo has none.
    ///
    /// # Errors
    /// They are missing and cannot be installed.
    pub fn linters(self) -> Result<()> {
        // clippy of Debian's compiler for the cross targets, whose libraries another version cannot read.
        self.install(&[need("cargo-fmt", "rustfmt-web"), need("/usr/bin/cargo-clippy", "rust-web-clippy")])
    }

    fn install(self, needs: &[Need]) -> Result<()> {
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
        let agreed = consent(self.yes, stdin().is_terminal(), || {
            eprint!("x: install with apt-get, as root: {list}? [Y/n] ");
            let mut line = String::new();
            let bytes = stdin().read_line(&mut line).context("cannot read the answer")?;
            Ok((bytes > 0).then_some(line))
        })?;
        ensure!(agreed, "missing, and not to be installed: {list}");
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
}

/// Whether packages may be installed: with `--yes`, where nobody can answer (CI, a pipe), and where the answer is yes. `ask`
/// gives a line, or `None` at the end of the input; it is asked again until the answer is one.
fn consent(yes: bool, is_terminal: bool, mut ask: impl FnMut() -> Result<Option<String>>) -> Result<bool> {
    if yes || !is_terminal {
        return Ok(true);
    }
    loop {
        let Some(line) = ask()? else { return Ok(false) };
        match line.trim().to_ascii_lowercase().as_str() {
            "" | "y" | "yes" => return Ok(true),
            "n" | "no" => return Ok(false),
            _ => {}
        }
    }
}

/// The second number of `1.95` or `1.95.0`.
fn minor(version: &str) -> Option<u32> {
    version.split('.').nth(1)?.parse().ok()
}

/// That of the version which a compiler prints.
fn minor_version(text: &str) -> Option<u32> {
    minor(text.split_whitespace().nth(1)?)
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
        assert!(minor_version("rustc") < minor(LEAST_RUST));
    }

    /// Asks with these answers; the result and how many were taken.
    fn asked(yes: bool, is_terminal: bool, answers: &[&str]) -> (bool, usize) {
        let mut taken = 0;
        let agreed = consent(yes, is_terminal, || {
            taken += 1;
            Ok(answers.get(taken - 1).map(|line| format!("{line}\n")))
        });
        (agreed.unwrap(), taken)
    }

    #[test]
    fn packages_are_installed_after_a_question() {
        assert_eq!(asked(false, true, &[""]), (true, 1));
        assert_eq!(asked(false, true, &["Yes"]), (true, 1));
        assert_eq!(asked(false, true, &["n"]), (false, 1));
        assert_eq!(asked(false, true, &["what?", "no"]), (false, 2));
        assert_eq!(asked(false, true, &["what?"]), (false, 2));
        assert_eq!(asked(false, true, &[]), (false, 1));
    }

    #[test]
    fn nobody_is_asked_who_said_yes_or_cannot_answer() {
        assert_eq!(asked(true, true, &["n"]), (true, 0));
        assert_eq!(asked(false, false, &["n"]), (true, 0));
        assert_eq!(asked(true, false, &["n"]), (true, 0));
    }

    /// The number stands in the workspace's `Cargo.toml`; what people read says the same.
    #[test]
    fn texts_name_the_least_version_of_rust() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut named = Vec::new();
        let docs = std::fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
        for file in
            docs.filter(|path| path.is_file()).chain(["README.md", "CONTRIBUTING.md", "x"].map(|name| root.join(name)))
        {
            let text = std::fs::read_to_string(&file).unwrap();
            for (at, _) in text.match_indices("Rust 1.") {
                let number: String = text[at + 5..].chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
                assert_eq!(number.trim_end_matches('.'), LEAST_RUST, "{}", file.display());
                named.push(file.file_name().unwrap().to_owned());
            }
        }
        for name in ["README.md", "CONTRIBUTING.md", "x"] {
            assert!(named.iter().any(|file| file == name), "{name} does not say which Rust is needed");
        }
    }
}
