//! `distx run`, and `build` and `test`, which are short for two of its names.

use std::ffi::OsString;

use anyhow::{Result, bail};

use crate::context::Context;
use crate::loader;
use crate::project::{Project, Run};

/// What to run.
#[derive(clap::Args)]
#[command(after_help = "\
In distx-build.json: \"run\": {\"hello\": {\"cmd\": [\"PROGRAM\", \"ARGUMENT\"], \"env\": {\"NAME\": \"VALUE\"}}}. The program runs under the \
loader of the project's packages, in the project's folder.

Exit code: the program's; 1 if it could not be started.

Examples:
  distx run build
  distx run hello -- --verbose file.txt")]
pub struct Args {
    /// A key of `run` in distx-build.json; without it, the keys are listed
    pub name: Option<String>,
    /// More arguments for the program
    #[arg(last = true)]
    pub arguments: Vec<OsString>,
}

/// More arguments for `build` and `test`.
#[derive(clap::Args)]
#[command(after_help = "\
Exit code: the program's; 1 if it could not be started.

Examples:
  distx build
  distx build -- --explain")]
pub struct Short {
    /// More arguments for the program
    #[arg(last = true)]
    arguments: Vec<OsString>,
}

impl Short {
    /// What it is short for.
    pub fn of(self, name: &str) -> Args {
        Args { name: Some(name.to_owned()), arguments: self.arguments }
    }
}

/// Runs it: on Linux in place of this process.
pub fn run(args: Args, context: &Context) -> Result<i32> {
    let project = context.project()?;
    let runs = project.runs()?;
    let Some(name) = args.name else {
        let lines: String = runs.iter().map(|run| format!("{}: {}\n", run.name, run.cmd.join(" "))).collect();
        return crate::report::print(lines).map(|()| 0);
    };
    let Some(Run { cmd, env, .. }) = runs.iter().find(|run| run.name == name) else {
        let names: Vec<&str> = runs.iter().map(|run| run.name.as_str()).collect();
        let hint = recipe::suggest::hint(&name, names.iter().copied());
        let known = match names.is_empty() {
            true => "it has none: write \"run\": {...}".to_owned(),
            false => format!("it has {}", names.join(", ")),
        };
        bail!("no {name:?} to run in {}{hint}; {known}", project.folder.join(crate::project::FILE).display());
    };
    let mut command = loader(&project)?;
    command.arg("--").args(cmd).args(args.arguments);
    command.envs(env.iter().map(|(name, value)| (name, value))).current_dir(&project.folder);
    loader::run(command)
}

fn loader(project: &Project) -> Result<std::process::Command> {
    let cpu = project.variable("DISTX_ARCH")?;
    let package = format!("{}xload-{cpu}", project.variable("DISTX_PREFIX")?);
    loader::command(&project.path("DISTX_DEP")?.join(package), cpu)
}
