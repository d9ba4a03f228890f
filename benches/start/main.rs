//! How long whole processes take from start to end, side by side: `bench_start [runs=N] NAME=COMMAND...`.
//!
//! The first command is what the others are compared with. Commands take turns in every round, so that a change of the
//! machine's speed meets all of them; the median of the rounds counts. A command is split at blanks.

use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

struct Candidate {
    name: String,
    words: Vec<String>,
    times: Vec<Duration>,
}

impl Candidate {
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

fn measure(arguments: impl Iterator<Item = String>) -> Result<(), String> {
    let mut runs = 500_u32;
    let mut candidates = Vec::new();
    for argument in arguments {
        let (name, command) = argument.split_once('=').ok_or_else(|| format!("{argument}: want NAME=COMMAND"))?;
        if name == "runs" {
            runs = command.parse().map_err(|error| format!("{argument}: {error}"))?;
        } else {
            let words = command.split_whitespace().map(String::from).collect();
            candidates.push(Candidate { name: name.into(), words, times: Vec::new() });
        }
    }
    // The first rounds fill caches.
    for round in 0..runs.saturating_add(20) {
        for candidate in &mut candidates {
            candidate.run()?;
            if round < 20 {
                candidate.times.clear();
            }
        }
    }
    let width = candidates.iter().map(|candidate| candidate.name.len()).max().unwrap_or(0);
    println!("{:width$}  median us  10 %..90 %      ratio   ({runs} runs)", "");
    let base = candidates.first_mut().map_or(1.0, |first| first.quantile(0.5));
    for candidate in &mut candidates {
        let [low, median, high] = [0.1, 0.5, 0.9].map(|part| candidate.quantile(part));
        println!("{:width$}  {median:9.0}  {low:5.0}..{high:<6.0}  {:6.2}x", candidate.name, median / base);
    }
    Ok(())
}

fn main() -> ExitCode {
    match measure(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench_start: {error}");
            ExitCode::FAILURE
        }
    }
}
