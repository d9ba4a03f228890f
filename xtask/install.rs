//! What `./x build` puts into `_distx`, and a quick build into a root of its own.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use distx_toolchain::target::{Cpu, Root};
use distx_toolchain::tools;

use crate::hosts::Host;
use crate::llvm::Archives;
use crate::project::{Build, Project};
use crate::toolchain::Target;
use crate::{cache, cross, gdb, guest, header, llvm, llvm_package, packages, run, runtimes, xbuild};

/// What is built. All of it for a release, and for tests what they need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// Their loaders, and the C library of their CPUs.
    pub hosts: Vec<Host>,
    /// The C++ libraries and xbuild, too.
    pub cxx: bool,
    /// The packages with our driver for every machine on which people compile, too.
    pub drivers: bool,
}

impl Parts {
    /// What compiles programs on this machine and runs them on every host.
    pub fn all() -> Parts {
        Parts { hosts: Host::ALL.to_vec(), cxx: true, drivers: false }
    }

    /// Each CPU of the hosts once.
    pub fn cpus(&self) -> impl Iterator<Item = Cpu> {
        Cpu::ALL.into_iter().filter(|cpu| self.hosts.iter().any(|host| host.cpu() == *cpu))
    }
}

/// Builds what changed and installs it.
pub fn build(project: &Project, parts: &Parts) -> Result<()> {
    let root = project.root();
    driver(project)?;
    pages(&root)?;
    let include = project.folder.join("include");
    packages::tree(&include, &root.package("xlibc", "common").join("include"))?;
    let (mut cxx, mut others) = (Vec::new(), Vec::new());
    packages::tree(&llvm::clang_headers()?, &root.clang_headers())?;
    for cpu in parts.cpus() {
        // Relative, so that the root can be moved; in an archive of the package they are files.
        let headers = Path::new("..").join(root.clang_headers().strip_prefix(&root.0)?);
        packages::link(&root.resources(cpu).join("include"), headers)?;
        if parts.cxx {
            let whole = llvm::archives(cpu, &include)?;
            archives(&root, cpu, &whole)?;
            let runtimes = runtimes::runtimes(&project.folder, cpu, &include, &whole)?;
            runtimes.install(&root, cpu)?;
            cxx.push(whole);
            others.push((cpu, runtimes));
        } else {
            archives(&root, cpu, &llvm::quick_archives(cpu, &include)?)?;
        }
    }
    cxx_headers(&root, &cxx)?;
    // One part that does not build must not hide the errors of the others.
    let mut results = vec![header::install(project)];
    results.extend(parts.hosts.iter().map(|host| loader(project, *host)));
    results.extend(parts.cpus().map(|cpu| guest::install(project, cpu)));
    for cpu in parts.cpus() {
        let stub = guest::loader_stub(project, cpu);
        results.push(stub.and_then(|stub| llvm::link_shared(&root, cpu, &stub, parts.cxx)));
        if parts.cxx {
            results.push(gdb::for_libcxx(&root.libcxx(cpu).join("lib")));
            results.push(xbuild::install(project, cpu));
        }
    }
    for (cpu, runtimes) in &others {
        let stub = guest::loader_stub(project, *cpu);
        results.push(stub.and_then(|stub| runtimes.link_shared(&root, *cpu, &stub)));
    }
    // Once they were asked for they are kept up to date: of this machine alone would leave others that are older.
    results.push(match parts.drivers || llvm_package::has_every_machine(&root) {
        true => llvm_package::for_every_machine(project),
        false => llvm_package::for_this_machine(project),
    });
    for name in ["tzdata.zi", "leap-seconds.list"] {
        let file = Path::new("/usr/share/zoneinfo").join(name);
        packages::file(&file, &root.package("tzdata", "common").join("share/zoneinfo").join(name))?;
    }
    packages::files(&project.folder.join("distx/share"), &root.0.join("share"))?;
    if project.build == Build::Quick {
        // Tests of the code that ships look for it.
        packages::text(&root.0.join("quick"), "Built by `./x test NAME`: not what ships.\n")?;
    }
    let failures: Vec<_> = results.into_iter().filter_map(Result::err).map(|error| format!("{error:#}")).collect();
    ensure!(failures.is_empty(), "{}", failures.join("\nx: error: "));
    Ok(())
}

/// The `distx` program under its names. It is built for the machine we are on, by the cargo that runs us.
fn driver(project: &Project) -> Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(&project.folder).args(["build", "--release", "-j2", "-p", "distx"]);
    command.env("CARGO_TARGET_DIR", project.driver());
    run::step("build distx", &mut command)?;
    let bin = project.root().bin();
    packages::stripped(&project.driver().join("release/distx"), "--strip-all", &bin.join("distx"))?;
    for name in tools::own_names() {
        packages::link(&bin.join(name), "distx")?;
    }
    Ok(())
}

/// distx's manual pages, and what shells complete its command lines with.
fn pages(root: &Root) -> Result<()> {
    let share = root.0.join("share");
    let distx = || Command::new(root.bin().join("distx"));
    run::output(distx().arg("man").arg(share.join("man/man1")))?;
    for (shell, file) in [
        ("bash", "bash-completion/completions/distx"),
        ("zsh", "zsh/site-functions/_distx"),
        ("fish", "fish/vendor_completions.d/distx.fish"),
    ] {
        packages::text(&share.join(file), &run::output(distx().args(["completions", shell]))?)?;
    }
    Ok(())
}

/// Archives of LLVM's libraries and compiler-rt.
fn archives(root: &Root, cpu: Cpu, archives: &Archives) -> Result<()> {
    for file in cache::files_below(&archives.libraries())? {
        let installed = root.libcxx(cpu).join("lib").join(file.file_name().context("a name")?);
        if file.extension().is_some_and(|extension| extension == "json") {
            // The sources of modules are the same for all CPUs, and lie with the headers.
            let common = root.package("llvm-libcxx", "common");
            let common = format!("../../{}/share/", common.file_name().context("a name")?.display());
            packages::text(&installed, &fs::read_to_string(&file)?.replace("../share/", &common))?;
        } else {
            packages::file(&file, &installed)?;
        }
    }
    packages::file(&archives.builtins(), &root.builtins(cpu))
}

/// Headers and modules of the C++ library, which the CPUs share.
fn cxx_headers(root: &Root, archives: &[Archives]) -> Result<()> {
    let Some((first, others)) = archives.split_first() else { return Ok(()) };
    let site = |archives: &Archives| fs::read(archives.cxx_headers().join("__config_site"));
    for other in others {
        ensure!(
            site(first)? == site(other)?,
            "libc++'s __config_site differs between the CPUs: the headers cannot be shared"
        );
    }
    packages::tree(&first.cxx_modules(), &root.package("llvm-libcxx", "common").join("share/libc++/v1"))?;
    packages::tree(&first.cxx_headers(), &root.libcxx_headers())
}

/// A host's xload, without debug information. The symbols of the Linux loader stay: a debugger finds the loaded files by two
/// of them, and knows by the others where it is when a program leaves `main`. They are not loaded.
fn loader(project: &Project, host: Host) -> Result<()> {
    let (package, target, what) = match host {
        Host::LinuxX86 | Host::LinuxAarch64 => ("xload_linux", Target::Linux(host.cpu()), "--strip-debug"),
        Host::WindowsX86 => ("xload_windows", Target::Windows, "--strip-all"),
    };
    packages::stripped(&cross::binary(project, package, target)?, what, &host.loader(&project.root()))
}
