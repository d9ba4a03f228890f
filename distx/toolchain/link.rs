//! The link command. clang runs `distx-ld` as its linker; this file turns clang's arguments into those of `ld.lld`.
//!
//! What the driver knows and the linker line does not say (C or C++, `-static`) comes in a [`Request`].

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::options::{Argument, LLD};
use crate::portable_paths;
use crate::target::{Cpu, Root};

/// The driver's options about libraries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Link the C++ library.
    pub cplusplus: bool,
    /// Link what libc++ calls experimental (`-fexperimental-library`), such as time zones.
    pub experimental: bool,
    /// Take the C++ library from its archives.
    pub static_cplusplus: bool,
    /// Take every library but libc.so from archives.
    pub static_all: bool,
    /// Add no library at all (`-nostdlib`, `-nodefaultlibs`).
    pub no_libraries: bool,
    /// Add no libc (`-nolibc`).
    pub no_libc: bool,
    /// Link what reports undefined behaviour (`-fsanitize=undefined`).
    pub ubsan: bool,
    /// Link OpenMP (`-fopenmp`).
    pub openmp: bool,
}

impl Request {
    const NAMES: [&str; 8] = ["c++", "experimental", "static-c++", "static", "nolibs", "nolibc", "ubsan", "openmp"];

    /// As one environment variable for the linker that clang starts.
    pub fn encode(self) -> String {
        let flags = [
            self.cplusplus,
            self.experimental,
            self.static_cplusplus,
            self.static_all,
            self.no_libraries,
            self.no_libc,
            self.ubsan,
            self.openmp,
        ];
        let set = Self::NAMES.iter().zip(flags).filter(|(_, set)| *set).map(|(name, _)| *name);
        set.collect::<Vec<_>>().join(",")
    }

    /// The other direction; unknown words are ignored.
    pub fn decode(text: &str) -> Request {
        let has = |name| text.split(',').any(|word| word == name);
        let [cplusplus, experimental, static_cplusplus, static_all, no_libraries, no_libc, ubsan, openmp] =
            Self::NAMES.map(has);
        Request { cplusplus, experimental, static_cplusplus, static_all, no_libraries, no_libc, ubsan, openmp }
    }
}

/// A complete link command.
#[derive(Debug)]
pub struct Link {
    /// Arguments of `ld.lld`.
    pub args: Vec<OsString>,
    /// The file that it writes, when that is a program or shared object for the post-link step.
    pub finished: Option<PathBuf>,
    /// True where that file has to have an entry.
    pub program: bool,
    /// Warnings: options that have no effect here.
    pub warnings: Vec<String>,
}

/// What kind of file a linker command line asks for, and what it says about it.
#[derive(Default)]
struct Seen {
    output: Option<OsString>,
    shared: bool,
    relocatable: bool,
    informational: bool,
    has_soname: bool,
    has_entry: bool,
    cpu: Option<Cpu>,
}

/// Makes the command from the arguments that clang (or a build script) gave.
pub fn command(args: Vec<OsString>, root: &Root, mut request: Request) -> Link {
    let args = LLD.parse(crate::tools::expand_response_files(args));
    let seen = inspect(&args);
    if seen.relocatable || seen.informational {
        let args = args.into_iter().flat_map(Argument::into_words).collect();
        return Link { args, finished: None, program: false, warnings: Vec::new() };
    }
    let warnings = args.iter().filter_map(without_effect).collect();
    let cpu = seen.cpu.unwrap_or(Cpu::X86_64);
    let mut line: Vec<OsString> = cpu.link_flags().into_iter().map(OsString::from).collect();
    let output = seen.output.unwrap_or_else(|| "a.out".into());
    if seen.shared {
        if let Some(name) = Path::new(&output).file_name().filter(|_| !seen.has_soname) {
            line.extend(["-soname".into(), name.to_owned()]);
        }
    } else {
        line.push("-pie".into());
        if !seen.has_entry {
            // The loader calls `main` itself: there is no start file. A `main` in an archive is fetched too.
            line.extend(["-e", "main", "-u", "main"].map(OsString::from));
        }
    }
    if request.static_all {
        line.push("-Bstatic".into());
    }
    line.extend(user_arguments(args, &mut request));
    line.extend(libraries(root, cpu, request));
    Link { args: line, finished: Some(portable_paths::host(output)), program: !seen.shared, warnings }
}

