//! The commands, one file each. `--help` of each is what a user reads: its text stands beside the code that it tells of.

mod build_systems;
mod clean;
mod completions;
mod doctor;
mod exec;
mod info;
mod install;
mod key;
mod list;
mod man;
mod new;
mod pack;
#[cfg_attr(windows, path = "register_windows.rs")]
mod register;
mod remove;
mod root;
mod run;
mod search;
pub mod toolchain;

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::Result;
use clap::error::{ContextKind, ContextValue};
use clap::{Arg, ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand, value_parser};
use distx_toolchain::target::Cpu;
use distx_toolchain::tools;

use crate::context::Context;

/// Compile a C or C++ program once, run the same file on every host.
#[derive(Parser)]
#[command(name = "distx", version = version(), after_help = AFTER, arg_required_else_help = true)]
struct Arguments {
    /// The folder with the packages; otherwise the one that distx lies in, else _distx of the project
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

const AFTER: &str = "\
Exit code: 0 done, 1 failed (the reason is on the standard error output), 2 wrong command line; commands that run a program \
(run, build, test, exec, cc, c++ and other tools) end with its code.

Colours go to terminals; NO_COLOR=1 turns them off, CLICOLOR_FORCE=1 on.

Examples:
  distx c++ hello.cpp -o hello && distx exec ./hello
  distx run build
  distx run --help";

#[derive(Subcommand)]
enum Command {
    /// Make a small C++ project: a program or a library, with a test
    New(new::Args),
    /// Get the packages that the project needs, and what these need
    #[command(visible_alias = "i")]
    Install(install::Args),
    /// Remove packages that `distx install` got
    Remove(remove::Args),
    /// List the packages that repositories have
    Search(search::Args),
    /// Make and show the keys that repositories are signed with
    #[command(subcommand)]
    Key(key::Command),
    /// Run what distx-build.json calls NAME
    #[command(visible_alias = "r")]
    Run(run::Args),
    /// Build the project: `distx run build`
    Build(run::Short),
    /// Test the project: `distx run test`
    Test(run::Short),
    /// Run a program under the loader of this machine
    Exec(exec::Args),
    /// List the packages that are there: key, version, size
    List,
    /// Show root, project and versions, or what is in a package
    Info(info::Args),
    /// Say what is missing on this machine, and what mends it; exit code 1 where something needed is
    Doctor,
    /// Remove what builds made in the project
    Clean(clean::Args),
    /// Let the kernel start program files by themselves (binfmt_misc; needs root)
    Register(register::Args),
    /// Take back what `distx register` did
    Unregister,
    Pack(pack::Pack),
    /// Print the folder with the packages
    Root,
    /// Print what a shell needs to complete distx's command lines
    Completions(completions::Args),
    /// Write the manual pages
    Man(man::Args),
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

/// Takes short names out of what clap thinks was meant: one letter is near to every short word, and tells nothing.
pub fn suggested(mut stop: clap::Error) -> clap::Error {
    let Some(ContextValue::Strings(near)) = stop.get(ContextKind::SuggestedSubcommand).cloned() else { return stop };
    let line = line();
    let is_short =
        |name: &String| line.get_subcommands().any(|command| command.get_all_aliases().any(|one| one == name));
    let mut names: Vec<String> = near.into_iter().filter(|name| !is_short(name)).collect();
    if let (true, Some(ContextValue::String(word))) = (names.is_empty(), stop.get(ContextKind::InvalidSubcommand)) {
        let known = line.get_subcommands().map(clap::Command::get_name);
        names.extend(recipe::suggest::closest(word, known).map(str::to_owned));
    }
    match names.is_empty() {
        true => stop.remove(ContextKind::SuggestedSubcommand),
        false => stop.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(names)),
    };
    stop
}

/// clap's name of the arguments that go to a tool unread.
const PASSED: &str = "tool-arguments";

fn version() -> String {
    format!("{} (LLVM {})", env!("CARGO_PKG_VERSION"), tools::LLVM_MAJOR)
}

/// Runs what the command line asks for; its exit code.
///
/// # Errors
/// Whatever went wrong, for people.
pub fn run(mut given: ArgMatches) -> Result<i32> {
    let context = Context::new(given.get_one("root").cloned());
    if let Some((tool, passed)) = given.subcommand() {
        let passed = passed.try_get_many(PASSED).ok().flatten().unwrap_or_default();
        if let Some(ran) = toolchain::run(tool, Cpu::X86_64, passed.cloned().collect(), || context.root()) {
            return ran;
        }
    }
    match Arguments::from_arg_matches_mut(&mut given)?.command {
        Command::New(args) => new::run(&args),
        Command::Install(args) => install::run(&args, &context),
        Command::Remove(args) => remove::run(&args, &context),
        Command::Search(args) => search::run(&args, &context),
        Command::Key(command) => key::run(&command),
        Command::Run(args) => run::run(args, &context),
        Command::Build(args) => run::run(args.of("build"), &context),
        Command::Test(args) => run::run(args.of("test"), &context),
        Command::Exec(args) => exec::run(args, &context),
        Command::List => list::run(&context),
        Command::Info(args) => info::run(&args, &context),
        Command::Doctor => doctor::run(&context),
        Command::Clean(args) => clean::run(&args, &context),
        Command::Register(args) => register::register(&args, &context),
        Command::Unregister => register::unregister(&context),
        Command::Pack(pack) => pack.run(|| context.root()),
        Command::Root => root::run(&context),
        Command::Completions(args) => completions::run(&args, line()),
        Command::Man(args) => man::run(&args, line()),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_sound() {
        super::line().debug_assert();
    }

    #[test]
    fn a_name_and_not_its_short_form_is_suggested() {
        for (word, told) in [
            ("rnu", "a similar subcommand exists: 'run'"),
            ("ru", "a similar subcommand exists: 'run'"),
            ("isntall", "'install'"),
            ("lsit", "a similar subcommand exists: 'list'"),
        ] {
            let stop = super::line().try_get_matches_from(["distx", word]).expect_err(word);
            let text = super::suggested(stop).to_string();
            assert!(text.contains(told) && !text.contains("'r'") && !text.contains("'i'"), "{word}: {text}");
        }
        let stop = super::line().try_get_matches_from(["distx", "rrrrr"]).expect_err("unknown");
        assert!(!super::suggested(stop).to_string().contains("similar"));
        let stop = super::line().try_get_matches_from(["distx", "key", "shwo"]).expect_err("unknown");
        assert!(super::suggested(stop).to_string().contains("'show'"));
    }
}
