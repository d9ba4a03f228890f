//! Debian source packages: fetched by apt from the machine's own mirrors, checked against the .dsc, unpacked once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::cache::{self, Key};
use crate::edits::{self, Edit};
use crate::run;

/// The version of LLVM whose runtime libraries are built.
pub const LLVM_VERSION: &str = "19.1.7";

/// The parts of LLVM that the runtime libraries are built from.
const LLVM_PARTS: [&str; 9] =
    ["cmake", "compiler-rt", "libcxx", "libcxxabi", "libunwind", "openmp", "runtimes", "llvm/cmake", "llvm/utils"];

/// The parts of LLVM that clang and lld are built from; lld wants a header of libunwind.
const LLVM_PROGRAM_PARTS: [&str; 5] = ["clang", "cmake", "libunwind", "lld", "llvm"];

/// Unpacked sources of LLVM's runtime libraries, with our [`edits`].
pub fn llvm() -> Result<PathBuf> {
    let parts = LLVM_PARTS.map(|part| format!("*/{part}"));
    let prefix = format!("llvm-toolchain-19_{LLVM_VERSION}.orig.tar");
    let edits = &edits::RUNTIMES;
    unpacked("llvm-toolchain-19", &prefix, &parts, &edits::text(edits), |folder| edits::apply(folder, edits))
}

/// Unpacked sources of clang and lld, with edits for our C library.
pub fn llvm_programs(edits: &[Edit]) -> Result<PathBuf> {
    let parts = LLVM_PROGRAM_PARTS.map(|part| format!("*/{part}"));
    let prefix = format!("llvm-toolchain-19_{LLVM_VERSION}.orig.tar");
    unpacked("llvm-toolchain-19", &prefix, &parts, &edits::text(edits), |folder| edits::apply(folder, edits))
}

/// Unpacked sources of the Lua interpreter.
pub fn lua() -> Result<PathBuf> {
    unpacked("lua5.4", "lua5.4_", &[], "", |_| Ok(()))
}

/// Unpacked sources of SQLite.
pub fn sqlite() -> Result<PathBuf> {
    unpacked("sqlite3", "sqlite3_", &[], "", |_| Ok(()))
}

/// Unpacked sources of musl.
pub fn musl() -> Result<PathBuf> {
    unpacked("musl", "musl_", &[], "", |_| Ok(()))
}

/// The upstream archive of a package, unpacked (only `parts` of it, if any are named), and changed by `edit`, which `edits` tells
/// from others.
fn unpacked(
    package: &str,
    archive_prefix: &str,
    parts: &[String],
    edits: &str,
    edit: impl FnOnce(&Path) -> Result<()>,
) -> Result<PathBuf> {
    let archive = archive(package, archive_prefix)?;
    let name = archive.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let key = parts.iter().fold(Key::default().text(&name), |key, part| key.text(part)).text(edits);
    cache::entry(&format!("src-{package}"), key, |folder| {
        let mut tar = Command::new("tar");
        tar.arg("-xf").arg(&archive).arg("-C").arg(folder).arg("--strip-components=1");
        if !parts.is_empty() {
            tar.args(["--exclude=*/test/*", "--wildcards", "--no-wildcards-match-slash"]).args(parts);
        }
        run::step(&format!("unpack {name}"), &mut tar)?;
        edit(folder)
    })
}

/// A checked upstream archive, fetched if it is not there.
fn archive(package: &str, prefix: &str) -> Result<PathBuf> {
    let folder = cache::folder()?.join("sources");
    fs::create_dir_all(&folder)?;
    if checked(&folder, package, prefix)?.is_none() {
        fetch(package, &folder)?;
    }
    checked(&folder, package, prefix)?.with_context(|| {
        format!("the source package {package} of this machine's apt sources holds no {prefix}*.orig.tar.*")
    })
}

/// The newest archive that its .dsc vouches for. apt has checked the .dsc itself by the mirror's signed index.
fn checked(folder: &Path, package: &str, prefix: &str) -> Result<Option<PathBuf>> {
    let mut found = None;
    for file in cache::files_below(folder)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !(name.starts_with(&format!("{package}_")) && name.ends_with(".dsc")) {
            continue;
        }
        for (sha256, archive) in checksums(&fs::read_to_string(&file)?) {
            let path = folder.join(&archive);
            let is_signature = archive.ends_with(".asc");
            if archive.starts_with(prefix) && archive.contains(".orig.tar.") && !is_signature && path.exists() {
                let actual = cache::sha256(&path)?;
                if actual != sha256 {
                    bail!(
                        "{}: SHA-256 is {actual}, {name} says {sha256}; delete the file and try again",
                        path.display()
                    );
                }
                found = Some(path);
            }
        }
    }
    Ok(found)
}

/// The `Checksums-Sha256` field of a .dsc: hash and file name.
fn checksums(dsc: &str) -> Vec<(String, String)> {
    let field = dsc.lines().skip_while(|line| !line.starts_with("Checksums-Sha256:")).skip(1);
    let lines = field.take_while(|line| line.starts_with(' '));
    let fields = lines.map(|line| line.split_whitespace().collect::<Vec<_>>());
    fields.filter_map(|f| Some((f.first()?.to_string(), f.get(2)?.to_string()))).collect()
}

