//! Measurements of the project against its peers, in one run on one machine: `./x bench [NAME]`.
//! `DISTX_ROOT` says where the built packages are.

mod compiled;
mod heap;
mod start;

use std::process::ExitCode;

fn main() -> ExitCode {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let result = match names.as_slice() {
        [] => start::run().and_then(|()| heap::run()),
        [name] if name == "start" => start::run(),
        [name] if name == "heap" => heap::run(),
        _ => Err(format!("no such bench: {} (there are: start heap)", names.join(" "))),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}
