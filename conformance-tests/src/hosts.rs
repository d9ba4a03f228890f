//! The C libraries that tests run on: those of this machine, which show that a test is right, and ours on each of its hosts.

use crate::wine;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A C library on a host: how programs for it are made and started.
#[derive(Clone)]
pub struct Host {
    /// As trials name it.
    pub name: &'static str,
    /// `HOST_*` of `check.h`.
    pub library: &'static str,
    /// Whose program files it runs: hosts with the same one share them.
    pub programs: &'static str,
    /// The C compiler and its first arguments.
    pub compile: Vec<PathBuf>,
    /// The C++ compiler and its first arguments; empty: none.
    pub compile_cpp: Vec<PathBuf>,
    /// What starts a program; empty: the program itself.
    pub start: Vec<PathBuf>,
}

/// Where `./x build` put things: `$DISTX_ROOT`, else `_distx` of this checkout.
pub fn distx(root: &Path) -> PathBuf {
    std::env::var_os("DISTX_ROOT").map_or_else(|| root.join("_distx"), PathBuf::from)
}

/// Whether those are of a quick build, whose code is not what ships.
pub fn is_quick(root: &Path) -> bool {
    distx(root).join("quick").exists()
}

impl Host {
    /// What is missing here, `None` if it can be used.
    pub fn missing(&self) -> Option<String> {
        let needed = self.compile.iter().take(1).chain(self.start.iter().take(2));
        needed.map(PathBuf::as_path).find(|one| !is_there(one)).map(|one| format!("no {}", one.display()))
    }

    /// Whether the library is ours.
    pub fn is_ours(&self) -> bool {
        self.library == "HOST_xlibc"
    }

    /// Whether programs see Windows below.
    pub fn is_windows(&self) -> bool {
        self.name.starts_with("windows")
    }

    /// Whether an emulator runs the loader: the kernel below cannot start another loader.
    pub fn is_emulated(&self) -> bool {
        self.start.len() == 2 && !self.is_windows()
    }

    /// How a file of this machine is named on that host.
    pub fn path(&self, path: &Path) -> PathBuf {
        if !self.is_windows() || !path.is_absolute() {
            return path.to_owned();
        }
        let mut text = std::ffi::OsString::from("Z:");
        text.push(path);
        text.into()
    }

    /// The command that runs a program; arguments are still to be added.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = match self.start.split_first() {
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(self.path(program));
                command
            }
            None => Command::new(program),
        };
        command.env("CONFORMANCE_HOST", self.name).env_remove("XLOAD_ROOT");
        if self.is_windows()
            && let Err(error) = wine::set_up(&mut command)
        {
            eprintln!("cannot set up Wine: {error}");
        }
        command
    }
}

/// A path that exists, or a command of `$PATH`.
pub fn is_there(program: &Path) -> bool {
    if program.components().count() > 1 {
        return program.exists();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).exists())
}

/// The hosts named by `$DISTX_HOSTS`, with commas between them, else every host; [`Host::missing`] tells which are not here.
pub fn hosts(root: &Path) -> Vec<Host> {
    let mut hosts = all(root);
    if let Ok(names) = std::env::var("DISTX_HOSTS") {
        hosts.retain(|host| names.split(',').any(|name| name == host.name));
    }
    hosts
}

/// Every host.
pub fn all(root: &Path) -> Vec<Host> {
    let distx = distx(root);
    let ours = |name, cpu: &'static str, before: Option<PathBuf>, loader: &str| {
        let driver =
            |language: &str| vec![distx.join("bin/distx"), language.into(), format!("--target-arch={cpu}").into()];
        let loader = distx.join(format!("distx.org_2024-xload-{cpu}/bin/{loader}"));
        Host {
            name,
            library: "HOST_xlibc",
            programs: cpu,
            compile: driver("cc"),
            compile_cpp: driver("c++"),
            start: before.into_iter().chain([loader]).collect(),
        }
    };
    let peer = |name, library, compile: &str, compile_cpp: &[&str]| Host {
        name,
        library,
        programs: name,
        compile: vec![compile.into()],
        compile_cpp: compile_cpp.iter().map(PathBuf::from).collect(),
        start: Vec::new(),
    };
    vec![
        peer("glibc", "HOST_glibc", "clang-19", &["clang++-19"]),
        peer("musl", "HOST_musl", "musl-gcc", &[]),
        ours("linux-x86_64", "x86_64", None, "xload_linux"),
        ours("linux-aarch64", "aarch64", Some("qemu-aarch64".into()), "xload_linux"),
        ours("windows-x86_64", "x86_64", Some(wine::program()), "xload_windows.exe"),
    ]
}
