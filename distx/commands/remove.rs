//! `distx remove`: takes packages out of a root.

use anyhow::{Result, bail, ensure};
use distx_packages::Key;
use distx_packages::root::{self, Held, State};

use crate::context::Context;
use crate::{dependencies, project, report};

/// What to remove.
#[derive(clap::Args)]
#[command(after_help = "\
Packages that others need stay, unless these go as well or --force is given. `dep` of distx-build.json is not changed.

Examples:
  distx remove xlibc-aarch64
  distx remove distx.org_2024-tzdata-common --force")]
pub struct Args {
    /// Packages: keys, or xlibc for that of this machine's CPU
    #[arg(value_name = "NAME", required = true)]
    names: Vec<String>,
    /// Packages that others need, and folders that distx did not install, too
    #[arg(long)]
    force: bool,
}

/// Removes them, all or none.
pub fn run(args: &Args, context: &Context) -> Result<i32> {
    let project = context.project_if_any()?;
    let folder = match &project {
        Some(project) => project.path("DISTX_DEP")?,
        None => context.root()?.0,
    };
    let packages = root::packages(&folder)?;
    let mut keys: Vec<Key> = Vec::new();
    for name in &args.names {
        let meant = dependencies::keys(name)?;
        let Some((key, state)) = packages.iter().find(|(key, _)| meant.contains(key)) else {
            let hint = recipe::suggest::hint(name, packages.iter().map(|(key, _)| key.as_str()));
            bail!("{}: no package `{}`{hint}", folder.display(), name.escape_debug());
        };
        ensure!(
            args.force || matches!(state, State::Installed(_)),
            "{} was not installed by distx: --force removes it all the same",
            folder.join(key.as_str()).display()
        );
        keys.push(key.clone());
    }
    for (other, state) in packages.iter().filter(|(other, _)| !keys.contains(other)) {
        let State::Installed(record) = state else { continue };
        if let Some(needed) = record.needs.iter().find(|need| keys.contains(need)).filter(|_| !args.force) {
            bail!("{other} needs {needed}: remove both, or give --force");
        }
    }
    keys.sort();
    keys.dedup();
    let held = Held::take(&folder, || report::note("another distx changes the same folder: waiting for it"))?;
    for key in &keys {
        held.remove(key)?;
        report::print(format!("removed {key}\n"))?;
    }
    let listed = project.map(|project| project.dependencies()).transpose()?.unwrap_or_default();
    for key in keys.iter().filter(|key| listed.iter().any(|listed| listed == key.as_str())) {
        report::note(format!("`dep` of {} still names {key}: `distx install` gets it again", project::FILE));
    }
    Ok(0)
}