fn inspect(args: &[Argument]) -> Seen {
    let mut seen = Seen::default();
    for argument in args {
        match argument.name() {
            "-o" | "-output" | "--output" => seen.output = argument.value().map(OsString::from),
            "-m" => seen.cpu = cpu_of_emulation(argument.text()).or(seen.cpu),
            "-shared" | "--shared" | "-Bshareable" | "--Bshareable" => seen.shared = true,
            "-r" | "-relocatable" | "--relocatable" => seen.relocatable = true,
            "-version" | "--version" | "-help" | "--help" => seen.informational = true,
            "-h" | "-soname" | "--soname" => seen.has_soname = true,
            "-e" | "-entry" | "--entry" => seen.has_entry = true,
            _ => {}
        }
    }
    // Calls such as `ld -v`, with which configure scripts ask what the linker is, name nothing to link: lld answers itself.
    let links = |argument: &Argument| argument.file().is_some() || argument.name().starts_with("-l");
    seen.informational |= args.iter().any(|argument| matches!(argument.name(), "-v" | "-V")) && !args.iter().any(links);
    seen
}

/// Why a linker's flag has no effect on any host.
fn without_effect(argument: &Argument) -> Option<String> {
    let reason = match argument.text() {
        "execstack" => "stacks are never executable",
        "shstk" | "force-ibt" | "force-bti" => "the file is marked, but no loader switches the CPU's check on",
        _ => return None,
    };
    (argument.name() == "-z").then(|| format!("-z {}: {reason}", argument.text()))
}

fn cpu_of_emulation(name: &str) -> Option<Cpu> {
    Cpu::ALL.into_iter().find(|cpu| cpu.emulation() == name)
}

/// The user's arguments without those that a program here has no use for, GNU's library names turned into ours.
fn user_arguments(args: Vec<Argument>, request: &mut Request) -> Vec<OsString> {
    let mut kept = Vec::with_capacity(args.len());
    for argument in args {
        let library = match argument.name() {
            // xload is the loader, wherever it lies; programs are always position independent.
            "-dynamic-linker" | "--dynamic-linker" => continue,
            "-pie" | "--pie" | "-pic-executable" | "--pic-executable" | "-no-pie" | "--no-pie" => continue,
            "-l" | "-library" | "--library" => argument.text(),
            name => name.strip_prefix("-l").unwrap_or(""),
        };
        match library {
            "stdc++" => request.cplusplus = true,
            "supc++" => kept.push("-lc++abi".into()),
            // Helper functions are linked anyway, and the stack protector's are libc.so's.
            "gcc" | "ssp" | "ssp_nonshared" => {}
            "gcc_s" | "gcc_eh" => kept.push("-lunwind".into()),
            _ => kept.extend(argument.into_words()),
        }
    }
    kept
}

fn libraries(root: &Root, cpu: Cpu, request: Request) -> Vec<OsString> {
    let (c, cxx) = (root.xlibc(cpu).join("lib"), root.libcxx(cpu).join("lib"));
    let (loader, runtimes) = (root.xload(cpu).join("lib"), root.resources(cpu).join("lib"));
    let mut line: Vec<_> = [&c, &cxx, &loader, &runtimes].map(|folder| path_flag("-L", folder)).into();
    if request.no_libraries {
        return line;
    }
    if request.openmp {
        // One for the process, also with `-static`.
        line.extend(["-Bdynamic", "-lomp"].map(OsString::from));
    }
    let from_archives = request.static_cplusplus || request.static_all;
    line.push(if from_archives { "-Bstatic" } else { "-Bdynamic" }.into());
    if request.cplusplus {
        if request.experimental {
            line.push("-lc++experimental".into());
        }
        line.extend(["-lc++", "-lc++abi"].map(OsString::from));
    }
    if request.ubsan {
        line.extend(["ubsan_standalone", "ubsan_minimal"].map(|name| root.runtime(cpu, name).into()));
    }
    // The unwinder is needed by C too where it calls _Unwind_Backtrace or is compiled with -fexceptions.
    line.extend(["--as-needed", "-lunwind", "--no-as-needed", "-Bdynamic"].map(OsString::from));
    if request.experimental {
        // Time zones ask the loader where they are.
        line.extend(["--as-needed", "-l_xload", "--no-as-needed"].map(OsString::from));
    }
    if !request.no_libc {
        line.push("-lc".into());
    }
    line.push(root.builtins(cpu).into());
    line
}

