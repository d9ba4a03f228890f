//! The ways to build a program and to start one, on each host: what makes a library usable and not just right.

mod crashes;
mod debugger;
mod hardening;
mod packed;
mod places;
mod processes;
mod runtimes;
mod traces;
mod way;

pub use way::Way;

use crate::hosts::{Host, distx, is_there};
use crate::programs::ended_by;
use crate::run::{about, quiet, run};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use way::expect;

/// A check; the error says what differs.
pub type Check = fn(&Way<'_>) -> Result<(), String>;

/// By name.
pub const ALL: &[(&str, Check)] = &[
    ("missing_file", missing_file),
    ("not_a_program", not_a_program),
    ("missing_library", missing_library),
    ("missing_symbol", missing_symbol),
    ("without_libc", without_libc),
    ("other_table", other_table),
    ("table_in_c", table_in_c),
    ("separate_link", separate_link),
    ("static_library", static_library),
    ("static_cpp_runtime", static_cpp_runtime),
    ("moved_program", moved_program),
    ("relative_path", relative_path),
    ("linked_loader", linked_loader),
    ("loader_by_relative_path", loader_by_relative_path),
    ("loader_by_another_name", loader_by_another_name),
    ("changed_folder", places::changed_folder),
    ("library_path", places::library_path),
    ("loader_after_chdir", places::loader_after_chdir),
    ("noexec", places::noexec),
    ("own_name", processes::own_name),
    ("spawn_in_handler", processes::spawn_in_handler),
    ("exit_during_dlopen", processes::exit_during_dlopen),
    ("set_user_id", places::set_user_id),
    ("stripped_program", stripped_program),
    ("packed_program", packed::packed_program),
    ("packed_cxx", packed::packed_cxx),
    ("packed_children", packed::packed_children),
    ("packed_files", packed::packed_files),
    ("packed_damaged", packed::packed_damaged),
    ("packed_set_user_id", packed::packed_set_user_id),
    ("packed_icon", packed::packed_icon),
    ("places_apart", hardening::places_apart),
    ("table_is_read_only", hardening::table_is_read_only),
    ("loader_is_read_only", hardening::loader_is_read_only),
    ("random_guard", random_guard),
    ("debugger", debugger::debugger),
    ("debugger_threads", debugger::debugger_threads),
    ("debugger_started_by_kernel", debugger::debugger_started_by_kernel),
    ("debugger_cxx", debugger::debugger_cxx),
    ("cmake", cmake),
    ("meson", meson),
    ("autotools", autotools),
    ("configure", configure),
    ("heap_misuse", heap_misuse),
    ("report_leads_to_the_line", crashes::report_leads_to_the_line),
    ("shown_by_words", traces::shown_by_words),
    ("report_to_nobody", crashes::report_to_nobody),
    ("profile", runtimes::profile),
    ("coverage", runtimes::coverage),
    ("import_std", runtimes::import_std),
    ("runtimes_of_libraries", runtimes::runtimes_of_libraries),
    ("rust_library", runtimes::rust_library),
];

/// Why a check is not for a host.
pub fn exception(name: &str, host: &Host) -> Option<String> {
    match name {
        "linked_loader" if host.is_windows() => Some("Windows tells a program the name of the link".into()),
        "loader_by_another_name" if host.start.len() != 1 => Some("argv[0] is the emulator's here".into()),
        name if name.starts_with("debugger") && host.name != "linux-x86_64" => {
            Some("gdb here debugs programs of this machine".into())
        }
        name if name.starts_with("debugger") && !is_there(Path::new("gdb")) => Some("no gdb".into()),
        "loader_is_read_only" if host.name != "linux-x86_64" => Some("the list of mappings is of this machine".into()),
        "random_guard" if !host.is_ours() => Some("glibc and musl keep theirs in the thread's block".into()),
        "library_path" if !host.is_ours() => Some("libraries beside a program are found by our loader only".into()),
        "noexec" if host.name != "linux-x86_64" => {
            Some("the emulator maps code as data; Windows has no such mounts".into())
        }
        "noexec" => places::no_mounts(),
        "profile" | "coverage" => runtimes::no_tools(),
        "rust_library" => runtimes::no_rust(host),
        "set_user_id" | "packed_set_user_id" => places::no_set_user_id(host),
        "packed_icon" => packed::no_icons(host),
        "packed_children" | "loader_after_chdir" | "spawn_in_handler" => processes::no_children(host),
        "autotools" if ["autoreconf", "automake", "libtoolize", "make"].iter().any(|one| !is_there(Path::new(one))) => {
            Some("no autoconf, automake, libtool and make".into())
        }
        "meson" if !is_there(Path::new("meson")) => Some("no meson".into()),
        "cmake" if !is_there(Path::new("cmake")) || !is_there(Path::new("ninja")) => Some("no cmake and ninja".into()),
        _ => None,
    }
}

fn missing_file(way: &Way<'_>) -> Result<(), String> {
    way.expect("no-such-program", 127, &["xload: ", "no-such-program"])
}

fn not_a_program(way: &Way<'_>) -> Result<(), String> {
    way.write("script", "#!/bin/sh\necho no\n")?;
    way.expect("script", 127, &["xload: ", "script", "ELF"])?;
    way.write("empty", "")?;
    way.expect("empty", 127, &["xload: ", "empty"])
}

fn missing_library(way: &Way<'_>) -> Result<(), String> {
    way.write("gone.c", "int gone(void) { return 1; }\n")?;
    way.write("main.c", "int gone(void); int main(void) { return gone(); }\n")?;
    way.compile("-shared -fPIC gone.c -o libgone.so")?;
    way.compile("main.c -L. -lgone -o program")?;
    way.expect("program", 1, &[])?;
    let library = way.path("libgone.so");
    std::fs::remove_file(&library).map_err(about(&library))?;
    way.expect("program", 127, &["xload: ", "program: ", "libgone.so"])
}

fn missing_symbol(way: &Way<'_>) -> Result<(), String> {
    way.write("gone.c", "#ifdef FULL\nint vanishes(void) { return 1; }\n#endif\nint stays(void) { return 2; }\n")?;
    way.write("main.c", "int vanishes(void); int stays(void); int main(void) { return vanishes() + stays(); }\n")?;
    way.compile("-shared -fPIC -DFULL gone.c -o libgone.so")?;
    way.compile("main.c -L. -lgone -o program")?;
    way.expect("program", 3, &[])?;
    way.compile("-shared -fPIC gone.c -o libgone.so")?;
    way.expect("program", 127, &["xload: ", "program: ", "vanishes"])
}

fn without_libc(way: &Way<'_>) -> Result<(), String> {
    way.write("main.c", "int values[3] = {7, 8, 9}, *last = &values[2];\nint main(int n) { return *last * n; }\n")?;
    way.compile("-nostdlib -ffreestanding main.c -o program")?;
    way.expect("program", 9, &[])
}

/// A program that defines the loader's table itself, of another version or too small.
fn other_table(way: &Way<'_>) -> Result<(), String> {
    way.write("main.c", "unsigned xload_host[1024] = {SIZE, VERSION}; int main(void) { return 3; }\n")?;
    // The last one is long enough, and has no function.
    for (size, version) in [(4096, 0), (4096, 1), (4096, 2), (4096, 4), (0, 3), (96, 3), (4096, 3)] {
        way.compile(&format!("-DSIZE={size} -DVERSION={version} -rdynamic main.c -o program"))?;
        let found = format!("its host table has version {version} and {size} bytes, needed are version 3 and ");
        way.expect("program", 127, &["xlibc: this loader does not fit this libc.so: ", &found])?;
    }
    Ok(())
}

/// The table through its C header, in C and in C++.
fn table_in_c(way: &Way<'_>) -> Result<(), String> {
    let source = "#include <xload_host.h>\nint main(void)\n{\n\
        \tstatic const char text[] = \"written\\n\";\n\tstruct xload_Bytes bytes;\n\tstruct xload_Timespec now;\n\
        \tbytes.data = (const uint8_t *)text;\n\tbytes.length = sizeof text - 1;\n\
        \tif (xload_host.version != xload_HOST_VERSION || xload_host.size < sizeof xload_host) return 1;\n\
        \tif (xload_host.write(1, bytes) != 8 || xload_host.close(-1) != -9) return 2;\n\
        \tif (xload_host.clock(0, &now) != 0 || now.seconds < 1700000000) return 3;\n\
        \txload_host.exit(21);\n}\n";
    way.write("main.c", source)?;
    way.write("main.cpp", source)?;
    let headers = distx(way.root).join("distx.org_2024-xload-common/include").display().to_string();
    let strict = "-Wall -Wextra -Werror -pedantic";
    way.compile(&format!("-std=c99 {strict} -I{headers} main.c -l_xload -o program"))?;
    way.expect("program", 21, &["written"])?;
    way.compile_cpp(&format!("{strict} -I{headers} main.cpp -l_xload -o program"))?;
    way.expect("program", 21, &["written"])
}

fn separate_link(way: &Way<'_>) -> Result<(), String> {
    way.write("include/answer.h", "int answer(int);\n")?;
    way.write("src/answer.c", "#include <answer.h>\nint answer(int n) { return n + OFFSET; }\n")?;
    way.write(
        "src/main.c",
        "#include <answer.h>\n#include <stdio.h>\nint main(void) { return printf(\"linked\\n\") + answer(1); }\n",
    )?;
    way.compile("-Iinclude -DOFFSET=30 -O2 -c src/answer.c -o answer.o")?;
    way.compile("-Iinclude -c src/main.c -o main.o")?;
    way.compile("main.o answer.o -o program")?;
    way.expect("program", 38, &["linked"])
}

fn static_library(way: &Way<'_>) -> Result<(), String> {
    way.write("one.c", "int two(void); int one(void) { return two() + 1; }\n")?;
    way.write("two.c", "#include <math.h>\nint two(void) { volatile double x = 16; return (int)sqrt(x); }\n")?;
    way.write("main.c", "int one(void); int main(void) { return one(); }\n")?;
    way.compile("-c one.c two.c")?;
    let ar = if is_there(Path::new("llvm-ar-19")) { "llvm-ar-19" } else { "ar" };
    let mut archive = Command::new(ar);
    archive.args(["rcs", "libboth.a", "one.o", "two.o"]).current_dir(&way.folder);
    quiet(&mut archive, &way.folder, "ar")?;
    way.compile("main.c -L. -lboth -lm -lpthread -ldl -lrt -o program")?;
    way.expect("program", 5, &[])
}

fn static_cpp_runtime(way: &Way<'_>) -> Result<(), String> {
    way.write(
        "main.cpp",
        "#include <iostream>\n#include <stdexcept>\nint main() { try { throw std::runtime_error(\"thrown\"); }\n\
         catch (std::exception &e) { std::cout << e.what() << std::endl; } return 4; }\n",
    )?;
    way.compile_cpp("-O1 -static-libstdc++ main.cpp -o program")?;
    way.expect("program", 4, &["thrown"])
}

const HELLO: &str = "#include <stdio.h>\nint main(int n, char **v) { return printf(\"%d %s\\n\", n, v[0]) < 0; }\n";

fn moved_program(way: &Way<'_>) -> Result<(), String> {
    way.write("main.c", HELLO)?;
    way.compile("main.c -o program")?;
    let other = way.path("another folder/renamed program");
    std::fs::create_dir_all(way.path("another folder")).map_err(about(&other))?;
    std::fs::rename(way.path("program"), &other).map_err(about(&other))?;
    way.expect("another folder/renamed program", 0, &["1 ", "renamed program"])
}

fn relative_path(way: &Way<'_>) -> Result<(), String> {
    way.write("main.c", HELLO)?;
    way.compile("main.c -o program")?;
    std::fs::create_dir_all(way.path("below")).map_err(about(&way.folder))?;
    let mut command = way.host.command(Path::new("../program"));
    let outcome = way.finish(command.current_dir(way.path("below")))?;
    // What the caller gave, to the letter.
    expect(&outcome, 0, &["1 ../program\n"])
}

/// `HELLO`, with the loader under another path: where the C library lies does not depend on it.
fn start_by(way: &Way<'_>, loader: &Path, folder: &Path) -> Result<(), String> {
    way.write("main.c", HELLO)?;
    way.compile("main.c -o program")?;
    let mut host = way.host.clone();
    *host.start.last_mut().ok_or("a host without a loader")? = loader.to_owned();
    let outcome = way.finish(host.command(&way.path("program")).current_dir(folder))?;
    expect(&outcome, 0, &["1 "])
}

fn linked_loader(way: &Way<'_>) -> Result<(), String> {
    let link = way.path("bin/loader");
    std::fs::create_dir_all(way.path("bin")).map_err(about(&link))?;
    let loader = way.host.start.last().ok_or("a host without a loader")?;
    std::os::unix::fs::symlink(loader, &link).map_err(about(&link))?;
    start_by(way, &link, &way.folder)
}

fn loader_by_relative_path(way: &Way<'_>) -> Result<(), String> {
    let loader = way.host.start.last().ok_or("a host without a loader")?;
    let (folder, name) = loader.parent().zip(loader.file_name()).ok_or("a loader without a folder")?;
    start_by(way, &Path::new(".").join(name), folder)
}

/// As a shell names it that found it in PATH, and as whoever starts it likes.
fn loader_by_another_name(way: &Way<'_>) -> Result<(), String> {
    way.write("main.c", HELLO)?;
    way.compile("main.c -o program")?;
    for name in ["xload_linux", "other", "/bin/sh", ""] {
        let mut command = way.host.command(&way.path("program"));
        let outcome = way.finish(command.arg0(name).current_dir(&way.folder))?;
        expect(&outcome, 0, &["1 "])?;
    }
    Ok(())
}

fn stripped_program(way: &Way<'_>) -> Result<(), String> {
    way.write("main.c", HELLO)?;
    way.compile("-g main.c -o program")?;
    let mut strip = Command::new(distx(way.root).join("bin/distx"));
    strip.args(["strip", "program"]).current_dir(&way.folder);
    let size = |name| std::fs::metadata(way.path(name)).map_err(about(&way.folder)).map(|status| status.len());
    let before = size("program")?;
    quiet(&mut strip, &way.folder, "strip")?;
    if size("program")? >= before {
        return Err(format!("{before} bytes, and not fewer after"));
    }
    way.expect("program", 0, &["1 "])
}

/// The stack protector's guard: another one in each process, with a zero byte first.
fn random_guard(way: &Way<'_>) -> Result<(), String> {
    way.write(
        "main.c",
        "#include <stdio.h>\nextern const unsigned char __stack_chk_guard[8];\n\
         int main(void)\n{\n\tfor (int i = 0; i < 8; i++)\n\t\tprintf(\"%02x\", __stack_chk_guard[i]);\n\treturn 0;\n}\n",
    )?;
    way.compile("main.c -o program")?;
    let mut seen = Vec::new();
    for _ in 0..4 {
        let outcome = way.start("program")?;
        expect(&outcome, 0, &[])?;
        seen.push(outcome.said);
    }
    let random = (0..seen.len()).all(|at| !seen[..at].contains(&seen[at]) && seen[at].starts_with("00"));
    if random { Ok(()) } else { Err(format!("guards: {seen:?}")) }
}

fn cmake(way: &Way<'_>) -> Result<(), String> {
    let source = way.root.join("conformance-tests/programs/cmake");
    let mut configure = Command::new("cmake");
    configure.arg("-S").arg(&source).args(["-B", "build", "-G", "Ninja"]).current_dir(&way.folder);
    configure.arg(format!("-DCMAKE_TOOLCHAIN_FILE={}", distx(way.root).join("share/distx.cmake").display()));
    configure.arg(format!("-DDISTX_ARCH={}", way.host.programs));
    let outcome = run(&mut configure, &way.folder, "configure", Duration::from_secs(120))?;
    expect(&outcome, 0, &["Build files have been written"])?;
    let mut build = Command::new("cmake");
    build.args(["--build", "build", "-j2"]).current_dir(&way.folder);
    expect(&run(&mut build, &way.folder, "build", Duration::from_secs(120))?, 0, &[])?;
    way.expect("build/program", 0, &["shared 3, static 4, generated 5, threads 1"])
}

/// Libtool leaves the library in `.libs`, and its scripts start programs with `LD_LIBRARY_PATH`.
fn autotools(way: &Way<'_>) -> Result<(), String> {
    let source = way.root.join("conformance-tests/programs/autotools");
    for file in ["configure.ac", "Makefile.am", "part.c", "program.c"] {
        way.write(file, &std::fs::read_to_string(source.join(file)).map_err(about(&source))?)?;
    }
    let architecture = format!("--target-arch={}", way.host.programs);
    let configure = distx(way.root).join("bin/distx");
    for (program, arguments) in [
        (Path::new("autoreconf"), vec!["-i"]),
        (&configure, vec!["configure", &architecture]),
        (Path::new("make"), vec![]),
    ] {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&way.folder);
        expect(&run(&mut command, &way.folder, "step", Duration::from_secs(120))?, 0, &[])?;
    }
    std::fs::create_dir(way.path("elsewhere")).map_err(about(&way.folder))?;
    std::fs::rename(way.path(".libs/program"), way.path("elsewhere/program")).map_err(about(&way.folder))?;
    let mut command = way.host.command(&way.path("elsewhere/program"));
    expect(&way.finish(command.env("LD_LIBRARY_PATH", ".libs").current_dir(&way.folder))?, 6, &[])
}

