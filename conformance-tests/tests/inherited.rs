//! `cargo test -p conformance-tests --test inherited`: handles that a program of Windows passes to one of ours.

use conformance_tests::hosts::{Host, hosts};
use conformance_tests::pair::Pair;
use conformance_tests::run::{about, run};
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
        let missing = Pair::missing(&host, &[]);
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
    std::fs::create_dir_all(&run_in).map_err(about(&run_in))?;
    let pair = Pair::build(host, "inherited", "parent", &folder)?;
    let (wine, line) = pair.line(host, mode)?;
    let mut command = Command::new(wine);
    command.current_dir(&run_in).arg(&pair.helper).args([mode, &line]);
    pair.set_environment(host, &mut command);
    let outcome = run(&mut command, &run_in, mode, Duration::from_secs(150))?;
    match outcome.code() {
        Some(0) => Ok(()),
        _ => Err(format!("{}\n{}", outcome.ending(), outcome.said)),
    }
}
