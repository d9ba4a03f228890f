//! `cargo test -p conformance-tests --test console`: consoles of Windows, and Ctrl-C, which arrives on a thread that the host makes.

use conformance_tests::hosts::{Host, hosts};
use conformance_tests::pair::Pair;
use conformance_tests::run::run;
use conformance_tests::suite::conclude;
use libtest_mimic::{Failed, Trial};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

/// What the program does meanwhile, and how it ends: `press.c` gives 130 for Windows' code of Ctrl-C.
const MODES: [(&str, i32); 9] = [
    ("ctrl_c_in_sleep", 0),
    ("ctrl_c_in_spin", 0),
    ("ctrl_c_in_read", 0),
    ("ctrl_c_in_ignore", 0),
    ("ctrl_c_in_default", 130),
    ("ctrl_c_in_blocked", 0),
    ("silent", 0),
    ("lines", 0),
    ("tty", 0),
];

fn main() -> ExitCode {
    conclude("console", trials())
}

fn trials() -> Result<Vec<Trial>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the package has no folder above it")?;
    let mut trials = Vec::new();
    for host in hosts(root).into_iter().filter(Host::is_windows) {
        let missing = Pair::missing(&host, &["script"]);
        for (mode, code) in MODES {
            let owner = host.clone();
            let name = format!("{}::console::{mode}", host.name);
            let trial = Trial::test(name, move || press(&owner, mode, code).map_err(Failed::from));
            trials.push(match &missing {
                Some(reason) => trial.with_kind(reason.clone()).with_ignored_flag(true),
                None => trial,
            });
        }
    }
    Ok(trials)
}

/// One at a time: the trials share a console program and its products.
fn press(host: &Host, mode: &str, code: i32) -> Result<(), String> {
    let mode = mode.trim_start_matches("ctrl_c_in_");
    static ALONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("console");
    let pair = Pair::build(host, "console", "press", &folder)?;
    // Events need a console: Wine makes one of a terminal, which `script` makes.
    let (wine, inner) = pair.line(host, mode)?;
    let line = format!("{} {} {mode} '{inner}'", wine.display(), pair.helper.display());
    let mut command = Command::new("script");
    command.current_dir(&folder).args(["--quiet", "--return", "--command", &line, "/dev/null"]);
    pair.set_environment(host, &mut command);
    let outcome = run(&mut command, &folder, mode, Duration::from_secs(150))?;
    if outcome.code() == Some(code) {
        Ok(())
    } else {
        Err(format!("{}, not {code}\n{}", outcome.ending(), outcome.said))
    }
}
