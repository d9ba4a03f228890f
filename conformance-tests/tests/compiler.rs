//! `cargo test -p conformance-tests --test compiler`: clang and lld of the package `llvm`, portable programs themselves, compile on
//! every host of their CPU; and the driver prefers them to the machine's, and speaks with them of files as they know them.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use conformance_tests::hosts::{Host, distx, hosts};
use conformance_tests::run::{about, quiet, run};
use conformance_tests::suite::conclude;
use libtest_mimic::{Failed, Trial};

const SOURCES: [&str; 3] = ["hello.cpp", "part.cpp", "part.hpp"];
const SAID: &str = "hello, 45 part 100 true\n";

/// clang under Wine, on a machine that does other things.
const LIMIT: Duration = Duration::from_secs(300);

type Test = fn(&Compiler) -> Result<(), String>;

/// Of the programs themselves, which take hours to build.
const TESTS: [(&str, Test); 4] = [
    ("a program of two files", program),
    ("absolute names", absolute_names),
    ("errors", errors),
    ("a long command line", long_line),
];

fn main() -> ExitCode {
    conclude("compiler", Ok(trials()))
}

fn trials() -> Vec<Trial> {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let mut trials = Vec::new();
    let mut add = |name: String, missing: Option<String>, test: Box<dyn FnOnce() -> Result<(), String> + Send>| {
        let trial = Trial::test(name, move || test().map_err(Failed::from));
        trials.push(match missing {
            Some(reason) => trial.with_kind(reason).with_ignored_flag(true),
            None => trial,
        });
    };
    let ours = hosts(checkout).into_iter().filter(|host| host.is_ours() && host.programs == "x86_64");
    let compilers: Vec<Compiler> = ours.map(|host| Compiler { root: distx(checkout), host }).collect();
    for compiler in &compilers {
        let name = compiler.host.name;
        let (one, missing) = (compiler.clone(), compiler.missing());
        add(format!("{name}::the root's own clang is preferred"), missing.clone(), Box::new(move || preferred(&one)));
        let missing = missing.or_else(|| compiler.programs_missing());
        for (test, function) in TESTS {
            let one = compiler.clone();
            add(format!("{name}::{test}"), missing.clone(), Box::new(move || function(&one)));
        }
    }
    if let [one, other] = compilers.as_slice() {
        let missing = [one, other].iter().find_map(|one| one.missing().or_else(|| one.programs_missing()));
        let (one, other) = (one.clone(), other.clone());
        add("the same bytes on every host".into(), missing, Box::new(move || same_bytes(&one, &other)));
    }
    trials
}

/// The package's compiler on a host.
#[derive(Clone)]
struct Compiler {
    root: PathBuf,
    host: Host,
}

impl Compiler {
    fn package(&self) -> PathBuf {
        self.root.join("distx.org_2024-llvm-x86_64")
    }

