//! Where the LLVM 19 programs are, and running them.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::options::{Argument, OBJCOPY, STRIP};
use crate::portable_paths;
use crate::target::{Cpu, Root};

/// The version of LLVM that everything is built with.
pub const LLVM_MAJOR: &str = "19";

/// Programs of LLVM that `distx` passes its arguments to unchanged: they know every CPU.
pub const PASSED_ON: [&str; 8] = ["addr2line", "ar", "nm", "objdump", "ranlib", "readelf", "size", "strings"];

/// The names of all tools, for `distx NAME`, `distx-NAME` and `<cpu>-distx-NAME`.
pub fn names() -> impl Iterator<Item = &'static str> {
    ["cc", "c++", "ld", "strip", "objcopy", "pkg-config"].into_iter().chain(PASSED_ON)
}

/// The names that our own program has beside `distx`: `distx-NAME` and `<cpu>-distx-NAME`.
pub fn own_names() -> impl Iterator<Item = String> {
    let of_cpu = |tool: &'static str| Cpu::ALL.map(|cpu| format!("{}-distx-{tool}", cpu.name()));
    names().flat_map(move |tool| of_cpu(tool).into_iter().chain([format!("distx-{tool}")]))
}

/// The names in the package `llvm`: those of LLVM's own programs, and ours.
pub fn package_names() -> impl Iterator<Item = String> {
    let llvm = ["strip", "objcopy"].into_iter().chain(PASSED_ON).map(|tool| format!("llvm-{tool}"));
    ["clang", "clang++"].map(str::to_owned).into_iter().chain(llvm).chain(own_names())
}

/// A program of LLVM, and the loader that it runs under where it is a portable one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    /// The program's file.
    pub program: PathBuf,
    /// The loader of this machine, for a portable program.
    pub loader: Option<PathBuf>,
}

impl From<PathBuf> for Tool {
    fn from(program: PathBuf) -> Tool {
        Tool { program, loader: None }
    }
}

impl Tool {
    /// The portable one of the root's package `llvm`, else the one of this machine.
    ///
    /// # Errors
    /// There is neither: the message says what brings one.
    pub fn of(root: &Root, name: &str) -> Result<Tool> {
        let cpu = Cpu::of_this_machine();
        let (program, loader) = (root.llvm(cpu).join("libexec").join(name), root.loader());
        match program.is_file() && loader.is_file() {
            true => Ok(Tool { program, loader: Some(loader) }),
            false => llvm(name).map(Tool::from),
        }
    }

    /// Whether it knows other names of files than this system.
    pub fn is_foreign(&self) -> bool {
        cfg!(windows) && self.loader.is_some()
    }

    /// Runs it to its end and returns its exit code; it knows response files. A signal is an error.
    pub fn run(&self, args: &[OsString], environment: &[(&str, OsString)]) -> Result<i32> {
        let foreign = |name: OsString| match self.is_foreign() {
            true => portable_paths::arguments(&[name]).pop().unwrap_or_default(),
            false => name,
        };
        let mut command = match &self.loader {
            Some(loader) => {
                let mut command = Command::new(loader);
                // It looks for its name behind the last slash.
                command.arg(foreign(self.program.clone().into()));
                command
            }
            None => Command::new(&self.program),
        };
        command.envs(environment.iter().map(|(name, value)| (name, value)));
        let portable = self.is_foreign().then(|| portable_paths::arguments(args));
        let args = portable.as_deref().unwrap_or(args);
        if self.is_foreign() {
            let lists = portable_paths::LISTS.iter().filter_map(|name| Some((name, std::env::var(name).ok()?)));
            command.envs(lists.map(|(name, list)| (name, portable_paths::list(&list))));
        }
        let long = args.iter().map(|arg| arg.len() + 1).sum::<usize>() > COMMAND_LINE_BYTES;
        let file = long.then(|| write_response_file(args)).transpose()?;
        match &file {
            Some(file) => {
                // Programs of Windows read such files by other rules unless told.
                if cfg!(windows) && self.loader.is_none() && self.reads_quoting() {
                    command.arg("--rsp-quoting=posix");
                }
                let mut name = OsString::from("@");
                name.push(foreign(file.clone().into()));
                command.arg(name)
            }
            None => command.args(args),
        };
        let code = exit_code(&self.program, command);
        if let Some(file) = file {
            let _ = std::fs::remove_file(file);
        }
        code
    }

    /// clang, lld and llvm-ar have the option, other tools of LLVM have not.
    fn reads_quoting(&self) -> bool {
        let name = self.program.file_stem().unwrap_or_default().to_string_lossy();
        ["clang", "ld.lld", "llvm-ar", "llvm-ranlib"].iter().any(|known| name.starts_with(known))
    }
}

