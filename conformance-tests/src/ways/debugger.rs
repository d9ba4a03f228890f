//! gdb on our programs: by the loader, and by the kernel, which starts the loader.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use super::way::{Way, expect};
use crate::hosts::distx;
use crate::run::{Outcome, about};

/// Runs gdb with these commands on a program.
fn gdb(way: &Way<'_>, commands: &[&str], program: &[&Path]) -> Result<Outcome, String> {
    let mut gdb = Command::new("gdb");
    gdb.args(["-batch", "-nx", "-iex"]).arg(format!("add-auto-load-safe-path {}", distx(way.root).display()));
    for command in ["set breakpoint pending on"].iter().chain(commands) {
        gdb.args(["-ex", command]);
    }
    gdb.arg("--args").args(program).current_dir(&way.folder).env_remove("DEBUGINFOD_URLS");
    way.finish(&mut gdb)
}

/// Breakpoints, source lines, backtraces, variables.
pub fn debugger(way: &Way<'_>) -> Result<(), String> {
    way.write(
        "main.c",
        "#include <stdio.h>\nint deep(int n)\n{\n\tif (n == 0)\n\t\treturn puts(\"here\");\n\treturn deep(n - 1);\n}\n\
         int main(void)\n{\n\treturn deep(3) < 0;\n}\n",
    )?;
    way.compile("-g -O0 main.c -o program")?;
    let commands = ["break main.c:5", "run", "backtrace", "print n", "continue"];
    let outcome = gdb(way, &commands, &[&way.host.start[0], &way.path("program")])?;
    expect(&outcome, 0, &["main.c:5", "deep (n=3)", "main () at", "$1 = 0", "exited normally"])
}

const THREADS: &str = "#include <pthread.h>\n_Thread_local int counter = 5;\nstatic _Thread_local long own = 6;\n\
     static void *work(void *p)\n{\n\tcounter = *(int *)p;\n\treturn 0;\n}\n\
     int main(void)\n{\n\tint n = 42;\n\tpthread_t id;\n\tcounter++;\n\tpthread_create(&id, 0, work, &n);\n\
     \tpthread_join(id, 0);\n\tif (own)\n\t\treturn 0;\n\treturn 1;\n}\n";

/// A thread's backtrace ends with its own frames, `$tls` knows each thread's variables, and stepping leads out of `main`.
pub fn debugger_threads(way: &Way<'_>) -> Result<(), String> {
    way.write("main.c", THREADS)?;
    way.compile("-g -O0 main.c -o program")?;
    let commands = [
        "break main.c:7",
        "break main.c:17",
        "run",
        "backtrace",
        "print $tls(\"counter\")",
        "continue",
        "print $tls(\"counter\")",
        "print $tls(\"own\")",
        "next",
        "next",
        "next",
        "next",
    ];
    let outcome = gdb(way, &commands, &[&way.host.start[0], &way.path("program")])?;
    expect(&outcome, 0, &["#0  work (p=", "outermost", "$1 = 42", "$2 = 6", "$3 = 6", "exited normally"])?;
    let wrong = ["?? ()", "Cannot find bounds", "Backtrace stopped", "Error"];
    match wrong.iter().find(|text| outcome.said.contains(**text)) {
        Some(text) => Err(format!("\"{text}\" in:\n{}", outcome.said)),
        None => Ok(()),
    }
}

/// The kernel maps the program and starts the loader: a breakpoint on `main` is in the copy that runs.
pub fn debugger_started_by_kernel(way: &Way<'_>) -> Result<(), String> {
    let loader = way.host.start[0].to_string_lossy().into_owned();
    way.write("main.c", &format!("{THREADS}__attribute__((used)) static const char interpreter[] = \"{loader}\";\n"))?;
    way.compile("-g -O0 main.c -o made")?;
    let mut bytes = std::fs::read(way.path("made")).map_err(about(&way.folder))?;
    set_interpreter(&mut bytes, &loader).ok_or("the program has no such interpreter")?;
    let program = way.path("program");
    std::fs::write(&program, bytes).map_err(about(&program))?;
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).map_err(about(&program))?;
    let commands = ["break main", "run", "info sharedlibrary", "break work", "continue", "backtrace", "continue"];
    let outcome = gdb(way, &commands, &[&program])?;
    let parts = ["Breakpoint 1, main () at", "xload_linux", "libc.so", "#0  work (p=", "exited normally"];
    expect(&outcome, 0, &parts)
}

/// Points PT_INTERP, and the section of its name, to the string in the file, which lies at its address.
fn set_interpreter(file: &mut [u8], path: &str) -> Option<()> {
    let string = [path.as_bytes(), b"\0"].concat();
    let (at, length) = (file.windows(string.len()).position(|part| part == string)? as u64, string.len() as u64);
    let word = |file: &[u8], at: usize| Some(u64::from_le_bytes(file.get(at..at + 8)?.try_into().ok()?));
    let count = |at: usize| Some(usize::from(u16::from_le_bytes(file.get(at..at + 2)?.try_into().ok()?)));
    let (headers, sections) = (word(file, 32)? as usize, word(file, 40)? as usize);
    let (header_count, section_count) = (count(56)?, count(60)?);
    let header = (0..header_count).map(|n| headers + 56 * n).find(|at| file.get(*at) == Some(&3))?;
    let old = word(file, header + 16)?;
    let section = (0..section_count).map(|n| sections + 64 * n).find(|at| word(file, at + 16) == Some(old))?;
    let places = [(header + 8, at), (header + 16, at), (header + 24, at), (header + 32, length), (header + 40, length)];
    for (place, value) in places.into_iter().chain([(section + 16, at), (section + 24, at), (section + 32, length)]) {
        file.get_mut(place..place + 8)?.copy_from_slice(&value.to_le_bytes());
    }
    Some(())
}

/// The types of libc++ are shown by what they hold.
pub fn debugger_cxx(way: &Way<'_>) -> Result<(), String> {
    way.write(
        "main.cpp",
        "#include <map>\n#include <string>\n#include <vector>\nint main()\n{\n\tstd::string text = \"some text\";\n\
         \tstd::vector<int> list{7, 8, 9};\n\tstd::map<int, std::string> names{{1, \"one\"}};\n\
         \treturn text.empty() || list.empty() || names.empty();\n}\n",
    )?;
    way.compile_cpp("-g -O0 main.cpp -o program")?;
    let commands = ["break main.cpp:9", "run", "print text", "print list", "print names"];
    let outcome = gdb(way, &commands, &[&way.host.start[0], &way.path("program")])?;
    expect(&outcome, 0, &["$1 = \"some text\"", "std::vector of length 3", "{7, 8, 9}", "{[1] = \"one\"}"])
}
