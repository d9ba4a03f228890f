//! Whole programs, of which the beginning and the end matter: a file of `programs/` says in its first comment lines how it
//! is run and what must be seen.
//!
//!     // run: ARGUMENTS            default: none
//!     // env: NAME=VALUE           in addition
//!     // flags: ARGUMENTS          for the compiler
//!     // libraries: one two        from libone.c and libtwo.c beside it, each linked with those before it
//!     // out: LINE                 the whole output, a line each (standard output and standard error)
//!     // has: TEXT                 instead: a part of it
//!     // report: TEXT           in addition, of our hosts: a part of what the loader says of a fault; without, it says nothing
//!     // exit: CODE                default: 0; `signal N` for an end by a signal
//!     // except HOST: REASON       not for this host: a name of the table, `windows`, `qemu`, `ours`, `peers`

use crate::c::ground;
use crate::hosts::Host;
use crate::run::{Outcome, about, build, run};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// What the comment of a program says.
#[derive(Default)]
pub struct Case {
    run: Vec<String>,
    environment: Vec<(String, String)>,
    flags: Vec<String>,
    libraries: Vec<String>,
    out: Vec<String>,
    has: Vec<String>,
    report: Vec<String>,
    exit: Option<String>,
    except: Vec<(String, String)>,
}

impl Case {
    /// Reads the comment of a source.
    pub fn read(source: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(source).map_err(about(source))?;
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let mut case = Self::default();
        for line in text.lines().map_while(|line| line.strip_prefix("//")) {
            let Some((key, value)) = line.split_once(':') else { continue };
            let value = value.strip_prefix(' ').unwrap_or(value);
            match key.trim() {
                "run" => case.run = words(value),
                "env" => case.environment.extend(value.split_once('=').map(|(a, b)| (a.to_owned(), b.to_owned()))),
                "flags" => case.flags = words(value),
                "libraries" => case.libraries = words(value),
                "out" => case.out.push(value.to_owned()),
                "has" => case.has.push(value.to_owned()),
                "report" => case.report.push(value.to_owned()),
                "exit" => case.exit = Some(value.to_owned()),
                key => {
                    if let Some(host) = key.strip_prefix("except ") {
                        case.except.push((host.to_owned(), value.to_owned()));
                    }
                }
            }
        }
        Ok(case)
    }

    /// Why it is not for a host.
    pub fn exception(&self, host: &Host) -> Option<&str> {
        let fits = |name: &str| match name {
            "windows" => host.is_windows(),
            "qemu" => host.is_emulated(),
            "ours" => host.is_ours(),
            "peers" => !host.is_ours(),
            name => name == host.name,
        };
        self.except.iter().find(|(name, _)| fits(name)).map(|(_, reason)| reason.as_str())
    }

    /// Compares what happened with what the comment says.
    fn judge(&self, host: &Host, outcome: &Outcome) -> Result<(), String> {
        let exit = self.exit.as_deref().unwrap_or("0");
        let ended = match exit.strip_prefix("signal ") {
            Some(number) => ended_by(host, outcome, number),
            None => outcome.code().is_some_and(|code| code.to_string() == exit),
        };
        let expected: String = self.out.iter().map(|line| format!("{line}\n")).collect();
        // What qemu-user adds to an end by a signal.
        let own = |line: &&str| !(host.is_emulated() && line.starts_with("qemu: uncaught target signal"));
        let lines = outcome.said.split_inclusive('\n').filter(own);
        let is_report = |line: &&str| host.is_ours() && !self.report.is_empty() && line.starts_with("xload: ");
        let (report, said): (Vec<&str>, Vec<&str>) = lines.partition(is_report);
        let (report, said) = (report.concat(), said.concat());
        let reports = report.lines().filter(|line| line.starts_with("xload: SIG")).count();
        let unsaid =
            self.report.iter().find(|part| host.is_ours() && (!report.contains(part.as_str()) || reports != 1));
        if let Some(unsaid) = unsaid {
            return Err(format!("{}, {reports} reports:\n{report}-- expected:\n{unsaid}", outcome.ending()));
        }
        let missing = self.has.iter().find(|part| !said.contains(part.as_str()));
        if ended && missing.is_none() && (!self.has.is_empty() || said == expected) {
            return Ok(());
        }
        let expected = missing.cloned().unwrap_or(expected);
        Err(format!("{}, not {exit}; it said:\n{said}-- expected:\n{expected}", outcome.ending()))
    }
}

/// Windows has no signals: its loader ends the process with the exit code that a shell gives for one.
pub(crate) fn ended_by(host: &Host, outcome: &Outcome, number: &str) -> bool {
    use std::os::unix::process::ExitStatusExt;
    let Ok(number) = number.parse::<i32>() else { return false };
    match outcome.status {
        Some(status) if host.is_windows() => status.code() == Some(128 + number),
        Some(status) => status.signal() == Some(number),
        None => false,
    }
}

/// Compiles a program into a folder.
pub fn compile(root: &Path, host: &Host, source: &Path, folder: &Path) -> Result<PathBuf, String> {
    let case = Case::read(source)?;
    let from = source.parent().ok_or("a source without a folder")?;
    let name = source.file_stem().ok_or("a source without a name")?;
    let folder = folder.join(name);
    std::fs::create_dir_all(&folder).map_err(about(&folder))?;
    let plus = source.extension().is_some_and(|extension| extension == "cpp");
    let mut inputs = ground(root, host)?;
    inputs.push(source.to_owned());
    inputs.extend(case.libraries.iter().map(|library| from.join(format!("lib{library}.c"))));
    let compiler = |plus: bool| {
        let arguments = if plus { &host.compile_cpp } else { &host.compile };
        let mut compile = Command::new(&arguments[0]);
        compile.args(&arguments[1..]).args(["-O1", "-Wall", "-Wextra", "-Werror", "-pthread"]);
        compile.arg(if plus { "-std=c++20" } else { "-std=gnu11" });
        if !host.is_ours() {
            compile.arg("-Wl,-rpath,$ORIGIN");
        }
        compile
    };
    let mut link: Vec<PathBuf> = Vec::new();
    for library in &case.libraries {
        let product = folder.join(format!("lib{library}.so"));
        let mut compile = compiler(false);
        compile.args(["-fPIC", "-shared"]).arg(from.join(format!("lib{library}.c")));
        compile.arg("-Wl,--no-as-needed").args(&link).arg("-o").arg(&product);
        if !host.is_ours() {
            compile.arg(format!("-Wl,-soname,lib{library}.so"));
        }
        build(&mut compile, &product, &inputs)?;
        link.push(product);
    }
    let product = folder.join(name);
    let mut compile = compiler(plus);
    // Dependants first, as a careless build might have it.
    link.reverse();
    compile.arg(source).args(&link).args(&case.flags).arg("-o").arg(&product);
    build(&mut compile, &product, &inputs)?;
    Ok(product)
}

/// Runs a compiled program and judges it.
pub fn check(host: &Host, source: &Path, program: &Path, folder: &Path) -> Result<(), String> {
    check_with(host.command(program), host, source, folder)
}

/// As [`check`], with the command that starts the program.
pub fn check_with(mut command: Command, host: &Host, source: &Path, folder: &Path) -> Result<(), String> {
    let case = Case::read(source)?;
    let files = folder.join("files");
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(&files).map_err(about(&files))?;
    command.args(&case.run).current_dir(&files);
    command.envs(case.environment.iter().map(|(name, value)| (name, value)));
    let outcome = run(&mut command, folder, "output", Duration::from_secs(60))?;
    case.judge(host, &outcome).map_err(|error| format!("{command:?}: {error}"))
}
