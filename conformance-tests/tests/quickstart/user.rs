//! Somebody who has the file `distx`, a repository and nothing else of ours.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use conformance_tests::run::{about, run};
use conformance_tests::tool::Tool;

/// A name that a path on either system may have, and that careless tools stumble over.
const PLACE: &str = "mein Ordner für π";

/// A user's folder, with `distx` somewhere else.
pub struct User {
    home: tempfile::TempDir,
    tool: PathBuf,
}

impl User {
    /// With a copy of that program, under the name that it has where it runs.
    pub fn new(program: &Path, name: &str) -> Result<User, String> {
        let home = tempfile::tempdir().map_err(|error| error.to_string())?;
        let tool = home.path().join("bin").join(name);
        for folder in [home.path().join(PLACE), home.path().join("bin")] {
            fs::create_dir_all(&folder).map_err(about(&folder))?;
        }
        fs::copy(program, &tool).map_err(about(program))?;
        Ok(User { home, tool })
    }

    /// The program.
    pub fn tool(&self) -> &Path {
        &self.tool
    }

    /// Where projects lie.
    pub fn place(&self) -> PathBuf {
        self.home.path().join(PLACE)
    }

    /// The one that `distx new hello` makes there.
    pub fn project(&self) -> PathBuf {
        self.place().join("hello")
    }

    /// A file of the project.
    pub fn write(&self, name: &str, text: &str) -> Result<(), String> {
        let file = self.project().join(name);
        fs::write(&file, text).map_err(about(&file))
    }

    /// Runs a command as that user; what it said, if it ended well.
    pub fn run(&self, command: &mut Command, folder: &Path) -> Result<String, String> {
        match self.ran(command, folder)? {
            (Some(0), said) => Ok(said),
            (code, said) => Err(format!("{command:?}: {code:?}\n{said}")),
        }
    }

    /// Runs a command as that user; its exit code and what it said.
    pub fn ran(&self, command: &mut Command, folder: &Path) -> Result<(Option<i32>, String), String> {
        let home = self.home.path();
        command.current_dir(folder).env("HOME", home).env("XDG_CONFIG_HOME", home.join("config"));
        command.env("XDG_CACHE_HOME", home.join("cache")).env_remove("XLOAD_ROOT").env_remove("DISTX_ROOT");
        if command.get_envs().all(|(name, _)| name != "DISTX_REPOSITORY") {
            command.env("DISTX_REPOSITORY", super::repository().unwrap_or_default());
        }
        let outcome = run(command, home, "said", Duration::from_secs(600))?;
        Ok((outcome.code(), outcome.said))
    }

    /// A command of `distx` on a host, which says `what`.
    pub fn distx(&self, tool: &Tool, args: &[&str], folder: &Path, what: &str) -> Result<(), String> {
        says(&self.run(self.command(tool)?.args(args), folder)?, what)
    }

    /// As [`Self::distx`], of one that must fail.
    pub fn refused(&self, tool: &Tool, args: &[&str], folder: &Path, what: &str) -> Result<(), String> {
        let (code, said) = self.ran(self.command(tool)?.args(args), folder)?;
        if code == Some(1) { says(&said, what) } else { Err(format!("distx {args:?}: {code:?}\n{said}")) }
    }

    /// `distx` of a host; arguments are still to be added.
    fn command(&self, tool: &Tool) -> Result<Command, String> {
        if !tool.host.is_windows() {
            return tool.command(&self.tool);
        }
        // Wine sets the variables of the user's folders itself, over what it inherits; a batch file sets them anew.
        let windows = |path: &Path| tool.host.path(path).to_string_lossy().replace('/', "\\");
        let batch = self.tool.with_extension("bat");
        let (config, cache) = (self.home.path().join("config"), self.home.path().join("cache"));
        let lines = [
            format!("@set APPDATA={}", windows(&config)),
            format!("@set LOCALAPPDATA={}", windows(&cache)),
            format!("@\"{}\" %*", windows(&self.tool)),
        ];
        fs::write(&batch, lines.join("\r\n") + "\r\n").map_err(about(&batch))?;
        let mut command = tool.command(Path::new("cmd"))?;
        command.args(["/c", &windows(&batch)]);
        command.env("DISTX_REPOSITORY", windows(&super::repository().unwrap_or_default()));
        Ok(command)
    }
}

/// That a text is among what was said.
pub fn says(said: &str, what: &str) -> Result<(), String> {
    if said.contains(what) { Ok(()) } else { Err(format!("not said: {what:?}, but:\n{said}")) }
}
