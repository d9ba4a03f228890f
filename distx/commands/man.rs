//! `distx man`: the manual pages.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::report;

/// Where to.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  distx man | man -l -
  distx man ~/.local/share/man/man1 && man distx-run")]
pub struct Args {
    /// The folder that a page for each command goes to; without it, the page of distx itself is printed
    folder: Option<PathBuf>,
}

/// Writes the pages of a command line.
pub fn run(args: &Args, line: clap::Command) -> Result<i32> {
    match &args.folder {
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(line).render(&mut page)?;
            report::print(String::from_utf8_lossy(&page))?;
        }
        Some(folder) => {
            let written = fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(line, folder));
            written.with_context(|| format!("cannot write into {}", folder.display()))?;
        }
    }
    Ok(0)
}
