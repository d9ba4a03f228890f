//! `./x`: everything that builds, runs and measures. A step is done once: results lie in a cache keyed by what went in.
#![forbid(unsafe_code)]

mod abi;
mod bench;
mod cache;
mod contract;
mod cross;
mod demo;
mod docs;
mod edits;
mod exports;
mod fmt;
mod fuzz;
mod gdb;
mod guest;
mod header;
mod hosts;
mod install;
mod kit;
mod llvm;
mod llvm_package;
mod llvm_program;
mod llvm_program_edits;
mod musl;
mod package;
mod packages;
mod progress;
mod project;
mod run;
mod runtimes;
mod select;
mod setup;
mod sources;
mod sysroot;
mod test;
mod times;
mod toolchain;
mod wine;
mod xbuild;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::hosts::Host;
use crate::install::Parts;
use crate::project::{Build, Project};
use crate::setup::Setup;

/// Build, try and test xlibc, xload and distx.
#[derive(Parser)]
#[command(name = "x", bin_name = "./x", disable_version_flag = true)]
struct Arguments {
    /// Install missing packages without a question
    #[arg(long, short, global = true)]
    yes: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install missing packages with apt (as root) and fetch source packages; `build`, `demo` and `test` do it by themselves
    Setup,
    /// Build loaders, C and C++ library and driver for every CPU into _distx/
    Build {
        /// The packages `llvm` too: distx for Linux on x86_64 and aarch64, which runs on every distribution, and for Windows
        #[arg(long)]
        drivers: bool,
    },
    /// Compile example programs, Lua and SQLite once per CPU and run the same files on every host
    Demo,
    /// Write what libc.so exports into conformance-tests/abi/exports.txt
    Abi,
    /// Unit tests, ABI checks, conformance tests on every host
    ///
    /// All tests run on the release build. Some of them, chosen by a name or a host, run on a quick one, of which only what they
    /// need is built.
    Test {
        /// Only tests whose names contain this
        name: Option<String>,
        /// Only conformance tests on this host; again, or with commas, for more than one
        #[arg(long, value_enum, value_delimiter = ',')]
        host: Vec<Host>,
        /// The release build for some tests, too
        #[arg(long)]
        release: bool,
    },
    /// Measure against glibc and musl
    Bench {
        /// Only this bench
        name: Option<String>,
    },
    /// Make a repository of all packages, from which `distx install` installs
    Package {
        /// Where; made if it is not there
        #[arg(default_value = "target/x/repository")]
        folder: PathBuf,
        /// clang and lld too, as programs that run on every host: built from LLVM's sources, once, in an hour or more
        #[arg(long)]
        with_llvm: bool,
        /// Sign the index with this key (`distx key new`); DISTX_KEY names one, too
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
    },
    /// Make a folder with which everything is tried on a Windows machine, by starting one script: docs/windows-checklist.md
    Kit {
        /// Where; made if it is not there
        folder: PathBuf,
    },
    /// Try damaged program files and made-up input: nothing may crash
    Fuzz {
        /// For about that long
        #[arg(default_value_t = 2)]
        minutes: u64,
    },
    /// Make the guide for users, docs/guide/, into a book
    Docs,
    /// rustfmt and clippy, warnings are errors
    Fmt {
        /// Report instead of changing files
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match execute(&arguments.command, Setup { yes: arguments.yes }) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("x: error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn execute(command: &Command, setup: Setup) -> Result<ExitCode> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let project = Project { folder: folder.to_owned(), build: Build::Release };
    match command {
        Command::Setup => {
            setup.required()?;
            setup.optional();
            sources::llvm()?;
            sources::lua()?;
            sources::sqlite()?;
            progress::note("everything is in place");
        }
        Command::Build { drivers } => build(&project, setup, &Parts { drivers: *drivers, ..Parts::all() })?,
        Command::Abi => {
            setup.required()?;
            abi::write(&Project { build: Build::Quick, ..project })?;
        }
        Command::Demo => {
            let demo = times::Demo::begin()?;
            build(&project, setup, &Parts::all())?;
            setup.optional();
            let code = demo::run(&project)?;
            demo.end()?;
            return Ok(code);
        }
        Command::Test { name: None, host, .. } if host.is_empty() => {
            build(&project, setup, &Parts::all())?;
            setup.optional();
            return test::all(&project);
        }
        Command::Test { name, host, release } => {
            setup.required()?;
            setup.optional();
            let build = if *release { Build::Release } else { Build::Quick };
            let choice = select::Choice { name: name.clone(), hosts: host.clone() };
            return test::some(&Project { build, ..project }, &choice);
        }
        Command::Bench { name } => {
            build(&project, setup, &Parts::all())?;
            setup.optional();
            return bench::run(&project, name.as_deref());
        }
        Command::Package { folder, with_llvm, key } => {
            let key = key.clone().or_else(|| std::env::var_os("DISTX_KEY").map(PathBuf::from));
            build(&project, setup, &Parts::all())?;
            match with_llvm {
                true => llvm_program::install(&project)?,
                false => llvm_program::remove(&project)?,
            }
            package::repository(&project, folder, key.as_deref())?;
        }
        Command::Kit { folder } => {
            build(&project, setup, &Parts::all())?;
            return kit::write(&project, folder);
        }
        Command::Fuzz { minutes } => {
            build(&project, setup, &Parts::all())?;
            setup.optional();
            return fuzz::run(&project, *minutes);
        }
        Command::Docs => docs::build(&project)?,
        Command::Fmt { check } => return fmt::run(&project, setup, *check),
    }
    Ok(ExitCode::SUCCESS)
}

fn build(project: &Project, setup: Setup, parts: &Parts) -> Result<()> {
    setup.required()?;
    install::build(project, parts)
}
