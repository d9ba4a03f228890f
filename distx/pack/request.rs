//! What a person asks for.

use std::path::{Path, PathBuf};

/// The operating system that the packed file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// An ELF file that the kernel starts.
    Linux,
    /// An executable of Windows.
    Windows,
}

impl Target {
    /// By the ending of the packed file's name.
    #[must_use]
    pub fn of(output: &Path) -> Self {
        match output.extension() {
            Some(ending) if ending.eq_ignore_ascii_case("exe") => Self::Windows,
            _ => Self::Linux,
        }
    }
}

/// Whether Windows gives the program a console window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Window {
    /// One of its own, where it is not started from one.
    #[default]
    Console,
    /// None.
    Gui,
}

/// What is to be packed.
#[derive(Clone, Debug)]
pub struct Request {
    /// The program.
    pub program: PathBuf,
    /// The packed file.
    pub output: PathBuf,
    /// Where it shall run.
    pub target: Target,
    /// Libraries that the program opens by itself, or that lie where the loader would not look.
    pub with: Vec<PathBuf>,
    /// An `.ico` file for Windows.
    pub icon: Option<PathBuf>,
    /// For Windows.
    pub window: Window,
}
