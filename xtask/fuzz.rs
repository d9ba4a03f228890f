//! `./x fuzz`: the tests that try damaged and made-up input for longer, and with other input than `./x test`.
//!
//! Mutations of program files know the format: they set the numbers that a loader reads. The engines of the C library get changed
//! copies of good input. Where cargo-fuzz is installed the same targets run guided by coverage: see `fuzz/Cargo.toml`.

use std::process::{Command, ExitCode};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};

use crate::progress::note;
use crate::project::Project;

/// What reads text, numbers, times and files in this process; links of two programs, one after the other; then loaders that are
/// started, natively and under Wine at the same time. With the part of the time that each test of a phase gets.
const PHASES: [(&[&str], u64); 6] = [
    (&["-p", "xlibc", "--lib", "--", "fuzz::tests"], 30),
    (&["-p", "distx_toolchain", "--lib", "--", "postlink::tests::damaged"], 30),
    (&["-p", "loader_abi", "--lib", "--", "payload::tests::damaged"], 30),
    (&["-p", "recipe", "--lib", "--", "read::tests::damaged"], 30),
    (&["-p", "xload", "--lib", "--", "link::tests::damaged", "elf::fuzz"], 6),
    (&["-p", "conformance-tests", "--test", "damaged", "--", "--nocapture"], 3),
];

/// Runs for about that long, or until an error is found. `FUZZ_SEED` repeats a run with that seed.
pub fn run(project: &Project, minutes: u64) -> Result<ExitCode> {
    let given = std::env::var("FUZZ_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed: u64 = match given {
        Some(seed) => seed,
        None => SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos() as u64 | 1,
    };
    note(&format!("seed {seed}"));
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    for (arguments, share) in PHASES {
        let mut command = Command::new(&cargo);
        command.current_dir(&project.folder).args(["test", "-q", "-j2"]).args(arguments);
        command.env("DISTX_ROOT", project.root().0).env("FUZZ_SEED", seed.to_string());
        command.env("FUZZ_SECONDS", (minutes * 60 / share).to_string());
        if !command.status().context("cannot run cargo")?.success() {
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}
