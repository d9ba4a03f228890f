//! The command line of `distx cc` and `distx c++`: clang's, with `--target-arch=` and our libraries.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::link::Request;
use crate::options::CLANG;
use crate::target::{Cpu, Root};
use crate::{hardening, runtimes, tools};

/// Environment variable that carries the [`Request`] to the linker that clang starts.
pub const REQUEST_VARIABLE: &str = "DISTX_LINK";

/// Environment variable that names the root to the linker that clang starts: it may be another one than the linker lies in.
pub const ROOT_VARIABLE: &str = "DISTX_LINK_ROOT";

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
    /// Warnings: flags that have no effect here.
    pub warnings: Vec<String>,
}

/// Flags that clang would use itself in the step where ours does their work: it must not complain of them.
const TAKEN_OVER: [&str; 7] = ["-pthread", "-stdlib", "--stdlib", "-rtlib", "--rtlib", "-unwindlib", "-fuse-ld"];

/// Makes clang's command line from the user's. `linker`: the file `distx-ld`.
///
/// # Errors
/// A CPU that there is no C library for, or a flag that needs a library which does not exist.
pub fn command(
    user: Vec<OsString>,
    language: Language,
    default_cpu: Cpu,
    root: &Root,
    linker: &Path,
) -> Result<Compile, String> {
    let mut cpu = default_cpu;
    // What libc++ calls experimental is on: it costs nothing where it is not used.
    let cplusplus = language == Language::CPlusPlus;
    let mut request = Request { cplusplus, experimental: true, ..Request::default() };
    let mut hosted = true;
    let user = CLANG.parse(tools::expand_response_files(user));
    let mut kept = Vec::with_capacity(user.len());
    for argument in user {
        match argument.name() {
            "--target-arch" => cpu = cpu_named(argument.text())?,
            "--target" | "-target" => cpu = cpu_of_triple(argument.text())?,
            "-static-libstdc++" => request.static_cplusplus = true,
            // libc.so is the link to the host and exists once per process, so "static" means every other library.
            "-static" | "--static" | "-static-pie" => request.static_all = true,
            "-fexperimental-library" | "-fno-experimental-library" => {
                request.experimental = argument.name() == "-fexperimental-library";
                kept.push(argument);
            }
            "-static-libgcc" | "-shared-libgcc" => {}
            "-nostdlib" | "--no-standard-libraries" | "-nodefaultlibs" => {
                (request.no_libraries, hosted) = (true, false)
            }
            "-nostdlib++" => request.cplusplus = false,
            "-nolibc" => (request.no_libc, hosted) = (true, false),
            name => {
                hosted &= name != "-ffreestanding";
                kept.push(argument);
            }
        }
    }
    let needs = runtimes::needs(&kept)?;
    (request.ubsan, request.openmp) = (needs.ubsan, needs.openmp);
    let (kept, warnings) = hardening::honoured(kept, cpu);
    let mut args = base_flags(cpu, root, linker, hosted);
    for argument in kept {
        let taken_over = TAKEN_OVER.contains(&argument.name());
        let vptr = runtimes::includes_vptr(&argument);
        args.extend(taken_over.then(|| "--start-no-unused-arguments".into()));
        args.extend(argument.into_words());
        args.extend(vptr.then(|| "-fno-sanitize=vptr".into()));
        args.extend(taken_over.then(|| "--end-no-unused-arguments".into()));
    }
    Ok(Compile { cpu, args, request, warnings })
}

/// What an editor's clang has to know of the driver beside a file's own flags, which come before them.
pub fn editor_flags(cpu: Cpu, root: &Root) -> Vec<OsString> {
    let of_a_link = |flag: &str| flag.starts_with("--ld-path=") || flag.ends_with("-no-unused-arguments");
    base_flags(cpu, root, Path::new(""), true)
        .into_iter()
        .filter(|flag| !flag.to_str().is_some_and(of_a_link))
        .collect()
}

