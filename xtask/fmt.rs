//! rustfmt for everything, clippy for each package with the targets it is built for, and `deny.toml` where there is cargo-deny.

use std::process::{Command, ExitCode};

use anyhow::Result;
use distx_toolchain::target::Cpu;
use distx_toolchain::tools::on_path;

use crate::cross;
use crate::project::Project;
use crate::run;
use crate::setup::Setup;
use crate::test::GROUPS;
use crate::toolchain::Target;

/// Packages that only exist for one host, and their targets.
const CROSS: [(&str, &[Target]); 5] = [
    ("xlibc_cdylib", &[Target::Library(Cpu::X86_64), Target::Library(Cpu::Aarch64)]),
    ("xload_linux", &[Target::Linux(Cpu::X86_64), Target::Linux(Cpu::Aarch64)]),
    ("xload_windows", &[Target::Windows]),
    // What `cfg` says of another system, the checks for this machine do not see.
    ("distx", &[Target::WindowsTool]),
    ("host_contract_windows", &[Target::Windows]),
];

/// Formats, then checks; a warning is an error.
pub fn run(project: &Project, setup: Setup, check: bool) -> Result<ExitCode> {
    setup.required()?;
    setup.linters()?;
    let mut fmt = Command::new("cargo");
    fmt.current_dir(&project.folder).args(["fmt", "--all"]);
    if check {
        fmt.arg("--check");
    }
    let mut results = vec![run::step("rustfmt", &mut fmt)];
    for (name, packages) in GROUPS {
        let mut clippy = Command::new("cargo");
        clippy.current_dir(&project.folder).args(["clippy", "-j2", "--all-targets"]).args(packages);
        results.push(run::step(&format!("clippy, packages of the {name}"), clippy.args(["--", "-D", "warnings"])));
    }
    for (package, targets) in CROSS {
        for target in targets {
            let mut clippy = cross::cargo(project, "clippy", *target)?;
            clippy.args(["-p", package, "--", "-D", "warnings"]);
            results.push(run::step(&format!("clippy {package} for {}", target.triple()), &mut clippy));
        }
    }
    if on_path("cargo-deny").is_some() {
        let mut deny = Command::new("cargo");
        deny.current_dir(&project.folder).args(["deny", "--workspace", "--all-features", "check"]);
        results.push(run::step("licences, versions and sources of crates", deny.args(["licenses", "bans", "sources"])));
    }
    // All complaints at once.
    let failures: Vec<_> = results.into_iter().filter_map(Result::err).collect();
    for failure in &failures {
        eprintln!("x: error: {failure:#}");
    }
    Ok(ExitCode::from(u8::from(!failures.is_empty())))
}
