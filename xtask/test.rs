//! `./x test`: cargo's tests on this machine, then the conformance tests on every host.

use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::hosts::Host;
use crate::progress::note;
use crate::project::{Build, Project};
use crate::select::{self, Choice, Chosen};
use crate::{contract, install, package};

/// Packages that are built together: in one cargo call, a feature that one tool wants of a crate (`std`) would reach the C
/// library too. The first group is the workspace's default members, the last ends what people see.
pub const GROUPS: [(&str, &[&str]); 3] = [
    ("unit tests", &[]),
    (
        "tests of the tools",
        &[
            "-p",
            "distx",
            "-p",
            "distx_pack",
            "-p",
            "distx_packages",
            "-p",
            "distx_toolchain",
            "-p",
            "recipe",
            "-p",
            "xbuild",
            "-p",
            "xtask",
            "-p",
            "benches",
        ],
    ),
    ("conformance tests", &["-p", "conformance-tests", "-p", "xload_demo"]),
];

/// Runs all tests on what a build made, even after a failure; the exit code says whether one failed.
pub fn all(project: &Project) -> Result<ExitCode> {
    note(&format!("testing the release build, {}", project.root().0.display()));
    for host in Host::ALL {
        if let Some(reason) = host.missing() {
            note(&format!("{}: skipped, {reason}", host.name()));
        }
    }
    contract::build(project, &install::Parts::all())?;
    package::repository(project, &project.work("repository"), None)?;
    let mut failed = Vec::new();
    for (name, packages) in GROUPS {
        let mut command = select::cargo(project);
        command.arg("--tests").args(packages);
        select::environment(&mut command, project, &Choice::default());
        if !command.status().context("cannot run cargo")?.success() {
            failed.push(name);
        }
    }
    Ok(conclude(&failed))
}

/// Runs the chosen tests on a build of what they need. It is an error if there are none.
pub fn some(project: &Project, choice: &Choice) -> Result<ExitCode> {
    let mut groups: Vec<(&str, Vec<Chosen>)> = Vec::new();
    for (name, packages) in GROUPS {
        let programs = select::programs(project, packages, choice)?;
        groups.push((name, select::tests(project, programs, choice)?));
    }
    let chosen = || groups.iter().flat_map(|(_, chosen)| chosen);
    let count: usize = chosen().map(|one| one.tests.len()).sum();
    if count == 0 {
        bail!("no test {}", describe(choice));
    }
    let needs = select::needs(chosen());
    build(project, &needs, count)?;
    if chosen().any(|one| one.program.runs_contract(&one.tests)) {
        contract::build(project, &needs)?;
    }
    if chosen().any(|one| one.program.installs_packages()) {
        package::repository(project, &project.work("repository"), None)?;
    }

    let mut ignored = 0;
    for one in chosen() {
        ignored += one.program.tests(project, choice, true)?.len();
    }
    let mut failed = Vec::new();
    for (name, chosen) in groups.iter().filter(|(_, chosen)| !chosen.is_empty()) {
        let mut command = select::cargo(project);
        command.args(select::arguments(chosen.iter().map(|one| &one.program)));
        select::environment(&mut command, project, choice);
        if let Some(name) = &choice.name {
            command.args(["--", name]);
        }
        if !command.status().context("cannot run cargo")?.success() {
            failed.push(*name);
        }
    }
    if ignored >= count {
        bail!("none of the {count} tests {} runs here: each says why above", describe(choice));
    }
    Ok(conclude(&failed))
}

/// The quick build of what tests need; the release build is whole, as it ships.
fn build(project: &Project, needs: &install::Parts, count: usize) -> Result<()> {
    let root = project.root().0;
    let tests = if count == 1 { "1 test".to_owned() } else { format!("{count} tests") };
    match project.build {
        Build::Release => {
            note(&format!("{tests} on the release build, {}", root.display()));
            install::build(project, &install::Parts::all())
        }
        Build::Quick if needs.hosts.is_empty() => {
            note(&format!("{tests}, no build needed"));
            Ok(())
        }
        Build::Quick => {
            note(&format!("{tests} on a quick build, {} (--release tests what ships)", root.display()));
            install::build(project, needs)
        }
    }
}

fn describe(choice: &Choice) -> String {
    let mut text = match &choice.name {
        Some(name) => format!("with `{name}` in its name"),
        None => "at all".to_owned(),
    };
    if !choice.hosts.is_empty() {
        let hosts: Vec<&str> = choice.hosts.iter().map(|host| host.id()).collect();
        text.push_str(&format!(" on {}", hosts.join(", ")));
    }
    text
}

fn conclude(failed: &[&str]) -> ExitCode {
    if !failed.is_empty() {
        note(&format!("failed: {}", failed.join(", ")));
    }
    ExitCode::from(u8::from(!failed.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_found_is_named() {
        let choice = Choice { name: Some("strlne".into()), hosts: vec![Host::LinuxX86, Host::WindowsX86] };
        assert_eq!(describe(&choice), "with `strlne` in its name on linux-x86_64, windows-x86_64");
        assert_eq!(describe(&Choice::default()), "at all");
    }
}
