//! `windows_kit CONTRACT SCRATCH FOLDER`: what `./x kit` calls once everything is built ([`kit::write`]).

use conformance_tests::{hosts, kit};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("windows_kit: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [contract, scratch, folder] = &arguments[..] else { return Err("usage: CONTRACT SCRATCH FOLDER".into()) };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the package has no folder above it")?;
    let windows = hosts::all(root).into_iter().find(|host| host.is_ours() && host.is_windows());
    kit::write(root, &windows.ok_or("no Windows host")?, contract, scratch, folder)
}
