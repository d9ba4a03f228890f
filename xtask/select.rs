//! Which tests a name and hosts choose, and what they need of a build.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::hosts::Host;
use crate::install::Parts;
use crate::project::Project;
use crate::run;

/// What was asked for.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Only tests whose names contain this.
    pub name: Option<String>,
    /// Only conformance tests, on these hosts; none: all tests.
    pub hosts: Vec<Host>,
}

/// Test programs of `conformance-tests` that have tests on hosts; the others read sources, headers and libraries.
const ON_HOSTS: [&str; 12] = [
    "c",
    "compiler",
    "console",
    "cpp",
    "damaged",
    "host",
    "inherited",
    "programs",
    "quickstart",
    "tool",
    "windows_loader",
    "xbuild",
];

/// Those of them that need no C++ library.
const WITHOUT_CXX: [&str; 5] = ["c", "console", "host", "inherited", "windows_loader"];

/// The test of `windows_loader` that runs all programs, as people do on Windows.
const KIT: &str = "kit";

/// A test program as cargo built it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Its package.
    pub package: String,
    /// cargo's word for what it tests: `lib`, `bin`, `test`.
    pub kind: String,
    /// The name of the library, program or test.
    pub target: String,
    file: PathBuf,
    /// Tests run there.
    folder: PathBuf,
}

impl Program {
    /// From a line of cargo's `--message-format=json`.
    fn read(line: &str) -> Option<Program> {
        let message: Value = serde_json::from_str(line).ok()?;
        if message["profile"]["test"] != true {
            return None;
        }
        let file = PathBuf::from(message["executable"].as_str()?);
        let folder = Path::new(message["manifest_path"].as_str()?).parent()?.to_owned();
        let kind = match message["target"]["kind"][0].as_str()? {
            kind @ ("bin" | "test") => kind,
            _ => "lib",
        };
        let target = message["target"]["name"].as_str()?.to_owned();
        // `path+file:///folder/name#0.1.0` or, where the name is another, `path+file:///folder#name@0.1.0`
        let (place, end) = message["package_id"].as_str()?.split_once('#')?;
        let package = match end.split_once('@') {
            Some((name, _)) => name,
            None => place.rsplit('/').next()?,
        };
        Some(Program { package: package.to_owned(), kind: kind.to_owned(), target, file, folder })
    }

    /// The names of its tests that are chosen; with `ignored` those of them only that would not run.
    pub fn tests(&self, project: &Project, choice: &Choice, ignored: bool) -> Result<Vec<String>> {
        let mut command = Command::new(&self.file);
        command.current_dir(&self.folder).args(["--list", "--format=terse"]).args(&choice.name);
        if ignored {
            command.arg("--ignored");
        }
        environment(&mut command, project, choice);
        let text = run::output(&mut command)?;
        Ok(text.lines().filter_map(test_name).map(str::to_owned).collect())
    }

    /// Whether one of these tests runs the programs of the host contract.
    pub fn runs_contract(&self, tests: &[String]) -> bool {
        let is_kit = || self.target == "windows_loader" && tests.iter().any(|test| test == KIT);
        self.package == "conformance-tests" && (self.target == "host" || is_kit())
    }

    /// Whether its tests install packages from a repository.
    pub fn installs_packages(&self) -> bool {
        self.package == "conformance-tests" && self.target == "quickstart"
    }

    /// What one of its tests needs of a build.
    fn needs(&self, test: &str) -> Parts {
        let hosts = |wanted: fn(Host, &str) -> bool| Host::ALL.into_iter().filter(|host| wanted(*host, test)).collect();
        match (self.package.as_str(), self.target.as_str()) {
            ("distx", "driver" | "projects") | ("conformance-tests", "quickstart") => Parts::all(),
            ("distx", "places") => Parts { hosts: vec![Host::LinuxX86], ..Parts::default() },
            ("xload", "xload") if test.contains("real_files") => {
                Parts { hosts: vec![Host::LinuxX86], ..Parts::default() }
            }
            ("xload_demo", "hello") => Parts { hosts: vec![Host::LinuxX86], ..Parts::default() },
            ("conformance-tests", "windows_loader") => {
                Parts { hosts: vec![Host::WindowsX86], cxx: test == KIT, ..Parts::default() }
            }
            ("conformance-tests", "damaged") => {
                let mut parts =
                    Parts { hosts: hosts(|host, test| test.contains(host.id())), cxx: true, ..Parts::default() };
                // A native loader says first what is refused.
                if !parts.hosts.contains(&Host::LinuxX86) {
                    parts.hosts.push(Host::LinuxX86);
                }
                parts
            }
            // Of the release build with `--drivers` only.
            ("conformance-tests", "compiler" | "tool") => Parts::default(),
            ("conformance-tests", target) if ON_HOSTS.contains(&target) => {
                let hosts = hosts(|host, test| test.contains(host.id()));
                Parts { cxx: !WITHOUT_CXX.contains(&target), hosts, ..Parts::default() }
            }
            ("conformance-tests", "abi" | "machine_code") if is_of_library(test) => Parts {
                hosts: hosts(|host, test| host != Host::WindowsX86 && test.ends_with(host.cpu().name())),
                ..Parts::default()
            },
            _ => Parts::default(),
        }
    }
}

