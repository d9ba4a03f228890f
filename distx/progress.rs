//! What `distx` shows while packages come: bars on a terminal, lines of what people should know elsewhere.

use std::collections::HashMap;
use std::io::IsTerminal;
use std::sync::Mutex;

use distx_packages::Key;
use distx_packages::watch::Watch;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::report;

/// Bars, one for each package that comes.
pub struct Bars {
    all: Option<MultiProgress>,
    each: Mutex<HashMap<Key, ProgressBar>>,
}

impl Bars {
    /// Bars if somebody sees them.
    pub fn new() -> Bars {
        Bars { all: std::io::stderr().is_terminal().then(MultiProgress::new), each: Mutex::default() }
    }

    /// Text between the bars.
    fn above(&self, write: impl FnOnce()) {
        match &self.all {
            Some(all) => all.suspend(write),
            None => write(),
        }
    }
}

impl Watch for Bars {
    fn note(&self, text: &str) {
        self.above(|| report::note(text));
    }

    fn warn(&self, text: &str) {
        self.above(|| report::warn(text));
    }

    fn bytes(&self, key: &Key, done: u64, total: Option<u64>) {
        let (Some(all), Ok(mut each)) = (&self.all, self.each.lock()) else { return };
        let bar = each.entry(key.clone()).or_insert_with(|| {
            let style = match total {
                Some(_) => ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec}"),
                None => ProgressStyle::with_template("{msg} {spinner} {bytes} {bytes_per_sec}"),
            };
            let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            all.add(bar.with_message(key.to_string()))
        });
        bar.set_position(done);
        if total == Some(done) {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        if let Some(all) = &self.all {
            // Nothing is lost if the terminal has gone.
            let _ = all.clear();
        }
    }
}
