//! Commands side by side: they take turns in every round, so that a change of the machine's speed meets all of them; the
//! median of the rounds counts.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A command and the times it took.
pub struct Runner {
    name: String,
    words: Vec<String>,
    times: Vec<Duration>,
}

impl Runner {
    /// `words` begins with the program.
    pub fn new(name: &str, words: &[&str]) -> Self {
        Self { name: name.into(), words: words.iter().map(|word| (*word).into()).collect(), times: Vec::new() }
    }

    fn run(&mut self) -> Result<(), String> {
        let [program, arguments @ ..] = self.words.as_slice() else {
            return Err(format!("{}: no command", self.name));
        };
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
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

/// Rounds that fill caches and do not count.
const WARM_UP: u32 = 20;

/// Runs them and prints a table with ratios to the median of each runner that `bases` names.
pub fn run(title: &str, rounds: u32, mut runners: Vec<Runner>, bases: &[&str]) -> Result<(), String> {
    for round in 0..rounds + WARM_UP {
        for runner in &mut runners {
            runner.run()?;
            if round < WARM_UP {
                runner.times.clear();
            }
        }
    }
    let width = runners.iter().map(|runner| runner.name.len()).max().unwrap_or(0).max(title.len());
    let medians: Vec<(String, f64)> =
        runners.iter_mut().map(|runner| (runner.name.clone(), runner.quantile(0.5))).collect();
    let bases: Vec<&(String, f64)> = medians.iter().filter(|(name, _)| bases.contains(&name.as_str())).collect();
    print!("{title:width$}  median us  10 %..90 % us");
    bases.iter().for_each(|(name, _)| print!("  {:>12}", format!("/ {name}")));
    println!();
    for (runner, (_, median)) in runners.iter_mut().zip(&medians) {
        let (low, high) = (runner.quantile(0.1), runner.quantile(0.9));
        print!("{:width$}  {median:9.0}  {low:5.0}..{high:<6.0}", runner.name);
        bases.iter().for_each(|(_, base)| print!("  {:>12}", format!("{:.2}x", median / base)));
        println!();
    }
    Ok(())
}
