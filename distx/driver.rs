//! The command line of `distx cc` and `distx c++`: clang's, with `--target-arch=` and our libraries.

use std::ffi::OsString;

use crate::link::Request;
use crate::target::{Cpu, Root};

/// Environment variable that carries the [`Request`] to the linker that clang starts.
pub const REQUEST_VARIABLE: &str = "DISTX_LINK";

/// Language of the driver's name: what is linked, not what a source file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// `distx cc`
    C,
    /// `distx c++`
    CPlusPlus,
}

/// A run of clang.
#[derive(Debug)]
pub struct Compile {
    /// The CPU to make code for.
    pub cpu: Cpu,
    /// Arguments of clang.
    pub args: Vec<OsString>,
    /// What its linker has to know.
    pub request: Request,
}

/// Makes clang's command line from the user's.
///
/// # Errors
/// A CPU that there is no C library for.
pub fn command(user: Vec<OsString>, language: Language, default_cpu: Cpu, root: &Root) -> Result<Compile, String> {
    let mut cpu = default_cpu;
    let mut request = Request { cplusplus: language == Language::CPlusPlus, ..Request::default() };
    let mut kept = Vec::with_capacity(user.len());
    let mut user = user.into_iter();
    while let Some(arg) = user.next() {
        let text = arg.to_str().unwrap_or("");
        match text {
            "--target-arch" => cpu = cpu_named(&user.next().unwrap_or_default().to_string_lossy())?,
            "-target" => cpu = cpu_of_triple(&user.next().unwrap_or_default().to_string_lossy())?,
            "-static-libstdc++" => request.static_cplusplus = true,
            // libc.so is the link to the host and exists once per process, so "static" means every other library.
            "-static" | "--static" | "-static-pie" => request.static_all = true,
            "-fexperimental-library" | "-fno-experimental-library" => {
                request.experimental = text == "-fexperimental-library";
                kept.push(arg);
            }
            "-static-libgcc" | "-shared-libgcc" => {}
            "-nostdlib" | "-nodefaultlibs" => request.no_libraries = true,
            "-nostdlib++" => request.cplusplus = false,
            "-nolibc" => request.no_libc = true,
            _ => {
                if let Some(name) = text.strip_prefix("--target-arch=") {
                    cpu = cpu_named(name)?;
                } else if let Some(triple) = text.strip_prefix("--target=") {
                    cpu = cpu_of_triple(triple)?;
                } else {
                    kept.push(arg);
                }
            }
        }
    }
    let mut args = base_flags(cpu, root);
    let end_of_options = kept.iter().position(|arg| arg == "--").unwrap_or(kept.len());
    let files = kept.split_off(end_of_options);
    args.extend(kept);
    // Last, as it overrules a distribution's hardening flags: the guard is read from fs:0x28, which is not ours everywhere.
    args.push("-fno-stack-protector".into());
    args.extend(files);
    Ok(Compile { cpu, args, request })
}

/// Flags before the user's own.
fn base_flags(cpu: Cpu, root: &Root) -> Vec<OsString> {
    let with = |flag: &str, path: std::path::PathBuf| {
        let mut text = OsString::from(flag);
        text.push(path);
        text
    };
    let mut flags: Vec<OsString> = vec![
        "--no-default-config".into(),
        format!("--target={}", cpu.triple()).into(),
        with("--sysroot=", root.xlibc(cpu)),
        "--start-no-unused-arguments".into(),
        with("-resource-dir=", root.resources(cpu)),
        with("-stdlib++-isystem", root.libcxx_headers()),
        with("-idirafter", root.xload_headers()),
        "-rtlib=compiler-rt".into(),
        "-nostartfiles".into(),
        "-nodefaultlibs".into(),
        with("--ld-path=", root.bin().join("distx-ld")),
    ];
    flags.extend(cpu.code_flags().iter().map(OsString::from));
    flags.push("--end-no-unused-arguments".into());
    flags
}

fn cpu_named(name: &str) -> Result<Cpu, String> {
    Cpu::parse(name).ok_or_else(|| format!("--target-arch={name}: no such CPU; there are x86_64 and aarch64"))
}

fn cpu_of_triple(triple: &str) -> Result<Cpu, String> {
    Cpu::parse(triple)
        .ok_or_else(|| format!("--target={triple}: no C library for it; use --target-arch=x86_64 or aarch64"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compile(args: &str, language: Language) -> Result<Compile, String> {
        let args = args.split_whitespace().map(OsString::from).collect();
        command(args, language, Cpu::X86_64, &Root("/R".into()))
    }

    fn line(compile: &Compile) -> String {
        compile.args.iter().map(|arg| arg.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_cpu_is_chosen_by_flag_or_triple() {
        for args in
            ["--target-arch=aarch64 -c a.c", "--target-arch aarch64 -c a.c", "--target=aarch64-linux-musl -c a.c"]
        {
            let compile = compile(args, Language::C).expect("a known CPU");
            assert_eq!(compile.cpu, Cpu::Aarch64, "{args}");
            assert!(line(&compile).contains("--target=aarch64-unknown-linux-musl"));
            assert!(line(&compile).ends_with("-c a.c -fno-stack-protector"));
        }
        assert!(compile("--target-arch=mips a.c", Language::C).is_err());
    }

    #[test]
    fn library_flags_become_the_request() {
        let compile = compile("-static-libstdc++ -nolibc a.cpp", Language::CPlusPlus).expect("compiles");
        assert!(compile.request.cplusplus && compile.request.static_cplusplus && compile.request.no_libc);
        assert!(!line(&compile).contains("-static-libstdc++"));
    }

    #[test]
    fn names_after_two_dashes_stay_names() {
        let compile = compile("-c -- -odd.c", Language::C).expect("compiles");
        assert!(line(&compile).ends_with("-c -fno-stack-protector -- -odd.c"));
    }
}