/// Path of an LLVM program (`clang`, `ld.lld`, `llvm-strip`) of this machine: Debian's directory or that of LLVM's installer for
/// Windows, else `<name>-19` or `<name>` on PATH.
///
/// # Errors
/// There is none of this version: the message names what there is, and what brings the right one.
pub fn llvm(name: &str) -> Result<PathBuf> {
    let file = |name: &str| format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let versioned = on_path(&file(&format!("{name}-{LLVM_MAJOR}")));
    let installed = installed_folders().into_iter().map(|folder| folder.join(file(name)));
    let named = on_path(&file(name));
    let mut others = Vec::new();
    let debian = Path::new("/usr/lib").join(format!("llvm-{LLVM_MAJOR}/bin")).join(name);
    if cfg!(unix) && debian.is_file() {
        return Ok(debian);
    }
    if let Some(versioned) = versioned {
        return Ok(versioned);
    }
    for program in installed.chain(named).filter(|program| program.is_file()) {
        if is_of_our_version(&program) {
            return Ok(program);
        }
        others.push(format!("{} is of another version", program.display()));
    }
    let (found, how) = (others.join(", "), if cfg!(windows) { MEND_WINDOWS } else { MEND_LINUX });
    let found = if found.is_empty() { found } else { format!(" ({found})") };
    bail!("{name} of LLVM {LLVM_MAJOR} is not installed{found}; {how}")
}

const MEND_LINUX: &str = "on Debian and Ubuntu `apt-get install clang-19 lld-19 llvm-19` brings it";
const MEND_WINDOWS: &str = "`winget install LLVM.LLVM --version 19.1.7` brings it";

/// Where LLVM's installer for Windows puts its programs.
fn installed_folders() -> Vec<PathBuf> {
    let folders = ["ProgramFiles", "ProgramW6432"].iter().filter_map(std::env::var_os);
    folders.filter(|_| cfg!(windows)).map(|folder| Path::new(&folder).join("LLVM/bin")).collect()
}

/// Every installation has clang's headers under its version. Asking the program itself would start it twice for each file compiled.
fn is_of_our_version(program: &Path) -> bool {
    let program = dunce::canonicalize(program).unwrap_or_else(|_| program.to_owned());
    let Some(prefix) = program.parent().and_then(Path::parent) else { return false };
    prefix.join("lib/clang").join(LLVM_MAJOR).is_dir()
}

