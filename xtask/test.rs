//! `./x test`: cargo's tests on this machine, then the conformance tests on every host.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::Project;
use crate::hosts::Host;
use crate::progress::note;

/// Runs them all, even after a failure; the exit code says whether one failed.
pub fn run(project: &Project, filter: Option<&str>) -> Result<ExitCode> {
    for host in Host::ALL {
        if let Some(reason) = host.missing() {
            note(&format!("{}: skipped, {reason}", host.name()));
        }
    }
    crate::contract::build(project)?;
    let mut passed = true;
    // The default members of the workspace are the packages whose tests run on this machine.
    passed &= cargo_test(project, &["--no-fail-fast"], filter)?;
    if project.folder.join("conformance-tests/Cargo.toml").exists() {
        passed &= cargo_test(project, &["--no-fail-fast", "-p", "conformance-tests"], filter)?;
    }
    Ok(ExitCode::from(u8::from(!passed)))
}

fn cargo_test(project: &Project, args: &[&str], filter: Option<&str>) -> Result<bool> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(&project.folder).arg("test").args(["-j2"]).args(args);
    command.env("DISTX_ROOT", project.root().0);
    if let Some(filter) = filter {
        command.args(["--", filter]);
    }
    Ok(command.status().context("cannot run cargo")?.success())
}
