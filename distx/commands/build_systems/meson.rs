//! `distx meson`: Meson with the cross file of the root.

use std::ffi::OsString;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;

use anyhow::{Context, Result};
use distx_toolchain::target::{Cpu, Root};
use distx_toolchain::tools;

use super::target::{share, target_arch};

/// Meson's other commands need no cross file.
const COMMANDS: [&str; 16] = [
    "compile",
    "configure",
    "devenv",
    "dist",
    "env2mfile",
    "format",
    "help",
    "init",
    "install",
    "introspect",
    "rewrite",
    "subprojects",
    "test",
    "unstable-coredata",
    "wrap",
    "--version",
];

/// Runs meson for `cpu` or the CPU that `--target-arch=` names. `meson setup` gets the cross file.
pub fn run(mut args: Vec<OsString>, cpu: Cpu, root: &Root) -> Result<i32> {
    let cpu = target_arch(&mut args)?.unwrap_or(cpu);
    let program = tools::on_path("meson").context(
        "there is no meson on PATH; install it (Debian: `apt-get install meson`, others: `pipx install meson`)",
    )?;
    let first = args.first().and_then(|first| first.to_str()).unwrap_or("help");
    if !COMMANDS.contains(&first) && first != "-h" && first != "--help" {
        args.extend(["--cross-file".into(), cross_file(cpu, root)?.into()]);
    }
    tools::run_exactly(&program, &args, &[])
}

/// Writes the cross file with the root's path in it, which Meson before 1.3 cannot put there, and gives its place: the user's
/// folder for such files. A build folder refers to it, so that it has to stay, and the root may be read-only.
fn cross_file(cpu: Cpu, root: &Root) -> Result<PathBuf> {
    let name = format!("distx-{}.ini", cpu.name());
    let folder = share(root).join("meson/cross");
    let file = folder.join(&name);
    let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let text = text.replace("@DIRNAME@", &quoted(folder.to_str().context("the root's path is not UTF-8")?));
    let mut hash = DefaultHasher::new();
    root.0.hash(&mut hash);
    let written = data_folder()?.join("meson/cross").join(format!("{:016x}-{name}", hash.finish()));
    if std::fs::read_to_string(&written).is_ok_and(|old| old == text) {
        return Ok(written);
    }
    // Another run must not see half of it.
    let partial = written.with_extension(std::process::id().to_string());
    std::fs::create_dir_all(written.parent().unwrap_or(&written))
        .and_then(|()| std::fs::write(&partial, &text))
        .and_then(|()| std::fs::rename(&partial, &written))
        .with_context(|| format!("cannot write {}", written.display()))?;
    Ok(written)
}

/// Text inside single quotes, as Meson reads it.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\'', "\\'")
}

/// Where Meson looks for cross files that are named without a folder.
fn data_folder() -> Result<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("XDG_DATA_HOME")
        .filter(|folder| folder.is_absolute())
        .or_else(|| set("LOCALAPPDATA").filter(|_| cfg!(windows)))
        .or_else(|| Some(set("HOME")?.join(".local/share")))
        .context("neither XDG_DATA_HOME nor HOME says where the cross file may lie")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_one_word() {
        assert_eq!(quoted("/a b/it's"), "/a b/it\\'s");
        assert_eq!(quoted("C:\\x"), "C:\\\\x");
    }
}
