//! Test programs: each area (a C header, a part of C++) is one program with many tests, compiled once per CPU and run once
//! per host, since starting it costs more than a test. Each test is a trial.

use crate::hosts::{Host, hosts};
use crate::run::{Outcome, about, run};
use libtest_mimic::{Arguments, Failed, Trial};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// A kind of test program.
pub struct Suite {
    /// Of the folder below `conformance-tests/`.
    pub name: &'static str,
    /// The programs.
    pub areas: fn(&Path) -> Result<Vec<Area>, String>,
    /// Compiles one into a folder: its path.
    pub build: fn(&Path, &Host, &Area, &Path) -> Result<PathBuf, String>,
    /// Whether programs of this kind can be made for a host.
    pub fits: fn(&Host) -> bool,
}

/// What becomes one program.
pub struct Area {
    /// As trials name it.
    pub name: String,
    /// Its files.
    pub sources: Vec<PathBuf>,
}

/// `TEST(name)` and `CHILD(name)` of an area.
#[derive(Default)]
pub struct Names {
    /// What is run, in this order.
    pub tests: Vec<String>,
    /// What the program does when a test starts it again.
    pub children: Vec<String>,
}

impl Area {
    /// The names that a library gets to see.
    pub fn names(&self, library: &str) -> Result<Names, String> {
        let mut names = Names::default();
        for source in &self.sources {
            let text = std::fs::read_to_string(source).map_err(about(source))?;
            let mut shown = true;
            for line in text.lines() {
                let name = |mark| line.strip_prefix(mark).and_then(|rest: &str| rest.strip_suffix(')'));
                // The one condition that a test file may have around a test.
                if let Some(other) = line.strip_prefix("#if HOST != HOST_") {
                    shown = Some(other.trim()) != library.strip_prefix("HOST_");
                } else if line.starts_with("#endif") {
                    shown = true;
                } else if let Some(name) = name("TEST(").filter(|_| shown) {
                    names.tests.push(name.to_owned());
                } else if let Some(name) = name("CHILD(").filter(|_| shown) {
                    names.children.push(name.to_owned());
                }
            }
        }
        Ok(names)
    }

    /// Writes the file that lists what `start.h` runs: C, and C++ as well.
    pub fn write_start(&self, host: &Host, path: &Path) -> Result<(), String> {
        let Names { tests, children } = self.names(host.library)?;
        let mut text = String::from("#include \"start.h\"\n");
        text.extend(tests.iter().map(|name| format!("void test_{name}(void);\n")));
        text.extend(children.iter().map(|name| format!("int child_{name}(int argc, char **argv);\n")));
        text += "const struct test tests[] = {\n";
        text.extend(tests.iter().map(|name| format!("\t{{\"{name}\", test_{name}}},\n")));
        text += "\t{0, 0}\n};\nconst struct child children[] = {\n";
        text.extend(children.iter().map(|name| format!("\t{{\"{name}\", child_{name}}},\n")));
        text += "\t{0, 0}\n};\n";
        // Left alone while it is the same, so that nothing is built again.
        if std::fs::read_to_string(path).ok().as_ref() != Some(&text) {
            std::fs::write(path, text).map_err(about(path))?;
        }
        Ok(())
    }
}

/// A program that hosts share: built by the first that needs it.
type Program = OnceLock<Result<PathBuf, String>>;
/// What each test said; `Ok` is silence.
type Results = HashMap<String, Result<(), String>>;

struct Job {
    suite: &'static Suite,
    root: PathBuf,
    scratch: PathBuf,
    host: Host,
    area: Area,
    tests: Vec<String>,
    program: Arc<Program>,
    results: OnceLock<Result<Results, String>>,
    /// The test that said why none ran.
    told: OnceLock<String>,
}

impl Job {
    fn result(&self, test: &str) -> Result<(), String> {
        let results = self.results.get_or_init(|| self.run()).as_ref();
        // Once is enough for what stops all of them.
        let results = results.map_err(|error| match self.told.get_or_init(|| test.to_owned()) {
            told if told != test => format!("no test of {} ran: see {told}", self.area.name),
            _ => error.clone(),
        })?;
        results.get(test).cloned().unwrap_or_else(|| Err("the program ended before this test".into()))
    }

