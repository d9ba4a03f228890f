//! `./x demo`: each program is compiled once per CPU and the same file runs on every host.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use distx_toolchain::target::Cpu;

use crate::cache::{self, Key};
use crate::hosts::Host;
use crate::progress::note;
use crate::project::Project;
use crate::{packages, run, sources};

/// One line of the table.
struct Row {
    program: &'static str,
    host: Host,
    sha256: String,
    last_line: String,
    status: String,
}

/// A program of the demo: how it is built, and what it does on a host.
struct Program {
    name: &'static str,
    build: fn(&Project, Cpu, &Path) -> Result<PathBuf>,
    /// Command lines run in turn in one folder; the last one's last line is the verdict.
    runs: fn(&Project) -> Result<Vec<Vec<String>>>,
    /// What every host prints last.
    verdict: &'static str,
}

const PROGRAMS: [Program; 4] = [
    Program { name: "hello.c", build: hello_c, runs: |_| Ok(vec![vec![]]), verdict: "hello.c: all checks passed" },
    Program {
        name: "hello.cpp",
        build: hello_cpp,
        runs: |_| Ok(vec![vec![]]),
        verdict: "hello.cpp: all checks passed",
    },
    Program { name: "lua 5.4", build: lua, runs: lua_runs, verdict: "lua: all checks passed" },
    Program { name: "sqlite3", build: sqlite, runs: sqlite_runs, verdict: "sqlite: all checks passed" },
];

/// Builds, runs and prints the table. Fails if a program failed on a host that is here.
pub fn run(project: &Project) -> Result<ExitCode> {
    let mut rows = Vec::new();
    let mut failures = Vec::new();
    for program in &PROGRAMS {
        for cpu in Cpu::ALL {
            let file = match compiled(project, program, cpu) {
                Ok(file) => file,
                Err(error) => {
                    failures.push(format!("{} for {}: {error:#}", program.name, cpu.name()));
                    continue;
                }
            };
            for host in Host::ALL.into_iter().filter(|host| host.cpu() == cpu) {
                if host.missing().is_some() {
                    continue;
                }
                match try_on(project, program, host, &file) {
                    Ok(row) => {
                        if row.last_line != program.verdict || row.status != "exit code 0" {
                            failures.push(format!(
                                "{} on {}: {}, {}",
                                program.name,
                                host.name(),
                                row.status,
                                row.last_line
                            ));
                        }
                        rows.push(row);
                    }
                    Err(error) => failures.push(format!("{} on {}: {error:#}", program.name, host.name())),
                }
            }
        }
    }
    print_table(&rows);
    for host in Host::ALL {
        if let Some(reason) = host.missing() {
            println!("{}: skipped, {reason}", host.name());
        }
    }
    for failure in &failures {
        println!("FAILED: {failure}");
    }
    Ok(ExitCode::from(u8::from(!failures.is_empty())))
}

/// The program's file, built again only when compiler, headers, libraries or source changed.
fn compiled(project: &Project, program: &Program, cpu: Cpu) -> Result<PathBuf> {
    let root = project.root();
    let folder = project.work("demo").join(cpu.name()).join(program.name.replace(' ', "-"));
    let mut key = Key::default().file(&root.bin().join("distx"))?.tree(&root.package("xlibc", "common"))?;
    key = key.tree(&project.folder.join("examples"))?.file(&root.libcxx(cpu).join("lib/libc++.so.1"))?;
    let (key, stamp) = (key.hash(), folder.join("built"));
    if let Some((hash, file)) = fs::read_to_string(&stamp).unwrap_or_default().split_once(' ')
        && hash == key
        && Path::new(file).exists()
    {
        return Ok(file.into());
    }
    note(&format!("compile {} for {}", program.name, cpu.name()));
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let file = (program.build)(project, cpu, &folder)?;
    fs::write(stamp, format!("{key} {}", file.display()))?;
    Ok(file)
}

fn try_on(project: &Project, program: &Program, host: Host, file: &Path) -> Result<Row> {
    let folder = project.work("demo/run").join(host.name().replace(' ', "-")).join(program.name.replace(' ', "-"));
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let (mut last_line, mut status) = (String::new(), String::new());
    for args in (program.runs)(project)? {
        let args: Vec<String> =
            args.iter().map(|arg| host.path(Path::new(arg)).to_string_lossy().into_owned()).collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let outcome = host.run(&project.root(), file, &args, &folder)?;
        (last_line, status) = (outcome.last_line().to_owned(), outcome.status.clone());
        if !outcome.success {
            note(&format!("{} on {}:\n{}{}", program.name, host.name(), outcome.stdout, outcome.stderr));
            break;
        }
    }
    Ok(Row { program: program.name, host, sha256: cache::sha256(file)?, last_line, status })
}