/// cargo's arguments that name these programs: those of two packages may have one name, and cargo takes `--lib` once.
pub fn arguments<'a>(programs: impl Iterator<Item = &'a Program> + Clone) -> Vec<String> {
    let packages: BTreeSet<&str> = programs.clone().map(|program| program.package.as_str()).collect();
    let targets: BTreeSet<(&str, Option<&str>)> = programs
        .map(|program| (program.kind.as_str(), Some(program.target.as_str()).filter(|_| program.kind != "lib")))
        .collect();
    let packages = packages.into_iter().flat_map(|name| ["-p".to_owned(), name.to_owned()]);
    let flag = |(kind, name): (&str, Option<&str>)| [format!("--{kind}")].into_iter().chain(name.map(str::to_owned));
    packages.chain(targets.into_iter().flat_map(flag)).collect()
}

/// Whether a test of what is the same on every host reads libc.so.
fn is_of_library(test: &str) -> bool {
    ["symbols of", "no function of", "simple functions", "panic code", "no red zone"]
        .iter()
        .any(|part| test.starts_with(part))
}

/// From a line of a list: `name: test`, or `[kind] name: test`.
fn test_name(line: &str) -> Option<&str> {
    line.strip_suffix(": test")
}

/// Says to test programs where the build is, and which hosts are meant.
pub fn environment(command: &mut Command, project: &Project, choice: &Choice) {
    command.env("DISTX_ROOT", project.root().0).env("HOST_CONTRACT", crate::contract::folder(project));
    command.env("DISTX_TEST_REPOSITORY", project.work("repository"));
    // A relative path would mean another file in the folder of a package.
    if let Ok(wine) = crate::wine::program().canonicalize() {
        command.env("WINE", wine);
    }
    if !choice.hosts.is_empty() {
        let names: Vec<&str> = choice.hosts.iter().map(|host| host.id()).collect();
        command.env("DISTX_HOSTS", names.join(","));
    }
}

/// `cargo test` with the arguments of every call.
pub fn cargo(project: &Project) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(&project.folder).args(["test", "-j2", "--no-fail-fast"]);
    command
}

/// Compiles the test programs of a group of packages that can have chosen tests.
pub fn programs(project: &Project, packages: &[&str], choice: &Choice) -> Result<Vec<Program>> {
    let mut arguments: Vec<&str> = packages.to_vec();
    if choice.hosts.is_empty() {
        arguments.push("--tests");
    } else if packages.contains(&"conformance-tests") {
        arguments.extend(ON_HOSTS.iter().flat_map(|name| ["--test", name]));
    } else {
        return Ok(Vec::new());
    }
    let mut command = cargo(project);
    command.args(["--no-run", "--message-format=json-render-diagnostics"]).args(arguments);
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().context("cannot run cargo")?;
    std::io::stderr().flush()?;
    ensure!(output.status.success(), "the tests do not compile");
    Ok(String::from_utf8_lossy(&output.stdout).lines().filter_map(Program::read).collect())
}

/// Chosen tests of one program.
pub struct Chosen {
    /// The program.
    pub program: Program,
    /// Their names.
    pub tests: Vec<String>,
}

/// The chosen tests among those of some programs.
pub fn tests(project: &Project, programs: Vec<Program>, choice: &Choice) -> Result<Vec<Chosen>> {
    let mut chosen = Vec::new();
    for program in programs {
        let tests = program.tests(project, choice, false)?;
        if !tests.is_empty() {
            chosen.push(Chosen { program, tests });
        }
    }
    Ok(chosen)
}

