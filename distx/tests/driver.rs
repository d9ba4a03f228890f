//! The driver as users and build systems call it. Needs a built root: `$DISTX_ROOT`, else `_distx` of this checkout.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use distx::target::{Cpu, Root};
use tempfile::TempDir;

/// A folder to work in and the root whose tools are tried.
struct Bench {
    folder: TempDir,
    root: Root,
}

impl Bench {
    /// `None` (and a line that says so) where `./x build` has not run.
    fn new() -> Option<Bench> {
        let built = Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(|checkout| checkout.join("_distx"));
        let root = Root(std::env::var_os("DISTX_ROOT").map(PathBuf::from).or(built)?);
        if !root.xlibc(Cpu::X86_64).join("lib/libc.so").exists() {
            eprintln!("skipped: {} holds no C library; ./x build makes it", root.0.display());
            return None;
        }
        Some(Bench { folder: tempfile::tempdir().expect("a folder"), root })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().expect("a folder")).expect("made");
        fs::write(self.path(name), text).expect("written");
    }

    fn command(&self, program: impl AsRef<OsStr>, args: &str) -> Output {
        let args = args.split_whitespace();
        Command::new(program).args(args).current_dir(self.folder.path()).output().expect("runs")
    }

    fn distx(&self, args: &str) -> Output {
        self.command(self.root.bin().join("distx"), args)
    }

    /// The driver must succeed without a word.
    fn quiet(&self, args: &str) {
        let output = self.distx(args);
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && text.is_empty(), "distx {args}: {}\n{text}", output.status);
    }

    /// The driver must fail and say `what`.
    fn refused(&self, args: &str, what: &str) {
        let output = self.distx(args);
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && text.contains(what), "distx {args}: {}\n{text}", output.status);
    }

    /// Runs a program under the loader of this machine.
    fn exit_code(&self, program: &str) -> i32 {
        let loader = self.root.package("xload", "x86_64").join("bin/xload_linux");
        let output = self.command(loader, program);
        let text = String::from_utf8_lossy(&output.stderr);
        output.status.code().unwrap_or_else(|| panic!("{program}: {}\n{text}", output.status))
    }
}

#[test]
fn files_are_compiled_apart_and_linked() {
    let Some(bench) = Bench::new() else { return };
    bench.write("include/answer.h", "int answer(int);\n");
    bench.write("src/answer.c", "#include <answer.h>\nint answer(int n) { return n + OFFSET; }\n");
    bench.write("src/main.c", "#include <answer.h>\nint main(void) { return answer(40); }\n");
    bench.quiet("cc -Iinclude -DOFFSET=2 -O2 -c src/answer.c -o answer.o");
    bench.quiet("cc -I include -c src/main.c");
    bench.quiet("cc answer.o main.o -o program");
    assert_eq!(bench.exit_code("program"), 42);
    bench.quiet("cc -Iinclude -DOFFSET=3 src/answer.c src/main.c");
    assert_eq!(bench.exit_code("a.out"), 43);
}

#[test]
fn every_mode_that_does_not_link_makes_its_file() {
    let Some(bench) = Bench::new() else { return };
    bench.write("a.c", "#include <stddef.h>\nsize_t f(void) { return sizeof(size_t); }\n");
    bench.quiet("cc -S a.c -o a.s");
    bench.quiet("cc -E a.c -o a.i");
    bench.quiet("cc -c -MD -MF a.d a.c");
    bench.quiet("cc -M a.c");
    bench.quiet("cc -fsyntax-only a.c");
    for name in ["a.s", "a.i", "a.o", "a.d"] {
        assert!(fs::metadata(bench.path(name)).is_ok_and(|file| file.len() > 0), "{name}");
    }
    assert!(fs::read_to_string(bench.path("a.d")).expect("read").contains("stddef.h"));
    assert!(!bench.path("a.out").exists());
}

