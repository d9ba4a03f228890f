//! `distx exec`: a program under the loader of this machine.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::Result;
use distx_toolchain::tools::on_path;

use crate::context::Context;
use crate::loader;

/// The program and what it is given.
#[derive(clap::Args)]
#[command(after_help = "\
A program for another CPU runs under qemu-CPU, where that is on PATH (on Linux).

Exit code: the program's; 1 if it could not be started.

Examples:
  distx exec ./hello
  distx exec ./hello --its-option argument")]
pub struct Args {
    /// A program that `distx cc` or `distx c++` has linked: a path, or a name on PATH
    program: PathBuf,
    /// Its arguments
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Runs it: on Linux in place of this process.
pub fn run(args: Args, context: &Context) -> Result<i32> {
    let is_name = args.program.components().count() == 1 && !args.program.is_file();
    let found = args.program.to_str().filter(|_| is_name).and_then(on_path);
    let program = found.unwrap_or(args.program);
    let cpu = loader::cpu_of(&program)?;
    let mut command = loader::command(&context.root()?.xload(cpu), cpu.name())?;
    command.arg("--").arg(program).args(args.arguments);
    loader::run(command)
}
