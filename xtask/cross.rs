//! Building our Rust packages for the CPUs and hosts that program files and loaders run on.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, anyhow};
use distx::target::Cpu;
use distx::tools;

use crate::{Project, run, sysroot};

/// Debian's compiler: one version on every machine, with the sources of its library.
pub const RUSTC: &str = "/usr/bin/rustc";
/// Its package manager.
pub const CARGO: &str = "/usr/bin/cargo";

/// What a package is built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Portable ELF code that is itself the C library.
    Library(Cpu),
    /// Linux programs without a libc.
    Linux(Cpu),
    /// Windows on x86_64 without a C runtime.
    Windows,
}

impl Target {
    /// Rust's name.
    pub fn triple(self) -> &'static str {
        match self {
            Target::Library(Cpu::X86_64) | Target::Linux(Cpu::X86_64) => "x86_64-unknown-linux-gnu",
            Target::Library(Cpu::Aarch64) | Target::Linux(Cpu::Aarch64) => "aarch64-unknown-linux-gnu",
            Target::Windows => "x86_64-pc-windows-gnu",
        }
    }

    /// Code generation, the same for Rust's own library and for our crates. x18 belongs to the OS on some hosts; LLVM's option
    /// keeps it free where rustc has no stable one.
    pub fn code_flags(self) -> &'static [&'static str] {
        match self {
            Target::Library(Cpu::X86_64) | Target::Linux(Cpu::X86_64) => {
                &["-Cno-redzone=yes", "-Crelocation-model=pic", "-Cforce-unwind-tables=no"]
            }
            Target::Library(Cpu::Aarch64) | Target::Linux(Cpu::Aarch64) => {
                &["-Cllvm-args=-reserve-regs-for-regalloc=X18", "-Crelocation-model=pic", "-Cforce-unwind-tables=no"]
            }
            Target::Windows => &[],
        }
    }

    /// Flags for C files in build scripts.
    fn c_flags(self) -> String {
        match self {
            Target::Library(cpu) | Target::Linux(cpu) => {
                let flags = cpu.code_flags().join(" ");
                format!(
                    "--no-default-config --target={} {flags} -ffreestanding -fno-stack-protector -nostdlibinc",
                    cpu.triple()
                )
            }
            Target::Windows => "-ffreestanding -fno-stack-protector".into(),
        }
    }

    fn link_flags(self) -> Result<Vec<String>> {
        Ok(match self {
            Target::Library(cpu) | Target::Linux(cpu) => vec![
                format!("-Clinker={}", tools::llvm("clang")?.display()),
                format!("-Clink-arg=--target={}", cpu.triple()),
                "-Clink-arg=--no-default-config".into(),
                format!("-Clink-arg=--ld-path={}", tools::llvm("ld.lld")?.display()),
                "-Clink-arg=-nostdlib".into(),
                // rustc names the host toolchain's libraries, which are not for these targets.
                "-Clink-arg=-Wno-unused-command-line-argument".into(),
            ],
            Target::Windows => {
                vec![
                    "-Clinker=x86_64-w64-mingw32-gcc".into(),
                    "-Clink-arg=-nostartfiles".into(),
                    "-Clink-arg=-nostdlib".into(),
                ]
            }
        })
    }
}

/// `cargo <verb>` for a target, release profile. Its results lie in [`folder`].
pub fn cargo(project: &Project, verb: &str, target: Target) -> Result<Command> {
    let triple = target.triple();
    let mut flags = vec![format!("--sysroot={}", sysroot::of(target)?.display())];
    flags.extend(target.code_flags().iter().map(|flag| flag.to_string()));
    flags.extend(target.link_flags()?);
    let variable = triple.replace('-', "_");
    let mut command = Command::new(CARGO);
    command
        .current_dir(&project.folder)
        .arg(verb)
        .args(["--release", "-j2", "--target", triple])
        .env("RUSTC", RUSTC)
        // Its subcommands (clippy) too are those of this version.
        .env("PATH", format!("/usr/bin:{}", std::env::var("PATH").unwrap_or_default()))
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("RUSTFLAGS")
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"))
        .env("CARGO_TARGET_DIR", target_folder(project, target))
        .env(format!("CFLAGS_{variable}"), target.c_flags());
    if target == Target::Windows {
        // dlltool (binutils 2.40) leaves empty files there.
        let temporary = target_folder(project, target).join("tmp");
        if temporary.exists() {
            fs::remove_dir_all(&temporary)?;
        }
        fs::create_dir_all(&temporary)?;
        command.env("TMPDIR", temporary);
    }
    if let Target::Library(_) | Target::Linux(_) = target {
        command.env(format!("CC_{variable}"), tools::llvm("clang")?);
        command.env(format!("AR_{variable}"), tools::llvm("llvm-ar")?);
    }
    Ok(command)
}

/// Where cargo leaves what it built for a target.
pub fn folder(project: &Project, target: Target) -> PathBuf {
    target_folder(project, target).join(target.triple()).join("release")
}

/// Apart for the C library, whose Rust library is another: else each build would undo the other's.
fn target_folder(project: &Project, target: Target) -> PathBuf {
    project.work(if let Target::Library(_) = target { "cross-library" } else { "cross" })
}

/// Builds one binary of a package and returns its file.
pub fn binary(project: &Project, package: &str, target: Target) -> Result<PathBuf> {
    let file = match target {
        Target::Windows => format!("{package}.exe"),
        Target::Library(_) | Target::Linux(_) => package.to_owned(),
    };
    let mut cargo = cargo(project, "build", target)?;
    run::step(&format!("build {package} for {}", target.triple()), cargo.args(["-p", package, "--bin", package]))?;
    let path = folder(project, target).join(file);
    path.is_file().then_some(path).ok_or_else(|| anyhow!("package {package} made no program of its name"))
}
