//! A program of ours and one of Windows beside it, which passes it handles or presses its keys.

use crate::hosts::Host;
use crate::run::{about, build};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What compiles for Windows.
const COMPILER: &str = "x86_64-w64-mingw32-gcc";

/// Both programs, compiled.
pub struct Pair {
    /// Ours.
    pub program: PathBuf,
    /// That of Windows.
    pub helper: PathBuf,
}

impl Pair {
    /// What a host lacks for it, and for a test that needs these tools as well.
    pub fn missing(host: &Host, tools: &[&str]) -> Option<String> {
        let lacks = |tool: &&&str| Command::new(tool).arg("--version").output().is_err();
        host.missing().or_else(|| [COMPILER].iter().chain(tools).find(lacks).map(|tool| format!("no {tool}")))
    }

    /// Compiles `program.c` and `<helper>.c` of a folder of `conformance-tests` into another.
    pub fn build(host: &Host, sources: &str, helper: &str, folder: &Path) -> Result<Self, String> {
        std::fs::create_dir_all(folder).map_err(about(folder))?;
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join(sources);
        let [source, helper_source] = ["program", helper].map(|name| sources.join(name).with_extension("c"));
        let pair = Self { program: folder.join("program"), helper: folder.join(helper).with_extension("exe") };
        let mut compile = Command::new(&host.compile[0]);
        compile.args(&host.compile[1..]).arg("-O1").arg(&source).arg("-o").arg(&pair.program);
        build(&mut compile, &pair.program, &[source])?;
        let mut compile = Command::new(COMPILER);
        compile.arg("-O1").arg(&helper_source).arg("-o").arg(&pair.helper);
        build(&mut compile, &pair.helper, &[helper_source])?;
        Ok(pair)
    }

    /// What starts programs of Windows, and the line by which one of them starts ours.
    pub fn line<'h>(&self, host: &'h Host, mode: &str) -> Result<(&'h Path, String), String> {
        let [wine, loader] = &host.start[..] else { return Err("a loader without Wine".into()) };
        let line = format!("{} {} {mode}", host.path(loader).display(), host.path(&self.program).display());
        Ok((wine, line))
    }

    /// Gives a command the variables with which our program is started on a host.
    pub fn set_environment(&self, host: &Host, command: &mut Command) {
        let started = host.command(&self.program);
        command.envs(started.get_envs().filter_map(|(name, value)| Some((name, value?))));
    }
}
