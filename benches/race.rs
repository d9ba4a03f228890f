//! Commands side by side: they take turns in every round, so that a change of the machine's speed meets all of them. The median of the rounds
//! counts, and on a busy machine the minimum.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What happens before each run of a command, by the number of the round; its time does not count.
type Before = Box<dyn FnMut(u32) -> Result<(), String>>;

/// A command and the times it took.
pub struct Runner {
    name: String,
    words: Vec<String>,
    folder: Option<PathBuf>,
    before: Option<Before>,
    times: Vec<Duration>,
}

impl Runner {
    /// `words` begins with the program.
    pub fn new(name: &str, words: &[&str]) -> Self {
        let words = words.iter().map(|word| (*word).into()).collect();
        Self { name: name.into(), words, folder: None, before: None, times: Vec::new() }
    }

    /// It runs in this folder.
    pub fn within(self, folder: &Path) -> Self {
        Self { folder: Some(folder.into()), ..self }
    }

    /// This happens before each run.
    pub fn before(self, before: impl FnMut(u32) -> Result<(), String> + 'static) -> Self {
        Self { before: Some(Box::new(before)), ..self }
    }

    /// Runs it, without a time that counts.
    pub fn once(&mut self) -> Result<(), String> {
        self.run(0)?;
        self.times.clear();
        Ok(())
    }

    fn run(&mut self, round: u32) -> Result<(), String> {
        let [program, arguments @ ..] = self.words.as_slice() else {
            return Err(format!("{}: no command", self.name));
        };
        if let Some(before) = &mut self.before {
            before(round)?;
        }
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        let start = Instant::now();
        let status = command.status().map_err(|error| format!("{}: {program}: {error}", self.name))?;
        let time = start.elapsed();
        if !status.success() {
            return Err(format!("{}: {program}: {status}", self.name));
        }
        self.times.push(time);
        Ok(())
    }

    /// Microseconds at this part (0 to 1) of the sorted times.
    fn quantile(&mut self, part: f64) -> f64 {
        self.times.sort();
        let last = self.times.len().saturating_sub(1);
        self.times.get((last as f64 * part) as usize).map_or(0.0, |time| time.as_secs_f64() * 1e6)
    }
}

/// Rounds that fill caches and do not count, at most.
const WARM_UP: u32 = 20;

/// Runs them and prints a table with ratios to the minimum and the median of each runner that `bases` names.
pub fn run(title: &str, rounds: u32, mut runners: Vec<Runner>, bases: &[&str]) -> Result<(), String> {
    let warm_up = WARM_UP.min(rounds / 5);
    for round in 0..rounds + warm_up {
        for runner in &mut runners {
            runner.run(round)?;
            if round < warm_up {
                runner.times.clear();
            }
        }
    }
    let width = runners.iter().map(|runner| runner.name.len()).max().unwrap_or(0).max(title.len());
    let times: Vec<(String, f64, f64)> =
        runners.iter_mut().map(|runner| (runner.name.clone(), runner.quantile(0.0), runner.quantile(0.5))).collect();
    let bases: Vec<_> = times.iter().filter(|(name, ..)| bases.contains(&name.as_str())).collect();
    print!("{title:width$}   min us  median us  10 %..90 % us");
    bases.iter().for_each(|(name, ..)| print!("  {:>14}", format!("/ {name}")));
    println!();
    for (runner, (_, least, median)) in runners.iter_mut().zip(&times) {
        let (low, high) = (runner.quantile(0.1), runner.quantile(0.9));
        print!("{:width$}  {least:7.0}  {median:9.0}  {low:5.0}..{high:<6.0}", runner.name);
        for (_, base_least, base_median) in &bases {
            print!("  {:>14}", format!("{:.2}x {:.2}x", least / base_least, median / base_median));
        }
        println!();
    }
    Ok(())
}
