//! The packages `llvm-<cpu>`: our driver for machines of that CPU, under the names of the compilers and tools that it stands for,
//! and the files that build systems read.

use std::path::{Path, PathBuf};

use anyhow::Result;
use distx_toolchain::target::{Cpu, Root};
use distx_toolchain::tools;

use crate::project::Project;
use crate::toolchain::Target;
use crate::{cross, packages};

/// The machines that people compile on, and how a repository calls the driver for them.
const MACHINES: [(Target, &str); 3] = [
    (Target::LinuxTool(Cpu::X86_64), "distx-linux-x86_64"),
    (Target::LinuxTool(Cpu::Aarch64), "distx-linux-aarch64"),
    (Target::WindowsTool, "distx-windows-x86_64.exe"),
];

/// The file of the driver for a machine, and its ending.
fn driver(root: &Root, target: Target) -> (PathBuf, &'static str) {
    let (cpu, suffix) = match target {
        Target::LinuxTool(cpu) => (cpu, ""),
        _ => (Cpu::X86_64, ".exe"),
    };
    (root.llvm(cpu).join("bin").join(format!("distx{suffix}")), suffix)
}

/// The drivers for all machines: how a repository calls them, and their files.
pub fn drivers(root: &Root) -> [(&'static str, PathBuf); 3] {
    MACHINES.map(|(target, name)| (name, driver(root, target).0))
}

/// Whether a root has the drivers for all machines.
pub fn has_every_machine(root: &Root) -> bool {
    drivers(root).iter().all(|(_, file)| file.is_file())
}

/// Builds the driver for all machines and installs it. The root has the C++ libraries already.
pub fn for_every_machine(project: &Project) -> Result<()> {
    for (target, _) in MACHINES {
        let (file, suffix) = driver(&project.root(), target);
        packages::stripped(&cross::binary(project, "distx", target)?, "--strip-all", &file)?;
        complete(project, &file, suffix)?;
    }
    Ok(())
}

/// Installs the driver that was built for the machine we are on.
pub fn for_this_machine(project: &Project) -> Result<()> {
    let root = project.root();
    let file = root.llvm(Cpu::of_this_machine()).join("bin/distx");
    packages::file(&root.bin().join("distx"), &file)?;
    complete(project, &file, "")
}

/// Gives a driver its other names and the files of the package.
fn complete(project: &Project, driver: &Path, suffix: &str) -> Result<()> {
    // Archives keep them as links, which become other names of the file where it is unpacked on Windows.
    for name in tools::package_names() {
        packages::link(&driver.with_file_name(format!("{name}{suffix}")), format!("distx{suffix}"))?;
    }
    let package = driver.ancestors().nth(2).unwrap_or(driver);
    packages::files(&project.folder.join("distx/share"), &package.join("share"))
}
