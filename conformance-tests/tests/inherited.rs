//! `cargo test -p conformance-tests --test inherited`: handles that a program of Windows passes to one of ours.

use conformance_tests::hosts::{Host, hosts};
use conformance_tests::run::{build, run};
use conformance_tests::suite::conclude;
use libtest_mimic::{Failed, Trial};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

/// What the parent passes, as `inherited/parent.c` names it.
const MODES: [&str; 6] = ["missing", "others", "overlapped", "overlapped_file", "terminal", "busy"];

fn main() -> ExitCode {
    conclude("inherited", trials())
}

fn trials() -> Result<Vec<Trial>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the package has no folder above it")?;
    let mut trials = Vec::new();
    for host in hosts(root).into_iter().filter(Host::is_windows) {
        let lacks = Command::new("x86_64-w64-mingw32-gcc").arg("--version").output().is_err();
        let missing = host.missing().or_else(|| lacks.then(|| "no x86_64-w64-mingw32-gcc".into()));
        for mode in MODES {
            let owner = host.clone();
            let name = format!("{}::inherited::{mode}", host.name);
            let trial = Trial::test(name, move || start(&owner, mode).map_err(Failed::from));
            trials.push(match &missing {
                Some(reason) => trial.with_kind(reason.clone()).with_ignored_flag(true),
                None => trial,
            });
        }
    }
    Ok(trials)
}

/// One at a time: the trials share both programs.
fn start(host: &Host, mode: &str) -> Result<(), String> {
    static ALONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("inherited");
    let run_in = folder.join(mode);
    std::fs::create_dir_all(&run_in).map_err(|error| format!("{}: {error}", run_in.display()))?;
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("inherited");
    let [source, parent_source] = ["program.c", "parent.c"].map(|name| sources.join(name));
    let (program, parent) = (folder.join("program"), folder.join("parent.exe"));
    let mut compile = Command::new(&host.compile[0]);
    compile.args(&host.compile[1..]).arg("-O1").arg(&source).arg("-o").arg(&program);
    build(&mut compile, &program, &[source])?;
    let mut compile = Command::new("x86_64-w64-mingw32-gcc");
    build(compile.arg("-O1").arg(&parent_source).arg("-o").arg(&parent), &parent, &[parent_source])?;

    let [wine, loader] = &host.start[..] else { return Err("a loader without Wine".into()) };
    let line = format!("{} {} {mode}", host.path(loader).display(), host.path(&program).display());
    let mut command = Command::new(wine);
    command.current_dir(&run_in).arg(&parent).args([mode, &line]);
    for (name, value) in host.command(&program).get_envs().filter_map(|(name, value)| Some((name, value?))) {
        command.env(name, value);
    }
    let outcome = run(&mut command, &run_in, mode, Duration::from_secs(150))?;
    match outcome.code() {
        Some(0) => Ok(()),
        _ => Err(format!("{}\n{}", outcome.ending(), outcome.said)),
    }
}
