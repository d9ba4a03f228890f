//! `distx pack`: a program, its libraries and a loader in one file.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use distx_pack::{Listed, Request, Window};
use distx_toolchain::target::Root;

/// Put a program, its libraries and a loader into one file that starts by itself
///
/// The file needs nothing else: no packages, no installation. What is packed is the same for both targets, and runs from where it lies
/// in the file, without being unpacked.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  distx pack hello -o hello.exe                       for Windows, by the ending
  distx pack hello -o hello-linux                     for Linux on the program's CPU
  distx pack game -o game.exe --gui --icon game.ico --with plugins/sound.so
  distx pack --list hello.exe                         what is in it, each file checked

Exit code: 0 done, 1 something failed, 2 wrong command line.")]
pub struct Pack {
    /// The program, or with --list a packed file
    program: PathBuf,
    /// The file to make; a name that ends in .exe is for Windows
    #[arg(short, long, value_name = "FILE", required_unless_present = "list")]
    output: Option<PathBuf>,
    /// A library that the program opens by itself (dlopen), or that is found nowhere else; may be given several times
    #[arg(long, value_name = "FILE")]
    with: Vec<PathBuf>,
    /// For Windows: the icon, an .ico file
    #[arg(long, value_name = "FILE")]
    icon: Option<PathBuf>,
    /// For Windows: no console window
    #[arg(long, conflicts_with = "console")]
    gui: bool,
    /// For Windows: a console window where the program is not started from one (the default)
    #[arg(long)]
    console: bool,
    /// Where the file shall run; by default the ending of its name decides
    #[arg(long, value_name = "SYSTEM")]
    target: Option<Target>,
    /// Show what a packed file holds, and compare it with its hashes
    #[arg(long, conflicts_with_all = ["output", "with", "icon", "gui", "console", "target"])]
    list: bool,
}

/// Where a packed file runs.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Target {
    Linux,
    Windows,
}

impl Pack {
    /// Packs, or lists, and says what is in the file.
    ///
    /// # Errors
    /// As for `distx_pack`.
    pub fn run(self, root: impl FnOnce() -> Result<Root>) -> Result<i32> {
        if self.list {
            show(&distx_pack::list(&self.program)?);
            return Ok(0);
        }
        let output = self.output.context("-o FILE names the file to make")?;
        let target = match self.target {
            Some(Target::Linux) => distx_pack::Target::Linux,
            Some(Target::Windows) => distx_pack::Target::Windows,
            None => distx_pack::Target::of(&output),
        };
        let window = if self.gui { Window::Gui } else { Window::Console };
        let Self { program, with, icon, .. } = self;
        show(&distx_pack::pack(&Request { program, output, target, with, icon, window }, &root()?)?);
        Ok(0)
    }
}

fn show(members: &[Listed]) {
    for Listed { name, bytes, is_program } in members {
        println!("{bytes:>12}  {name}{}", if *is_program { "  (the program)" } else { "" });
    }
}
