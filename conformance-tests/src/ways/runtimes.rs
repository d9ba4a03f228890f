//! Profiles and coverage that a program writes, as LLVM's own tools read them, the module `std`, and a library in Rust.

use std::process::Command;

use super::way::{Way, expect};
use crate::hosts::{Host, distx, is_there};
use crate::run::{Outcome, about};
use std::path::Path;

/// Squares up to 5; one branch is taken four times, one once.
const SOURCE: &str = "#include <stdio.h>\n\
                      int square(int n)\n{\n\
                      \tif (n > 4)\n\
                      \t\treturn 0;\n\
                      \treturn n * n;\n}\n\
                      int main(void)\n{\n\
                      \tint sum = 0;\n\
                      \tfor (int i = 1; i <= 5; i++)\n\
                      \t\tsum += square(i);\n\
                      \tprintf(\"%d\\n\", sum);\n\
                      \treturn 0;\n}\n";

/// Why profiles cannot be looked at.
pub fn no_tools() -> Option<String> {
    let missing = ["llvm-profdata-19", "llvm-cov-19"].into_iter().find(|name| !is_there(Path::new(name)));
    missing.map(|name| format!("no {name}"))
}

fn tool(way: &Way<'_>, line: &str) -> Result<Outcome, String> {
    let mut words = line.split_whitespace();
    let mut command = Command::new(words.next().ok_or("no tool")?);
    way.finish(command.args(words).current_dir(&way.folder))
}

/// `-fprofile-instr-generate -fcoverage-mapping`: counts of program and library, merged, shown, and used for a new program.
pub fn profile(way: &Way<'_>) -> Result<(), String> {
    way.write("main.c", SOURCE)?;
    way.compile("-O1 -fprofile-instr-generate -fcoverage-mapping main.c -o program")?;
    let run = |name: &str| {
        let mut command = way.host.command(&way.path("program"));
        command.env("LLVM_PROFILE_FILE", name).current_dir(&way.folder);
        expect(&way.finish(&mut command)?, 0, &["30"])
    };
    run("one.profraw")?;
    // A pool: the second run is added to the file of the first.
    run("pool-%m.profraw").and_then(|()| run("pool-%m.profraw"))?;
    let pool = std::fs::read_dir(&way.folder).map_err(|error| error.to_string())?;
    let names = pool.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let pool = names.into_iter().find(|name| name.starts_with("pool-")).ok_or("no pool was written")?;
    expect(&tool(way, &format!("llvm-profdata-19 merge -o all.profdata one.profraw {pool}"))?, 0, &[])?;
    let counts = tool(way, "llvm-profdata-19 show --all-functions --counts all.profdata")?;
    expect(&counts, 0, &["Function count: 15", "Block counts: [3]", "Function count: 3", "Block counts: [15]"])?;
    let shown = tool(way, "llvm-cov-19 show program -instr-profile=all.profdata")?;
    expect(&shown, 0, &["5|      3|\t\treturn 0;", "6|     12|\treturn n * n;"])?;
    way.compile("-O2 -fprofile-use=all.profdata main.c -o tuned")?;
    way.expect("tuned", 0, &["30"])
}

/// `--coverage`: the files that gcov reads. They go where the object file was, a path of the machine that compiled: on another
/// system the variables of gcov lead elsewhere.
pub fn coverage(way: &Way<'_>) -> Result<(), String> {
    way.write("main.c", SOURCE)?;
    way.compile("--coverage -c main.c -o main.o")?;
    way.compile("--coverage main.o -o program")?;
    let folders = way.folder.components().count() - 1;
    for _ in 0..2 {
        let mut command = way.host.command(&way.path("program"));
        command.env("GCOV_PREFIX", "data").env("GCOV_PREFIX_STRIP", folders.to_string()).current_dir(&way.folder);
        expect(&way.finish(&mut command)?, 0, &["30"])?;
    }
    let notes = way.path("main.gcno");
    std::fs::copy(&notes, way.path("data/main.gcno")).map_err(about(&notes))?;
    let shown = tool(way, "llvm-cov-19 gcov --stdout data/main.gcda")?;
    expect(&shown, 0, &["        2:    5:\t\treturn 0;", "        8:    6:\treturn n * n;"])
}

