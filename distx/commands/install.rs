//! `distx install`: gets the packages of a project.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use distx_packages::Key;
use distx_packages::config::Folders;
use distx_packages::install::{self, Request};
use distx_packages::lock;

use crate::context::Context;
use crate::progress::Bars;
use crate::{dependencies, project, report};

/// What to get, and how.
#[derive(clap::Args)]
#[command(after_help = "\
Without NAME: all of `dep` of distx-build.json. With NAME: this package too, which is added to `dep`: a key such as
distx.org_2024-xlibc-x86_64, or xlibc for that of this machine's CPU.

Repositories: DISTX_REPOSITORY if it is set; else \"repositories\" of distx-build.json and of the user's config file; else what
https://HOST/.well-known/distx.json says, where HOST is the key's part before the first `_`.

What was installed is written to distx.lock beside distx-build.json.

Examples:
  distx install
  distx install --locked
  DISTX_REPOSITORY=../repository distx install xlibc")]
pub struct Args {
    /// Packages to add to the project
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Only what distx.lock says: anything else is an error, and nothing changes
    #[arg(long, conflicts_with = "names")]
    locked: bool,
    /// Use what was fetched before, and folders of this machine, only
    #[arg(long)]
    offline: bool,
    /// Replace packages that distx did not install
    #[arg(long)]
    force: bool,
}

/// Installs them, and says what changed.
pub fn run(args: &Args, context: &Context) -> Result<i32> {
    let project = context.project()?;
    let file = project.folder.join(project::FILE);
    let folders = Folders::of_user()?;
    let sources = folders.sources(&project.repositories()?, &project.folder)?;
    let bars = Bars::new();
    let in_file = || format!("`dep` of {}", file.display());
    let dependencies = project.dependencies()?;
    let mut keys: Vec<Key> =
        dependencies.iter().map(|text| Key::parse(text)).collect::<Result<_>>().with_context(in_file)?;
    let mut new = Vec::new();
    for name in &args.names {
        let meant = dependencies::keys(name)?;
        let key = match &*meant {
            [key] => key.clone(),
            [first, ..] => {
                let (listed, failures) = install::listed(&sources, first, &folders, args.offline, &bars)?;
                ensure!(!listed.is_empty() || failures.is_empty(), "{}", failures.join("\n"));
                dependencies::chosen(name, meant, &listed)?
            }
            [] => continue,
        };
        if !keys.contains(&key) {
            keys.push(key.clone());
            new.push(key);
        }
    }
    // What the file will be is known before anything is fetched: it may be one that cannot be changed.
    let changed = match new.is_empty() {
        true => None,
        false => {
            let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
            Some(dependencies::added(&text, &new).with_context(in_file)?)
        }
    };
    ensure!(!keys.is_empty(), "{} is empty: `distx install NAME` adds a package", in_file());
    let root: PathBuf = project.path("DISTX_DEP")?;
    let request = Request {
        keys: &keys,
        sources: &sources,
        root: &root,
        project: &project.folder,
        folders: &folders,
        locked: args.locked,
        offline: args.offline,
        force: args.force,
    };
    let outcome = install::install(&request, &bars)?;
    drop(bars);
    if let Some(changed) = changed {
        lock::replace(&file, changed.as_bytes())?;
    }
    let mut text = String::new();
    for installed in &outcome.installed {
        let (key, version) = (&installed.key, &installed.version);
        text += &match &installed.before {
            Some(before) if before == version => format!("updated {key} {version} (other contents)\n"),
            Some(before) => format!("updated {key} {before} -> {version}\n"),
            None => format!("installed {key} {version}\n"),
        };
    }
    if outcome.installed.is_empty() {
        text += &format!("nothing to do: {} packages are in place\n", outcome.kept.len());
    }
    for key in &new {
        text += &format!("added {key} to dep of {}\n", project::FILE);
    }
    report::print(text)?;
    Ok(0)
}
