//! xbuild for each CPU: `xbuild/program` as a static library, linked by our own driver as users link their programs.

use std::process::Command;

use anyhow::{Context, Result};
use distx_toolchain::target::Cpu;

use crate::project::Project;
use crate::toolchain::Target;
use crate::{cross, packages, run};

/// Builds it and puts it into the root, whose C library it is linked against.
pub fn install(project: &Project, cpu: Cpu) -> Result<()> {
    let target = Target::Library(cpu);
    let mut cargo = cross::cargo(project, "rustc", target)?;
    cargo.args(["-p", "xbuild_program", "--lib", "--crate-type", "staticlib"]);
    run::step(&format!("build xbuild for {}", cpu.name()), &mut cargo)?;
    let root = project.root();
    let package = root.package("xbuild", cpu.name());
    let key = package.file_name().context("a package has a name")?.display();
    let program = project.work("xbuild").join(cpu.name()).join("xbuild");
    std::fs::create_dir_all(program.parent().unwrap_or(&program))?;
    let mut link = Command::new(root.bin().join("distx"));
    link.args(["cc", &format!("--target-arch={}", cpu.name()), "-o"]).arg(&program);
    link.arg(cross::folder(project, target).join("libxbuild_program.a"));
    link.args([format!("-Wl,-soname,/{key}/bin/xbuild"), "-Wl,--gc-sections".into(), "-Wl,--strip-all".into()]);
    run::output(&mut link)?;
    packages::file(&program, &package.join("bin/xbuild"))
}