#[test]
fn a_shared_library_is_found_by_its_flag_and_beside_the_program() {
    let Some(bench) = Bench::new() else { return };
    bench.write("foo.c", "int counter = 5;\nint foo(void) { return counter++; }\n");
    bench
        .write("main.c", "extern int counter; int foo(void); int main(void) { foo(); return foo() * 10 + counter; }\n");
    bench.quiet("cc -shared -o libfoo.so foo.c");
    bench.quiet("cc main.c -L. -lfoo -o program");
    assert_eq!(bench.exit_code("program"), 67);
    bench.refused("cc main.c -o program", "foo");
}

#[test]
fn a_relocatable_link_makes_an_ordinary_object() {
    let Some(bench) = Bench::new() else { return };
    bench.write("a.c", "int a(void) { return 7; }\n");
    bench.write("main.c", "int a(void); int main(void) { return a(); }\n");
    bench.quiet("cc -c a.c main.c");
    bench.quiet("cc -r a.o main.o -o both.o");
    assert_eq!(fs::read(bench.path("both.o")).expect("read")[7], 0);
    bench.quiet("cc both.o -o program");
    assert_eq!(bench.exit_code("program"), 7);
}

#[test]
fn response_files_and_languages_by_flag_work() {
    let Some(bench) = Bench::new() else { return };
    bench.write("odd name.txt", "int main(void) { return VALUE; }\n");
    bench.write("flags", "-x c -DVALUE=9 'odd name.txt'\n-o program\n");
    bench.quiet("cc @flags");
    assert_eq!(bench.exit_code("program"), 9);
    bench.write(
        "plus.txt",
        "template <int n> struct S { static const int value = n + 1; }; int main() { return S<4>::value; }\n",
    );
    bench.quiet("c++ -x c++ plus.txt -o plus");
    assert_eq!(bench.exit_code("plus"), 5);
}

#[test]
fn a_program_without_main_or_with_a_missing_function_is_refused() {
    let Some(bench) = Bench::new() else { return };
    bench.write("a.c", "int a;\n");
    bench.write("b.c", "int nowhere(void); int main(void) { return nowhere(); }\n");
    bench.refused("cc a.c -o program", "undefined symbol: main");
    assert!(!bench.path("program").exists());
    bench.refused("cc b.c -o program", "undefined symbol: nowhere");
    bench.refused("cc --target-arch=mips b.c", "no such CPU");
    bench.refused("frobnicate", "no command");
}

#[test]
fn a_main_in_an_archive_is_found() {
    let Some(bench) = Bench::new() else { return };
    bench.write("main.c", "int main(void) { return 11; }\n");
    bench.write("other.c", "int other;\n");
    bench.quiet("cc -c main.c other.c");
    let ar = distx::tools::llvm("llvm-ar").expect("llvm-ar");
    assert!(bench.command(ar, "rcs libmain.a main.o").status.success());
    bench.quiet("cc other.o -L. -lmain -o program");
    assert_eq!(bench.exit_code("program"), 11);
}

#[test]
fn questions_are_answered_without_a_link() {
    let Some(bench) = Bench::new() else { return };
    let answer = |args: &str| String::from_utf8_lossy(&bench.distx(args).stdout).trim().to_owned();
    assert_eq!(answer("cc -dumpmachine"), "x86_64-unknown-linux-musl");
    assert_eq!(answer("cc --target-arch=aarch64 -dumpmachine"), "aarch64-unknown-linux-musl");
    assert!(answer("cc --version").contains("clang version"));
    assert!(answer("cc -print-libgcc-file-name").ends_with("libclang_rt.builtins.a"));
    assert!(bench.distx("c++ -v").status.success());
}

#[test]
fn configure_scripts_may_write_nowhere() {
    let Some(bench) = Bench::new() else { return };
    bench.write("conftest.c", "int main(void) { return 0; }\n");
    bench.quiet("cc -o /dev/null conftest.c -lm -lpthread -ldl");
    bench.quiet("cc -o conftest -g -O2 -pthread -Wl,--as-needed -static-libgcc conftest.c");
    assert_eq!(bench.exit_code("conftest"), 0);
}

