//! Bringing targets up to date.

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::command::{Job, Step};
use crate::compile;
use crate::depfile;
use crate::files::Files;
use crate::graph::Graph;
use crate::log::Log;
use crate::options::Options;
use crate::os::{self, End, File};
use crate::paths::{self, Folder};
use crate::project::{Project, Target};
use crate::queue::Queue;
use crate::sh;
use crate::show::Show;
use crate::stale;

/// While commands run the log is written this often: a machine that goes down loses no more.
const SAVE_NS: u64 = 5_000_000_000;

/// How a build ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything is up to date.
    Good,
    /// A command failed, or could not be started.
    Failed,
    /// An input is missing.
    Wrong,
    /// A signal ended it.
    Interrupted(i32),
}

/// What is known of a target before its turn.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Plan {
    /// Nothing to run.
    Clean,
    /// To be looked at again after what it needs has run.
    Maybe,
    /// It runs, for this reason.
    Run(String),
}

/// A build under way.
pub struct Build<'a> {
    project: &'a Project<'a>,
    options: &'a Options,
    folder: &'a Folder,
    graph: Graph,
    files: Files<'a>,
    log: Log,
    /// Room for what a target says.
    said: Vec<u8>,
    /// The log differs from its file.
    changed: bool,
    saved_ns: u64,
    show: Show,
    plan: Vec<Plan>,
    /// Targets that may have to be built, and those of them whose turn it was: people see both numbers, and neither shrinks.
    total: usize,
    begun: usize,
    /// Something was built, or failed.
    built: bool,
    outcome: Outcome,
    /// Files for what commands say: those that no command uses, and how many there are.
    free: Vec<File>,
    outputs: usize,
}

impl<'a> Build<'a> {
    /// With what the log says.
    pub fn new(
        project: &'a Project<'a>,
        options: &'a Options,
        folder: &'a Folder,
        mut files: Files<'a>,
        graph: Graph,
    ) -> Self {
        let bytes = os::read(&log_file(project)).ok();
        let log = bytes.and_then(|bytes| Log::from_bytes(&bytes, &project.names, &mut files));
        let log = log.unwrap_or_else(|| Log::empty(project.targets.len()));
        let plan = vec![Plan::Clean; project.targets.len()];
        Build {
            project,
            options,
            folder,
            graph,
            files,
            log,
            said: Vec::new(),
            changed: false,
            saved_ns: os::clock_ns(),
            show: Show::of_this_process(),
            plan,
            total: 0,
            begun: 0,
            built: false,
            outcome: Outcome::Good,
            free: Vec::new(),
            outputs: 0,
        }
    }

    /// Does it.
    pub fn run(&mut self, recipe_hash: u64) -> Outcome {
        if !self.options.dry_run {
            self.write_database(recipe_hash);
        }
        if let Err(error) = self.make_plan() {
            self.show.line(&format!("xbuild: error: {error}"));
            return Outcome::Wrong;
        }
        if self.options.dry_run {
            self.show_plan();
            return Outcome::Good;
        }
        if self.total > 0 {
            os::catch_signals();
            self.work();
        }
        self.save();
        self.show.close();
        match self.outcome {
            Outcome::Good if !self.built => self.show.line("xbuild: everything is up to date"),
            Outcome::Interrupted(signal) => self.show.line(&format!("xbuild: interrupted by signal {signal}")),
            _ => {}
        }
        self.outcome
    }

    fn target(&self, at: usize) -> &'a Target<'a> {
        &self.project.targets[at]
    }

    /// Why a target has to run.
    fn reason(&mut self, at: usize) -> Option<String> {
        let target = self.target(at);
        let command = stale::command_hash(target, &self.files, &mut self.said);
        let (reason, refreshed) = stale::reason(target, command, self.log.records[at].as_mut(), &mut self.files);
        self.changed |= refreshed;
        reason
    }

