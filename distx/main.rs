//! `distx`: compiles and links programs, and is, under other names of the same file, the compilers, linker and strip that build
//! systems call.
#![forbid(unsafe_code)]

mod commands;
mod root;

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use distx_toolchain::target::Cpu;

fn main() -> ExitCode {
    match run() {
        Ok(code) => ExitCode::from(u8::try_from(code).unwrap_or(1)),
        Err(error) => {
            eprintln!("distx: error: {error:#}");
            ExitCode::FAILURE
        }
    }
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
        && let Some(ran) = commands::toolchain::run(&tool, cpu, args.split_off(own.min(args.len())), root::find)
    {
        return ran;
    }
    commands::run(commands::line().get_matches())
}

/// The last component of a program's name, without `.exe`.
fn tool_name(program: &OsStr) -> String {
    let name = Path::new(program).file_name().unwrap_or_default().to_string_lossy().into_owned();
    name.strip_suffix(".exe").map(str::to_owned).unwrap_or(name)
}
