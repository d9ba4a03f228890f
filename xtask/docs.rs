//! `./x docs`: the guide for users as a book, docs/guide/ made into HTML by mdBook.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;
use distx_toolchain::tools::on_path;

use crate::cache::{self, Key};
use crate::progress::note;
use crate::project::Project;
use crate::run;

/// The version that is built where none is installed.
const MDBOOK: &str = "0.5.4";

/// Makes the book.
pub fn build(project: &Project) -> Result<()> {
    let book = project.work("guide");
    let mut command = Command::new(mdbook()?);
    command.arg("build").arg(project.folder.join("docs/guide")).arg("--dest-dir").arg(&book);
    run::step("make the guide", &mut command)?;
    note(&format!("open {}", book.join("index.html").display()));
    Ok(())
}

/// mdBook of this machine, else one that is built once: Debian 12 has none.
fn mdbook() -> Result<PathBuf> {
    if let Some(installed) = on_path("mdbook") {
        return Ok(installed);
    }
    let folder = cache::entry("mdbook", Key::default().text(MDBOOK), install)?;
    Ok(folder.join("bin/mdbook"))
}

fn install(folder: &Path) -> Result<()> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["install", "mdbook", "--version", MDBOOK, "--locked", "--no-default-features", "--features", "search"]);
    cargo.args(["-j2", "--root"]).arg(folder);
    run::step("build mdBook", &mut cargo)
}
