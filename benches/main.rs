//! Measurements of the project against its peers, in one run on one machine: `./x bench [NAME]`.
//! `DISTX_ROOT` says where the built packages are.

mod compiled;
mod heap;
mod race;
mod start;
mod xbuild;

use std::process::ExitCode;

fn main() -> ExitCode {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let result = match names.as_slice() {
        [] => start::run().and_then(|()| heap::run()).and_then(|()| xbuild::run()),
        [name] if name == "start" => start::run(),
        [name] if name == "heap" => heap::run(),
        [name] if name == "xbuild" => xbuild::run(),
        _ => Err(format!("no such bench: {} (there are: start heap xbuild)", names.join(" "))),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}
