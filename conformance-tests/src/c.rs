//! The C tests: each folder of `c/` becomes one program, which runs on every host that is there.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A C library on a host: how programs for it are made and started.
pub struct Host {
    /// As trials name it.
    pub name: &'static str,
    /// `HOST_*` of `check.h`.
    pub library: &'static str,
    /// The compiler and its first arguments.
    pub compile: Vec<PathBuf>,
    /// What starts a program; empty: the program itself.
    pub start: Vec<PathBuf>,
}

impl Host {
    /// What is missing here, `None` if it can be used.
    pub fn missing(&self) -> Option<String> {
        let needed = self.compile.iter().take(1).chain(self.start.iter().take(2));
        needed.map(PathBuf::as_path).find(|one| !is_there(one)).map(|one| format!("no {}", one.display()))
    }
}

/// A path that exists, or a command of `$PATH`.
fn is_there(program: &Path) -> bool {
    if program.components().count() > 1 {
        return program.exists();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).exists())
}

/// The libraries of this machine, which show that a test is right, and ours on each of its hosts.
pub fn hosts(root: &Path) -> Vec<Host> {
    let distx = root.join("_distx");
    let ours = |name, cpu: &str, before: &[&str], loader: &str| {
        let mut start: Vec<PathBuf> = before.iter().map(PathBuf::from).collect();
        start.push(distx.join(format!("distx.org_2024-xload-{cpu}/bin/{loader}")));
        let compile = vec![distx.join("bin/distx"), "cc".into(), format!("--target-arch={cpu}").into()];
        Host { name, library: "HOST_xlibc", compile, start }
    };
    vec![
        Host { name: "glibc", library: "HOST_glibc", compile: vec!["clang-19".into()], start: Vec::new() },
        Host { name: "musl", library: "HOST_musl", compile: vec!["musl-gcc".into()], start: Vec::new() },
        ours("linux-x86_64", "x86_64", &[], "xload_linux"),
        ours("linux-aarch64", "aarch64", &["qemu-aarch64"], "xload_linux"),
        ours("windows-x86_64", "x86_64", &["wine64"], "xload_windows.exe"),
    ]
}

/// The folders of tests, one for each header.
pub fn headers(root: &Path) -> Result<Vec<String>, String> {
    let folder = root.join("conformance-tests/c");
    let mut names: Vec<String> = files(&folder)?
        .iter()
        .filter(|path| path.is_dir())
        .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
        .collect();
    names.sort();
    Ok(names)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        files.push(entry.map_err(|error| format!("{}: {error}", folder.display()))?.path());
    }
    files.sort();
    Ok(files)
}

/// Builds the tests of a header for a host and runs them; a failure carries what they printed.
pub fn run(root: &Path, scratch: &Path, host: &Host, header: &str) -> Result<(), String> {
    let sources = files(&root.join("conformance-tests/c").join(header))?;
    let folder = scratch.join(host.name);
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let start = folder.join(format!("{header}.c"));
    std::fs::write(&start, start_source(host, &sources)?).map_err(|error| format!("{}: {error}", start.display()))?;
    let program = folder.join(header);

    let mut compile = Command::new(&host.compile[0]);
    compile.args(&host.compile[1..]).args(["-std=gnu11", "-O1", "-fno-builtin", "-Wall", "-Wextra", "-Werror"]);
    // musl-gcc is GCC: it warns of calls that are wrong on purpose.
    compile.args(["-Wno-unknown-warning-option", "-Wno-nonnull", "-Wno-overflow", "-Wno-constant-conversion"]);
    compile.args(["-Wno-alloc-size-larger-than", "-Wno-stringop-overflow", "-Wno-stringop-truncation"]);
    compile.arg(format!("-DHOST={}", host.library)).args(&sources).arg(&start).arg("-o").arg(&program).arg("-lm");
    succeed(&mut compile)?;

    let mut run = match host.start.split_first() {
        Some((first, rest)) => {
            let mut run = Command::new(first);
            run.args(rest).arg(&program);
            run
        }
        None => Command::new(&program),
    };
    succeed(run.env("WINEDEBUG", "-all"))
}

/// Success without a word.
fn succeed(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    let said = [output.stdout, output.stderr].concat();
    if output.status.success() && said.is_empty() {
        return Ok(());
    }
    Err(format!("{command:?}: {}\n{}", output.status, String::from_utf8_lossy(&said)))
}

/// `main`, which calls each TEST; with an argument, the test of that name.
fn start_source(host: &Host, sources: &[PathBuf]) -> Result<String, String> {
    let mut names = Vec::new();
    for source in sources {
        let text = std::fs::read_to_string(source).map_err(|error| format!("{}: {error}", source.display()))?;
        let mut shown = true;
        for line in text.lines() {
            // The one condition that a test file may have around a test.
            if let Some(other) = line.strip_prefix("#if HOST != ") {
                shown = other.trim() != host.library;
            } else if line.starts_with("#endif") {
                shown = true;
            } else if let Some(name) = line.strip_prefix("TEST(").and_then(|rest| rest.strip_suffix(')'))
                && shown
            {
                names.push(name.to_owned());
            }
        }
    }
    let declarations: String = names.iter().map(|name| format!("void test_{name}(void);\n")).collect();
    let table: String = names.iter().map(|name| format!("\t{{\"{name}\", test_{name}}},\n")).collect();
    Ok(format!(
        "#include <stdio.h>\n#include <string.h>\n{declarations}int failures;\n\
        static const struct {{ const char *name; void (*run)(void); }} tests[] = {{\n{table}}};\n\
        int main(int argc, char **argv)\n{{\n\
        \tfor (unsigned int at = 0; at < sizeof tests / sizeof *tests; at++) {{\n\
        \t\tint before = failures;\n\
        \t\tif (argc < 2 || strcmp(argv[1], tests[at].name) == 0)\n\t\t\ttests[at].run();\n\
        \t\tif (failures != before)\n\t\t\tfprintf(stderr, \"%s: %d failures\\n\", tests[at].name, failures - before);\n\
        \t}}\n\treturn failures != 0;\n}}\n"
    ))
}
