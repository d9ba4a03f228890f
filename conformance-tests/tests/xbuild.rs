//! `cargo test -p conformance-tests --test xbuild`: the portable build tool on every host.

use conformance_tests::hosts::{distx, hosts};
use conformance_tests::suite::conclude;
use conformance_tests::xbuild::{ALL, Project};
use libtest_mimic::{Failed, Trial};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    conclude("xbuild", trials())
}

fn trials() -> Result<Vec<Trial>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the package has no folder above it")?;
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("xbuild");
    let mut trials = Vec::new();
    for host in hosts(root).into_iter().filter(|host| host.is_ours()) {
        for (name, check, needs) in ALL {
            let missing = host.missing().or_else(|| needs.missing(&host));
            let (distx, scratch, host) = (distx(root), scratch.clone(), host.clone());
            let trial = Trial::test(format!("{}::xbuild::{name}", host.name), move || {
                let folder = scratch.join(host.name).join(name);
                let _ = std::fs::remove_dir_all(&folder);
                std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
                let program = distx.join(format!("distx.org_2024-xbuild-{}/bin/xbuild", host.programs));
                check(&Project { host: &host, program, root: host.path(&distx), folder }).map_err(Failed::from)
            });
            trials.push(match missing {
                Some(reason) => trial.with_kind(reason).with_ignored_flag(true),
                None => trial,
            });
        }
    }
    Ok(trials)
}