    fn driver(&self) -> &'static str {
        if self.host.is_windows() { "distx.exe" } else { "distx" }
    }

    fn missing(&self) -> Option<String> {
        let file = self.package().join("bin").join(self.driver());
        let built = (!file.is_file()).then(|| format!("no {} (./x build --drivers makes it)", file.display()));
        self.host.missing().or(built)
    }

    fn programs_missing(&self) -> Option<String> {
        let file = self.package().join("libexec/clang");
        (!file.is_file()).then(|| format!("no {} (./x package --with-llvm makes it)", file.display()))
    }

    /// The driver of a root, with arguments, in a folder.
    fn command(&self, root: &Path, args: &str, folder: &Path) -> Result<Command, String> {
        let driver = root.join("distx.org_2024-llvm-x86_64/bin").join(self.driver());
        let mut command = match self.host.start.split_last() {
            Some((_, [wine])) => {
                let mut command = Command::new(wine);
                command.arg(self.host.path(&driver));
                command
            }
            _ => Command::new(driver),
        };
        if self.host.is_windows() {
            conformance_tests::wine::set_up(&mut command).map_err(|error| format!("cannot set up Wine: {error}"))?;
        }
        command.args(args.split_whitespace()).current_dir(folder);
        command.env("LC_ALL", "C.UTF-8").env_remove("XLOAD_ROOT").env_remove("DISTX_ROOT");
        // What a user of Windows may have set for a clang of Windows.
        if self.host.is_windows() {
            command.env("CPATH", r"Z:\nowhere;Z:\nowhere else");
        }
        Ok(command)
    }

    /// A name of this machine as people write it on the host.
    fn name(&self, path: &Path) -> String {
        let name = self.host.path(path).to_string_lossy().into_owned();
        if self.host.is_windows() { name.replace('/', "\\") } else { name }
    }

    /// A folder with the sources.
    fn sources(&self) -> Result<tempfile::TempDir, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        for name in SOURCES {
            let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("compiler").join(name);
            fs::copy(&from, folder.path().join(name)).map_err(about(&from))?;
        }
        Ok(folder)
    }

    /// The driver must succeed without a word.
    fn quiet(&self, args: &str, folder: &Path) -> Result<(), String> {
        let outcome = run(&mut self.command(&self.root, args, folder)?, folder, "driver", LIMIT)?;
        match (outcome.code(), outcome.said.as_str()) {
            (Some(0), "") => Ok(()),
            _ => Err(format!("{args}: {}\n{}", outcome.ending(), outcome.said)),
        }
    }

    /// Runs a compiled program.
    fn greets(&self, program: &Path, folder: &Path) -> Result<(), String> {
        let outcome = run(&mut self.host.command(program), folder, "program", LIMIT)?;
        match (outcome.code(), outcome.said.as_str()) {
            (Some(0), SAID) => Ok(()),
            _ => Err(format!("{}\n{}", outcome.ending(), outcome.said)),
        }
    }
}

/// A stand-in for clang shows that the driver takes the one of the root, and how it names files for it.
fn preferred(compiler: &Compiler) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let root = folder.path().join("a root");
    let package = root.join("distx.org_2024-llvm-x86_64");
    for name in ["bin", "libexec"] {
        fs::create_dir_all(package.join(name)).map_err(about(&package))?;
    }
    for name in ["xlibc-x86_64", "xload-x86_64"].map(|name| format!("distx.org_2024-{name}")) {
        symlink(compiler.root.join(&name), root.join(&name)).map_err(about(&root))?;
    }
    let suffix = if compiler.host.is_windows() { ".exe" } else { "" };
    for name in ["distx", "distx-ld"].map(|name| format!("bin/{name}{suffix}")) {
        let from = compiler.package().join(&name);
        fs::copy(&from, package.join(&name)).map_err(about(&from))?;
    }
    let [driver, language, target] = compiler.host.compile.as_slice() else { return Err("no driver".into()) };
    let mut build = Command::new(driver);
    build.args([language, target]).arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("compiler/arguments.c"));
    quiet(build.arg("-o").arg(package.join("libexec/clang")), folder.path(), "stand-in")?;

    let file = compiler.name(&folder.path().join("a.c"));
    let line = format!("cc -DX=C:\\x -Isub\\inc -I{file} -MD -MF a.d -c {file}");
    let outcome = run(&mut compiler.command(&root, &line, folder.path())?, folder.path(), "driver", LIMIT)?;
    let expected = match compiler.host.is_windows() {
        true => format!("/z{}/a.c", folder.path().display()),
        false => file,
    };
    let list = fs::read_to_string(folder.path().join("a.d")).map_err(|error| format!("a.d: {error}, {outcome:?}"))?;
    let named = compiler.host.path(&folder.path().join("a.c"));
    let include = if compiler.host.is_windows() { "-Isub/inc" } else { "-Isub\\inc" };
    let words: Vec<&str> = outcome.said.lines().collect();
    let all = ["-DX=C:\\x", include, &format!("-I{expected}"), &expected].iter().all(|word| words.contains(word));
    let is_own = words.first().is_some_and(|name| name.ends_with("/libexec/clang"));
    match outcome.code() {
        Some(0) if all && is_own && list == format!("out.o: \\\n  {}\n", named.display()) => Ok(()),
        _ => Err(format!("{}\n{}\n{list}", outcome.ending(), outcome.said)),
    }
}