/// Flags before the user's own, which win. Without a C library there is no `__stack_chk_fail`.
fn base_flags(cpu: Cpu, root: &Root, linker: &Path, hosted: bool) -> Vec<OsString> {
    let with = |flag: &str, path: PathBuf| {
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
        with("-idirafter", root.runtime_headers()),
        // Where `-print-file-name` finds libc++.modules.json, by which CMake finds `import std`.
        with("-B", root.libcxx(cpu).join("lib")),
        "-fexperimental-library".into(),
        // Ours are archives with hidden symbols, for programs and libraries alike: `link` adds them.
        "-fno-sanitize-link-runtime".into(),
        "-rtlib=compiler-rt".into(),
        "-nostartfiles".into(),
        "-nodefaultlibs".into(),
        with("--ld-path=", linker.to_owned()),
    ];
    flags.extend(cpu.code_flags().iter().map(OsString::from));
    flags.extend(cpu.protector_flags().iter().map(OsString::from));
    if !hosted {
        flags.push("-fno-stack-protector".into());
    }
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
        command(args, language, Cpu::X86_64, &Root("/R".into()), Path::new("/R/bin/distx-ld"))
    }

    fn line(compile: &Compile) -> String {
        compile.args.iter().map(|arg| arg.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_cpu_is_chosen_by_flag_or_triple() {
        for args in [
            "--target-arch=aarch64 -c a.c",
            "--target-arch aarch64 -c a.c",
            "--target=aarch64-linux-musl -c a.c",
            "--target=aarch64-unknown-linux-xload -c a.c",
            "-target aarch64-unknown-linux-zwolf -c a.c",
        ] {
            let compile = compile(args, Language::C).expect("a known CPU");
            assert_eq!(compile.cpu, Cpu::Aarch64, "{args}");
            assert!(line(&compile).contains("--target=aarch64-unknown-linux-musl"));
            assert!(line(&compile).ends_with("-c a.c"));
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
    fn what_libcxx_calls_experimental_is_on_unless_switched_off() {
        let on = compile("a.cpp", Language::CPlusPlus).expect("compiles");
        assert!(on.request.experimental && line(&on).contains("-fexperimental-library"));
        let off = compile("-fno-experimental-library a.cpp", Language::CPlusPlus).expect("compiles");
        assert!(!off.request.experimental && line(&off).ends_with("-fno-experimental-library a.cpp"));
    }

    #[test]
    fn runtime_libraries_are_requested() {
        let compile = compile("-fsanitize=undefined -fopenmp a.c", Language::C).expect("compiles");
        assert!(compile.request.ubsan && compile.request.openmp);
        assert!(line(&compile).ends_with("-fsanitize=undefined -fno-sanitize=vptr -fopenmp a.c"));
        assert!(self::compile("-fsanitize=address a.c", Language::C).is_err());
    }

    #[test]
    fn names_after_two_dashes_stay_names() {
        let compile = compile("-c -- -odd.c", Language::C).expect("compiles");
        assert!(line(&compile).ends_with("-c -- -odd.c"));
        assert!(line(&self::compile("-- -static", Language::C).expect("compiles")).ends_with("-- -static"));
    }

    #[test]
    fn a_value_is_not_a_flag() {
        let compile = compile("-Xlinker -static -o -static -I -nostdlib a.c", Language::C).expect("compiles");
        assert_eq!(compile.request, Request { experimental: true, ..Request::default() });
        assert!(line(&compile).ends_with("-Xlinker -static -o -static -I -nostdlib a.c"));
    }

    #[test]
    fn flags_of_a_response_file_count() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("flags");
        std::fs::write(&file, "-static -Xlinker '-static' --target-arch=aarch64 'a b.c'").expect("written");
        let compile = compile(&format!("@{}", file.display()), Language::C).expect("compiles");
        assert!(compile.request.static_all && compile.cpu == Cpu::Aarch64);
        assert!(line(&compile).ends_with("-Xlinker -static a b.c"));
    }

    #[test]
    fn the_stack_protector_is_on_where_there_is_a_library_for_it() {
        let on = |args| !line(&compile(args, Language::C).expect("compiles")).contains("-fno-stack-protector --end");
        assert!(on("-c a.c") && on("-fno-stack-protector -c a.c"));
        assert!(
            !on("-ffreestanding -c a.c") && !on("-nostdlib a.c") && !on("-nolibc a.c") && !on("-nodefaultlibs a.c")
        );
        let user = compile("-fno-stack-protector -c a.c", Language::C).expect("compiles");
        assert!(line(&user).ends_with("-fno-stack-protector -c a.c"), "the user's flag is the last");
    }
}
