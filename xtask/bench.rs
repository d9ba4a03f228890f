//! Benches: the package `benches` measures, this passes on where things are.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};

use crate::project::Project;
use crate::times;

/// Runs one bench or all.
pub fn run(project: &Project, name: Option<&str>) -> Result<ExitCode> {
    ensure!(project.folder.join("benches/Cargo.toml").exists(), "there are no benches in this checkout");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .current_dir(&project.folder)
        .args(["run", "-q", "--release", "-p", "benches", "--"])
        .args(name)
        .env("DISTX_ROOT", project.root().0)
        .status()
        .context("cannot run cargo")?;
    if name.is_none_or(|name| name == "start") {
        times::print()?;
    }
    Ok(ExitCode::from(u8::from(!status.success())))
}