#[test]
fn stripped_programs_run() {
    let Some(bench) = Bench::new() else { return };
    bench.write("a.c", "char zeros[70000]; int filled = 3; int main(void) { return zeros[69999] + filled; }\n");
    bench.quiet("cc -g a.c -o ours");
    fs::copy(bench.path("ours"), bench.path("gnu")).expect("copied");
    bench.quiet("strip ours");
    assert_eq!(bench.exit_code("ours"), 3);
    if distx::tools::on_path("strip").is_some() {
        assert!(bench.command("strip", "gnu").status.success());
        assert_eq!(bench.exit_code("gnu"), 3);
    }
}

#[test]
fn cxx_libraries_are_shared_or_from_archives() {
    let Some(bench) = Bench::new() else { return };
    bench.write("thrower.cpp", "#include <stdexcept>\nvoid f() { throw std::runtime_error(\"seven\"); }\n");
    bench.write(
        "main.cpp",
        "#include <stdexcept>\n#include <string>\nvoid f();\n\
         int main() { try { f(); } catch (const std::exception &e) { return std::string(e.what()).size(); } return 1; }\n",
    );
    bench.quiet("c++ -shared thrower.cpp -o libthrower.so");
    bench.quiet("c++ main.cpp libthrower.so -o shared");
    bench.quiet("c++ main.cpp thrower.cpp -static-libstdc++ -o archives");
    bench.quiet("c++ main.cpp thrower.cpp -static -o all-archives");
    bench.quiet("cc -c main.cpp thrower.cpp");
    bench.quiet("cc main.o thrower.o -lstdc++ -o by-name");
    let needed = |file: &str| {
        let readelf = distx::tools::llvm("llvm-readelf").expect("llvm-readelf");
        String::from_utf8_lossy(&bench.command(readelf, &format!("--needed-libs {file}")).stdout).into_owned()
    };
    assert!(needed("shared").contains("/distx.org_2024-llvm-libcxx-x86_64/lib/libc++.so.1"));
    for file in ["archives", "all-archives"] {
        assert!(!needed(file).contains("libc++") && needed(file).contains("/lib/libc.so"), "{}", needed(file));
    }
    for program in ["shared", "archives", "all-archives", "by-name"] {
        assert_eq!(bench.exit_code(program), 5, "{program}");
    }
}

#[test]
fn cmake_builds_and_tests_a_project() {
    let Some(bench) = Bench::new() else { return };
    if distx::tools::on_path("cmake").is_none() || distx::tools::on_path("ninja").is_none() {
        eprintln!("skipped: no cmake and ninja here");
        return;
    }
    bench.write(
        "CMakeLists.txt",
        "cmake_minimum_required(VERSION 3.18)\nproject(try C CXX)\nenable_testing()\n\
         add_library(part SHARED part/part.cpp)\ntarget_include_directories(part PUBLIC part)\n\
         add_executable(prog main.cpp)\ntarget_link_libraries(prog part)\nadd_subdirectory(part)\nadd_test(NAME run COMMAND prog)\n",
    );
    bench.write("part/CMakeLists.txt", "add_library(stat STATIC part.cpp)\n");
    bench.write("part/part.hpp", "#include <string>\nstd::string part();\n");
    bench.write("part/part.cpp", "#include \"part.hpp\"\nstd::string part() { return \"part\"; }\n");
    bench.write("main.cpp", "#include <part.hpp>\nint main() { return part() == \"part\" ? 0 : 1; }\n");
    for cpu in Cpu::ALL {
        let (build, toolchain) = (format!("build-{}", cpu.name()), bench.root.0.join("share/distx.cmake"));
        let configure = format!(
            "-G Ninja -S . -B {build} -DCMAKE_TOOLCHAIN_FILE={} -DDISTX_ARCH={}",
            toolchain.display(),
            cpu.name()
        );
        for (program, args) in [("cmake", configure), ("cmake", format!("--build {build}"))] {
            let output = bench.command(program, &args);
            let text = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
        }
        if cpu == Cpu::X86_64 || distx::tools::on_path("qemu-aarch64").is_some() {
            let output = bench.command("ctest", &format!("--test-dir {build} --output-on-failure"));
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        }
    }
}
