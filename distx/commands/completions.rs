//! `distx completions`: what a shell needs to complete a command line.

use anyhow::Result;
use clap_complete::Shell;

use crate::report;

/// For which shell.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  distx completions bash > ~/.local/share/bash-completion/completions/distx
  distx completions zsh > ~/.zfunc/_distx          (with ~/.zfunc in fpath)
  distx completions fish > ~/.config/fish/completions/distx.fish
  distx completions powershell >> $PROFILE")]
pub struct Args {
    /// The shell
    shell: Shell,
}

/// Prints the script for a command line.
pub fn run(args: &Args, mut line: clap::Command) -> Result<i32> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut line, "distx", &mut script);
    report::print(String::from_utf8_lossy(&script))?;
    Ok(0)
}
