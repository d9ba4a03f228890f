//! Measurements of the project against its peers, in one run on one machine: `./x bench [NAME]`.
//! `DISTX_ROOT` says where the built packages are.

mod start;

use std::process::ExitCode;

fn main() -> ExitCode {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let result = match names.as_slice() {
        [] => start::run(),
        [name] if name == "start" => start::run(),
        _ => Err(format!("no such bench: {} (there is: start)", names.join(" "))),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}