    fn run(&self) -> Result<Results, String> {
        let build = || {
            let folder = self.scratch.join("programs").join(self.host.programs).join(&self.area.name);
            std::fs::create_dir_all(&folder).map_err(about(&folder))?;
            (self.suite.build)(&self.root, &self.host, &self.area, &folder)
        };
        let program = self.program.get_or_init(build).as_ref().map_err(String::clone)?;
        let folder = self.scratch.join("runs").join(self.host.name).join(&self.area.name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(folder.join("files")).map_err(about(&folder))?;
        let mut results = Results::new();
        let mut from = 0;
        // Once more from the next test when one ends the program.
        while let Some(first) = self.tests.get(from) {
            let mut command = self.host.command(program);
            command.args(["--from", first]).current_dir(folder.join("files"));
            let name = format!("output-{from}");
            let outcome = run(&mut command, &folder, &name, Duration::from_secs(60))?;
            let Some(last) = read_report(&outcome, &mut results) else {
                return Err(format!("{command:?}: {}\n{}", outcome.ending(), outcome.said));
            };
            from = self.tests.iter().position(|test| *test == last).map_or(self.tests.len(), |at| at + 1);
        }
        Ok(results)
    }
}

/// Takes apart what a program wrote between its `== run` and `== end` lines; the last test that began, if one did.
fn read_report(outcome: &Outcome, results: &mut Results) -> Option<String> {
    let mut last = None;
    let mut running = false;
    let mut said = String::new();
    for line in outcome.said.lines() {
        if let Some(name) = line.strip_prefix("== run ") {
            last = Some(name.to_owned());
            running = true;
            said.clear();
        } else if let Some(rest) = line.strip_prefix("== end ") {
            let quiet = said.is_empty() && rest == "0";
            let result = if quiet { Ok(()) } else { Err(format!("{said}{rest} failures")) };
            results.insert(last.clone()?, result);
            running = false;
            said.clear();
        } else {
            said += line;
            said.push('\n');
        }
    }
    let name = last?;
    let failed = |result: &Result<(), String>| result.is_err();
    let expected = Some(i32::from(results.values().any(failed)));
    if running {
        results.insert(name.clone(), Err(format!("{said}{}", outcome.ending())));
    } else if outcome.code() != expected && outcome.code() != Some(0) || !said.is_empty() {
        results.insert(name.clone(), Err(format!("at the program's end: {said}{}", outcome.ending())));
    }
    Some(name)
}

/// Runs trials, two at a time where the user says nothing else: what is measured is time outs on a small machine.
pub fn conclude(kind: &str, trials: Result<Vec<Trial>, String>) -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads = arguments.test_threads.or(Some(2));
    match trials {
        Ok(trials) => libtest_mimic::run(&arguments, trials).exit_code(),
        Err(error) => {
            eprintln!("{kind}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The trials of a suite. `scratch` is where programs and their files go.
pub fn trials(suite: &'static Suite, scratch: &Path) -> Result<Vec<Trial>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the package has no folder above it")?;
    let mut first = Vec::new();
    let mut rest = Vec::new();
    let mut programs: HashMap<(&str, String), Arc<Program>> = HashMap::new();
    for host in hosts(root).into_iter().filter(suite.fits) {
        let missing = host.missing();
        for area in (suite.areas)(root)? {
            let tests = area.names(host.library)?.tests;
            let program = Arc::clone(programs.entry((host.programs, area.name.clone())).or_default());
            let (root, scratch) = (root.to_owned(), scratch.to_owned());
            let host = host.clone();
            let job = Job {
                suite,
                root,
                scratch,
                host,
                area,
                tests,
                program,
                results: OnceLock::new(),
                told: OnceLock::new(),
            };
            let job = Arc::new(job);
            for (at, test) in job.tests.iter().cloned().enumerate() {
                let name = format!("{}::{}::{test}", job.host.name, job.area.name);
                let shared = Arc::clone(&job);
                let trial = Trial::test(name, move || shared.result(&test).map_err(Failed::from));
                let trial = match &missing {
                    Some(reason) => trial.with_kind(reason).with_ignored_flag(true),
                    None => trial,
                };
                // A program's first trial runs it; two of one program would wait for each other.
                if at == 0 { first.push(trial) } else { rest.push(trial) }
            }
        }
    }
    first.append(&mut rest);
    Ok(first)
}
