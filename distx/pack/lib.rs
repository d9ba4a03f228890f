//! `distx pack`: one file of a program, the libraries that it needs, and a loader before them.
//!
//! The payload (`loader_abi::payload`) is the same bytes for every host, and lies behind the loader's own file: behind the last section
//! of an executable of Windows, which a signature covers, and behind the ELF file on Linux.
#![forbid(unsafe_code)]

mod elf;
mod list;
mod loader;
mod payload;
mod pe;
mod request;
mod resolve;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use distx_toolchain::target::{Cpu, Root};

pub use list::list;
pub use payload::Listed;
pub use request::{Request, Target, Window};

use payload::Payload;

/// Packs a program with the loader and the libraries of this root, and tells what went in.
///
/// # Errors
/// A file is missing or is no program or library for the same CPU, a library is nowhere, the root has no loader for the target, or the
/// result cannot be written.
pub fn pack(request: &Request, root: &Root) -> Result<Vec<Listed>> {
    let Request { program, output, target, with, icon, window } = request;
    if *target == Target::Linux && (icon.is_some() || *window == Window::Gui) {
        bail!("icons and --gui are for Windows: name the result {}.exe, or say --target windows", output.display());
    }
    if same_file(program, output) {
        bail!("{} would be replaced by its packed form: choose another name with -o", program.display());
    }
    let closure = resolve::closure(program, with, root)?;
    let payload = Payload::new(&closure.files)?;
    let mut loader = fs::read(loader_path(root, closure.cpu, *target)?)?;
    if *target == Target::Windows {
        let icon = icon.as_ref().map(|icon| fs::read(icon).with_context(|| format!("cannot read {}", icon.display())));
        pe::dress(&mut loader, icon.transpose()?, *window)?;
    }
    let mut packed = loader::join(loader, &payload)?;
    if *target == Target::Windows {
        pe::set_checksum(&mut packed)?;
    }
    write(output, &packed).with_context(|| format!("cannot write {}", output.display()))?;
    payload.listed()
}

fn same_file(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

fn loader_path(root: &Root, cpu: Cpu, target: Target) -> Result<PathBuf> {
    let (name, host) = match target {
        Target::Linux => ("xload_linux", "Linux"),
        Target::Windows => ("xload_windows.exe", "Windows"),
    };
    let path = root.xload(cpu).join("bin").join(name);
    if !path.is_file() {
        bail!("no loader for {host} on {}: {} is not there", cpu.name(), path.display());
    }
    Ok(path)
}

/// A new file in the old one's place: the old one may be running.
fn write(output: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut name = output.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.distx", std::process::id()));
    let partial = output.with_file_name(name);
    let written = distx_toolchain::postlink::write_sparse(&partial, bytes)
        .and_then(|()| allow_execution(&partial))
        .and_then(|()| fs::rename(&partial, output));
    if written.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&partial);
    }
    written
}

/// Who may read the file may run it.
fn allow_execution(file: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(file)?.permissions().mode();
        fs::set_permissions(file, fs::Permissions::from_mode(mode | (mode & 0o444) >> 2))?;
    }
    // Windows goes by the name's ending.
    let _ = file;
    Ok(())
}

#[cfg(test)]
mod tests;
