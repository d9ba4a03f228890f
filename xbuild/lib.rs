//! The portable build tool: brings up to date what `xbuild.json` says. docs/guide/xbuild.md is its reference.
//!
//! [`os`] is all that it asks of an operating system, and has all unsafe code. The rest stands on it, bottom-up: names and contents of files
//! ([`paths`], [`files`]), what is read and written (`options`, `project`, `depfile`, `log`), the order of targets (`graph`, `queue`), what is out of date
//! (`stale`), commands (`sh`, `compile`, `command`), and `schedule`, which runs them.
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod command;
pub mod compile;
pub mod depfile;
pub mod files;
pub mod graph;
pub mod log;
pub mod names;
pub mod options;
pub mod os;
pub mod paths;
pub mod project;
pub mod queue;
pub mod schedule;
pub mod sh;
pub mod show;
pub mod stale;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ffi::CStr;
use core::mem::ManuallyDrop;

use files::Files;
use options::{Options, Request};
use paths::Folder;
use schedule::{Build, Outcome};

/// The whole program: arguments as C gives them, the name of the program first. The result is the exit code; `--help` lists them.
pub fn run<'a>(arguments: impl Iterator<Item = &'a CStr>) -> i32 {
    let arguments: Vec<String> = arguments.skip(1).map(|text| text.to_string_lossy().into_owned()).collect();
    let result = options::parse(&arguments).and_then(|request| match request {
        Request::Help => print(options::HELP),
        Request::Version => print(concat!("xbuild ", env!("CARGO_PKG_VERSION"), "\n")),
        Request::Shell(words) => Ok(match sh::run(&words.iter().map(String::as_str).collect::<Vec<_>>(), 1) {
            Ok(()) => 0,
            Err(error) => {
                complain(&error);
                1
            }
        }),
        Request::Build(options) => build(&options),
    });
    result.unwrap_or_else(|error| {
        complain(&error);
        2
    })
}

/// Says what happened and ends at once.
pub fn panicked(info: &core::panic::PanicInfo<'_>) -> ! {
    os::abort(&format!("xbuild: internal error: {info}\n"))
}

fn complain(error: &str) {
    let _ = os::write(2, format!("xbuild: error: {error}\n").as_bytes());
}

fn print(text: &str) -> Result<i32, String> {
    os::write(1, text.as_bytes()).map(|()| 0).map_err(|error| format!("standard output: {error}"))
}

fn build(options: &Options) -> Result<i32, String> {
    if let Some(directory) = &options.directory {
        os::chdir(directory).map_err(|error| format!("{directory}: {error}"))?;
    }
    let folder = Folder::current().map_err(|error| format!("the current folder has no name: {error}"))?;
    let file = &options.file;
    let bytes = os::read(file).map_err(|error| match error.is_missing() {
        true => format!("{file}: {error}; run xbuild where it lies, or name it by -f or -C"),
        false => format!("{file}: {error}"),
    })?;
    // What lives until the end of the program is not freed: that would only take time.
    let recipe = project::recipe(file, &bytes, &folder, &os::machine()).map_err(|error| format!("{error}"))?;
    let recipe = ManuallyDrop::new(recipe);
    let targets = ManuallyDrop::new(recipe.get("target").map_err(|error| format!("{error}"))?);
    let mut files = Files::new(&folder);
    let project = project::read(&recipe, targets.as_ref(), &folder, &mut files).map_err(|error| format!("{error}"))?;
    let project = ManuallyDrop::new(project);
    for warning in recipe.unknown(&["target"]) {
        let _ = os::write(2, format!("xbuild: warning: {warning}\n").as_bytes());
    }
    if options.list {
        let names: String = project.names.iter().flat_map(|name| [name, "\n"]).collect();
        return print(&names);
    }
    let wanted = graph::wanted(&project, &options.targets)?;
    let graph = graph::graph(&project, &files, &wanted).map_err(|error| format!("{error}"))?;
    let mut build = ManuallyDrop::new(Build::new(&project, options, &folder, files, graph));
    Ok(match build.run(files::hash(&bytes)) {
        Outcome::Good => 0,
        Outcome::Failed => 1,
        Outcome::Wrong => 2,
        Outcome::Interrupted(signal) => 128 + signal,
    })
}
