//! musl as archives, for static Linux programs of every CPU: built once from Debian's source package by clang.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;
use distx_toolchain::target::Cpu;
use distx_toolchain::tools;

use crate::cache::{self, Key};
use crate::{run, sources};

/// Folder with `include/` and `lib/`: `--sysroot` of clang.
pub fn of(cpu: Cpu) -> Result<PathBuf> {
    let sources = sources::musl()?;
    let clang = tools::llvm("clang")?;
    let version = run::output(Command::new(&clang).arg("--version"))?;
    let key = Key::default().text(sources.as_os_str().as_encoded_bytes()).text(version).text(cpu.triple());
    cache::entry(&format!("musl-{}", cpu.name()), key, |folder| build(cpu, &sources, &clang, folder))
}

fn build(cpu: Cpu, sources: &Path, clang: &Path, folder: &Path) -> Result<()> {
    let work = folder.join("work");
    std::fs::create_dir_all(&work)?;
    let mut configure = Command::new(sources.join("configure"));
    configure
        .current_dir(&work)
        .arg(format!("--target={}", cpu.triple()))
        .arg(format!("--prefix={}", folder.display()))
        .args(["--disable-shared", "--disable-gcc-wrapper"])
        .env("CC", format!("{} --no-default-config --target={}", clang.display(), cpu.triple()))
        .env("AR", tools::llvm("llvm-ar")?)
        .env("RANLIB", tools::llvm("llvm-ranlib")?);
    run::output(&mut configure)?;
    let mut make = Command::new("make");
    run::step(&format!("build musl for {}", cpu.name()), make.current_dir(&work).args(["-j2", "install"]))?;
    std::fs::remove_dir_all(&work)?;
    Ok(())
}
