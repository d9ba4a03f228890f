//! `cargo test -p conformance-tests --test tool`: the `distx` of the packages `llvm-<cpu>` on the machines that it is made for.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use conformance_tests::run::run;
use conformance_tests::suite::conclude;
use conformance_tests::tool::Tool;
use libtest_mimic::{Failed, Trial};

/// Where the root lies in these tests, and a project in it.
const PLACE: &str = "mein Ordner für π";

type Test = fn(&Tool) -> Result<(), String>;

const TESTS: [(&str, Test); 4] = [
    ("version", version),
    ("root of a moved package", root),
    ("root of a project", project),
    ("every name is there", names),
];

fn main() -> ExitCode {
    conclude("tool", Ok(trials()))
}

fn trials() -> Vec<Trial> {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let mut trials = Vec::new();
    for tool in Tool::all(checkout) {
        let missing = tool.missing();
        for (name, test) in TESTS {
            let (tool, name) = (tool.clone(), format!("{}::{name}", tool.host.name));
            let trial = Trial::test(name, move || test(&tool).map_err(Failed::from));
            trials.push(match &missing {
                Some(reason) => trial.with_kind(reason.clone()).with_ignored_flag(true),
                None => trial,
            });
        }
    }
    trials
}

/// A root in a strange place that holds the package; the program's folder in it.
fn moved(tool: &Tool) -> Result<(tempfile::TempDir, PathBuf), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let root = folder.path().join(PLACE);
    let bin = root.join(tool.package.file_name().unwrap_or_default()).join("bin");
    fs::create_dir_all(&bin).map_err(|error| error.to_string())?;
    for name in ["distx", "clang", "distx-ld"].map(|name| tool.file(name)) {
        fs::copy(tool.package.join("bin").join(&name), bin.join(&name)).map_err(|error| format!("{name}: {error}"))?;
    }
    Ok((folder, bin))
}

/// Runs the program of that file; its exit code and what it said.
fn said(tool: &Tool, program: &Path, argument: &str, folder: &Path) -> Result<(Option<i32>, String), String> {
    let place = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut command = tool.command(program)?;
    let outcome = run(command.arg(argument).current_dir(folder), place.path(), "distx", Duration::from_secs(120))?;
    Ok((outcome.code(), outcome.said))
}

fn version(tool: &Tool) -> Result<(), String> {
    let (_folder, bin) = moved(tool)?;
    match said(tool, &bin.join(tool.file("distx")), "--version", &bin)? {
        (Some(0), text) if text.starts_with("distx ") && text.lines().count() == 1 => Ok(()),
        other => Err(format!("{other:?}")),
    }
}

/// As people write it on that host: without `\\?\`.
fn is_root(tool: &Tool, said: (Option<i32>, String), root: &Path) -> Result<(), String> {
    let mut expected = tool.host.path(root).to_string_lossy().into_owned();
    if tool.host.is_windows() {
        expected = expected.replace('/', "\\");
    }
    match said {
        (Some(0), text) if text.trim_end() == expected => Ok(()),
        other => Err(format!("{other:?}, expected {expected}")),
    }
}

fn root(tool: &Tool) -> Result<(), String> {
    let (folder, bin) = moved(tool)?;
    is_root(tool, said(tool, &bin.join(tool.file("distx")), "root", &bin)?, &folder.path().join(PLACE))
}

/// A program that lies in no root works with that of the project.
fn project(tool: &Tool) -> Result<(), String> {
    let (folder, bin) = moved(tool)?;
    let (program, inner) = (folder.path().join(tool.file("distx")), folder.path().join("project/ä b"));
    let moved = (|| {
        fs::rename(bin.join(tool.file("distx")), &program)?;
        fs::create_dir_all(&inner)?;
        fs::write(folder.path().join("project/distx-build.json"), "{}")?;
        symlink(folder.path().join(PLACE), folder.path().join("project/_distx"))
    })();
    moved.map_err(|error| error.to_string())?;
    is_root(tool, said(tool, &program, "root", &inner)?, &folder.path().join("project/_distx"))?;
    match said(tool, &program, "root", folder.path())? {
        (Some(1), text) if text.contains("no packages") => Ok(()),
        other => Err(format!("outside: {other:?}")),
    }
}

fn names(tool: &Tool) -> Result<(), String> {
    let missing = |name: &&str| !tool.package.join("bin").join(tool.file(name)).is_file();
    let names = ["clang", "clang++", "distx", "distx-ld", "llvm-ar", "llvm-ranlib", "distx-strip"];
    match names.iter().copied().find(|name| missing(name)) {
        Some(name) => Err(format!("no {name} in {}", tool.package.display())),
        None => Ok(()),
    }
}
