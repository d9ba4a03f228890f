//! `distx register` and `distx unregister`: binfmt_misc of Linux, by which the kernel starts program files of ours like its own.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use distx_toolchain::target::{Cpu, Root};
use loader_abi::files::OS_ABI;

use crate::context::Context;
use crate::report;

/// Where the kernel has it.
const FOLDER: &str = "/proc/sys/fs/binfmt_misc";

/// What to do with the lines.
#[derive(clap::Args)]
#[command(after_help = "\
The loader of this machine's CPU is registered, and that of the other CPU where qemu is registered for it. It takes root and holds until \
the next start of the machine; for good, let systemd do it from a file in /etc/binfmt.d.

Examples:
  sudo distx register
  distx register --print | sudo tee /etc/binfmt.d/distx.conf
  sudo distx unregister")]
pub struct Args {
    /// Print what would be written to the kernel, and write nothing
    #[arg(long)]
    print: bool,
}

/// Registers the loaders of the root.
pub fn register(args: &Args, context: &Context) -> Result<i32> {
    let root = context.root()?;
    let folder = Path::new(FOLDER);
    let cpus =
        Cpu::ALL.into_iter().filter(|cpu| is_native(*cpu) || folder.join(format!("qemu-{}", cpu.name())).exists());
    for cpu in cpus {
        let line = line(&loader(&root, cpu)?, cpu)?;
        if args.print {
            report::print(format!("{}\n", String::from_utf8_lossy(&line)))?;
        } else {
            enter(folder, &name(cpu), &line)?;
            report::print(format!("registered {}: program files for {} start by themselves\n", name(cpu), cpu.name()))?;
        }
    }
    Ok(0)
}

/// Takes back what [`register`] did.
pub fn unregister(_: &Context) -> Result<i32> {
    let mut removed = false;
    for name in Cpu::ALL.map(name) {
        if remove(Path::new(FOLDER), &name)? {
            report::print(format!("unregistered {name}\n"))?;
            removed = true;
        }
    }
    if !removed {
        report::print("nothing is registered\n")?;
    }
    Ok(0)
}

/// The loader that the kernel starts for program files of a CPU, if one is registered.
pub fn registered(cpu: Cpu) -> Option<String> {
    let text = fs::read_to_string(Path::new(FOLDER).join(name(cpu))).ok()?;
    Some(text.lines().find_map(|line| line.strip_prefix("interpreter "))?.to_owned())
}

fn name(cpu: Cpu) -> String {
    format!("distx-{}", cpu.name())
}

fn is_native(cpu: Cpu) -> bool {
    cpu.name() == std::env::consts::ARCH
}

fn loader(root: &Root, cpu: Cpu) -> Result<PathBuf> {
    let loader = root.xload(cpu).join("bin/xload_linux");
    ensure!(loader.is_file(), "the loader {} is not there; `distx install` gets it", loader.display());
    Ok(loader)
}

/// `:NAME:M:OFFSET:MAGIC:MASK:LOADER:FLAGS`, with a delimiter that the loader's path does not contain. The magic is the file's head up
/// to its CPU, of which the mask leaves out what does not matter.
fn line(loader: &Path, cpu: Cpu) -> Result<Vec<u8>> {
    let path = loader.as_os_str().as_bytes();
    let delimiter = b":|,;!".iter().copied().find(|delimiter| !path.contains(delimiter));
    let delimiter = delimiter.filter(|_| !path.contains(&b'\n'));
    let delimiter = delimiter.with_context(|| format!("{}: the kernel cannot take this path", loader.display()))?;
    let machine = match cpu {
        Cpu::X86_64 => "\\x3e",
        Cpu::Aarch64 => "\\xb7",
    };
    let magic = format!("\\x7fELF\\x02\\x01\\x01\\x{OS_ABI:02x}{}\\x03\\x00{machine}\\x00", "\\x00".repeat(8));
    let mask = format!("{}{}{}", "\\xff".repeat(8), "\\x00".repeat(8), "\\xff".repeat(4));
    // O: the kernel opens the program; P: argv[0] is kept; F: the loader is opened now, so that it works in containers.
    // A foreign loader is started by qemu's own entry, which the kernel does not reach with them.
    let flags = if is_native(cpu) { "OPF" } else { "" };
    let name = name(cpu);
    let fields: [&[u8]; 8] =
        [b"", name.as_bytes(), b"M", b"", magic.as_bytes(), mask.as_bytes(), path, flags.as_bytes()];
    Ok(fields.join(&delimiter))
}