/// clang starts itself for each file, and the linker, which starts lld.
fn program(compiler: &Compiler) -> Result<(), String> {
    let folder = compiler.sources()?;
    compiler.quiet("c++ -O1 -std=c++20 hello.cpp part.cpp -o hello", folder.path())?;
    compiler.greets(&folder.path().join("hello"), folder.path())
}

fn absolute_names(compiler: &Compiler) -> Result<(), String> {
    let folder = compiler.sources()?;
    let name = |name: &str| compiler.name(&folder.path().join(name));
    let (include, source) = (name(""), name("part.cpp"));
    fs::create_dir(folder.path().join("out")).map_err(about(folder.path()))?;
    let (object, list, library) = (name("out/part.o"), name("out/part.d"), name("out/libpart.so"));
    compiler.quiet(&format!("c++ -g -I{include} -MD -MF {list} -c {source} -o {object}"), folder.path())?;
    compiler.quiet(&format!("c++ -shared {object} -o {library}"), folder.path())?;
    let text = fs::read_to_string(folder.path().join("out/part.d")).map_err(|error| format!("part.d: {error}"))?;
    let header = compiler.host.path(&folder.path().join("part.hpp"));
    if !text.contains(&header.display().to_string()) {
        return Err(format!("{} is not in part.d:\n{text}", header.display()));
    }
    compiler.quiet("c++ -O1 -std=c++20 hello.cpp -Lout -lpart -o hello", folder.path())?;
    fs::rename(folder.path().join("out/libpart.so"), folder.path().join("libpart.so")).map_err(about(folder.path()))?;
    compiler.greets(&folder.path().join("hello"), folder.path())
}

/// What is said goes to the driver's standard error, and the exit codes are clang's.
fn errors(compiler: &Compiler) -> Result<(), String> {
    let folder = compiler.sources()?;
    for (args, said) in [
        ("c++ -c nowhere.cpp", "no such file"),
        ("c++ -DX= -include part.cpp -fsyntax-only hello.cpp -std=c++11", "hello.cpp:"),
        ("c++ -std=c++20 hello.cpp -o hello", "undefined symbol: part("),
    ] {
        let outcome = run(&mut compiler.command(&compiler.root, args, folder.path())?, folder.path(), "driver", LIMIT)?;
        if outcome.code() != Some(1) || !outcome.said.contains(said) {
            return Err(format!("{args}: {}\n{}", outcome.ending(), outcome.said));
        }
    }
    let left = fs::read_dir(folder.path()).map_err(about(folder.path()))?.count();
    if left != SOURCES.len() + 1 {
        return Err(format!("{left} files instead of the sources and what was said"));
    }
    Ok(())
}

/// Both go through response files.
fn long_line(compiler: &Compiler) -> Result<(), String> {
    let folder = compiler.sources()?;
    let folders: Vec<String> = (0..4000).map(|number| format!("-Iinclude/folder-of-a-long-name-{number}")).collect();
    let file = folder.path().join("flags");
    fs::write(&file, folders.join("\n")).map_err(about(&file))?;
    compiler.quiet("c++ @flags -c part.cpp -o part.o", folder.path())?;
    let objects: Vec<String> = (0..2500).map(|_| "-Lfolder/of/a/long/name".to_owned()).collect();
    fs::write(&file, objects.join("\n")).map_err(about(&file))?;
    compiler.quiet("c++ -shared part.o @flags -o libpart.so", folder.path())
}

/// No host leaves a trace in what it compiles.
fn same_bytes(one: &Compiler, other: &Compiler) -> Result<(), String> {
    let built = |compiler: &Compiler| {
        let folder = compiler.sources()?;
        compiler.quiet("c++ -O2 -std=c++20 hello.cpp part.cpp -o hello", folder.path())?;
        fs::read(folder.path().join("hello")).map_err(about(folder.path()))
    };
    match built(one)? == built(other)? {
        true => Ok(()),
        false => Err("the programs differ".into()),
    }
}