    fn make_plan(&mut self) -> Result<(), String> {
        for at in self.graph.order.clone() {
            let target = self.target(at);
            let waits = self.graph.needs[at].iter().any(|need| self.plan[*need] != Plan::Clean);
            if !waits {
                self.require_inputs(target)?;
            }
            self.plan[at] = match self.reason(at).filter(|_| !target.exec.is_empty()) {
                Some(reason) => Plan::Run(reason),
                None if waits => Plan::Maybe,
                None => Plan::Clean,
            };
            self.total += usize::from(self.plan[at] != Plan::Clean && !target.exec.is_empty());
        }
        Ok(())
    }

    /// Every input is there: all that could make it has run.
    fn require_inputs(&mut self, target: &Target<'_>) -> Result<(), String> {
        for input in target.inputs.iter().filter(|input| !target.outputs.contains(input)) {
            if self.files.stat(*input).is_none() {
                let (name, input) = (self.files.short(*input), self.files.path(*input));
                let beside = paths::parent(input).and_then(|folder| os::names(folder).ok()).unwrap_or_default();
                let beside: Vec<String> = beside
                    .iter()
                    .map(|name| self.folder.absolute(&format!("{}/{name}", paths::parent(input).unwrap_or(""))))
                    .collect();
                let made = self.project.targets.iter().flat_map(|target| &target.outputs);
                let known =
                    beside.iter().map(|path| self.folder.short(path)).chain(made.map(|id| self.files.short(*id)));
                let hint = recipe::suggest::hint(name, known);
                let message = format!("the input {name:?} does not exist, and no target makes it{hint}");
                return Err(format!("{}", self.project.recipe.error(target.at, message)));
            }
        }
        Ok(())
    }

    fn show_plan(&mut self) {
        for at in self.graph.order.clone() {
            let target = self.target(at);
            let reason = match &self.plan[at] {
                Plan::Clean => continue,
                Plan::Maybe => "what it needs is built before it".into(),
                Plan::Run(reason) => reason.clone(),
            };
            if !target.exec.is_empty() {
                self.announce(target, &reason);
                let text = self.progress(target);
                self.show.line(&text);
            }
        }
        if self.total == 0 {
            self.show.line("xbuild: everything is up to date");
        }
    }

    /// Counts a target that begins, and says why it does where that was asked for.
    fn announce(&mut self, target: &Target<'_>, reason: &str) {
        self.begun += 1;
        self.built = true;
        if self.options.explain {
            self.show.line(&format!("explain: {}: {reason}", target.name));
        }
    }

    /// `[12/40] cc main.c`
    fn progress(&self, target: &Target<'_>) -> String {
        let is_own = |command: &&Vec<&str>| command.get(1) == Some(&"--sh");
        let main = target.exec.iter().rev().find(|command| !is_own(command)).or(target.exec.last());
        let text = match self.options.verbose {
            true => target.exec.iter().map(|command| compile::line(command)).collect::<Vec<_>>().join(" && "),
            false => main.map(|command| compile::label(target, &self.files, command)).unwrap_or_default(),
        };
        format!("[{}/{}] {text}", self.begun, self.total)
    }

