//! What a long step shows: a bar or spinner on a terminal, plain lines elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

/// A step under way.
pub struct Step {
    name: String,
    bar: Option<ProgressBar>,
    begun: Instant,
    last_line: Instant,
}

impl Step {
    /// Shows that a step begins.
    pub fn begin(name: &str) -> Step {
        let now = Instant::now();
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner().with_message(name.to_owned());
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        if bar.is_none() {
            eprintln!("x: {name}");
        }
        Step { name: name.to_owned(), bar, begun: now, last_line: now }
    }

    /// Shows `done` of `all` parts.
    pub fn advance(&mut self, done: u64, all: u64) {
        if let Some(bar) = &self.bar {
            if bar.length() != Some(all) {
                let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {elapsed}");
                bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
                bar.set_length(all);
            }
            bar.set_position(done);
        } else if self.last_line.elapsed() > Duration::from_secs(15) {
            self.last_line = Instant::now();
            eprintln!("x:   {} {done}/{all}", self.name);
        }
    }

    /// Ends the step and says how long it took, if that was long.
    pub fn end(self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        let took = self.begun.elapsed();
        if took > Duration::from_secs(2) {
            eprintln!("x: {}: done in {}", self.name, HumanDuration(took));
        }
    }
}

/// A line for people.
pub fn note(text: &str) {
    eprintln!("x: {text}");
}
