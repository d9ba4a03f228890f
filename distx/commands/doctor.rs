//! `distx doctor`: what of this machine distx needs, what of it is there, and the command that mends the rest.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Result;
use distx_toolchain::target::{Cpu, Root};
use distx_toolchain::tools::{self, LLVM_MAJOR, Tool};

use crate::context::Context;
use crate::{loader, report};

/// Of one thing.
#[derive(Debug, PartialEq, Eq)]
enum Finding {
    /// There, and what it is.
    Good(String),
    /// Nothing works without it: what is wrong, and what mends it.
    Missing(String, String),
    /// As `Missing`, but only some things need it.
    Absent(String, String),
}

use Finding::{Absent, Good, Missing};

/// Prints a line for each thing; 1 if one that is needed is missing.
pub fn run(context: &Context) -> Result<i32> {
    let mut findings = vec![("distx", Good(format!("{} (LLVM {LLVM_MAJOR})", env!("CARGO_PKG_VERSION"))))];
    let root = context.root();
    for name in ["clang", "ld.lld"] {
        findings.push((name, compiler(root.as_ref().ok(), name)));
    }
    for name in ["llvm-ar", "llvm-strip", "llvm-objcopy"] {
        findings.push((name, tool(name)));
    }
    match root {
        Ok(root) => in_root(&root, &mut findings),
        Err(error) => findings.push(("root", Missing(format!("{error:#}"), "distx install".into()))),
    }
    let (text, is_good) = table(&findings);
    report::print(text)?;
    Ok(i32::from(!is_good))
}

