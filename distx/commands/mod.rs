//! The commands, one file each. `--help` of each is what a user reads: its text stands beside the code that it tells of.

mod pack;
pub mod toolchain;

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::Result;
use clap::{Arg, ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand, value_parser};
use distx_toolchain::target::{Cpu, Root};
use distx_toolchain::tools;

use crate::root;

/// Compile a C or C++ program once, run the same file on every host.
#[derive(Parser)]
#[command(name = "distx", version = version(), after_help = EXIT_CODES, arg_required_else_help = true)]
pub struct Arguments {
    /// The folder with the packages; otherwise the one that distx lies in
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit code: 0 done, 1 failed (the reason is on the standard error output), 2 wrong command line; commands that run a program
(cc, c++ and other tools) end with its code.";

#[derive(Subcommand)]
enum Command {
    Pack(pack::Pack),
    /// Print the folder with the packages
    Root,
}

/// The command line as clap knows it: the commands, and the tools of which it reads the names only.
pub fn line() -> clap::Command {
    let passed = || {
        let any = Arg::new(PASSED).value_name("ARGUMENTS").help("Arguments of the tool").num_args(0..);
        any.trailing_var_arg(true).allow_hyphen_values(true).value_parser(value_parser!(OsString))
    };
    let tool = |(name, about)| clap::Command::new(name).about(about).disable_help_flag(true).arg(passed());
    Arguments::command().subcommands(toolchain::TOOLS.map(tool))
}

/// clap's name of the arguments that go to a tool unread.
const PASSED: &str = "arguments";

/// What every command is given.
pub struct Context {
    root: Option<PathBuf>,
}

impl Context {
    /// The root that the command works with.
    ///
    /// # Errors
    /// There is none.
    pub fn root(&self) -> Result<Root> {
        match &self.root {
            Some(folder) => Ok(Root(std::path::absolute(folder)?)),
            None => root::find(),
        }
    }
}

fn version() -> String {
    format!("{} (LLVM {})", env!("CARGO_PKG_VERSION"), tools::LLVM_MAJOR)
}

/// Runs what the command line asks for; its exit code.
///
/// # Errors
/// Whatever went wrong, for people.
pub fn run(mut given: ArgMatches) -> Result<i32> {
    let context = Context { root: given.get_one("root").cloned() };
    if let Some((tool, passed)) = given.subcommand() {
        let passed = passed.try_get_many(PASSED).ok().flatten().unwrap_or_default();
        if let Some(ran) = toolchain::run(tool, Cpu::X86_64, passed.cloned().collect(), || context.root()) {
            return ran;
        }
    }
    match Arguments::from_arg_matches_mut(&mut given)?.command {
        Command::Pack(pack) => pack.run(|| context.root()),
        Command::Root => {
            println!("{}", context.root()?.0.display());
            Ok(0)
        }
    }
}