/// What all of them need.
pub fn needs<'a>(chosen: impl Iterator<Item = &'a Chosen>) -> Parts {
    let mut all = Parts::default();
    for Chosen { program, tests } in chosen {
        for parts in tests.iter().map(|test| program.needs(test)) {
            all.cxx |= parts.cxx && !parts.hosts.is_empty();
            all.hosts.extend(parts.hosts);
        }
    }
    // In the order of tables, each once.
    all.hosts = Host::ALL.into_iter().filter(|host| all.hosts.contains(host)).collect();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(package: &str, target: &str) -> Program {
        let (package, target) = (package.to_owned(), target.to_owned());
        Program { package, kind: "test".into(), target, file: PathBuf::new(), folder: PathBuf::new() }
    }

    #[test]
    fn programs_are_read_from_what_cargo_says() {
        let line = r#"{"reason":"compiler-artifact","package_id":"path+file:///p#xlibc@0.1.0","manifest_path":"/p/Cargo.toml",
            "target":{"kind":["lib"],"name":"xlibc"},"profile":{"test":true},"executable":"/p/target/xlibc-1"}"#;
        let read = Program::read(line).unwrap();
        assert_eq!((read.package.as_str(), read.folder.as_path()), ("xlibc", Path::new("/p")));
        assert_eq!(arguments([&read].into_iter()), ["-p", "xlibc", "--lib"]);
        let read = Program::read(
            &line.replace("p#xlibc@0.1.0", "p/conformance-tests#0.1.0").replace("[\"lib\"]", "[\"test\"]"),
        );
        assert_eq!(arguments([&read.unwrap()].into_iter()), ["-p", "conformance-tests", "--test", "xlibc"]);
        assert_eq!(Program::read(&line.replace("true", "false")), None);
        assert_eq!(Program::read(&line.replace("\"/p/target/xlibc-1\"", "null")), None);
        assert_eq!(Program::read("running"), None);
    }

    #[test]
    fn cargo_is_told_each_name_once() {
        let library = |package: &str| Program { kind: "lib".into(), ..program(package, package) };
        let chosen = [library("xlibc"), library("platform"), program("platform", "table"), program("xlibc", "table")];
        assert_eq!(arguments(chosen.iter()), ["-p", "platform", "-p", "xlibc", "--lib", "--test", "table"]);
    }

    #[test]
    fn a_test_needs_its_host_and_no_other() {
        let c = program("conformance-tests", "c");
        assert_eq!(c.needs("linux-x86_64::string::strlen"), Parts { hosts: vec![Host::LinuxX86], ..Parts::default() });
        assert_eq!(
            c.needs("windows-x86_64::string::strlen"),
            Parts { hosts: vec![Host::WindowsX86], cxx: false, ..Parts::default() }
        );
        assert_eq!(c.needs("glibc::string::strlen").hosts, []);
        let cpp = program("conformance-tests", "cpp");
        assert_eq!(
            cpp.needs("linux-aarch64::vector::grows"),
            Parts { hosts: vec![Host::LinuxAarch64], cxx: true, ..Parts::default() }
        );
        let host = program("conformance-tests", "host");
        assert_eq!(
            host.needs("host table of linux-aarch64"),
            Parts { hosts: vec![Host::LinuxAarch64], cxx: false, ..Parts::default() }
        );
        let abi = program("conformance-tests", "abi");
        assert_eq!(abi.needs("compiles alone: stdio.h"), Parts::default());
        assert_eq!(
            abi.needs("symbols of libc.so aarch64"),
            Parts { hosts: vec![Host::LinuxAarch64], cxx: false, ..Parts::default() }
        );
        assert_eq!(program("distx", "driver").needs("any"), Parts::all());
        assert_eq!(program("xload_demo", "hello").needs("any").hosts, [Host::LinuxX86]);
        assert_eq!(program("xlibc", "xlibc").needs("string::tests::linux-x86_64"), Parts::default());
    }

    #[test]
    fn needs_add_up() {
        let chosen = |target, tests: &[&str]| Chosen {
            program: program("conformance-tests", target),
            tests: tests.iter().map(|test| (*test).to_owned()).collect(),
        };
        let c = chosen("c", &["linux-aarch64::a::b", "linux-x86_64::a::b", "glibc::a::b"]);
        assert_eq!(
            needs([&c].into_iter()),
            Parts { hosts: vec![Host::LinuxX86, Host::LinuxAarch64], cxx: false, ..Parts::default() }
        );
        // The C++ library of this machine is no part of a build.
        let cpp = chosen("cpp", &["glibc::a::b"]);
        assert_eq!(needs([&cpp].into_iter()), Parts::default());
        let damaged = chosen("damaged", &["windows-x86_64::damaged"]);
        assert_eq!(
            needs([&damaged].into_iter()),
            Parts { hosts: vec![Host::LinuxX86, Host::WindowsX86], cxx: true, ..Parts::default() }
        );
    }

    #[test]
    fn lists_of_both_harnesses_are_read() {
        assert_eq!(test_name("string::tests::lengths: test"), Some("string::tests::lengths"));
        assert_eq!(test_name("[no wine64] windows-x86_64::c::d: test"), Some("[no wine64] windows-x86_64::c::d"));
        assert_eq!(test_name("3 tests, 0 benchmarks"), None);
    }
}
