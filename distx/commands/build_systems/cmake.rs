//! `distx cmake`: CMake with the toolchain file of the root.

use std::ffi::OsString;
use std::path::Path;

use anyhow::{Context, Result};
use distx_toolchain::target::{Cpu, Root};
use distx_toolchain::tools;

use super::target::{share, target_arch};

/// Runs cmake. A run that configures gets the toolchain file, and the CPU where one was asked for.
pub fn run(mut args: Vec<OsString>, root: &Root) -> Result<i32> {
    let cpu = target_arch(&mut args)?;
    let program = tools::on_path("cmake")
        .context("there is no cmake on PATH; install it (Debian: `apt-get install cmake ninja-build`)")?;
    let line = if configures(&args) { line(args, cpu, &share(root)) } else { args };
    tools::run_exactly(&program, &line, &[])
}

/// Whether the command line is one that reads a project, and none of cmake's other modes.
fn configures(args: &[OsString]) -> bool {
    const OTHERS: [&str; 11] = [
        "--build",
        "--install",
        "--open",
        "--find-package",
        "--workflow",
        "-E",
        "-P",
        "-N",
        "--help",
        "-h",
        "--version",
    ];
    let first = args.first().and_then(|first| first.to_str()).unwrap_or_default();
    !args.is_empty() && !OTHERS.contains(&first) && !first.starts_with("--help-")
}

fn line(args: Vec<OsString>, cpu: Option<Cpu>, share: &Path) -> Vec<OsString> {
    let mut line = args;
    let names_one = |word: &OsString| word.to_string_lossy().contains("CMAKE_TOOLCHAIN_FILE") || word == "--toolchain";
    if !line.iter().any(names_one) {
        let mut file = OsString::from("-DCMAKE_TOOLCHAIN_FILE=");
        file.push(share.join("distx.cmake"));
        line.push(file);
    }
    line.extend(cpu.map(|cpu| format!("-DDISTX_ARCH={}", cpu.name()).into()));
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<OsString> {
        text.split_whitespace().map(OsString::from).collect()
    }

    #[test]
    fn only_a_run_that_configures_gets_the_toolchain() {
        for other in ["", "--build b", "--install b", "-E touch x", "-P x.cmake", "--help", "--help-module FindZLIB"] {
            assert!(!configures(&words(other)), "{other}");
        }
        for one in [".", "-S . -B b", "--preset x", "-G Ninja .."] {
            assert!(configures(&words(one)), "{one}");
        }
    }

    #[test]
    fn what_the_user_says_stays() {
        let share = Path::new("/R/share");
        let ours = "-S . -DCMAKE_TOOLCHAIN_FILE=/R/share/distx.cmake -DDISTX_ARCH=aarch64";
        assert_eq!(line(words("-S ."), Some(Cpu::Aarch64), share), words(ours));
        for given in ["-S . -DCMAKE_TOOLCHAIN_FILE:FILEPATH=x", "-S . --toolchain x"] {
            assert_eq!(line(words(given), None, share), words(given));
        }
    }
}
