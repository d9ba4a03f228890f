//! The CPU that a command line asks for, and where the files about it lie.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Context, Result};
use distx_toolchain::target::{Cpu, Root};

/// The folder with toolchain files, beside that of the tools they name.
pub fn share(root: &Root) -> PathBuf {
    root.bin().with_file_name("share")
}

/// Takes `--target-arch=CPU` or `--target-arch CPU` out of a command line.
///
/// # Errors
/// A CPU that there is no C library for.
pub fn target_arch(args: &mut Vec<OsString>) -> Result<Option<Cpu>> {
    const OPTION: &str = "--target-arch";
    let is_ours = |word: &OsString| word.to_str().is_some_and(|word| word.split('=').next() == Some(OPTION));
    let Some(at) = args.iter().position(is_ours) else { return Ok(None) };
    let word = args.remove(at).to_string_lossy().into_owned();
    let name = match word.split_once('=') {
        Some((_, name)) => name.to_owned(),
        None if at < args.len() => args.remove(at).to_string_lossy().into_owned(),
        None => String::new(),
    };
    Cpu::parse(&name).map(Some).with_context(|| format!("{OPTION}={name}: no such CPU; there are x86_64 and aarch64"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cpu_is_taken_out_of_the_command_line() {
        let mut args: Vec<OsString> = ["-a", "--target-arch", "aarch64", "-b"].map(OsString::from).into();
        assert_eq!(target_arch(&mut args).unwrap(), Some(Cpu::Aarch64));
        assert_eq!(args, ["-a", "-b"]);
        assert_eq!(target_arch(&mut args).unwrap(), None);
        for wrong in ["--target-arch", "--target-arch=", "--target-arch=mips"] {
            let error = target_arch(&mut vec![wrong.into()]).unwrap_err().to_string();
            assert!(error.contains("no such CPU"), "{error}");
        }
    }
}