/// `import std`, precompiled as build systems do it: they find the sources by the file that clang names.
pub fn import_std(way: &Way<'_>) -> Result<(), String> {
    let mut question = Command::new(&way.host.compile_cpp[0]);
    question.args(&way.host.compile_cpp[1..]).arg("-print-file-name=libc++.modules.json");
    let said = way.finish(&mut question)?.said;
    let list = Path::new(said.trim());
    let text = std::fs::read_to_string(list).map_err(|error| format!("{}: {error}", list.display()))?;
    let source = |name: &str| {
        let path = text.lines().find_map(|line| line.split_once("\"source-path\": \"")?.1.strip_suffix("\","));
        let path = path.ok_or("no source of std")?.replace("std.cppm", name);
        let path = list.parent().ok_or("no folder")?.join(path);
        path.canonicalize().map_err(|error| format!("{}: {error}", path.display()))
    };
    for (name, extra) in [("std", ""), ("std.compat", "-fmodule-file=std=std.pcm")] {
        let source = source(&format!("{name}.cppm"))?;
        let flags = "-std=c++23 -Wno-reserved-module-identifier --precompile";
        way.compile_cpp(&format!("{flags} {extra} {} -o {name}.pcm", source.display()))?;
    }
    way.write(
        "main.cpp",
        "import std;\nimport std.compat;\n\
         int main()\n{\n\
         \tstd::vector<int> numbers{3, 1, 2};\n\
         \tstd::ranges::sort(numbers);\n\
         \tstd::jthread worker([&](std::stop_token) { numbers.push_back(4); });\n\
         \tworker.join();\n\
         \tstd::println(\"{} {}\", numbers, strlen(\"four\"));\n}\n",
    )?;
    let modules = "-fmodule-file=std=std.pcm -fmodule-file=std.compat=std.compat.pcm";
    way.compile_cpp(&format!("-std=c++23 {modules} main.cpp std.pcm std.compat.pcm -o program"))?;
    way.expect("program", 0, &["[1, 2, 3, 4] 4"])
}

/// Two copies of what reports undefined behaviour, in a program and its library, and one libomp for both.
pub fn runtimes_of_libraries(way: &Way<'_>) -> Result<(), String> {
    way.write(
        "other.c",
        "#include <omp.h>\nint level(void) { return omp_get_level(); }\nint add(int a, int b) { return a + b; }\n",
    )?;
    way.write(
        "main.c",
        "#include <limits.h>\n#include <stdio.h>\nint level(void);\nint add(int a, int b);\n\
         int main(int argc, char **argv)\n{\n\tint inside = 0;\n\t(void)argv;\n\
         #pragma omp parallel num_threads(3) reduction(+ : inside)\n\tinside += level();\n\
         \tint sum = INT_MIN - argc + add(INT_MAX, argc);\n\
         \tprintf(\"inside %d, sum %d\\n\", inside, sum);\n\treturn 0;\n}\n",
    )?;
    way.compile("-fopenmp -fsanitize=undefined -shared other.c -o libother.so")?;
    way.compile("-fopenmp -fsanitize=undefined main.c -L. -lother -o program")?;
    let parts = ["other.c:3:34: runtime error: ", "main.c:11:20: runtime error: ", "inside 3, sum -1"];
    way.expect("program", 0, &parts)?;
    let needed =
        Command::new(distx(way.root).join("bin/distx")).args(["readelf", "-d"]).arg(way.path("program")).output();
    let needed = needed.map_err(|error| error.to_string())?.stdout;
    let count = String::from_utf8_lossy(&needed).matches("libomp.so").count();
    if count == 1 { Ok(()) } else { Err(format!("{count} times libomp.so")) }
}

/// The target of rustc whose `core` fits a host's programs.
fn rust_target(host: &Host) -> String {
    format!("{}-unknown-linux-musl", host.programs)
}

/// Why a library in Rust cannot be compiled for a host.
pub fn no_rust(host: &Host) -> Option<String> {
    let target = rust_target(host);
    let mut question = Command::new("rustc");
    let Ok(output) = question.args(["--print", "target-libdir", "--target", &target]).output() else {
        return Some("no rustc".into());
    };
    let said = output.stdout;
    let there = Path::new(String::from_utf8_lossy(&said).trim()).is_dir();
    (!there).then(|| format!("no core for {target} (rustup target add {target})"))
}

/// A static library in Rust without `std`, as docs/guide/rust.md compiles it, in a C++ program.
pub fn rust_library(way: &Way<'_>) -> Result<(), String> {
    let source = way.root.join("conformance-tests/programs/rust");
    let mut rustc = Command::new("rustc");
    rustc.args(["--edition=2024", "--crate-type=staticlib", "-Copt-level=2", "-Cpanic=abort"]).current_dir(&way.folder);
    rustc.args(["-Crelocation-model=pic", "-Cno-redzone=yes"]).arg(format!("--target={}", rust_target(way.host)));
    rustc.arg(source.join("numbers.rs")).args(["-o", "libnumbers.a"]);
    expect(&way.finish(&mut rustc)?, 0, &[])?;
    way.compile_cpp(&format!("-O2 {} -L. -lnumbers -o program", source.join("main.cpp").display()))?;
    way.expect("program", 0, &["0xde0b6b3a7640000e, a seventh is 2285714285714285824.000"])
}