    fn work(&mut self) {
        let graph = core::mem::take(&mut self.graph);
        let mut queue = Queue::new(&graph);
        let mut running: Vec<Job> = Vec::new();
        loop {
            while running.len() < self.options.jobs
                && self.goes_on()
                && let Some(at) = queue.pop()
            {
                let alone = running.is_empty() && queue.is_empty();
                match self.begin(at, alone) {
                    Begun::Done => queue.done(at),
                    Begun::Runs(job) => running.push(job),
                    Begun::Failed => {}
                }
            }
            if running.is_empty() {
                break;
            }
            let (process, end) = match os::wait() {
                Ok(ended) => ended,
                Err(error) => {
                    self.show.line(&format!("xbuild: error: cannot wait for commands: {error}"));
                    self.outcome = Outcome::Failed;
                    break;
                }
            };
            let Some(at) = running.iter().position(|job| job.process == process) else { continue };
            let mut job = running.swap_remove(at);
            let number = job.target;
            let step = match end {
                _ if os::interrupted().is_some() => Step::Failed(job.current(), "interrupted".into()),
                End::Code(0) => job.step(self.target(number), self.options.launcher.as_deref()),
                End::Code(code) => Step::Failed(job.current(), format!("exit code {code}")),
                End::Signal(signal) => Step::Failed(job.current(), format!("ended by signal {signal}")),
            };
            match self.after_step(job, step) {
                Begun::Runs(job) => running.push(job),
                Begun::Done => queue.done(number),
                Begun::Failed => {}
            }
            if os::clock_ns().saturating_sub(self.saved_ns) > SAVE_NS {
                self.save();
            }
        }
        if let Some(signal) = os::interrupted() {
            self.outcome = Outcome::Interrupted(signal);
        }
        self.free.clear();
        for number in 0..self.outputs {
            let _ = os::unlink(&self.output_file(number));
        }
    }

    fn goes_on(&self) -> bool {
        os::interrupted().is_none() && (self.outcome == Outcome::Good || self.options.keep_going)
    }

    /// It is a target's turn. One that is `alone` for now has our own outputs, and so shows at once what it says.
    fn begin(&mut self, at: usize, alone: bool) -> Begun {
        let target = self.target(at);
        let reason = match core::mem::replace(&mut self.plan[at], Plan::Clean) {
            Plan::Clean => return Begun::Done,
            Plan::Run(reason) => reason,
            Plan::Maybe => {
                if let Err(error) = self.require_inputs(target) {
                    self.show.line(&format!("xbuild: error: {error}"));
                    self.outcome = Outcome::Wrong;
                    return Begun::Failed;
                }
                match self.reason(at) {
                    _ if target.exec.is_empty() => return Begun::Done,
                    Some(reason) => reason,
                    None => {
                        self.begun += 1;
                        return Begun::Done;
                    }
                }
            }
        };
        self.announce(target, &reason);
        let text = self.progress(target);
        match alone {
            true => self.show.line(&text),
            false => self.show.status(&text),
        }
        let output = if alone { None } else { self.output() };
        // If this run ends in the middle, the next one builds it again.
        self.changed |= self.log.records[at].take().is_some();
        let inputs = stale::before(target, &mut self.files);
        match Job::prepare(at, target, &self.files, text, output, inputs) {
            Ok(mut job) => {
                let step = job.step(target, self.options.launcher.as_deref());
                self.after_step(job, step)
            }
            Err(error) => {
                self.show.failure(&format!("{}: {error}", target.name));
                self.outcome = Outcome::Failed;
                Begun::Failed
            }
        }
    }

    fn after_step(&mut self, job: Job, step: Step) -> Begun {
        let target = self.target(job.target);
        let result = match step {
            Step::Runs => return Begun::Runs(job),
            Step::Done => {
                if job.output.is_some() && !self.show.is_live() {
                    self.show.line(&job.text);
                }
                self.show_output(&job, true);
                self.record(&job);
                Begun::Done
            }
            Step::Failed(command, why) => {
                job.clean_up();
                self.forget(target);
                if os::interrupted().is_none() {
                    self.outcome = Outcome::Failed;
                    self.show.failure(&format!("{}: {why}", target.name));
                    self.show.line(&compile::line(&target.exec[command]));
                    self.show_output(&job, false);
                }
                Begun::Failed
            }
        };
        self.free.extend(job.output);
        result
    }

    fn show_output(&mut self, job: &Job, with_text: bool) {
        let bytes = job.output.as_ref().and_then(|output| output.contents().ok()).unwrap_or_default();
        if !bytes.is_empty() {
            if with_text && self.show.is_live() {
                self.show.line(&job.text);
            }
            self.show.output(&bytes);
        }
    }

