//! Everything that `./x build` puts into `_distx`.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use distx::target::Cpu;
use distx::tools;

use crate::cross::{self, Target};
use crate::{Project, cache, gdb, guest, header, llvm, packages, run};

/// Builds what changed and installs it.
pub fn everything(project: &Project) -> Result<()> {
    let root = project.root();
    driver(project)?;
    let include = project.folder.join("include");
    packages::tree(&include, &root.package("xlibc", "common").join("include"))?;
    for cpu in Cpu::ALL {
        cxx_archives(project, cpu, &include)?;
    }
    // One part that does not build must not hide what the others say.
    let mut results = vec![loaders(project), header::install(project)];
    for cpu in Cpu::ALL {
        results.push(guest::install(project, cpu));
    }
    for cpu in Cpu::ALL {
        results.push(guest::loader_stub(project, cpu).and_then(|stub| llvm::link_shared(&root, cpu, &stub)));
        results.push(gdb::for_libcxx(&root.libcxx(cpu).join("lib")));
    }
    for name in ["tzdata.zi", "leap-seconds.list"] {
        let file = Path::new("/usr/share/zoneinfo").join(name);
        packages::file(&file, &root.package("tzdata", "common").join("share/zoneinfo").join(name))?;
    }
    packages::text(&root.0.join("share/distx.cmake"), include_str!("distx.cmake"))?;
    let failures: Vec<_> = results.into_iter().filter_map(Result::err).map(|error| format!("{error:#}")).collect();
    ensure!(failures.is_empty(), "{}", failures.join("\nx: error: "));
    Ok(())
}

/// The `distx` program under its names. It is built for the machine we are on, by the cargo that runs us.
fn driver(project: &Project) -> Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(&project.folder).args(["build", "--release", "-j2", "-p", "distx"]);
    command.env("CARGO_TARGET_DIR", project.work("host"));
    run::step("build distx", &mut command)?;
    let bin = project.root().bin();
    packages::file(&project.work("host").join("release/distx"), &bin.join("distx"))?;
    for tool in tools::names() {
        packages::link(&bin.join(format!("distx-{tool}")), "distx")?;
        for cpu in Cpu::ALL {
            packages::link(&bin.join(format!("{}-distx-{tool}", cpu.name())), "distx")?;
        }
    }
    Ok(())
}

/// Headers and archives of the C++ library, compiler-rt and clang's resource directory.
fn cxx_archives(project: &Project, cpu: Cpu, include: &Path) -> Result<()> {
    let root = project.root();
    let archives = llvm::archives(cpu, include)?;
    let headers = root.libcxx_headers();
    if cpu == Cpu::ALL[0] {
        packages::tree(&archives.cxx_headers(), &headers)?;
    } else {
        let site = "__config_site";
        let same = fs::read(headers.join(site))? == fs::read(archives.cxx_headers().join(site))?;
        ensure!(same, "libc++'s {site} differs between the CPUs: the headers cannot be shared");
    }
    for file in cache::files_below(&archives.libraries())? {
        packages::file(&file, &root.libcxx(cpu).join("lib").join(file.file_name().context("a name")?))?;
    }
    packages::file(&archives.builtins(), &root.builtins(cpu))?;
    packages::link(&root.resources(cpu).join("include"), llvm::clang_headers()?)
}

/// xload for every host, without debug information. The symbols of the Linux loader stay: a debugger finds the loaded files by two
/// of them, and knows by the others where it is when a program leaves `main`. They are not loaded.
fn loaders(project: &Project) -> Result<()> {
    let root = project.root();
    for cpu in Cpu::ALL {
        let program = cross::binary(project, "xload_linux", Target::Linux(cpu))?;
        stripped(&program, "--strip-debug", &root.xload(cpu).join("bin/xload_linux"))?;
    }
    let program = cross::binary(project, "xload_windows", Target::Windows)?;
    stripped(&program, "--strip-all", &root.xload(Cpu::X86_64).join("bin/xload_windows.exe"))
}

fn stripped(program: &Path, what: &str, target: &Path) -> Result<()> {
    let copy = program.with_added_extension("stripped");
    let mut objcopy = Command::new(tools::llvm("llvm-objcopy")?);
    run::output(objcopy.arg(what).arg(program).arg(&copy))?;
    packages::file(&copy, target)
}