fn meson(way: &Way<'_>) -> Result<(), String> {
    let source = way.root.join("conformance-tests/programs/meson");
    let mut setup = Command::new(distx(way.root).join("bin/distx"));
    setup.arg("meson").arg(format!("--target-arch={}", way.host.programs)).arg("setup").arg(&source).arg("build");
    setup.env("XDG_DATA_HOME", way.path("data")).current_dir(&way.folder);
    expect(&run(&mut setup, &way.folder, "setup", Duration::from_secs(120))?, 0, &["Build targets in project: 4"])?;
    let mut test = Command::new("meson");
    test.args(["test", "-C", "build"]).current_dir(&way.folder);
    expect(&run(&mut test, &way.folder, "test", Duration::from_secs(120))?, 0, &[])?;
    way.expect("build/program", 0, &["shared, generated 5, root 4"])
}

fn configure(way: &Way<'_>) -> Result<(), String> {
    let source = way.root.join("conformance-tests/programs/configure");
    let text =
        |paths: &[PathBuf]| paths.iter().map(|path| path.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ");
    let mut configure = Command::new("sh");
    configure.arg(source.join("configure")).arg(format!("--host={}-linux-musl", way.host.programs));
    configure.env("CC", text(&way.host.compile)).env("SOURCE", &source).current_dir(&way.folder);
    let outcome = run(&mut configure, &way.folder, "configure", Duration::from_secs(120))?;
    let found = ["compiler works... yes", "for sys/stat.h... yes", "for no-such.h... no", "for snprintf... yes"];
    expect(&outcome, 0, &found)?;
    expect(
        &outcome,
        0,
        &["for no_such_function... no", "size of long... 8", "for sqrt in -lm... yes", "for pthread_create... yes"],
    )?;
    let built = way.compile("config.o -o program -lm");
    built.and_then(|()| way.expect("program", 0, &["configured: 8"]))
}

/// Wrong uses of the heap, each in a process of its own, end it with a message.
fn heap_misuse(way: &Way<'_>) -> Result<(), String> {
    let source = way.root.join("conformance-tests/programs/heap/misuse.c");
    way.compile(&format!("-O1 -Wall -Wextra -Werror -pthread {} -o misuse", source.display()))?;
    let names = way.start("misuse")?;
    expect(&names, 0, &["double_free_small", "list_mismatch"])?;
    let mut wrong = String::new();
    for name in names.said.split_whitespace() {
        let outcome = way.finish(way.host.command(&way.path("misuse")).arg(name).current_dir(&way.folder))?;
        let stopped = ended_by(way.host, &outcome, "6") && outcome.said.contains("xlibc: ");
        // Memory that the host has back cannot be looked at: a fault says as much.
        let faulted = name.ends_with("_unmapped") && ended_by(way.host, &outcome, "11");
        if !stopped && !faulted || outcome.said.contains("taken over") {
            wrong += &format!("{name}: {}: {}\n", outcome.ending(), outcome.said);
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}
