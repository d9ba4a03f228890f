//! Where a check builds and starts programs.

use crate::hosts::Host;
use crate::run::{Outcome, about, quiet, run};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// A folder to work in, a host to build for.
pub struct Way<'a> {
    /// The project.
    pub root: &'a Path,
    /// The host.
    pub host: &'a Host,
    /// Empty at first.
    pub folder: PathBuf,
}

impl Way<'_> {
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(super) fn write(&self, name: &str, text: &str) -> Result<PathBuf, String> {
        let path = self.path(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(about(folder))?;
        }
        std::fs::write(&path, text).map_err(about(&path))?;
        Ok(path)
    }

    pub(super) fn compiler(&self) -> Command {
        let mut compile = Command::new(&self.host.compile[0]);
        compile.args(&self.host.compile[1..]).current_dir(&self.folder);
        compile
    }

    pub(super) fn compile(&self, arguments: &str) -> Result<(), String> {
        quiet(self.compiler().args(arguments.split_whitespace()), &self.folder, "compiler")
    }

    pub(super) fn compile_cpp(&self, arguments: &str) -> Result<(), String> {
        let mut compile = Command::new(&self.host.compile_cpp[0]);
        compile.args(&self.host.compile_cpp[1..]).current_dir(&self.folder);
        quiet(compile.args(arguments.split_whitespace()), &self.folder, "compiler")
    }

    pub(super) fn finish(&self, command: &mut Command) -> Result<Outcome, String> {
        run(command, &self.folder, "output", Duration::from_secs(60))
    }

    pub(super) fn start(&self, program: &str) -> Result<Outcome, String> {
        self.finish(self.host.command(&self.path(program)).current_dir(&self.folder))
    }

    /// The program ends with the code, and what it says has these parts.
    pub(super) fn expect(&self, program: &str, code: i32, parts: &[&str]) -> Result<(), String> {
        expect(&self.start(program)?, code, parts)
    }
}

pub(super) fn expect(outcome: &Outcome, code: i32, parts: &[&str]) -> Result<(), String> {
    let missing = parts.iter().find(|part| !outcome.said.contains(**part));
    match missing {
        None if outcome.code() == Some(code) => Ok(()),
        None => Err(format!("{}, not {code}:\n{}", outcome.ending(), outcome.said)),
        Some(part) => Err(format!("{}: no \"{part}\" in:\n{}", outcome.ending(), outcome.said)),
    }
}