/// Writes a line to the kernel; an entry of this name goes first.
fn enter(folder: &Path, name: &str, line: &[u8]) -> Result<()> {
    let file = folder.join("register");
    if !file.exists() {
        bail!(
            "{} is not there; `mount -t binfmt_misc binfmt_misc {}`, as root, makes it (not within most containers)",
            file.display(),
            folder.display()
        );
    }
    remove(folder, name)?;
    fs::OpenOptions::new()
        .write(true)
        .open(&file)
        .and_then(|mut file| std::io::Write::write_all(&mut file, line))
        .map_err(|error| explain(error, &file))
}

/// Whether there was one.
fn remove(folder: &Path, name: &str) -> Result<bool> {
    let entry = folder.join(name);
    if !entry.exists() {
        return Ok(false);
    }
    // -1 takes it out.
    fs::write(&entry, "-1").map_err(|error| explain(error, &entry))?;
    Ok(true)
}

fn explain(error: std::io::Error, file: &Path) -> anyhow::Error {
    match error.kind() {
        ErrorKind::PermissionDenied => anyhow!("this needs root: run it with sudo ({}: {error})", file.display()),
        _ => anyhow!("the kernel refuses {}: {error}", file.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_head_of_our_files() {
        let text = String::from_utf8(line(Path::new("/r/xload"), Cpu::X86_64).expect("a line")).expect("text");
        let zeros = "\\x00".repeat(8);
        let flags = if is_native(Cpu::X86_64) { "OPF" } else { "" };
        assert_eq!(
            text,
            format!(
                ":distx-x86_64:M::\\x7fELF\\x02\\x01\\x01\\x13{zeros}\\x03\\x00\\x3e\\x00:{}{zeros}\\xff\\xff\\xff\\xff:/r/xload:{flags}",
                "\\xff".repeat(8),
            )
        );
        let text = String::from_utf8(line(Path::new("/r"), Cpu::Aarch64).expect("a line")).expect("text");
        assert!(text.contains("\\x03\\x00\\xb7\\x00"), "{text}");
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn the_documentation_shows_the_same_line() {
        let root = Root("/srv/distx".into());
        let line = line(&root.xload(Cpu::X86_64).join("bin/xload_linux"), Cpu::X86_64).expect("a line");
        let line = String::from_utf8(line).expect("text");
        let hosts = include_str!("../../docs/hosts.md");
        assert!(hosts.contains(&format!("'{line}'")), "docs/hosts.md lacks {line}");
    }

    #[test]
    fn a_path_with_the_delimiter_takes_another_one() {
        assert!(line(Path::new("/a:b"), Cpu::X86_64).expect("a line").starts_with(b"|distx-x86_64|M||"));
        let error = line(Path::new("/a\nb"), Cpu::X86_64).expect_err("refused").to_string();
        assert!(error.contains("cannot take"), "{error}");
        let error = loader(&Root("/nowhere".into()), Cpu::X86_64).expect_err("missing").to_string();
        assert!(error.contains("distx install"), "{error}");
    }

    #[test]
    fn an_entry_is_replaced_and_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = enter(folder.path(), "n", b"line").expect_err("not mounted").to_string();
        assert!(error.contains("mount -t binfmt_misc"), "{error}");
        fs::write(folder.path().join("register"), "").expect("written");
        assert!(!remove(folder.path(), "n").expect("none"));
        fs::write(folder.path().join("n"), "enabled").expect("written");
        enter(folder.path(), "n", b"line").expect("written");
        assert_eq!(fs::read(folder.path().join("n")).expect("read"), b"-1");
        assert_eq!(fs::read(folder.path().join("register")).expect("read"), b"line");
    }
}
