//! `distx new`: a small C++ project that builds, runs and has a test.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use distx_toolchain::target::{Cpu, Root};

use super::build_systems::clangd;
use crate::project::PACKAGES;
use crate::report;

/// Where, and what.
#[derive(clap::Args)]
#[command(after_help = "\
The folder gets distx-build.json, xbuild.json, sources and a test. It must be new or empty. Program, library and namespace take the \
project's name, with other letters than ASCII's replaced.

Examples:
  distx new hello && cd hello && distx install && distx test
  distx new --lib --name shapes libs/shapes")]
pub struct Args {
    /// The folder of the project
    folder: PathBuf,
    /// Make a library, not a program
    #[arg(long)]
    lib: bool,
    /// The project's name; otherwise the folder's
    #[arg(long)]
    name: Option<String>,
}

macro_rules! files {
    ($folder:literal: $($name:literal from $source:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../template/", $folder, "/", $source)))),*]
    };
}

/// What both kinds of project have.
const COMMON: &[(&str, &str)] = files!("common":
    "src/greeting.cpp" from "src/greeting.cpp",
    "src/greeting.hpp" from "src/greeting.hpp",
    "tests/test.cpp" from "tests/test.cpp",
    ".gitignore" from "gitignore",
);
const PROGRAM: &[(&str, &str)] = files!("program":
    "distx-build.json" from "distx-build.json",
    "xbuild.json" from "xbuild.json",
    "src/main.cpp" from "src/main.cpp",
    "README.md" from "README.md",
);
const LIBRARY: &[(&str, &str)] = files!("library":
    "distx-build.json" from "distx-build.json",
    "xbuild.json" from "xbuild.json",
    "README.md" from "README.md",
);

/// Words that no namespace can have, and that people call projects.
const RESERVED: [&str; 18] = [
    "asm", "auto", "bool", "case", "class", "default", "delete", "do", "export", "friend", "main", "new", "operator",
    "private", "public", "std", "template", "this",
];
/// Targets and runs that each project has.
const TAKEN: [&str; 3] = ["build", "test", "folder"];

/// Writes it.
pub fn run(args: &Args) -> Result<i32> {
    let folder = std::path::absolute(&args.folder)?;
    let title = match &args.name {
        Some(name) => name.clone(),
        None => folder
            .file_name()
            .context("the folder has no name; --name gives the project one")?
            .to_string_lossy()
            .into_owned(),
    };
    ensure!(!title.trim().is_empty() && !title.contains(char::is_control), "{title:?} cannot be a project's name");
    empty(&folder)?;
    let (name, identifier) = (file_name(&title), identifier(&title));
    let write = |file: &str, text: &str| {
        let file = folder.join(file);
        let written = file.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&file, text));
        written.with_context(|| format!("cannot write {}", file.display()))
    };
    for (file, text) in COMMON.iter().chain(if args.lib { LIBRARY } else { PROGRAM }) {
        write(file, &text.replace("@NAME@", &name).replace("@IDENT@", &identifier).replace("@TITLE@", &title))?;
    }
    write(".clangd", &clangd::file(Cpu::of_this_machine(), &Root(PACKAGES.into()))?)?;
    report::print(format!("{} is there; next, in it: distx install, distx build, distx test\n", folder.display()))?;
    Ok(0)
}

/// Nothing of anybody's is overwritten.
fn empty(folder: &Path) -> Result<()> {
    match fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            Some(_) => bail!("{} is not empty; name a new folder", folder.display()),
            None => Ok(()),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).with_context(|| format!("cannot make a project of {}", folder.display())),
    }
}

/// A name for files and targets: letters, digits, `.`, `_` and `-`, which every host and `xbuild.json` take.
fn file_name(title: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
    let name: String = title.chars().map(kept).collect();
    match name.trim_matches(['-', '.']) {
        "" => "project".into(),
        name if TAKEN.contains(&name) => format!("{name}-project"),
        name => name.into(),
    }
}

/// A name for a namespace of C++.
fn identifier(title: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let name: String = title.chars().map(kept).collect();
    // Two underscores, and one before a capital letter, are the implementation's.
    let parts: Vec<&str> = name.split('_').filter(|part| !part.is_empty()).collect();
    match parts.join("_").as_str() {
        "" => "project".into(),
        name if name.starts_with(|c: char| c.is_ascii_digit()) => format!("n{name}"),
        name if RESERVED.contains(&name) => format!("{name}_"),
        name => name.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Project;

    #[test]
    fn odd_names_become_names_of_files_and_namespaces() {
        for (title, file, namespace) in [
            ("hello", "hello", "hello"),
            ("my project", "my-project", "my_project"),
            ("2048", "2048", "n2048"),
            ("new", "new", "new_"),
            ("test", "test-project", "test"),
            ("ünïcödé", "n-c-d", "n_c_d"),
            ("日本", "project", "project"),
            ("a{b}\"c\\", "a-b--c", "a_b_c"),
            ("..", "project", "project"),
            ("-x.y_", "x.y_", "x_y"),
        ] {
            assert_eq!((file_name(title).as_str(), identifier(title).as_str()), (file, namespace), "{title}");
        }
    }

    #[test]
    fn what_is_written_can_be_read() {
        let folder = tempfile::tempdir().expect("a folder");
        for (lib, name) in [(false, "a {b} ü"), (true, "a {b} ü lib")] {
            let args = Args { folder: folder.path().join(name), lib, name: None };
            assert_eq!(run(&args).expect("written"), 0);
            let project = Project::read(&args.folder).expect("read");
            assert!(project.warnings().is_empty());
            assert_eq!(project.dependencies().expect("a list").len(), 10);
            assert_eq!(project.runs().expect("runs").len(), if lib { 2 } else { 3 });
            let bytes = fs::read(args.folder.join("xbuild.json")).expect("written");
            recipe::json::parse(&bytes).expect("JSON");
            let clangd = fs::read_to_string(args.folder.join(".clangd")).expect("written");
            let target = format!("'--target={}'", Cpu::of_this_machine().triple());
            for flag in [&target, "'-fexperimental-library'", "'--sysroot=_distx/distx.org_2024-xlibc-"] {
                assert!(clangd.contains(flag), "{flag}: {clangd}");
            }
            let left = run(&args).expect_err("it is there").to_string();
            assert!(left.contains("is not empty"), "{left}");
        }
        let odd = Args { folder: folder.path().join("x"), lib: false, name: Some("a\nb".into()) };
        assert!(run(&odd).is_err() && !odd.folder.exists());
    }
}
