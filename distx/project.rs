//! A project: the folder with `distx-build.json`, and what that file says.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use recipe::Recipe;

/// The file that makes a folder a project.
pub const FILE: &str = "distx-build.json";
/// The folder of a project's packages.
pub const PACKAGES: &str = "_distx";

/// `pkgs` is for the program that makes packages, not for people who use them.
const KEYS: [&str; 4] = ["dep", "run", "repositories", "pkgs"];

/// The project that a folder lies in: its nearest parent with [`FILE`], or itself.
///
/// # Errors
/// The file or its folder belongs to another user, who could make us run what they like.
pub fn folder_of(inside: &Path) -> Result<Option<PathBuf>> {
    let Some(folder) = inside.ancestors().find(|folder| folder.join(FILE).is_file()) else { return Ok(None) };
    for path in [folder.to_owned(), folder.join(FILE)] {
        if !is_trusted(&path)? {
            bail!("{} belongs to another user: a project must be yours or root's", path.display());
        }
    }
    Ok(Some(folder.to_owned()))
}

#[cfg(unix)]
fn is_trusted(path: &Path) -> Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let owner = fs::metadata(path).with_context(|| path.display().to_string())?.uid();
    Ok(owner == 0 || owner == rustix::process::geteuid().as_raw())
}

/// Windows folders are guarded by lists of rights, and have one owner of many members (Administrators).
#[cfg(windows)]
fn is_trusted(_: &Path) -> Result<bool> {
    Ok(true)
}

/// What [`FILE`] says.
pub struct Project {
    /// Absolute.
    pub folder: PathBuf,
    recipe: Recipe,
}

/// An entry of `run`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its key.
    pub name: String,
    /// A program and its arguments.
    pub cmd: Vec<String>,
    /// Variables of the environment.
    pub env: Vec<(String, String)>,
}

impl Project {
    /// Reads the project in a folder.
    ///
    /// # Errors
    /// The file cannot be read or is wrong: file, line, column and key.
    pub fn read(folder: &Path) -> Result<Project> {
        let folder = std::path::absolute(folder)?;
        let file = folder.join(FILE);
        let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let (source, build, packages) = (text(&folder)?, text(&folder.join("build"))?, text(&folder.join(PACKAGES))?);
        let defaults = [
            ("DISTX_ARCH", std::env::consts::ARCH),
            ("DISTX_BUILD", &build),
            ("DISTX_DEP", &packages),
            ("DISTX_INSTALL", &packages),
            ("DISTX_PREFIX", loader_abi::files::PACKAGE_PREFIX),
            ("DISTX_SRC", &source),
        ];
        let recipe = Recipe::read(&file.to_string_lossy(), &bytes, &defaults)?;
        Ok(Project { folder, recipe })
    }

    /// What is odd about the file, but keeps nobody from using it.
    pub fn warnings(&self) -> Vec<String> {
        self.recipe.unknown(&KEYS).iter().map(recipe::Error::to_string).collect()
    }

    /// The one value of a variable.
    ///
    /// # Errors
    /// `loop` gives it more or fewer.
    pub fn variable(&self, name: &str) -> Result<&str> {
        let values = self.recipe.variables().find(|(known, _)| *known == name).map_or(&[][..], |(_, values)| values);
        let [value] = values else {
            bail!("{}: {name} must have one value, and has {}", self.recipe.file(), values.len())
        };
        Ok(value)
    }

    /// A folder that a variable names; a relative one is meant from the project's.
    ///
    /// # Errors
    /// As [`Self::variable`].
    pub fn path(&self, variable: &str) -> Result<PathBuf> {
        Ok(self.folder.join(self.variable(variable)?))
    }

    /// The keys of the packages that the project needs.
    ///
    /// # Errors
    /// `dep` is no list of strings.
    pub fn dependencies(&self) -> Result<Vec<String>> {
        self.strings("dep")
    }

    /// Where packages come from, as the file writes it.
    ///
    /// # Errors
    /// `repositories` is no list of strings.
    pub fn repositories(&self) -> Result<Vec<String>> {
        self.strings("repositories")
    }

    fn strings(&self, key: &str) -> Result<Vec<String>> {
        let Some(node) = self.recipe.get(key)? else { return Ok(Vec::new()) };
        Ok(self.recipe.strings(&node)?.into_iter().map(str::to_owned).collect())
    }

    /// What `distx run` can run, in the order of the file.
    ///
    /// # Errors
    /// `run` or an entry of it has another form.
    pub fn runs(&self) -> Result<Vec<Run>> {
        let Some(node) = self.recipe.get("run")? else { return Ok(Vec::new()) };
        let mut runs = Vec::new();
        for entry in self.recipe.members(&node)? {
            self.recipe.fields(&entry.value, &["cmd", "env"])?;
            let cmd = match entry.value.get("cmd") {
                Some(cmd) => self.recipe.strings(cmd)?,
                None => Vec::new(),
            };
            if cmd.is_empty() {
                let what = "\"cmd\" must name a program: [\"PROGRAM\", \"ARGUMENT\", ...]";
                return Err(self.recipe.error(entry.value.at, what).into());
            }
            let env = entry.value.get("env").map_or(Ok(Vec::new()), |env| self.recipe.pairs(env))?;
            runs.push(Run {
                name: entry.key.text.clone(),
                cmd: cmd.into_iter().map(str::to_owned).collect(),
                env: env.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            });
        }
        Ok(runs)
    }
}

