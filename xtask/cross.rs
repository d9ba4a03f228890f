//! Building our Rust packages for the CPUs and hosts that program files and loaders run on.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, anyhow};
use distx_toolchain::target::Cpu;
use distx_toolchain::tools;

use crate::project::{Build, Project};
use crate::toolchain::{CARGO, RUSTC, Target};
use crate::{musl, run, sysroot};

/// Flags for C files in build scripts.
fn c_flags(target: Target) -> Result<String> {
    Ok(match target {
        Target::Library(cpu) | Target::Linux(cpu) => {
            let flags = cpu.code_flags().join(" ");
            format!(
                "--no-default-config --target={} {flags} -ffreestanding -fno-stack-protector -nostdlibinc",
                cpu.triple()
            )
        }
        Target::Windows => "-ffreestanding -fno-stack-protector".into(),
        Target::LinuxTool(cpu) => {
            format!("--no-default-config --target={} --sysroot={}", target.triple(), musl::of(cpu)?.display())
        }
        Target::WindowsTool => String::new(),
    })
}

fn link_flags(project: &Project, target: Target) -> Result<Vec<String>> {
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
        Target::LinuxTool(cpu) => {
            let musl = musl::of(cpu)?.join("lib");
            let mut flags = vec![
                format!("-Clinker={}", tools::llvm("clang")?.display()),
                "-Clink-self-contained=no".into(),
                format!("-Clink-arg=--target={}", target.triple()),
                "-Clink-arg=--no-default-config".into(),
                format!("-Clink-arg=--ld-path={}", tools::llvm("ld.lld")?.display()),
                "-Clink-arg=-nostartfiles".into(),
                "-Clink-arg=-nodefaultlibs".into(),
                "-Clink-arg=-Wno-unused-command-line-argument".into(),
                format!("-Clink-arg=-L{}", musl.display()),
                // libunwind is the same for every C library of this ABI.
                format!("-Clink-arg=-L{}", project.root().libcxx(cpu).join("lib").display()),
            ];
            // As rustc links: position independent on x86_64 only.
            let start = if cpu == Cpu::X86_64 { "rcrt1.o" } else { "crt1.o" };
            flags.extend([start, "crti.o", "crtn.o"].map(|file| format!("-Clink-arg={}", musl.join(file).display())));
            flags
        }
        Target::WindowsTool => vec!["-Clinker=x86_64-w64-mingw32-gcc".into()],
    })
}

/// `cargo <verb>` for a target, with the profile of the project's build. Its results lie in [`folder`].
pub fn cargo(project: &Project, verb: &str, target: Target) -> Result<Command> {
    let triple = target.triple();
    let mut flags = vec![format!("--sysroot={}", sysroot::of(target)?.display())];
    flags.extend(target.code_flags().iter().map(|flag| flag.to_string()));
    flags.extend(link_flags(project, target)?);
    let variable = triple.replace('-', "_");
    let mut command = Command::new(CARGO);
    command
        .current_dir(&project.folder)
        .arg(verb)
        .args(["--profile", profile(project, target), "-j2", "--target", triple])
        .env("RUSTC", RUSTC)
        // Its subcommands (clippy) too are those of this version.
        .env("PATH", format!("/usr/bin:{}", std::env::var("PATH").unwrap_or_default()))
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("RUSTFLAGS")
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"))
        .env("CARGO_TARGET_DIR", target_folder(project, target))
        .env(format!("CFLAGS_{variable}"), c_flags(target)?);
    if target.has_std() {
        // A tool waits for other programs: optimising it across crates would cost minutes and gain nothing.
        for (name, value) in [("LTO", "off"), ("CODEGEN_UNITS", "16"), ("DEBUG", "false")] {
            command.env(format!("CARGO_PROFILE_RELEASE_{name}"), value);
        }
    }
    if target.is_windows() {
        // dlltool (binutils 2.40) leaves empty files there.
        let temporary = target_folder(project, target).join("tmp");
        if temporary.exists() {
            fs::remove_dir_all(&temporary)?;
        }
        fs::create_dir_all(&temporary)?;
        command.env("TMPDIR", temporary);
    }
    if target.is_windows() {
        command.env(format!("CC_{variable}"), "x86_64-w64-mingw32-gcc");
        command.env(format!("AR_{variable}"), "x86_64-w64-mingw32-ar");
    } else {
        command.env(format!("CC_{variable}"), tools::llvm("clang")?);
        command.env(format!("AR_{variable}"), tools::llvm("llvm-ar")?);
    }
    Ok(command)
}

/// The folder of cargo's results for a target.
pub fn folder(project: &Project, target: Target) -> PathBuf {
    target_folder(project, target).join(target.triple()).join(profile(project, target))
}

/// As in the workspace's `Cargo.toml`. Tools are the same in every build.
fn profile(project: &Project, target: Target) -> &'static str {
    match project.build {
        Build::Quick if !target.has_std() => "quick",
        _ => "release",
    }
}

/// Apart for the C library, whose Rust library is another: else each build would undo the other's. Tools are the same in every
/// build, too.
fn target_folder(project: &Project, target: Target) -> PathBuf {
    match target {
        Target::Library(_) => project.work("cross-library"),
        Target::Linux(_) | Target::Windows => project.work("cross"),
        Target::LinuxTool(_) | Target::WindowsTool => project.driver(),
    }
}

/// Builds one binary of a package and returns its file.
pub fn binary(project: &Project, package: &str, target: Target) -> Result<PathBuf> {
    let file = if target.is_windows() { format!("{package}.exe") } else { package.to_owned() };
    let mut cargo = cargo(project, "build", target)?;
    run::step(&format!("build {package} for {}", target.triple()), cargo.args(["-p", package, "--bin", package]))?;
    let path = folder(project, target).join(file);
    path.is_file().then_some(path).ok_or_else(|| anyhow!("package {package} made no program of its name"))
}