fn fetch(package: &str, folder: &Path) -> Result<()> {
    ensure!(
        distx_toolchain::tools::on_path("apt-get").is_some(),
        "no apt-get here to fetch the source package {package}"
    );
    let apt = cache::folder()?.join("apt");
    write_source_lists(&apt)?;
    let fetch = || {
        let mut get = apt_get(&apt);
        get.current_dir(folder).args(["--download-only", "source", package]);
        run::step(&format!("fetch the source package {package}"), &mut get)
    };
    // Lists of an earlier day may name files that the mirror has replaced since.
    if apt.join("updated").exists() && fetch().is_ok() {
        return Ok(());
    }
    run::step("apt-get update (source packages)", apt_get(&apt).arg("update"))?;
    fs::write(apt.join("updated"), "")?;
    fetch()
}

/// apt-get with state of its own, so that neither the machine's lists nor root's rights are needed.
fn apt_get(apt: &Path) -> Command {
    let mut command = Command::new("apt-get");
    let option = |name: &str, value: &str| format!("{name}={value}");
    let path = |name: &str| apt.join(name).display().to_string();
    let mut options = vec![
        option("Dir::Etc::sourcelist", "/dev/null"),
        option("Dir::Etc::sourceparts", &path("parts")),
        option("Dir::State::lists", &path("lists")),
        option("Dir::Cache", &path("cache")),
    ];
    if crate::setup::is_root() {
        options.push(option("APT::Sandbox::User", "root"));
    }
    for option in options {
        command.arg("-o").arg(option);
    }
    command
}

/// `deb-src` lists made from the machine's own: the same mirrors, the suites of this Debian.
fn write_source_lists(apt: &Path) -> Result<()> {
    for name in ["parts", "lists/partial", "cache/archives/partial"] {
        fs::create_dir_all(apt.join(name))?;
    }
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let codename = release.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME=")).unwrap_or("bookworm");
    let mut any = false;
    let mut files = vec![PathBuf::from("/etc/apt/sources.list")];
    files.extend(cache::files_below(Path::new("/etc/apt/sources.list.d")).unwrap_or_default());
    for (at, file) in files.iter().enumerate() {
        let Ok(text) = fs::read_to_string(file) else { continue };
        let deb822 = file.extension().is_some_and(|extension| extension == "sources");
        let (list, extension) = match deb822 {
            true => (source_stanzas(&text, codename), "sources"),
            false => (source_lines(&text, codename), "list"),
        };
        any |= !list.is_empty();
        fs::write(apt.join("parts").join(format!("{at}.{extension}")), list)?;
    }
    ensure!(any, "/etc/apt names no archive of Debian {codename} to fetch source packages from");
    Ok(())
}

/// The stanzas of a deb822 file that name a suite of `codename`, as sources.
fn source_stanzas(text: &str, codename: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let text = lines.collect::<Vec<_>>().join("\n");
    let field = |line: &str, name: &str| line.to_ascii_lowercase().starts_with(&name.to_ascii_lowercase());
    let mut kept = String::new();
    for stanza in text.split("\n\n") {
        let suites = stanza.lines().find(|line| field(line, "Suites:")).unwrap_or("");
        if !suites.split_whitespace().skip(1).any(|suite| is_suite_of(suite, codename)) {
            continue;
        }
        kept.push_str("Types: deb-src\n");
        for line in stanza.lines().filter(|line| !field(line, "Types:") && !line.is_empty()) {
            kept.push_str(line);
            kept.push('\n');
        }
        kept.push('\n');
    }
    kept
}

/// The same for one-line lists.
fn source_lines(text: &str, codename: &str) -> String {
    let mut kept = String::new();
    for line in text.lines().map(str::trim) {
        let Some(rest) = line.strip_prefix("deb ") else { continue };
        let after_options = match rest.trim_start().strip_prefix('[') {
            Some(options) => options.split_once(']').map_or("", |(_, rest)| rest),
            None => rest,
        };
        if after_options.split_whitespace().nth(1).is_some_and(|suite| is_suite_of(suite, codename)) {
            kept.push_str(&format!("deb-src {rest}\n"));
        }
    }
    kept
}

fn is_suite_of(suite: &str, codename: &str) -> bool {
    suite == codename || suite.strip_prefix(codename).is_some_and(|rest| rest.starts_with(['-', '/']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_read_from_a_dsc() {
        let dsc = "Format: 3.0\nChecksums-Sha1:\n 11 5 a.tar\nChecksums-Sha256:\n 22 5 a.tar\n 33 6 b.tar\nFiles:\n 44 5 a.tar\n";
        let pair = |hash: &str, file: &str| (hash.to_owned(), file.to_owned());
        assert_eq!(checksums(dsc), [pair("22", "a.tar"), pair("33", "b.tar")]);
        assert!(checksums("").is_empty());
    }

    #[test]
    fn only_debian_archives_become_sources() {
        let text = "Types: deb\n# a note\nURIs: http://mirror/debian\nSuites: bookworm bookworm-updates\nComponents: main\n\n\
                    Types: deb\nURIs: https://other\nSuites: nodistro\n";
        let list = source_stanzas(text, "bookworm");
        assert_eq!(
            list,
            "Types: deb-src\nURIs: http://mirror/debian\nSuites: bookworm bookworm-updates\nComponents: main\n\n"
        );
        let text = "# deb x\ndeb [signed-by=/k arch=amd64] http://m/debian bookworm-security main\ndeb https://o cloud-sdk-bookworm main\n";
        assert_eq!(
            source_lines(text, "bookworm"),
            "deb-src [signed-by=/k arch=amd64] http://m/debian bookworm-security main\n"
        );
    }
}