/// A path as files name it: with slashes, which programs of ours and Windows both take.
fn text(path: &Path) -> Result<String> {
    let text = path.to_str().with_context(|| format!("{}: the path is not UTF-8", path.display()))?;
    Ok(if cfg!(windows) { text.replace('\\', "/") } else { text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(text: &str) -> (tempfile::TempDir, Result<Project>) {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join(FILE), text).expect("written");
        let project = Project::read(folder.path());
        (folder, project)
    }

    #[test]
    fn defaults_are_those_of_the_folder() {
        let (folder, project) = project(r#"{"// c": 1, "dep": ["{DISTX_PREFIX}xlibc-{DISTX_ARCH}"]}"#);
        let project = project.expect("read");
        let arch = std::env::consts::ARCH;
        assert_eq!(project.dependencies().expect("a list"), [format!("distx.org_2024-xlibc-{arch}")]);
        assert_eq!(project.path("DISTX_SRC").expect("one"), folder.path());
        assert_eq!(project.path("DISTX_BUILD").expect("one"), folder.path().join("build"));
        assert_eq!(project.path("DISTX_DEP").expect("one"), folder.path().join("_distx"));
        assert_eq!(project.variable("DISTX_INSTALL").expect("one"), project.variable("DISTX_DEP").expect("one"));
        assert_eq!((project.runs().expect("none"), project.repositories().expect("none")), (vec![], vec![]));
        assert!(project.warnings().is_empty());
    }

    #[test]
    fn runs_are_expanded_in_their_order() {
        let (_folder, project) = project(
            r#"{"loop": {"X": ["1", "2"]},
                "run": {"z{X}": {"cmd": ["p", "{X}"], "env": {"A": "{X}"}}, "a": {"cmd": ["{X}"], "// c": 0}}}"#,
        );
        let runs = project.expect("read").runs().expect("runs");
        let run = |name: &str, cmd: &[&str], env: &[(&str, &str)]| Run {
            name: name.into(),
            cmd: cmd.iter().map(|word| (*word).into()).collect(),
            env: env.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        };
        assert_eq!(
            runs,
            [run("z1", &["p", "1"], &[("A", "1")]), run("z2", &["p", "2"], &[("A", "2")]), run("a", &["1", "2"], &[])]
        );
    }

    #[test]
    fn errors_name_the_place_and_the_key() {
        for (text, what) in [
            ("{\n  \"dep\": [1]}", "distx-build.json:2:11: dep"),
            (r#"{"run": {"build": {"cmd": []}}}"#, "distx-build.json:1:19: run.build"),
            (r#"{"run": {"build": {}}}"#, "must name a program"),
            (r#"{"run": {"build": {"cdm": ["x"]}}}"#, "did you mean \"cmd\"?"),
            (r#"{"run": {"build": {"cmd": "x"}}}"#, "expected a list of strings"),
            (r#"{"run": {"build": {"cmd": ["x"], "env": {"A": 1}}}}"#, "expected a string"),
            (r#"{"dep": ["{DISTX_ARHC}"]}"#, "did you mean \"DISTX_ARCH\"?"),
            (r#"{"repositories": {}}"#, "distx-build.json:1:18: repositories"),
            ("[]", "expected an object"),
            ("{", "distx-build.json:1:2"),
        ] {
            let (_folder, project) = project(text);
            let read = project.and_then(|project| {
                project.dependencies()?;
                project.repositories()?;
                project.runs()
            });
            let error = format!("{:#}", read.expect_err(text));
            assert!(error.contains(what), "{text}: {error}");
        }
        let (_folder, project) = project(r#"{"pkgs": {"a": {"files": ["{UNKNOWN}"]}}, "dep": []}"#);
        assert_eq!(project.expect("read").warnings(), [""; 0], "DistX's own files have it");
        let (_folder, project) = self::project(r#"{"dpe": []}"#);
        assert!(project.expect("read").warnings()[0].contains("did you mean \"dep\"?"));
        let (_folder, project) = self::project(r#"{"loop": {"DISTX_ARCH": ["a", "b"]}}"#);
        assert!(project.expect("read").variable("DISTX_ARCH").expect_err("two").to_string().contains("has 2"));
    }

    #[test]
    fn a_folder_within_belongs_to_the_project() {
        let (folder, _) = project("{}");
        let inner = folder.path().join("a/b");
        fs::create_dir_all(&inner).expect("made");
        assert_eq!(folder_of(&inner).expect("ours"), Some(folder.path().to_owned()));
        assert_eq!(folder_of(Path::new("/")).expect("readable"), None);
    }
}