fn print_table(rows: &[Row]) {
    let titles = ["program", "host", "exit", "last line of its output", "sha256 of the file"].map(str::to_owned);
    let mut lines = vec![titles];
    for row in rows {
        lines.push([
            row.program.to_owned(),
            row.host.name().to_owned(),
            row.status.trim_start_matches("exit code ").to_owned(),
            row.last_line.clone(),
            row.sha256.clone(),
        ]);
    }
    let width = |at: usize| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..5).map(width).collect();
    for (row, line) in lines.iter().enumerate() {
        let cells = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        println!("{}", cells.collect::<Vec<_>>().join("  ").trim_end());
        if row == 0 {
            println!("{}", widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>().join("  "));
        }
    }
}

fn distx(project: &Project, tool: &str, cpu: Cpu) -> Command {
    let mut command = Command::new(project.root().bin().join("distx"));
    command.arg(tool).arg(format!("--target-arch={}", cpu.name()));
    command
}

fn hello_c(project: &Project, cpu: Cpu, folder: &Path) -> Result<PathBuf> {
    let program = folder.join("hello-c");
    let source = project.folder.join("examples/hello.c");
    run::output(distx(project, "cc", cpu).args(["-g", "-O2", "-o"]).arg(&program).arg(source).arg("-lm"))?;
    Ok(program)
}

fn hello_cpp(project: &Project, cpu: Cpu, folder: &Path) -> Result<PathBuf> {
    let (program, examples) = (folder.join("hello-cpp"), project.folder.join("examples"));
    let flags = ["-g", "-O2", "-std=c++20", "-Wall"];
    run::output(
        distx(project, "c++", cpu)
            .args(flags)
            .args(["-shared", "-o"])
            .arg(folder.join("libgreeter.so"))
            .arg(examples.join("greeter.cpp")),
    )?;
    let mut link = distx(project, "c++", cpu);
    link.args(flags).arg("-o").arg(&program).arg(examples.join("hello.cpp")).arg("-L").arg(folder).arg("-lgreeter");
    run::output(&mut link)?;
    Ok(program)
}

/// Lua's own makefile, told only which compiler to use.
fn lua(project: &Project, cpu: Cpu, folder: &Path) -> Result<PathBuf> {
    packages::tree(&sources::lua()?, folder)?;
    let mut make = Command::new("make");
    make.current_dir(folder.join("src")).args(["-j2", "posix"]).arg(compiler_variable("CC", project, cpu));
    run::step(&format!("build Lua for {}", cpu.name()), make.arg("AR=llvm-ar-19 rcu").arg("RANLIB=llvm-ranlib-19"))?;
    Ok(folder.join("src/lua"))
}

fn compiler_variable(name: &str, project: &Project, cpu: Cpu) -> String {
    format!("{name}={} cc --target-arch={}", project.root().bin().join("distx").display(), cpu.name())
}

fn lua_runs(project: &Project) -> Result<Vec<Vec<String>>> {
    Ok(vec![vec![project.folder.join("examples/demo/work.lua").display().to_string()]])
}

/// SQLite's own configure and makefile.
fn sqlite(project: &Project, cpu: Cpu, folder: &Path) -> Result<PathBuf> {
    let source = sources::sqlite()?;
    let mut configure = Command::new(source.join("configure"));
    configure
        .current_dir(folder)
        .arg(format!("--host={}-linux-musl", cpu.name()))
        .args(["--disable-tcl", "--disable-readline", "--disable-shared", "--disable-load-extension"])
        .args(["BUILD_CC=cc", "CFLAGS=-O2", "AR=llvm-ar-19", "RANLIB=llvm-ranlib-19", "NM=llvm-nm-19"])
        .arg(compiler_variable("CC", project, cpu));
    run::step(&format!("configure SQLite for {}", cpu.name()), &mut configure)?;
    let mut make = Command::new("make");
    run::step(&format!("build SQLite for {}", cpu.name()), make.current_dir(folder).args(["-j2", "sqlite3"]))?;
    let program = folder.join("sqlite3");
    fs::metadata(&program).context("SQLite's makefile made no shell")?;
    Ok(program)
}

fn sqlite_runs(project: &Project) -> Result<Vec<Vec<String>>> {
    let mut runs = Vec::new();
    for script in ["create.sql", "check.sql"] {
        // Beside the database, so that one relative name serves every host.
        let text = fs::read_to_string(project.folder.join("examples/demo").join(script))?;
        runs.push(vec!["-batch".to_owned(), "-bail".to_owned(), "items.db".to_owned(), text]);
    }
    Ok(runs)
}
