//! The commands of one target: they run one after the other, those of `xbuild --sh` in this process.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::compile;
use crate::files::Files;
use crate::log::Known;
use crate::os::{self, Errno, File, Stat};
use crate::paths;
use crate::project::Target;
use crate::sh;

/// A target that is being built.
pub struct Job {
    /// Its number.
    pub target: usize,
    /// The process that runs, once one does.
    pub process: i32,
    /// Where outputs go; `None`: to our own.
    pub output: Option<File>,
    /// Its inputs, as they were at the start.
    pub inputs: Vec<Known>,
    /// When it began, in ns since 1970.
    pub started_ns: i64,
    /// What people read of it.
    pub text: String,
    next: usize,
    /// Files that it makes, as they were.
    made: Vec<(String, Option<Stat>)>,
}

/// What a job does next.
pub enum Step {
    /// A process runs.
    Runs,
    /// All commands have run.
    Done,
    /// One failed: which, and how.
    Failed(usize, String),
}

impl Job {
    /// Makes the folders that results go into, and notes what is there. Nothing runs yet.
    ///
    /// # Errors
    /// A folder cannot be made: a sentence.
    pub fn prepare(
        number: usize,
        target: &Target<'_>,
        files: &Files<'_>,
        text: String,
        output: Option<File>,
        inputs: Vec<Known>,
    ) -> Result<Job, String> {
        for folder in target.outputs.iter().chain(&target.depfiles).filter_map(|id| paths::parent(files.path(*id))) {
            sh::folders(folder)?;
        }
        let by_option =
            target.exec.iter().filter(|_| !target.depfiles.is_empty()).filter_map(|command| compile::output(command));
        let made = target.outputs.iter().map(|id| files.path(*id)).chain(by_option);
        let made = made.map(|path| (String::from(path), os::stat(path).ok())).collect();
        Ok(Job { target: number, process: 0, output, inputs, started_ns: os::now_ns(), text, next: 0, made })
    }

    /// Goes on to the next command that runs as a process.
    pub fn step(&mut self, target: &Target<'_>, launcher: Option<&str>) -> Step {
        while let Some(command) = target.exec.get(self.next) {
            let at = self.next;
            self.next += 1;
            if let [program, flag, words @ ..] = &command[..]
                && matches!(paths::last(program), "xbuild" | "xbuild.exe")
                && *flag == "--sh"
            {
                let out = self.output.as_ref().map_or(1, File::descriptor);
                match sh::run(words, out) {
                    Ok(()) => continue,
                    Err(error) => return Step::Failed(at, error),
                }
            }
            return match start(command, target, launcher, self.output.as_ref()) {
                Ok(process) => {
                    self.process = process;
                    Step::Runs
                }
                Err(error) => Step::Failed(at, error),
            };
        }
        Step::Done
    }

    /// The command that runs or ran last.
    pub fn current(&self) -> usize {
        self.next.saturating_sub(1)
    }

    /// Removes what an interrupted or failed command may have written half. What it has not touched stays.
    pub fn clean_up(&self) {
        for (path, before) in &self.made {
            match os::stat(path).ok() {
                Some(now) if !now.is_folder && Some(now) != *before => {
                    let _ = os::unlink(path);
                }
                _ => {}
            }
        }
    }
}

fn start(command: &[&str], target: &Target<'_>, launcher: Option<&str>, output: Option<&File>) -> Result<i32, String> {
    let launcher = launcher.filter(|_| compile::is_compiler(command[0]));
    let words: Vec<&str> = launcher.into_iter().chain(command.iter().copied()).collect();
    let program = words[0];
    // A file here comes before PATH, as elsewhere `exec` names paths.
    let is_file = |path: &str| os::stat(path).is_ok_and(|stat| !stat.is_folder);
    let path = match program.contains(['/', '\\']) || !is_file(program) {
        true => String::from(program),
        false => format!("./{program}"),
    };
    let started = os::spawn(&path, &words, &target.env, output).or_else(|error: Errno| {
        let windows = format!("{path}.exe");
        match error.is_not_a_program() && is_file(&windows) {
            true => os::spawn(&windows, &words, &target.env, output),
            false => Err(error),
        }
    });
    started.map_err(|error| {
        let folder = paths::parent(program).unwrap_or(".");
        let names = if error.is_missing() { os::names(folder).unwrap_or_default() } else { Vec::new() };
        let hint = recipe::suggest::hint(paths::last(program), names.iter().map(String::as_str));
        format!("cannot start {program}: {error}{hint}")
    })
}
