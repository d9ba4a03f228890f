//! Starting a program of ours: the loader for its CPU, through qemu where the machine has another CPU.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use distx_toolchain::target::Cpu;
use distx_toolchain::tools::on_path;
use loader_abi::files::OS_ABI;

/// Of an ELF file, up to the number of its CPU.
const HEAD_BYTES: usize = 20;

/// A command that begins with the loader in a package `xload`; the program and its arguments are still to be added.
///
/// # Errors
/// The loader is not there, or nothing here runs that CPU's code.
pub fn command(package: &Path, cpu: &str) -> Result<Command> {
    let file = if cfg!(windows) { "bin/xload_windows.exe" } else { "bin/xload_linux" };
    let loader = package.join(file);
    let machine = std::env::consts::ARCH;
    if cfg!(windows) && cpu != machine {
        bail!("a program for {cpu} does not run on Windows for {machine}; compile it with --target-arch={machine}");
    }
    if !loader.is_file() {
        bail!("the loader {} is not there; `distx install` gets it", loader.display());
    }
    if cpu == machine {
        return Ok(Command::new(loader));
    }
    let Some(emulator) = emulator(cpu) else {
        bail!("this machine is {machine}; programs for {cpu} need qemu-{cpu} on PATH (Debian's package qemu-user)");
    };
    let mut command = Command::new(emulator);
    command.arg(loader);
    Ok(command)
}

/// What runs programs of another CPU on this machine: qemu, which Debian has in two packages under two names.
pub fn emulator(cpu: &str) -> Option<PathBuf> {
    [format!("qemu-{cpu}"), format!("qemu-{cpu}-static")].iter().find_map(|name| on_path(name))
}

/// The CPU of a program file of ours.
///
/// # Errors
/// It cannot be read, or is another kind of file.
pub fn cpu_of(program: &Path) -> Result<Cpu> {
    let mut head = Vec::new();
    let opened = File::open(program).and_then(|file| file.take(HEAD_BYTES as u64).read_to_end(&mut head));
    opened.with_context(|| format!("cannot read {}", program.display()))?;
    let other = |what: &str| format!("{} is no program for xload: {what}", program.display());
    if head.starts_with(b"#!") {
        bail!(other("it is a script; run it by itself"));
    }
    // ELF, 64 bits, little endian
    let Ok([b'\x7f', b'E', b'L', b'F', 2, 1, _, osabi, .., low, high]) = <[u8; HEAD_BYTES]>::try_from(head) else {
        bail!(other("it has no ELF header of 64 bits"));
    };
    if osabi != OS_ABI {
        bail!(other(
            "it was linked for another system; `distx cc` links for xload, `distx postlink` marks a file from another linker"
        ));
    }
    match u16::from_le_bytes([low, high]) {
        62 => Ok(Cpu::X86_64),
        183 => Ok(Cpu::Aarch64),
        number => bail!(other(&format!("its CPU has the number {number}"))),
    }
}

/// Lets the command take the place of this process, so that signals and exit codes are the program's own.
///
/// # Errors
/// It does not start.
#[cfg(unix)]
pub fn run(mut command: Command) -> Result<i32> {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    Err(error).with_context(|| format!("cannot run {}", command.get_program().display()))
}

/// Runs the command to its end; its exit code.
///
/// # Errors
/// It does not start.
#[cfg(windows)]
pub fn run(mut command: Command) -> Result<i32> {
    let status = command.status().with_context(|| format!("cannot run {}", command.get_program().display()))?;
    Ok(status.code().unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(osabi: u8, machine: u8) -> Vec<u8> {
        let mut bytes = b"\x7fELF\x02\x01\x01\x00\0\0\0\0\0\0\0\0\x03\0\0\0rest".to_vec();
        (bytes[7], bytes[18]) = (osabi, machine);
        bytes
    }

    #[test]
    fn files_of_other_kinds_are_told_from_programs() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("prog");
        let told = |bytes: &[u8]| {
            std::fs::write(&file, bytes).expect("written");
            cpu_of(&file).map_err(|error| error.to_string())
        };
        assert_eq!(told(&head(OS_ABI, 62)), Ok(Cpu::X86_64));
        assert_eq!(told(&head(OS_ABI, 183)), Ok(Cpu::Aarch64));
        for (bytes, what) in [
            (head(0, 62), "another system"),
            (head(OS_ABI, 3), "the number 3"),
            (head(OS_ABI, 62)[..19].to_vec(), "no ELF header"),
            (b"#!/bin/sh\n".to_vec(), "a script"),
            (Vec::new(), "no ELF header"),
        ] {
            let error = told(&bytes).expect_err(what);
            assert!(error.contains(what) && error.contains("prog"), "{error}");
        }
        assert!(cpu_of(&folder.path().join("none")).is_err());
    }

    #[test]
    fn a_missing_loader_is_named() {
        let error = command(Path::new("/nowhere"), std::env::consts::ARCH).expect_err("missing").to_string();
        assert!(error.contains("/nowhere") && error.contains("distx install"), "{error}");
    }
}
