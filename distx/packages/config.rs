//! The user's folders and config file, and which repositories count.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::repository::{Place, Source};

/// The variable that chooses one repository in place of all others.
pub const VARIABLE: &str = "DISTX_REPOSITORY";
const FILE: &str = "config.json";

/// The user's folders for `distx`.
#[derive(Clone, Debug)]
pub struct Folders {
    /// `config.json` and whom the user trusts.
    pub config: PathBuf,
    /// What can be fetched again.
    pub cache: PathBuf,
}

impl Folders {
    /// `$XDG_CONFIG_HOME/distx` and `$XDG_CACHE_HOME/distx/packages`; on Windows below `%APPDATA%` and `%LOCALAPPDATA%`.
    pub fn of_user() -> Result<Folders> {
        let folder = |variable: &str, below_home: &str| {
            let absolute = |value: OsString| Some(PathBuf::from(value)).filter(|path| path.is_absolute());
            let base = env::var_os(variable).and_then(absolute);
            base.or_else(|| Some(env::home_dir().filter(|home| home.is_absolute())?.join(below_home)))
                .with_context(|| format!("neither {variable} nor a home folder is known"))
        };
        let (config, cache) = if cfg!(windows) {
            (folder("APPDATA", "AppData/Roaming")?, folder("LOCALAPPDATA", "AppData/Local")?.join("distx/cache"))
        } else {
            (folder("XDG_CONFIG_HOME", ".config")?, folder("XDG_CACHE_HOME", ".cache")?.join("distx"))
        };
        Ok(Folders { config: config.join("distx"), cache: cache.join("packages") })
    }

    /// Repositories of the user's config file.
    pub fn repositories(&self) -> Result<Vec<Source>> {
        let file = self.config.join(FILE);
        let text = match fs::read(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", file.display())),
        };
        repositories(&text)
            .and_then(|texts| sources(&texts, &self.config))
            .with_context(|| format!("in {}", file.display()))
    }

    /// Where packages are looked for, in this order: `DISTX_REPOSITORY` alone if it is set; else those of the project, then
    /// those of the user; without any, what the hosts of the keys say. `project` is seen from `folder`.
    pub fn sources(&self, project: &[String], folder: &Path) -> Result<Vec<Source>> {
        if let Some(chosen) = env::var_os(VARIABLE).filter(|chosen| !chosen.is_empty()) {
            let chosen = chosen.into_string().ok().with_context(|| format!("{VARIABLE} is not UTF-8"))?;
            let here = env::current_dir().context("the current folder is not there")?;
            return Ok(vec![Source::parse(&chosen, &here).with_context(|| format!("in {VARIABLE}"))?]);
        }
        let mut all = sources(project, folder)?;
        all.extend(self.repositories()?);
        if all.is_empty() {
            all.push(Source { place: Place::WellKnown, key: None });
        }
        Ok(all)
    }
}

fn sources(texts: &[String], folder: &Path) -> Result<Vec<Source>> {
    texts.iter().map(|text| Source::parse(text, folder)).collect()
}

/// `"repositories"` of a config file. Keys that begin with `//` are comments.
fn repositories(text: &[u8]) -> Result<Vec<String>> {
    let Value::Object(object) = serde_json::from_slice(text)? else { bail!("a config file is an object: {{ ... }}") };
    if let Some(name) = object.keys().find(|name| *name != "repositories" && !name.starts_with("//")) {
        bail!("`{}` is not known; \"repositories\" is", name.escape_debug());
    }
    match object.get("repositories") {
        None => Ok(Vec::new()),
        Some(list) => {
            serde_json::from_value(list.clone()).context("\"repositories\" is a list of strings: [\"https://...\"]")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_config_file_lists_repositories() {
        let list = |text: &str| repositories(text.as_bytes());
        assert_eq!(list(r#"{"// why": 1, "repositories": ["https://a.b", "c"]}"#).expect("read"), ["https://a.b", "c"]);
        assert!(list("{}").expect("read").is_empty());
        for (text, why) in [
            ("", "EOF"),
            ("[]", "an object"),
            (r#"{"repositories": "x"}"#, "list of strings"),
            (r#"{"repository": []}"#, "`repository` is not known"),
        ] {
            let error = format!("{:#}", list(text).expect_err(text));
            assert!(error.contains(why), "{error}");
        }
    }

    #[test]
    fn repositories_of_the_project_come_before_those_of_the_user() {
        let place = tempfile::tempdir().expect("a folder");
        let folders = Folders { config: place.path().join("config"), cache: place.path().join("cache") };
        let sources = |project: &[String]| folders.sources(project, Path::new("/project")).expect("sources");
        let names =
            |project: &[String]| -> Vec<_> { sources(project).iter().map(|source| source.place.clone()).collect() };
        assert_eq!(names(&[]), [Place::WellKnown]);
        fs::create_dir(&folders.config).expect("made");
        fs::write(folders.config.join(FILE), r#"{"repositories": ["https://user.example"]}"#).expect("written");
        let user = Place::Web("https://user.example".into());
        assert_eq!(names(&["local".into()]), [Place::Folder("/project/local".into()), user]);
    }
}
