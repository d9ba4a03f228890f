//! `distx clangd`: what clangd, and the editors that ask it, must know. It reads `compile_commands.json`, and does not run the
//! compilers named there, so that it does not see what our driver adds.

use std::ffi::OsString;

use anyhow::{Context, Result, bail};
use distx_toolchain::driver;
use distx_toolchain::target::{Cpu, Root};

use super::target::target_arch;

const HEAD: &str = "\
# clangd reads compile_commands.json; what distx adds to each command there stands here. `distx clangd > .clangd` writes it anew.
";

/// Prints a `.clangd` file for `cpu` or the CPU that `--target-arch=` names.
pub fn run(mut args: Vec<OsString>, cpu: Cpu, root: &Root) -> Result<i32> {
    let cpu = target_arch(&mut args)?.unwrap_or(cpu);
    if let Some(word) = args.first() {
        bail!("clangd: no argument `{}`; write its output to a file: `distx clangd > .clangd`", word.to_string_lossy());
    }
    print!("{}", file(cpu, root)?);
    Ok(0)
}

/// The text of a `.clangd` file. A root with a relative path is seen from the folder of the commands that clangd reads.
pub fn file(cpu: Cpu, root: &Root) -> Result<String> {
    let flags = driver::editor_flags(cpu, root);
    let text =
        flags.iter().map(|flag| flag.to_str()).collect::<Option<Vec<_>>>().context("the root's path is not UTF-8")?;
    Ok(config(&text))
}

/// YAML's quoted strings end at a quote, and two stand for one.
fn config(flags: &[&str]) -> String {
    let line = |flag: &&str| format!("    - '{}'\n", flag.replace('\'', "''"));
    let flags: String = flags.iter().map(line).collect();
    format!("{HEAD}CompileFlags:\n  Remove: ['--target-arch=*']\n  Add:\n{flags}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_flag_is_one_string() {
        let text = config(&["--sysroot=/it's here", "-fPIC"]);
        assert!(text.ends_with("  Add:\n    - '--sysroot=/it''s here'\n    - '-fPIC'\n"), "{text}");
    }
}
