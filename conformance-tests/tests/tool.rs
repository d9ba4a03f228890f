//! `cargo test -p conformance-tests --test tool`: the `distx` of the packages `llvm-<cpu>` on the machines that it is made for.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use conformance_tests::hosts::{Host, distx, hosts};
use conformance_tests::suite::conclude;
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
    for host in hosts(checkout).into_iter().filter(Host::is_ours) {
        let package = distx(checkout).join(format!("distx.org_2024-llvm-{}", host.programs));
        let tool = Tool { package, host };
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

/// The program of a package, for a host.
#[derive(Clone)]
struct Tool {
    package: PathBuf,
    host: Host,
}

impl Tool {
    fn file(&self, name: &str) -> String {
        if self.host.is_windows() { format!("{name}.exe") } else { name.to_owned() }
    }

    fn missing(&self) -> Option<String> {
        let file = self.package.join("bin").join(self.file("distx"));
        let built = (!file.is_file()).then(|| format!("no {} (./x build --drivers makes it)", file.display()));
        self.host.missing().or(built)
    }

    /// A root in a strange place that holds the package; the program's folder in it.
    fn moved(&self) -> Result<(tempfile::TempDir, PathBuf), String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let root = folder.path().join(PLACE);
        let bin = root.join(self.package.file_name().unwrap_or_default()).join("bin");
        fs::create_dir_all(&bin).map_err(|error| error.to_string())?;
        for name in ["distx", "clang", "distx-ld"].map(|name| self.file(name)) {
            fs::copy(self.package.join("bin").join(&name), bin.join(&name))
                .map_err(|error| format!("{name}: {error}"))?;
        }
        Ok((folder, bin))
    }

    /// Runs a program of this host; its exit code and what it said. Output goes to files, not pipes: Wine's server would keep
    /// those open.
    fn run(&self, program: &Path, args: &[&OsStr], folder: &Path) -> Result<(Option<i32>, String, String), String> {
        let mut command = match self.host.start.split_last() {
            Some((_, [before, ..])) => {
                let mut command = Command::new(before);
                command.arg(program);
                command
            }
            _ => Command::new(program),
        };
        if self.host.is_windows() {
            conformance_tests::wine::set_up(&mut command).map_err(|error| error.to_string())?;
        }
        let place = tempfile::tempdir().map_err(|error| error.to_string())?;
        let file = |name: &str| fs::File::create(place.path().join(name)).map_err(|error| error.to_string());
        command.args(args).current_dir(folder).env("LC_ALL", "C.UTF-8").env_remove("XLOAD_ROOT");
        let status = command.stdout(file("out")?).stderr(file("err")?).status().map_err(|error| error.to_string())?;
        let text = |name: &str| fs::read_to_string(place.path().join(name)).map_err(|error| error.to_string());
        Ok((status.code(), text("out")?, text("err")?))
    }
}

fn version(tool: &Tool) -> Result<(), String> {
    let (_folder, bin) = tool.moved()?;
    let said = tool.run(&bin.join(tool.file("distx")), &["--version".as_ref()], &bin)?;
    match said {
        (Some(0), text, error) if text.starts_with("distx ") && error.is_empty() => Ok(()),
        other => Err(format!("{other:?}")),
    }
}

/// As people write it on that host: without `\\?\`.
fn is_root(tool: &Tool, said: (Option<i32>, String, String), root: &Path) -> Result<(), String> {
    let mut expected = tool.host.path(root).to_string_lossy().into_owned();
    if tool.host.is_windows() {
        expected = expected.replace('/', "\\");
    }
    match said {
        (Some(0), text, _) if text.trim_end() == expected => Ok(()),
        other => Err(format!("{other:?}, expected {expected}")),
    }
}

fn root(tool: &Tool) -> Result<(), String> {
    let (folder, bin) = tool.moved()?;
    is_root(tool, tool.run(&bin.join(tool.file("distx")), &["root".as_ref()], &bin)?, &folder.path().join(PLACE))
}

/// A program that lies in no root works with that of the project.
fn project(tool: &Tool) -> Result<(), String> {
    let (folder, bin) = tool.moved()?;
    let (program, inner) = (folder.path().join(tool.file("distx")), folder.path().join("project/ä b"));
    let moved = (|| {
        fs::rename(bin.join(tool.file("distx")), &program)?;
        fs::create_dir_all(&inner)?;
        fs::write(folder.path().join("project/distx-build.json"), "{}")?;
        symlink(folder.path().join(PLACE), folder.path().join("project/_distx"))
    })();
    moved.map_err(|error| error.to_string())?;
    is_root(tool, tool.run(&program, &["root".as_ref()], &inner)?, &folder.path().join("project/_distx"))?;
    let (code, _, error) = tool.run(&program, &["root".as_ref()], folder.path())?;
    match code {
        Some(1) if error.contains("no packages") => Ok(()),
        code => Err(format!("outside: {code:?} {error}")),
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
