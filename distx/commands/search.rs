//! `distx search`: what repositories have.

use anyhow::{Result, ensure};
use distx_packages::Key;
use distx_packages::config::Folders;
use distx_packages::install;
use distx_packages::root::{self, State};
use loader_abi::files::PACKAGE_PREFIX;

use crate::context::Context;
use crate::progress::Bars;
use crate::{packages, report};

/// What to look for.
#[derive(clap::Args)]
#[command(after_help = "\
Prints key, version and size of the download; `*` marks what the project has.

Examples:
  distx search
  distx search libcxx")]
pub struct Args {
    /// Only packages with this in their keys
    #[arg(value_name = "WORD")]
    word: Option<String>,
    /// Use what was fetched before, and folders of this machine, only
    #[arg(long)]
    offline: bool,
}

/// Prints a line for each package.
pub fn run(args: &Args, context: &Context) -> Result<i32> {
    let project = context.project_if_any()?;
    let folders = Folders::of_user()?;
    let sources = match &project {
        Some(project) => folders.sources(&project.repositories()?, &project.folder)?,
        None => folders.sources(&[], &std::env::current_dir()?)?,
    };
    // Which host to ask where none is chosen: that of our own packages.
    let of_host = Key::parse(&format!("{PACKAGE_PREFIX}xlibc-common"))?;
    let (listed, failures) = install::listed(&sources, &of_host, &folders, args.offline, &Bars::new())?;
    ensure!(!listed.is_empty() || failures.is_empty(), "{}", failures.join("\n"));
    failures.iter().for_each(report::warn);
    let root = project.map(|project| project.path("DISTX_DEP")).transpose()?;
    let word = args.word.as_deref().unwrap_or_default().to_lowercase();
    let found: Vec<_> = listed.iter().filter(|(key, _)| key.as_str().to_lowercase().contains(&word)).collect();
    let width = found.iter().map(|(key, _)| key.as_str().len()).max().unwrap_or(0);
    let mut text = String::new();
    for (key, package) in &found {
        let here = root.as_ref().is_some_and(|root| !matches!(root::state(root, key), State::Absent));
        let mark = if here { '*' } else { ' ' };
        let (key, version) = (key.as_str(), &package.version);
        text += &format!("{mark} {key:width$}  {version:14}  {:>9}\n", packages::size(package.bytes));
    }
    report::print(text)?;
    if found.is_empty() {
        report::note("nothing of that name");
    }
    Ok(i32::from(found.is_empty()))
}