    /// What the commands may have changed is looked at again.
    fn forget(&mut self, target: &Target<'_>) {
        if !target.has_outputs() || !target.depfiles.is_empty() {
            self.files.forget_all();
        }
        target.outputs.iter().for_each(|id| self.files.forget(*id));
    }

    /// Keeps what is known of a target that was built.
    fn record(&mut self, job: &Job) {
        let target = self.target(job.target);
        let (mut outputs, mut inputs) = (target.outputs.clone(), Vec::new());
        for file in &target.depfiles {
            match os::read(self.files.path(*file)) {
                Ok(bytes) => {
                    let found = depfile::parse(&bytes);
                    outputs.extend(found.outputs.iter().map(|path| self.files.find(path)));
                    inputs.extend(found.inputs.iter().map(|path| self.files.find(path)));
                }
                Err(error) => {
                    let name = self.files.short(*file);
                    self.show.line(&format!("xbuild: warning: {}: cannot read {name}: {error}", target.name));
                }
            }
        }
        outputs.sort_unstable();
        outputs.dedup();
        outputs.iter().for_each(|id| self.files.forget(*id));
        if !target.has_outputs() {
            self.files.forget_all();
            return;
        }
        for id in &target.outputs {
            if self.files.stat(*id).is_none() {
                let name = self.files.short(*id);
                self.show.line(&format!("xbuild: warning: {}: its commands did not make {name}", target.name));
            }
        }
        let command = stale::command_hash(target, &self.files, &mut self.said);
        let record = stale::after(command, job.inputs.clone(), &outputs, &inputs, job.started_ns, &mut self.files);
        self.log.records[job.target] = Some(record);
        self.changed = true;
    }

    fn output_file(&self, number: usize) -> String {
        format!("{}/.xbuild.{}.{number}", self.project.build, os::process())
    }

    /// A file for what a command says, an emptied one or a new one. `None` where none can be made: then outputs mix.
    fn output(&mut self) -> Option<File> {
        if let Some(file) = self.free.pop().filter(|file| file.clear().is_ok()) {
            return Some(file);
        }
        sh::folders(&self.project.build).ok()?;
        let file = File::create(&self.output_file(self.outputs), 0o600).ok()?;
        self.outputs += 1;
        Some(file)
    }

    /// Writes the log if it has changed.
    fn save(&mut self) {
        self.saved_ns = os::clock_ns();
        if !core::mem::take(&mut self.changed) {
            return;
        }
        let bytes = self.log.to_bytes(&self.project.names, &self.files);
        let file = log_file(self.project);
        let written = sh::folders(&self.project.build)
            .and_then(|()| os::replace(&file, &bytes).map_err(|error| format!("{file}: {error}")));
        if let Err(error) = written {
            self.show.line(&format!("xbuild: warning: what was built is not kept: {error}"));
        }
    }

    /// `compile_commands.json` of all targets, if the file with the targets has changed since.
    fn write_database(&mut self, recipe_hash: u64) {
        let file = self.folder.absolute("compile_commands.json");
        if self.log.recipe == recipe_hash && os::stat(&file).is_ok() {
            return;
        }
        if let Some(text) = compile::database(&self.project.targets, self.folder.path()) {
            let is_new = os::read(&file).map_or(true, |old| old != text.as_bytes());
            if is_new && let Err(error) = os::replace(&file, text.as_bytes()) {
                self.show.line(&format!("xbuild: warning: {file}: {error}"));
                return;
            }
        }
        self.changed |= self.log.recipe != recipe_hash;
        self.log.recipe = recipe_hash;
    }
}

/// What came of a target's turn, or of a command's end.
enum Begun {
    Done,
    Runs(Job),
    Failed,
}

fn log_file(project: &Project<'_>) -> String {
    format!("{}/.xbuild.log", project.build)
}
