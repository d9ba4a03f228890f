//! `cargo test -p conformance-tests --test console`: consoles of Windows, and Ctrl-C, which arrives on a thread that the host makes.

use conformance_tests::hosts::{Host, hosts};
use conformance_tests::run::{build, run};
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
        let tools = ["x86_64-w64-mingw32-gcc", "script"];
        let lacks = tools.into_iter().find(|tool| Command::new(tool).arg("--version").output().is_err());
        let missing = host.missing().or_else(|| lacks.map(|tool| format!("no {tool}")));
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
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("console");
    let [source, helper_source] = ["program.c", "press.c"].map(|name| sources.join(name));
    let (program, helper) = (folder.join("program"), folder.join("press.exe"));
    let mut compile = Command::new(&host.compile[0]);
    compile.args(&host.compile[1..]).arg("-O1").arg(&source).arg("-o").arg(&program);
    build(&mut compile, &program, &[source])?;
    let mut compile = Command::new("x86_64-w64-mingw32-gcc");
    build(compile.arg("-O1").arg(&helper_source).arg("-o").arg(&helper), &helper, &[helper_source])?;

    // Events need a console: Wine makes one of a terminal, which `script` makes.
    let [wine, loader] = &host.start[..] else { return Err("a loader without Wine".into()) };
    let inner = format!("{} {} {mode}", host.path(loader).display(), host.path(&program).display());
    let line = format!("{} {} {mode} '{inner}'", wine.display(), helper.display());
    let mut command = Command::new("script");
    command.current_dir(&folder).args(["--quiet", "--return", "--command", &line, "/dev/null"]);
    for (name, value) in host.command(&program).get_envs().filter_map(|(name, value)| Some((name, value?))) {
        command.env(name, value);
    }
    let outcome = run(&mut command, &folder, mode, Duration::from_secs(150))?;
    if outcome.code() == Some(code) {
        Ok(())
    } else {
        Err(format!("{}, not {code}\n{}", outcome.ending(), outcome.said))
    }
}
