//! `./x fuzz`: the tests of damaged files for longer, and with other damage than `./x test`.
//!
//! Mutations know the format: they set the numbers that a loader reads. Not cargo-fuzz: its feedback from coverage needs a
//! nightly compiler or its flags on a stable one, and most of what it would find its way through, checksums and nested formats,
//! ELF does not have.

use std::process::{Command, ExitCode};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};

use crate::progress::note;
use crate::project::Project;

/// In this process the links of two programs, one after the other; then loaders that are started, natively and under Wine at
/// the same time.
const PHASES: [(&[&str], u64); 2] = [
    (&["-p", "xload", "--lib", "--", "link::tests::damaged"], 4),
    (&["-p", "conformance-tests", "--test", "damaged", "--", "--nocapture"], 2),
];

/// Goes on for about that long, or until something is found. `XLOAD_FUZZ_SEED` repeats what was found with that seed.
pub fn run(project: &Project, minutes: u64) -> Result<ExitCode> {
    let given = std::env::var("XLOAD_FUZZ_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed: u64 = match given {
        Some(seed) => seed,
        None => SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos() as u64 | 1,
    };
    note(&format!("seed {seed}"));
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    for (arguments, share) in PHASES {
        let mut command = Command::new(&cargo);
        command.current_dir(&project.folder).args(["test", "-q", "-j2"]).args(arguments);
        command.env("DISTX_ROOT", project.root().0).env("XLOAD_FUZZ_SEED", seed.to_string());
        command.env("XLOAD_FUZZ_SECONDS", (minutes * 60 / share).to_string());
        if !command.status().context("cannot run cargo")?.success() {
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}