fn in_root(root: &Root, findings: &mut Vec<(&'static str, Finding)>) {
    findings.push(("root", Good(root.0.display().to_string())));
    findings.push(("writable", writable(&root.0)));
    findings.extend(room(&root.0).map(|finding| ("free room", finding)));
    for cpu in Cpu::ALL {
        let is_ours = cpu.name() == std::env::consts::ARCH;
        let lacks = if is_ours { Missing } else { Absent };
        let file = root.xlibc(cpu).join("lib/libc.so");
        findings.push(("C library", there(&file, lacks, root.package("xlibc", cpu.name()))));
        let file = root.libcxx(cpu).join("lib/libc++.so");
        findings.push(("C++ library", there(&file, Absent, root.libcxx(cpu))));
        let file = root.xload(cpu).join(if cfg!(windows) { "bin/xload_windows.exe" } else { "bin/xload_linux" });
        if is_ours || cfg!(unix) {
            findings.push(("loader", there(&file, lacks, root.xload(cpu))));
        }
        if cfg!(unix) && !is_ours {
            findings.push(("emulator", emulator(cpu)));
        }
    }
    findings.extend(binfmt(root).map(|finding| ("binfmt", finding)));
}

/// That of the root, which runs under its loader, else the machine's.
fn compiler(root: Option<&Root>, name: &str) -> Finding {
    match root.and_then(|root| Tool::of(root, name).ok()).filter(|tool| tool.loader.is_some()) {
        Some(own) => Good(format!("{} (the root's own)", own.program.display())),
        None => tool(name),
    }
}

fn tool(name: &str) -> Finding {
    let mend = if cfg!(windows) {
        format!("winget install LLVM.LLVM --version {LLVM_MAJOR}.1.7")
    } else {
        format!("apt-get install clang-{LLVM_MAJOR} lld-{LLVM_MAJOR} llvm-{LLVM_MAJOR}")
    };
    let program = match tools::llvm(name) {
        Ok(program) => program,
        Err(error) => return Missing(format!("{error:#}"), mend),
    };
    let told = Command::new(&program).arg("--version").stdin(Stdio::null()).output();
    let text = told.map(|told| String::from_utf8_lossy(&told.stdout).into_owned()).unwrap_or_default();
    match version(&text) {
        Some(version) if version.split('.').next() == Some(LLVM_MAJOR) => {
            Good(format!("{} ({version})", program.display()))
        }
        // Debian's llvm-objcopy tells its version, those of others say that they are GNU's.
        Some(version) => Missing(format!("{} is version {version}, not {LLVM_MAJOR}", program.display()), mend),
        None => Missing(format!("{} does not tell its version", program.display()), mend),
    }
}

/// The first word with a dot that begins with a digit: `Debian clang version 19.1.7 (3~deb12u1)`.
fn version(text: &str) -> Option<&str> {
    text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.'))
}

fn there(file: &Path, lacks: fn(String, String) -> Finding, package: PathBuf) -> Finding {
    if file.is_file() {
        return Good(file.display().to_string());
    }
    let key = package.file_name().unwrap_or_default().to_string_lossy().into_owned();
    lacks(file.display().to_string(), format!("distx install {key}"))
}

fn emulator(cpu: Cpu) -> Finding {
    match loader::emulator(cpu.name()) {
        Some(file) => Good(file.display().to_string()),
        None => Absent(
            format!("qemu-{0}: programs for {0} do not run here", cpu.name()),
            "apt-get install qemu-user".to_owned(),
        ),
    }
}

fn writable(root: &Path) -> Finding {
    // Rights, read-only mounts and quotas are all asked by trying.
    let file = root.join(format!(".distx-doctor-{}", std::process::id()));
    match std::fs::File::create_new(&file) {
        Ok(_) => {
            let _ = std::fs::remove_file(file);
            Good("packages can be installed".into())
        }
        Err(error) => {
            Absent(format!("nothing can be installed there: {error}"), "a project, whose packages are its own".into())
        }
    }
}

#[cfg(unix)]
fn room(root: &Path) -> Option<Finding> {
    use crate::packages::size;
    /// Less than this is too little for packages and a build.
    const ROOM_BYTES: u64 = 500_000_000;

    let disk = rustix::fs::statvfs(root).ok()?;
    let bytes = disk.f_bavail.saturating_mul(disk.f_frsize);
    let text = size(bytes);
    Some(match bytes >= ROOM_BYTES {
        true => Good(text),
        false => Absent(text, format!("`distx clean` in projects; {} are enough", size(ROOM_BYTES))),
    })
}

#[cfg(windows)]
fn room(_: &Path) -> Option<Finding> {
    None
}

#[cfg(unix)]
fn binfmt(root: &Root) -> Option<Finding> {
    let cpu = Cpu::parse(std::env::consts::ARCH)?;
    let loader = root.xload(cpu).join("bin/xload_linux");
    Some(match super::register::registered(cpu) {
        Some(known) if Path::new(&known) == loader => Good(format!("the kernel starts {known}")),
        Some(known) => Absent(format!("the kernel starts {known}, of another root"), "sudo distx register".into()),
        None => Absent("programs start by `distx exec` only".into(), "sudo distx register".into()),
    })
}

#[cfg(windows)]
fn binfmt(_: &Root) -> Option<Finding> {
    None
}

/// The lines, and whether all that is needed is there.
fn table(findings: &[(&str, Finding)]) -> (String, bool) {
    let (mut text, mut is_good) = (String::new(), true);
    for (name, finding) in findings {
        let (style, word, told, mend) = match finding {
            Good(told) => (report::GOOD, "ok", told, None),
            Absent(told, mend) => (report::DOUBTFUL, "absent", told, Some(mend)),
            Missing(told, mend) => (report::BAD, "missing", told, Some(mend)),
        };
        is_good &= !matches!(finding, Missing(..));
        let mend = mend.map(|mend| format!("\n{:22}mend: {mend}", "")).unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{style}{word:8}{style:#}{name:14}{told}{mend}");
    }
    (text, is_good)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_programs_say() {
        for (text, told) in [
            ("Debian clang version 19.1.7 (3~deb12u1)\nTarget: x", Some("19.1.7")),
            ("Debian LLD 19.1.7 (compatible with GNU linkers)", Some("19.1.7")),
            ("LLVM (http://llvm.org/):\n  LLVM version 19.1.4\n", Some("19.1.4")),
            ("", None),
        ] {
            assert_eq!(version(text), told);
        }
    }

    #[test]
    fn a_compiler_of_the_root_does_for_the_machine() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = Root(folder.path().to_owned());
        let own = root.llvm(Cpu::of_this_machine()).join("libexec/ld.lld");
        for file in [own.clone(), root.loader()] {
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
            std::fs::write(file, "").expect("written");
        }
        assert_eq!(compiler(Some(&root), "ld.lld"), Good(format!("{} (the root's own)", own.display())));
        std::fs::remove_file(root.loader()).expect("removed");
        assert_eq!(compiler(Some(&root), "ld.lld"), tool("ld.lld"));
    }

    #[test]
    fn only_what_is_needed_fails() {
        let good = ("a", Good("there".into()));
        let absent = ("b", Absent("not there".into(), "get it".into()));
        let (text, is_good) = table(&[good, absent]);
        assert!(is_good && text.contains("mend: get it"), "{text}");
        assert!(!table(&[("c", Missing("x".into(), "y".into()))]).1);
        let lacking = there(Path::new("/none"), Missing, "/r/a.b_c".into());
        assert_eq!(lacking, Missing("/none".into(), "distx install a.b_c".into()));
    }
}
