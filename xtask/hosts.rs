//! The hosts that program files run on here: Linux itself, Linux on aarch64 under qemu-user, Windows under Wine.

use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::ValueEnum;
use clap::builder::PossibleValue;
use distx_toolchain::target::{Cpu, Root};
use distx_toolchain::tools::on_path;

use crate::{run, wine};

/// An operating system and CPU that xload exists for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// This machine.
    LinuxX86,
    /// Under Wine, which is not Windows.
    WindowsX86,
    /// Under qemu-user, whose memory order is not Arm's.
    LinuxAarch64,
}

impl ValueEnum for Host {
    fn value_variants<'a>() -> &'a [Host] {
        &Host::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.id()))
    }
}

/// How a program ended.
pub struct Outcome {
    /// Exit code, or the signal or time limit that ended it.
    pub status: String,
    /// True for exit code 0.
    pub success: bool,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Outcome {
    /// The last line that the program printed.
    pub fn last_line(&self) -> &str {
        self.stdout.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("(no output)").trim_end()
    }
}

impl Host {
    /// Every host, in the order of tables.
    pub const ALL: [Host; 3] = [Host::LinuxX86, Host::WindowsX86, Host::LinuxAarch64];

    /// As tests and `--host` name it.
    pub fn id(self) -> &'static str {
        match self {
            Host::LinuxX86 => "linux-x86_64",
            Host::WindowsX86 => "windows-x86_64",
            Host::LinuxAarch64 => "linux-aarch64",
        }
    }

    /// As in tables.
    pub fn name(self) -> &'static str {
        match self {
            Host::LinuxX86 => "linux-x86_64",
            Host::WindowsX86 => "windows-x86_64 (Wine)",
            Host::LinuxAarch64 => "linux-aarch64 (qemu)",
        }
    }

    /// Whose program files it runs.
    pub fn cpu(self) -> Cpu {
        match self {
            Host::LinuxX86 | Host::WindowsX86 => Cpu::X86_64,
            Host::LinuxAarch64 => Cpu::Aarch64,
        }
    }

    /// Why it cannot run here.
    pub fn missing(self) -> Option<String> {
        match self {
            Host::LinuxX86 if cfg!(target_arch = "x86_64") => None,
            Host::LinuxX86 => Some("this machine is not x86_64".into()),
            Host::WindowsX86 if on_path(&wine::program().to_string_lossy()).is_some() => None,
            Host::WindowsX86 => {
                Some(format!("no {} (apt-get install wine64 wine, or set WINE)", wine::program().display()))
            }
            Host::LinuxAarch64 if on_path("qemu-aarch64").is_some() => None,
            Host::LinuxAarch64 => Some("qemu-aarch64 is not installed (apt-get install qemu-user)".into()),
        }
    }

    /// The loader's file.
    pub fn loader(self, root: &Root) -> PathBuf {
        let file = match self {
            Host::WindowsX86 => "bin/xload_windows.exe",
            _ => "bin/xload_linux",
        };
        root.xload(self.cpu()).join(file)
    }

    /// A command that begins with the loader; the program and its arguments are still to be added.
    pub fn command(self, root: &Root) -> Result<Command> {
        let loader = self.loader(root);
        Ok(match self {
            Host::LinuxX86 => Command::new(loader),
            Host::LinuxAarch64 => {
                let mut qemu = Command::new("qemu-aarch64");
                qemu.arg(loader);
                qemu
            }
            Host::WindowsX86 => {
                let mut command = Command::new(wine::program());
                wine::set_up(&mut command).context("cannot set up Wine")?;
                command.arg(loader);
                command
            }
        })
    }

    /// How a file of this machine is named on that host.
    pub fn path(self, path: &Path) -> OsString {
        match self {
            Host::WindowsX86 if path.is_absolute() => {
                let mut text = OsString::from("Z:");
                text.push(path);
                text
            }
            _ => path.into(),
        }
    }

    /// Runs a program file in a folder, which gets files with its output.
    pub fn run(self, root: &Root, program: &Path, args: &[&str], folder: &Path) -> Result<Outcome> {
        std::fs::create_dir_all(folder)?;
        let mut command = self.command(root)?;
        command.arg(self.path(program)).args(args).current_dir(folder);
        finish(&mut command, folder, Duration::from_secs(120))
    }
}

/// Output goes to files, not pipes: Wine's server inherits them and would keep a pipe open.
fn finish(command: &mut Command, folder: &Path, limit: Duration) -> Result<Outcome> {
    let (out, err) = (folder.join("stdout.txt"), folder.join("stderr.txt"));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(File::create(&out)?)
        .stderr(File::create(&err)?)
        .spawn()
        .with_context(|| format!("cannot run {}", command.get_program().display()))?;
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if begun.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            break None;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let read = |path: &Path| -> Result<String> {
        let mut bytes = Vec::new();
        File::open(path)?.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    Ok(Outcome {
        status: status.map_or_else(|| format!("stopped after {} s", limit.as_secs()), run::describe),
        success: status.is_some_and(|status| status.success()),
        stdout: read(&out)?,
        stderr: read(&err)?,
    })
}