/// The first file called `name` on PATH.
pub fn on_path(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// A command line of more bytes goes through a response file: systems limit its size, and `args` may come from such a file.
const COMMAND_LINE_BYTES: usize = if cfg!(windows) { 30_000 } else { 100_000 };

/// Runs a program that knows no response files to its end; its exit code.
pub fn run_exactly(program: &Path, args: &[OsString], environment: &[(&str, String)]) -> Result<i32> {
    let mut command = Command::new(program);
    command.args(args).envs(environment.iter().map(|(name, value)| (name, value)));
    exit_code(program, command)
}

fn exit_code(program: &Path, mut command: Command) -> Result<i32> {
    let status = command.status().with_context(|| format!("cannot run {}", program.display()))?;
    match status.code() {
        Some(code) => Ok(code),
        None => bail!("{} was ended by a signal: {status}", program.display()),
    }
}

/// A new file in the folder for temporary ones that [`words`] and LLVM's tools read as `args`.
fn write_response_file(args: &[OsString]) -> Result<PathBuf> {
    let mut text = Vec::new();
    for arg in args {
        text.push(b'"');
        for byte in arg.as_encoded_bytes() {
            if matches!(byte, b'"' | b'\\') {
                text.push(b'\\');
            }
            text.push(*byte);
        }
        text.extend(b"\"\n");
    }
    let file = std::env::temp_dir().join(format!("distx-{}.args", std::process::id()));
    let created = std::fs::File::create_new(&file).and_then(|mut created| created.write_all(&text));
    created.with_context(|| format!("cannot write {}", file.display()))?;
    Ok(file)
}

/// The files that a run of llvm-strip writes and that may be programs. `args` without response files.
pub fn stripped(args: Vec<OsString>) -> Vec<PathBuf> {
    let args = STRIP.parse(args);
    let output = args.iter().rfind(|argument| argument.name() == "-o").and_then(Argument::value);
    match output {
        _ if keeps_debug_data_only(&args) => Vec::new(),
        Some(file) => vec![file.into()],
        None => args.iter().filter_map(Argument::file).filter(|file| *file != "-").map(PathBuf::from).collect(),
    }
}

/// As [`stripped`], for llvm-objcopy: its second file, else its first.
pub fn copied(args: Vec<OsString>) -> Option<PathBuf> {
    let args = OBJCOPY.parse(args);
    let written = args.iter().filter_map(Argument::file).take(2).last();
    written.filter(|file| *file != "-" && !keeps_debug_data_only(&args)).map(PathBuf::from)
}

/// Such a file has the segments of the program and no contents for them: it is read by debuggers and never loaded.
fn keeps_debug_data_only(args: &[Argument]) -> bool {
    args.iter().any(|argument| argument.name() == "--only-keep-debug")
}

/// Replaces each `@file` by the file's words, as gcc and clang do: blanks separate, quotes and backslashes protect. A name
/// that cannot be read stays as it is.
pub fn expand_response_files(args: Vec<OsString>) -> Vec<OsString> {
    let mut expanded = Vec::with_capacity(args.len());
    let mut left = 10_000; // a file that names itself ends here
    let mut pending: Vec<OsString> = args.into_iter().rev().collect();
    while let Some(arg) = pending.pop() {
        let file = arg.to_str().and_then(|arg| arg.strip_prefix('@'));
        let file = file.filter(|_| left > 0).map(|file| portable_paths::host(file.into()));
        match file.and_then(|file| std::fs::read_to_string(file).ok()) {
            Some(text) => {
                left -= 1;
                pending.extend(words(&text).into_iter().rev().map(OsString::from));
            }
            None => expanded.push(arg),
        }
    }
    expanded
}

fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        match (char, quote) {
            ('\\', _) => word.get_or_insert_default().extend(chars.next()),
            (char, Some(open)) if char == open => quote = None,
            (char, Some(_)) => word.get_or_insert_default().push(char),
            ('"' | '\'', None) => {
                quote = Some(char);
                word.get_or_insert_default();
            }
            (char, None) if char.is_whitespace() => words.extend(word.take()),
            (char, None) => word.get_or_insert_default().push(char),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Vec<OsString> {
        text.split_whitespace().map(OsString::from).collect()
    }

    #[test]
    fn the_files_that_strip_and_objcopy_write_are_known() {
        for (args, files) in [
            ("-R .comment prog", &["prog"][..]),
            ("-gR .comment -K main a b --remove-section .x c", &["a", "b", "c"]),
            ("-s prog -o out", &["out"]),
            ("-oout prog", &["out"]),
            ("--keep-symbol=main -N x -- -prog", &["-prog"]),
            ("--only-keep-debug prog -o prog.debug", &[]),
            ("--version", &[]),
            ("-", &[]),
        ] {
            assert_eq!(stripped(line(args)), files.iter().map(PathBuf::from).collect::<Vec<_>>(), "strip {args}");
        }
        for (args, file) in [
            ("prog", Some("prog")),
            ("prog out", Some("out")),
            ("-R .comment --add-section note=text prog", Some("prog")),
            ("--strip-debug -j .text prog --gap-fill 3 out", Some("out")),
            ("--only-keep-debug prog prog.debug", None),
            ("prog -", None),
        ] {
            assert_eq!(copied(line(args)), file.map(PathBuf::from), "objcopy {args}");
        }
    }

    #[test]
    fn words_keep_quoted_blanks() {
        assert_eq!(words("-a  'b c'\n\"d \\\" e\" f\\ g ''"), ["-a", "b c", "d \" e", "f g", ""]);
        assert!(words(" \n\t").is_empty());
    }

    #[test]
    fn a_written_response_file_reads_as_the_same_words() {
        let args: Vec<OsString> = ["a b", "", "\"quoted\"", "back\\slash", "'", "line\nend"].map(OsString::from).into();
        let file = write_response_file(&args).expect("written");
        assert_eq!(expand_response_files(vec![format!("@{}", file.display()).into()]), args);
        std::fs::remove_file(file).expect("removed");
    }

    #[test]
    fn response_files_nest_and_a_missing_one_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let (inner, outer) = (folder.path().join("inner"), folder.path().join("outer"));
        std::fs::write(&inner, "-c 'x y.c'").expect("written");
        std::fs::write(&outer, format!("-O2 @{}", inner.display())).expect("written");
        let args = vec![format!("@{}", outer.display()).into(), "@/nowhere/file".into()];
        assert_eq!(expand_response_files(args), ["-O2", "-c", "x y.c", "@/nowhere/file"]);
    }

    #[test]
    fn a_response_file_that_names_itself_ends() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("loop");
        std::fs::write(&file, format!("@{}", file.display())).expect("written");
        assert_eq!(expand_response_files(vec![format!("@{}", file.display()).into()]).len(), 1);
    }
}
