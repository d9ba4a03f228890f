//! `cargo test -p conformance-tests --test c`: the C tests on the libraries of this machine and on ours.

use conformance_tests::c::SUITE;
use conformance_tests::suite::{conclude, trials};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    conclude(SUITE.name, trials(&SUITE, &Path::new(env!("CARGO_TARGET_TMPDIR")).join(SUITE.name)))
}
