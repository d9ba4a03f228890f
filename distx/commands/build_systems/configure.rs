//! `distx configure`: a project's configure script with the compilers of the root.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use distx_toolchain::target::{Cpu, Root};
use distx_toolchain::tools;

use super::target::{share, target_arch};

/// Runs `./configure`, or the script that the first argument names, for `cpu` or the CPU that `--target-arch=` names.
pub fn run(mut args: Vec<OsString>, cpu: Cpu, root: &Root) -> Result<i32> {
    let cpu = target_arch(&mut args)?.unwrap_or(cpu);
    let site = share(root).join("config.site");
    let site = site.to_str().context("the root's path is not UTF-8")?;
    ensure!(
        !site.contains(char::is_whitespace),
        "configure scripts cannot call compilers in a path with blanks: {}\nMake a link without blanks to that folder and call \
         `LINK/bin/distx --root LINK configure`",
        root.0.display()
    );
    let named = args.first().is_some_and(|first| Path::new(first).file_name() == Some(OsStr::new("configure")));
    let script = if named { args.remove(0) } else { "./configure".into() };
    ensure!(
        Path::new(&script).is_file(),
        "{}: no such file; run this where the script lies, or name it: `distx configure PATH/configure ...`",
        Path::new(&script).display()
    );
    let shell = tools::on_path("sh").context("there is no `sh` on PATH, which configure scripts are written for")?;
    let mut line = vec![script];
    if !args.iter().any(|word| word.as_encoded_bytes().starts_with(b"--host")) {
        line.push(format!("--host={}", cpu.triple()).into());
    }
    line.extend(args);
    tools::run_exactly(&shell, &line, &[("CONFIG_SITE", site.to_owned())])
}
