//! `cargo test -p conformance-tests --test host`: the contract suite of host tables, as one program file per CPU, under each
//! loader; and a program that asks the Windows platform itself, also with answers of other versions of Windows. `./x test`
//! builds the files and says in `$HOST_CONTRACT` where they are.

use conformance_tests::hosts::{Host, hosts};
use libtest_mimic::{Arguments, Failed, Trial};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

fn main() -> ExitCode {
    let Some(root) = Path::new(env!("CARGO_MANIFEST_DIR")).parent() else {
        eprintln!("host: the package has no folder above it");
        return ExitCode::FAILURE;
    };
    let ours = hosts(root).into_iter().filter(Host::is_ours);
    let trials = ours.flat_map(|host| {
        let platform = host.is_windows().then(|| platform(root, &host));
        [table(root, host)].into_iter().chain(platform)
    });
    // One at a time: they look at what lies in the folder for temporary files.
    let arguments = Arguments { test_threads: Some(1), ..Arguments::from_args() };
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

/// Where the programs are.
fn folder(root: &Path) -> PathBuf {
    std::env::var_os("HOST_CONTRACT").map_or_else(|| root.join("target/x/contract"), PathBuf::from)
}

/// The host's table, which the loader hands to a program of ours.
fn table(root: &Path, host: Host) -> Trial {
    let cpu = if host.name.ends_with("aarch64") { "aarch64" } else { "x86_64" };
    let program = folder(root).join(cpu).join("host_contract");
    let command = host.command(&program);
    trial("host table", host, &program, command)
}

/// The platform, in a program of the host's own.
fn platform(root: &Path, host: &Host) -> Trial {
    let program = folder(root).join("host_contract_windows.exe");
    let alone = Host { start: host.start.iter().take(1).cloned().collect(), ..host.clone() };
    let command = alone.command(&program);
    trial("host platform", alone, &program, command)
}

/// Ignored, and said so, where host, loader or program file are not there.
fn trial(what: &str, host: Host, program: &Path, mut command: Command) -> Trial {
    let built = program.exists();
    let missing = host.missing();
    let name = format!("{what} of {}", host.name);
    // The kernel below an emulator cannot start a loader for another CPU.
    command.arg("/tmp").args(host.is_emulated().then_some("--no-spawn"));
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("host").join(name.replace(' ', "-"));
    let trial = Trial::test(name, move || run(command, &folder).map_err(Failed::from));
    match missing {
        Some(reason) => trial.with_kind(reason).with_ignored_flag(true),
        None if !built => trial.with_kind("the suite is not built").with_ignored_flag(true),
        None => trial,
    }
}

/// Passes when no check fails; absent methods are shown.
fn run(mut command: Command, folder: &Path) -> Result<(), String> {
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
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
    print!("{said}");
    Ok(())
}
