//! The `distx` of the packages `llvm-<cpu>`, on the machines that it is made for.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::hosts::{Host, distx, hosts};

/// The program of a package, for a host.
#[derive(Clone)]
pub struct Tool {
    /// The package's folder.
    pub package: PathBuf,
    /// The machine.
    pub host: Host,
}

impl Tool {
    /// For each host that tests are meant for.
    pub fn all(checkout: &Path) -> Vec<Tool> {
        let package = |host: &Host| distx(checkout).join(format!("distx.org_2024-llvm-{}", host.programs));
        let ours = hosts(checkout).into_iter().filter(Host::is_ours);
        ours.map(|host| Tool { package: package(&host), host }).collect()
    }

    /// A program's file name on its host.
    pub fn file(&self, name: &str) -> String {
        if self.host.is_windows() { format!("{name}.exe") } else { name.to_owned() }
    }

    /// The program itself.
    pub fn program(&self) -> PathBuf {
        self.package.join("bin").join(self.file("distx"))
    }

    /// Why it cannot be tried here.
    pub fn missing(&self) -> Option<String> {
        let file = self.program();
        let built = (!file.is_file()).then(|| format!("no {} (./x build --drivers makes it)", file.display()));
        self.host.missing().or(built)
    }

    /// Why it cannot start programs of ours here.
    pub fn starts_nothing(&self) -> Option<String> {
        let emulated = self.host.is_emulated();
        emulated
            .then(|| "the kernel below qemu starts no loader of another CPU, unless binfmt_misc knows qemu".to_owned())
    }

    /// A command that starts a program of that host, not of ours; arguments are still to be added.
    ///
    /// # Errors
    /// Wine cannot be set up.
    pub fn command(&self, program: &Path) -> Result<Command, String> {
        let mut command = match self.host.start.split_last() {
            Some((_, [before, ..])) => {
                let mut command = Command::new(before);
                command.arg(self.host.path(program));
                command
            }
            _ => Command::new(program),
        };
        if self.host.is_windows() {
            crate::wine::set_up(&mut command).map_err(|error| format!("cannot set up Wine: {error}"))?;
        }
        command.env("LC_ALL", "C.UTF-8").env_remove("XLOAD_ROOT").env_remove("DISTX_ROOT");
        Ok(command)
    }
}
