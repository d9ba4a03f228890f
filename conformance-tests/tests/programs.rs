//! `cargo test -p conformance-tests --test programs`: whole programs from beginning to end, and the ways to build one.

use conformance_tests::hosts::hosts;
use conformance_tests::programs::{Case, check, compile};
use conformance_tests::run::files;
use conformance_tests::suite::conclude;
use conformance_tests::ways::{ALL, Way, exception};
use libtest_mimic::{Failed, Trial};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

fn main() -> ExitCode {
    conclude("programs", trials())
}

fn trials() -> Result<Vec<Trial>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the package has no folder above it")?;
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs");
    let mut trials = Vec::new();
    let mut programs: HashMap<_, Arc<OnceLock<Result<PathBuf, String>>>> = HashMap::new();
    for host in hosts(root) {
        for &(name, check) in ALL.iter().filter(|_| host.is_ours()) {
            let missing = host.missing().or_else(|| exception(name, &host));
            let (root, scratch, host) = (root.to_owned(), scratch.clone(), host.clone());
            let trial = Trial::test(format!("{}::ways::{name}", host.name), move || {
                let folder = scratch.join("ways").join(host.name).join(name);
                let _ = std::fs::remove_dir_all(&folder);
                std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
                check(&Way { root: &root, host: &host, folder }).map_err(Failed::from)
            });
            trials.push(match missing {
                Some(reason) => trial.with_kind(reason).with_ignored_flag(true),
                None => trial,
            });
        }
        for source in files(&root.join("conformance-tests/programs"))? {
            let plus = source.extension().is_some_and(|extension| extension == "cpp");
            let name = source.file_stem().ok_or("a source without a name")?.to_string_lossy().into_owned();
            if name.starts_with("lib") || !source.is_file() || plus && host.compile_cpp.is_empty() {
                continue;
            }
            let case = Case::read(&source)?;
            let ignored = host.missing().or_else(|| case.exception(&host).map(str::to_owned));
            let program = Arc::clone(programs.entry((host.programs, source.clone())).or_default());
            let (root, scratch, owner) = (root.to_owned(), scratch.clone(), host.clone());
            let trial = Trial::test(format!("{}::programs::{name}", host.name), move || {
                let folder = scratch.join("built").join(owner.programs);
                let built = program.get_or_init(|| compile(&root, &owner, &source, &folder)).as_ref();
                let runs = scratch.join("runs").join(owner.name).join(&name);
                check(&owner, &source, built.map_err(String::clone)?, &runs).map_err(Failed::from)
            });
            trials.push(match ignored {
                Some(reason) => trial.with_kind(reason).with_ignored_flag(true),
                None => trial,
            });
        }
    }
    Ok(trials)
}
