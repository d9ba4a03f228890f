//! `distx clean`: removes what builds and installs made in a project, and nothing outside of it.

use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};

use crate::context::Context;
use crate::packages::{self, RECORD};
use crate::report;

/// What to remove.
#[derive(clap::Args)]
#[command(after_help = "\
Removes the folder DISTX_BUILD (build/ of the project, unless distx-build.json says otherwise). A folder outside of the project, or one \
that is reached through a link, is left alone, with an error.

Examples:
  distx clean
  distx clean --all")]
pub struct Args {
    /// Remove the packages that `distx install` put into the project, too
    #[arg(long)]
    all: bool,
}

/// Removes it, and says what.
pub fn run(args: &Args, context: &Context) -> Result<i32> {
    let project = context.project()?;
    let mut folders = vec![within(&project.folder, &project.path("DISTX_BUILD")?)?];
    if args.all {
        let root = within(&project.folder, &project.path("DISTX_DEP")?)?;
        let installed = packages::of(&root)?.into_iter().map(|package| package.folder);
        // A link is somebody's own work, and what it leads to may lie elsewhere.
        folders.extend(installed.filter(|folder| !folder.is_symlink() && folder.join(RECORD).is_file()));
    }
    let mut removed = false;
    for folder in folders.iter().filter(|folder| folder.exists()) {
        // It does not follow links.
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
        report::print(format!("removed {}\n", folder.display()))?;
        removed = true;
    }
    if !removed {
        report::print("nothing to remove\n")?;
    }
    Ok(0)
}

/// A folder that lies in the project, below its own folder and behind no link.
fn within(project: &Path, folder: &Path) -> Result<PathBuf> {
    let outside = || format!("{} does not lie in the project {}: not removed", folder.display(), project.display());
    let inner = folder.strip_prefix(project).ok().with_context(outside)?;
    ensure!(inner.components().all(|part| matches!(part, Component::Normal(_))), outside());
    ensure!(inner.components().next().is_some(), "{} is the project itself: not removed", folder.display());
    let mut path = project.to_owned();
    for part in inner.components() {
        path.push(part);
        if path.is_symlink() {
            bail!("{} is a link: nothing behind it is removed", path.display());
        }
    }
    if path.exists() {
        let (real, of) = (fs::canonicalize(&path)?, fs::canonicalize(project)?);
        ensure!(real.starts_with(&of) && real != of, outside());
        ensure!(!real.join(crate::project::FILE).exists(), "{} is a project of its own: not removed", path.display());
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_folders_within_the_project_are_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let project = folder.path().join("p");
        fs::create_dir_all(project.join("build/x")).expect("made");
        fs::create_dir_all(project.join("other")).expect("made");
        fs::write(project.join("other/distx-build.json"), "{}").expect("written");
        assert_eq!(within(&project, &project.join("build/x")).expect("inside"), project.join("build/x"));
        assert_eq!(within(&project, &project.join("not/there")).expect("inside"), project.join("not/there"));
        for (path, what) in [
            (project.clone(), "the project itself"),
            (project.join("build/.."), "does not lie in"),
            (project.join("../q"), "does not lie in"),
            (folder.path().to_owned(), "does not lie in"),
            ("/".into(), "does not lie in"),
            (project.join("other"), "a project of its own"),
        ] {
            let error = within(&project, &path).expect_err(what).to_string();
            assert!(error.contains(what), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let folder = tempfile::tempdir().expect("a folder");
        let project = folder.path().join("p");
        fs::create_dir_all(&project).expect("made");
        std::os::unix::fs::symlink(folder.path(), project.join("out")).expect("linked");
        for path in ["out", "out/p", "out/p/build"] {
            let error = within(&project, &project.join(path)).expect_err(path).to_string();
            assert!(error.contains("is a link"), "{error}");
        }
    }
}
