//! The contract suite of host tables, as one program file per CPU that every loader runs, and the program that asks the Windows
//! platform itself, with answers of other versions of Windows.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use distx_toolchain::postlink;

use crate::cross;
use crate::hosts::Host;
use crate::install::Parts;
use crate::project::Project;
use crate::toolchain::Target;
use crate::{packages, run};

/// Where the files lie: `<cpu>/host_contract`, `host_contract_windows.exe`.
pub fn folder(project: &Project) -> PathBuf {
    project.work("contract")
}

/// Builds those of the hosts.
pub fn build(project: &Project, parts: &Parts) -> Result<()> {
    if parts.hosts.contains(&Host::WindowsX86) {
        let name = "host_contract_windows";
        let program = cross::binary(project, name, Target::Windows)?;
        packages::file(&program, &folder(project).join(name).with_extension("exe"))?;
    }
    for cpu in parts.cpus() {
        let target = Target::Linux(cpu);
        let mut cargo = cross::cargo(project, "build", target)?;
        cargo.args(["-p", "host_contract_guest"]);
        run::step(&format!("build the host contract for {}", cpu.name()), &mut cargo)?;
        let library = cross::folder(project, target).join("libhost_contract_guest.so");
        let folder = self::folder(project).join(cpu.name());
        fs::create_dir_all(&folder)?;
        // Marked under another name first, so that an unchanged file keeps its time.
        let marked = folder.join("marked");
        fs::copy(&library, &marked).with_context(|| format!("cannot copy {}", library.display()))?;
        postlink::finish(&marked)?;
        packages::file(&marked, &folder.join("host_contract"))?;
    }
    Ok(())
}
