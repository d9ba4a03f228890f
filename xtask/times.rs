//! How long `./x demo` took on this machine: the last cold run, which began with an empty cache, and the last warm one.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Result;
use indicatif::HumanDuration;

use crate::cache;
use crate::progress::note;

/// A demo under way.
pub struct Demo {
    begun: Instant,
    kind: &'static str,
}

impl Demo {
    /// Call before anything is built.
    pub fn begin() -> Result<Demo> {
        let built = fs::read_dir(cache::folder()?)?
            .flatten()
            .any(|entry| entry.file_name().to_string_lossy().starts_with("llvm-"));
        Ok(Demo { begun: Instant::now(), kind: if built { "warm" } else { "cold" } })
    }

    /// Says how long it took and keeps it for `./x bench`.
    pub fn end(&self) -> Result<()> {
        let took = self.begun.elapsed();
        note(&format!("{} demo: {}", self.kind, HumanDuration(took)));
        fs::write(file(self.kind)?, took.as_secs().to_string())?;
        Ok(())
    }
}

/// Prints the last times.
pub fn print() -> Result<()> {
    println!("\n./x demo on this machine");
    for kind in ["cold", "warm"] {
        let seconds = fs::read_to_string(file(kind)?).ok().and_then(|text| text.parse().ok());
        match seconds.map(Duration::from_secs) {
            Some(took) => println!("{kind}: {}", HumanDuration(took)),
            None => println!("{kind}: not measured here"),
        }
    }
    Ok(())
}

fn file(kind: &str) -> Result<PathBuf> {
    Ok(cache::folder()?.join(format!("demo-{kind}.seconds")))
}
