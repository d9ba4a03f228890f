//! `distx`: compiles and links programs, and is, under other names of the same file, the compilers, linker and strip that build
//! systems call.
#![forbid(unsafe_code)]

mod commands;
mod context;
mod dependencies;
mod loader;
mod packages;
mod progress;
mod project;
mod report;
mod root;

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use distx_toolchain::target::Cpu;

fn main() {
    let code = run().unwrap_or_else(|error| {
        report::error(format_args!("{error:#}"));
        1
    });
    // Codes of Windows have 32 bits, which `ExitCode` cannot carry.
    std::process::exit(code)
}

fn run() -> Result<i32> {
    let mut args: Vec<OsString> = std::env::args_os().collect();
    let name = tool_name(args.first().map_or(OsStr::new("distx"), OsString::as_os_str));
    let (cpu, tool) = match name.split_once("-distx-") {
        Some((cpu, tool)) => {
            (Cpu::parse(cpu).with_context(|| format!("{name}: no C library for this CPU"))?, Some(tool))
        }
        None => {
            (Cpu::X86_64, name.strip_prefix("distx-").or(Some(name.as_str()).filter(|name| name.starts_with("clang"))))
        }
    };
    // A tool by its file's name, or as the first argument, is run at once: clap's parser is for people.
    let tool = match tool {
        Some(tool) => Some((tool.to_owned(), 1)),
        None => args.get(1).and_then(|first| Some((first.to_str()?.to_owned(), 2))),
    };
    if let Some((tool, own)) = tool
        && let Some(ran) =
            commands::toolchain::run(&tool, cpu, args.split_off(own.min(args.len())), || root::find(None))
    {
        return ran;
    }
    match commands::line().try_get_matches() {
        Ok(given) => commands::run(given),
        Err(stop) => {
            let stop = commands::suggested(stop);
            if stop.use_stderr() {
                // clap goes on with `error:`.
                let _ = write!(anstream::stderr(), "distx: ");
            }
            let _ = stop.print();
            Ok(stop.exit_code())
        }
    }
}

/// The last component of a program's name, without `.exe`.
fn tool_name(program: &OsStr) -> String {
    let program = Path::new(program);
    let is_windows = program.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("exe"));
    let name = if is_windows { program.file_stem() } else { program.file_name() };
    name.unwrap_or_default().to_string_lossy().into_owned()
}
