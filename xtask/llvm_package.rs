//! The packages `llvm-<cpu>`: our driver for machines of that CPU, under the names of the compilers and tools that it stands for.

use anyhow::Result;
use distx_toolchain::target::Cpu;
use distx_toolchain::tools;

use crate::project::Project;
use crate::toolchain::Target;
use crate::{cross, packages};

/// The machines that people compile on.
const MACHINES: [Target; 3] = [Target::LinuxTool(Cpu::X86_64), Target::LinuxTool(Cpu::Aarch64), Target::WindowsTool];

/// Builds the driver for all machines and installs it. The root has the C++ libraries already.
pub fn install(project: &Project) -> Result<()> {
    let root = project.root();
    for target in MACHINES {
        let (cpu, suffix) = match target {
            Target::LinuxTool(cpu) => (cpu, ""),
            _ => (Cpu::X86_64, ".exe"),
        };
        let bin = root.llvm(cpu).join("bin");
        let file = bin.join(format!("distx{suffix}"));
        packages::stripped(&cross::binary(project, "distx", target)?, "--strip-all", &file)?;
        // Archives keep them as links, which become other names of the file where it is unpacked on Windows.
        for name in tools::package_names() {
            packages::link(&bin.join(format!("{name}{suffix}")), format!("distx{suffix}"))?;
        }
    }
    Ok(())
}
