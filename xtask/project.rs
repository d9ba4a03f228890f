//! Where things of this checkout lie, for each of its two builds.

use std::path::PathBuf;

use distx_toolchain::target::Root;

/// How libraries and loaders are compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// What ships: optimised across all crates, minutes for a changed line.
    Release,
    /// For tests while one works on the code: compiled in parts, seconds for a changed line.
    Quick,
}

/// A build of this checkout.
#[derive(Clone, Debug)]
pub struct Project {
    /// The repository.
    pub folder: PathBuf,
    /// Which of its builds. They share no file but the driver.
    pub build: Build,
}

impl Project {
    /// Built packages and tools.
    pub fn root(&self) -> Root {
        Root(match self.build {
            Build::Release => self.folder.join("_distx"),
            Build::Quick => self.work("root"),
        })
    }

    /// Intermediate files of this build.
    pub fn work(&self, name: &str) -> PathBuf {
        match self.build {
            Build::Release => self.folder.join("target/x").join(name),
            Build::Quick => self.folder.join("target/x/quick").join(name),
        }
    }

    /// Intermediate files of the driver, which is the same in every build.
    pub fn driver(&self) -> PathBuf {
        self.folder.join("target/x/host")
    }
}
