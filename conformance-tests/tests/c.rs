//! `cargo test -p conformance-tests --test c`: the C tests on the libraries of this machine and on ours.

use conformance_tests::c::{headers, hosts, run};
use libtest_mimic::{Arguments, Failed, Trial};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    match trials() {
        Ok(trials) => libtest_mimic::run(&Arguments::from_args(), trials).exit_code(),
        Err(error) => {
            eprintln!("c: {error}");
            ExitCode::FAILURE
        }
    }
}

fn trials() -> Result<Vec<Trial>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the package has no folder above it")?;
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("c");
    let mut trials = Vec::new();
    for host in hosts(root) {
        let host = Arc::new(host);
        let missing = host.missing();
        for header in headers(root)? {
            let (host, scratch) = (Arc::clone(&host), scratch.clone());
            let name = format!("<{header}.h> on {}", host.name);
            let trial = Trial::test(name, move || run(root, &scratch, &host, &header).map_err(Failed::from));
            trials.push(match &missing {
                Some(reason) => trial.with_kind(reason).with_ignored_flag(true),
                None => trial,
            });
        }
    }
    Ok(trials)
}
