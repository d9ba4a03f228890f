//! What every command is given.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use distx_toolchain::target::Root;

use crate::project::{self, Project};
use crate::{report, root};

/// Where a command works.
pub struct Context {
    /// `--root`.
    named: Option<PathBuf>,
}

impl Context {
    /// `named` is what `--root` says.
    pub fn new(named: Option<PathBuf>) -> Context {
        Context { named }
    }

    /// The root that the command works with.
    ///
    /// # Errors
    /// There is none.
    pub fn root(&self) -> Result<Root> {
        root::find(self.named.as_deref())
    }

    /// The project that the current folder lies in, if it lies in one.
    ///
    /// # Errors
    /// It belongs to another user, or its file is wrong.
    pub fn project_if_any(&self) -> Result<Option<Project>> {
        let Some(folder) = project::folder_of(&std::env::current_dir()?)? else { return Ok(None) };
        let project = Project::read(&folder, self.named.as_deref())?;
        project.warnings().iter().for_each(report::warn);
        Ok(Some(project))
    }

    /// The project that the current folder lies in.
    ///
    /// # Errors
    /// As [`Self::project_if_any`], and there is none.
    pub fn project(&self) -> Result<Project> {
        self.project_if_any()?
            .with_context(|| format!("no {} here or in a folder above; `distx new DIR` makes a project", project::FILE))
    }
}