fn path_flag(flag: &str, path: &Path) -> OsString {
    let mut text = OsString::from(flag);
    text.push(<Path as AsRef<OsStr>>::as_ref(path));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(args: &str, request: Request) -> (String, Option<PathBuf>) {
        let args = args.split_whitespace().map(OsString::from).collect();
        let link = command(args, &Root("/R".into()), request);
        let line: Vec<_> = link.args.iter().map(|arg| arg.to_string_lossy().into_owned()).collect();
        (line.join(" "), link.finished)
    }

    #[test]
    fn a_request_survives_the_environment() {
        let request = Request { cplusplus: true, no_libc: true, ..Request::default() };
        assert_eq!(Request::decode(&request.encode()), request);
        assert_eq!(Request::decode(""), Request::default());
    }

    #[test]
    fn a_program_gets_main_libc_and_builtins() {
        let (line, finished) =
            link("-m aarch64linux -pie -dynamic-linker /lib/ld-musl-aarch64.so.1 -o out a.o", Request::default());
        assert!(line.contains("-e main") && line.contains("-zmax-page-size=65536"), "{line}");
        assert!(
            !line.contains("ld-musl")
                && line.contains("--dynamic-linker=/distx.org_2024-xload-aarch64/bin/xload_linux"),
            "{line}"
        );
        assert!(
            line.ends_with(
                "-lc /R/distx.org_2024-llvm-rt-aarch64/lib/aarch64-unknown-linux-musl/libclang_rt.builtins.a"
            )
        );
        assert!(!line.contains("-lc++"), "{line}");
        assert_eq!(finished, Some("out".into()));
    }

    #[test]
    fn a_shared_object_is_named_after_its_file() {
        let (line, finished) = link("-m elf_x86_64 -shared -o dir/libfoo.so a.o", Request::default());
        assert!(line.contains("-soname libfoo.so") && !line.contains("-e main"), "{line}");
        assert_eq!(finished, Some("dir/libfoo.so".into()));
        assert!(!link("-shared -soname=x -o libfoo.so", Request::default()).0.contains("-soname libfoo.so"));
    }

    #[test]
    fn a_relocatable_link_is_left_alone() {
        assert_eq!(
            link("-m elf_x86_64 -r -o a.o b.o", Request::default()),
            ("-m elf_x86_64 -r -o a.o b.o".into(), None)
        );
    }

    #[test]
    fn gnu_library_names_are_ours() {
        for libraries in ["-lstdc++ -lgcc_s -lgcc", "-l stdc++ --library=gcc_s --library gcc"] {
            let line = link(&format!("-o a a.o {libraries}"), Request::default()).0;
            assert!(line.contains("-lc++ -lc++abi") && line.contains("a.o -lunwind -L"), "{line}");
            assert!(!line.contains("gcc") && !line.contains("stdc++"), "{line}");
        }
    }

    #[test]
    fn a_question_links_nothing() {
        assert_eq!(link("-v", Request::default()), ("-v".into(), None));
        assert!(link("-v a.o", Request::default()).1.is_some());
    }

    #[test]
    fn a_value_is_not_a_flag() {
        let (line, finished) = link("-rpath -shared -u -r -z -pie -o -static a.o", Request::default());
        assert!(line.contains("-rpath -shared -u -r -z -pie -o -static a.o"), "{line}");
        assert!(line.contains("-e main"), "{line}");
        assert_eq!(finished, Some("-static".into()));
        for output in ["-ob", "--output b", "--output=b", "-output b"] {
            assert_eq!(link(&format!("a.o {output}"), Request::default()).1, Some("b".into()), "{output}");
        }
    }

    #[test]
    fn static_for_the_linker_is_about_the_libraries_that_follow() {
        let line = link("-o a a.o -static -lfoo -Bdynamic", Request::default()).0;
        assert!(line.contains("a.o -static -lfoo -Bdynamic -L"), "{line}");
    }

    #[test]
    fn what_is_not_honoured_is_said() {
        let warnings = |args: &str| {
            let args = args.split_whitespace().map(OsString::from).collect();
            command(args, &Root("/R".into()), Request::default()).warnings
        };
        for flag in ["-z execstack", "-zshstk", "-z force-ibt"] {
            assert_eq!(warnings(&format!("{flag} a.o")).len(), 1, "{flag}");
        }
        assert!(warnings("-z relro -z now -z noexecstack -znorelro a.o").is_empty());
    }

    #[test]
    fn static_means_archives_but_libc() {
        let request = Request { cplusplus: true, static_all: true, ..Request::default() };
        let line = link("-o a a.o", request).0;
        assert!(line.contains("-Bstatic -o a a.o") && line.contains("-Bdynamic -lc "), "{line}");
    }
}
