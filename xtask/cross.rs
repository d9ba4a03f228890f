//! Building our Rust packages for the CPUs and hosts that program files and loaders run on.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, anyhow};
use distx_toolchain::tools;

use crate::project::{Build, Project};
use crate::toolchain::{CARGO, RUSTC, Target};
use crate::{run, sysroot};

/// Flags for C files in build scripts.
fn c_flags(target: Target) -> String {
    match target {
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

fn link_flags(target: Target) -> Result<Vec<String>> {
    Ok(match target {
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

/// `cargo <verb>` for a target, with the profile of the project's build. Its results lie in [`folder`].
pub fn cargo(project: &Project, verb: &str, target: Target) -> Result<Command> {
    let triple = target.triple();
    let mut flags = vec![format!("--sysroot={}", sysroot::of(target)?.display())];
    flags.extend(target.code_flags().iter().map(|flag| flag.to_string()));
    flags.extend(link_flags(target)?);
    let variable = triple.replace('-', "_");
    let mut command = Command::new(CARGO);
    command
        .current_dir(&project.folder)
        .arg(verb)
        .args(["--profile", profile(project), "-j2", "--target", triple])
        .env("RUSTC", RUSTC)
        // Its subcommands (clippy) too are those of this version.
        .env("PATH", format!("/usr/bin:{}", std::env::var("PATH").unwrap_or_default()))
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("RUSTFLAGS")
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"))
        .env("CARGO_TARGET_DIR", target_folder(project, target))
        .env(format!("CFLAGS_{variable}"), c_flags(target));
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

/// The folder of cargo's results for a target.
pub fn folder(project: &Project, target: Target) -> PathBuf {
    target_folder(project, target).join(target.triple()).join(profile(project))
}

/// As in the workspace's `Cargo.toml`.
fn profile(project: &Project) -> &'static str {
    match project.build {
        Build::Release => "release",
        Build::Quick => "quick",
    }
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
