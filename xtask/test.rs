//! `./x test`: cargo's tests on this machine, then the conformance tests on every host.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::Project;
use crate::hosts::Host;
use crate::progress::note;

/// Packages that are built together: in one cargo call, a feature that one tool wants of a crate (`std`) would reach the C
/// library too. The first group is the workspace's default members, the last ends what people see.
pub const GROUPS: [(&str, &[&str]); 3] = [
    ("unit tests", &[]),
    ("tests of the tools", &["-p", "distx", "-p", "xtask", "-p", "benches"]),
    ("conformance tests", &["-p", "conformance-tests", "-p", "xload_demo"]),
];

/// Runs them all, even after a failure; the exit code says whether one failed.
pub fn run(project: &Project, filter: Option<&str>) -> Result<ExitCode> {
    for host in Host::ALL {
        if let Some(reason) = host.missing() {
            note(&format!("{}: skipped, {reason}", host.name()));
        }
    }
    crate::contract::build(project)?;
    let mut failed = Vec::new();
    for (name, packages) in GROUPS {
        if !cargo_test(project, packages, filter)? {
            failed.push(name);
        }
    }
    if !failed.is_empty() {
        note(&format!("failed: {}", failed.join(", ")));
    }
    Ok(ExitCode::from(u8::from(!failed.is_empty())))
}

fn cargo_test(project: &Project, args: &[&str], filter: Option<&str>) -> Result<bool> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(&project.folder).args(["test", "-j2", "--no-fail-fast", "--tests"]).args(args);
    command.env("DISTX_ROOT", project.root().0);
    // A path from here is none in the folder of a package.
    if let Ok(wine) = crate::wine::program().canonicalize() {
        command.env("WINE", wine);
    }
    if let Some(filter) = filter {
        command.args(["--", filter]);
    }
    Ok(command.status().context("cannot run cargo")?.success())
}
