//! `./x kit`: a folder with which a person tries everything on a Windows machine; `docs/windows-checklist.md`.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::install::Parts;
use crate::progress::note;
use crate::project::Project;
use crate::select::{self, Choice};
use crate::{contract, run};

/// Makes the folder of what a build made.
pub fn write(project: &Project, folder: &Path) -> Result<ExitCode> {
    contract::build(project, &Parts::all())?;
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // As the conformance tests are built, so that features stay theirs.
    command.args(["run", "-j2", "--quiet", "-p", "conformance-tests", "--bin", "windows_kit", "--"]);
    command.arg(contract::folder(project)).arg(project.folder.join("target/tmp")).arg(std::path::absolute(folder)?);
    command.current_dir(&project.folder);
    select::environment(&mut command, project, &Choice::default());
    run::step("compile the tests", &mut command)?;
    note(&format!("copy {} to a Windows machine and start run.cmd there", folder.display()));
    Ok(ExitCode::SUCCESS)
}
