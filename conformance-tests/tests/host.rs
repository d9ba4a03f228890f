//! `cargo test -p conformance-tests --test host`: the contract suite of host tables, as one program file per CPU, under each
//! loader. `./x test` builds the files and says in `$HOST_CONTRACT` where they are.

use conformance_tests::hosts::{Host, hosts};
use libtest_mimic::{Arguments, Failed, Trial};
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};

fn main() -> ExitCode {
    let Some(root) = Path::new(env!("CARGO_MANIFEST_DIR")).parent() else {
        eprintln!("host: the package has no folder above it");
        return ExitCode::FAILURE;
    };
    let trials = hosts(root).into_iter().filter(|host| host.is_ours()).map(|host| trial(root, host));
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}

/// Ignored, and said so, where host, loader or program file are not there.
fn trial(root: &Path, host: Host) -> Trial {
    let cpu = if host.name.ends_with("aarch64") { "aarch64" } else { "x86_64" };
    let folder = std::env::var_os("HOST_CONTRACT").map_or_else(|| root.join("target/x/contract"), PathBuf::from);
    let program = folder.join(cpu).join("host_contract");
    let built = program.exists();
    let missing = host.missing();
    let name = format!("host table of {}", host.name);
    let trial = Trial::test(name, move || run(&host, &program).map_err(Failed::from));
    match missing {
        Some(reason) => trial.with_kind(reason).with_ignored_flag(true),
        None if !built => trial.with_kind("the suite is not built").with_ignored_flag(true),
        None => trial,
    }
}

/// Passes when no check fails; absent methods are shown.
fn run(host: &Host, program: &Path) -> Result<(), String> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("host").join(host.name);
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut command = host.command(program);
    command.arg("/tmp");
    if host.is_emulated() {
        // The kernel below the emulator cannot start a loader for another CPU.
        command.arg("--no-spawn");
    }
    // Files, not pipes: Wine's server keeps what it inherits.
    let output = folder.join("output.txt");
    let file = std::fs::File::create(&output).map_err(|error| format!("{}: {error}", output.display()))?;
    let errors = file.try_clone().map_err(|error| format!("{}: {error}", output.display()))?;
    let status = command.stdin(Stdio::null()).stdout(file).stderr(errors).status();
    let status = status.map_err(|error| format!("{command:?}: {error}"))?;
    let said = std::fs::read_to_string(&output).map_err(|error| format!("{}: {error}", output.display()))?;
    if !status.success() {
        return Err(format!("{command:?}: {status}\n{said}"));
    }
    print!("{}: {said}", host.name);
    Ok(())
}
