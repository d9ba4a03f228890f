//! The driver as users and build systems call it. Needs a built root: `$DISTX_ROOT`, else `_distx` of this checkout.

mod bench;

use std::fs;

use bench::Bench;
use distx_toolchain::target::Cpu;

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
    bench.refused("frobnicate", "unrecognized subcommand");
}

#[test]
fn a_main_in_an_archive_is_found() {
    let Some(bench) = Bench::new() else { return };
    bench.write("main.c", "int main(void) { return 11; }\n");
    bench.write("other.c", "int other;\n");
    bench.quiet("cc -c main.c other.c");
    let ar = distx_toolchain::tools::llvm("llvm-ar").expect("llvm-ar");
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

/// Byte 7 of the file, and its size: the mark and the layout of the post-link step.
fn marked(bench: &Bench, file: &str) -> bool {
    let bytes = fs::read(bench.path(file)).expect("read");
    let header = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"));
    let segments = usize::try_from(header(32)).expect("an offset");
    let first_data = (0..usize::from(bytes[56])).map(|index| segments + 56 * index).rfind(|at| bytes[*at] == 1);
    let at = first_data.expect("a segment that is loaded");
    // The file goes on where the memory of its last segment ends.
    bytes[7] == 0x13 && header(at + 8) == header(at + 16) && header(at + 16) + header(at + 40) <= bytes.len() as u64
}

#[test]
fn flags_of_the_usual_tools_are_no_files() {
    let Some(bench) = Bench::new() else { return };
    bench.write("a.c", "char zeros[70000]; int filled = 3; int main(void) { return zeros[69999] + filled; }\n");
    bench.quiet("cc -g a.c -o prog");
    bench.write("flags", "-R .comment\n--keep-symbol=main prog4");
    for (index, command) in [
        "strip -R .comment prog0",
        "strip -gR .comment -K main prog1",
        "strip --remove-section .comment -s -o prog2 prog",
        "strip -oprog3 prog",
        "strip @flags",
        "objcopy -R .comment prog5",
        "objcopy --strip-debug prog prog6",
        "objcopy --add-section .extra=a.c --remove-section .comment --keep-symbol main prog prog7",
        "strip -N filled -- prog8",
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("prog{index}");
        fs::copy(bench.path("prog"), bench.path(&name)).expect("copied");
        bench.quiet(command);
        assert!(marked(&bench, &name), "{command}");
        assert_eq!(bench.exit_code(&name), 3, "{command}");
    }
}

#[test]
fn debug_data_in_a_file_of_its_own() {
    let Some(bench) = Bench::new() else { return };
    bench.write("a.c", "int main(void) { return 4; }\n");
    bench.quiet("cc -g a.c -o prog");
    bench.quiet("objcopy --only-keep-debug prog prog.debug");
    bench.quiet("strip --only-keep-debug prog -o prog.debug2");
    bench.quiet("strip --strip-debug prog");
    bench.quiet("objcopy --add-gnu-debuglink=prog.debug prog");
    assert!(marked(&bench, "prog"));
    assert_eq!(bench.exit_code("prog"), 4);
    let output = bench.distx("addr2line -e prog.debug -f main");
    assert!(output.status.success());
}

#[test]
fn the_tools_exist_under_all_their_names() {
    let Some(bench) = Bench::new() else { return };
    bench.write("a.c", "int main(void) { return 0; }\n");
    bench.quiet("cc -g -c a.c");
    for tool in distx_toolchain::tools::names() {
        for name in [format!("distx-{tool}"), format!("x86_64-distx-{tool}"), format!("aarch64-distx-{tool}")] {
            let output = bench.command(bench.root.bin().join(&name), "--version");
            assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
    for args in ["addr2line -e a.o 0", "nm a.o", "objdump -d a.o", "readelf -h a.o", "size a.o", "strings a.o"] {
        let output = bench.distx(args);
        assert!(output.status.success() && !output.stdout.is_empty(), "{args}");
    }
    bench.quiet("ar rcs liba.a a.o");
    bench.quiet("ranlib liba.a");
}

#[test]
fn no_flag_that_we_take_over_is_unused() {
    let Some(bench) = Bench::new() else { return };
    bench.write("a.cpp", "int main() { return 0; }\n");
    bench.quiet("c++ -Werror -pthread -c a.cpp");
    for flags in
        ["-pthread", "-stdlib=libc++", "-rtlib=compiler-rt", "-unwindlib=libunwind", "-fuse-ld=lld", "-static-libgcc"]
    {
        bench.quiet(&format!("c++ -Werror {flags} a.o -o a"));
        bench.quiet(&format!("c++ -Werror {flags} a.cpp -o a"));
    }
    for language in ["cc", "c++"] {
        for flags in ["-v", "-### a.o -Werror -pthread"] {
            let output = bench.distx(&format!("{language} {flags}"));
            let text = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() && !text.contains("unused"), "{language} {flags}: {text}");
        }
    }
}

#[test]
fn values_are_not_flags() {
    let Some(bench) = Bench::new() else { return };
    bench.write("a.c", "int two(void); int main(void) { return two(); }\n");
    bench.write("two.c", "int two(void) { return 2; }\n");
    bench.quiet("cc -c a.c two.c");
    bench.quiet("ar rcs libtwo.a two.o");
    bench.quiet("cc -shared two.c -o libtwo.so");
    let needs = |file: &str| String::from_utf8_lossy(&bench.distx(&format!("readelf -d {file}")).stdout).into_owned();
    // The linker's own -static: archives, for the libraries that follow.
    bench.quiet("cc a.o -L. -Xlinker -static -ltwo -o archive");
    assert!(!needs("archive").contains("libtwo") && needs("archive").contains("libc.so"));
    assert_eq!(bench.exit_code("archive"), 2);
    bench.quiet("cc a.o -L. -Xlinker -Bstatic -ltwo -Xlinker -Bdynamic -o archive2");
    assert!(!needs("archive2").contains("libtwo"));
    bench.quiet("cc a.o -L. -ltwo -Xlinker -rpath -Xlinker -shared -o shared");
    assert!(needs("shared").contains("libtwo") && needs("shared").contains("-shared"));
    assert_eq!(bench.exit_code("shared"), 2);
    bench.quiet("cc a.o -L. -ltwo -o -static");
    assert!(bench.path("-static").exists());
    bench.write("flags", "-static a.o -L. -ltwo -o from-file");
    bench.quiet("cc @flags");
    assert!(!needs("from-file").contains("libtwo"), "{}", needs("from-file"));
}

#[test]
fn a_command_line_of_megabytes_works() {
    let Some(bench) = Bench::new() else { return };
    bench.write("a.c", "int main(void) { return M39999; }\n");
    let macros: String = (0..40_000).map(|index| format!("-DM{index}={}\n", index % 100)).collect();
    bench.write("flags", &format!("{macros}\n\"-DTEXT=\\\"a b\\\"\" a.c -o many"));
    bench.quiet("cc @flags");
    assert_eq!(bench.exit_code("many"), 99);
}

#[test]
fn what_needs_a_runtime_library_is_refused() {
    let Some(bench) = Bench::new() else { return };
    bench.write("a.c", "#include <stdlib.h>\nint main(int n, char **v) { (void)v; return abs(n + 2147483646); }\n");
    for flag in ["address", "safe-stack", "cfi", "thread", "undefined,vptr"] {
        let check = flag.rsplit(',').next().unwrap_or(flag);
        bench.refused(&format!("cc -fsanitize={flag} a.c"), &format!("-fsanitize={check}: "));
    }
    bench.refused("cc -fxray-instrument a.c", "there is no runtime library for XRay");
    bench.quiet("cc -fsanitize=undefined -fsanitize-trap=undefined a.c -o checked");
    let loader = bench.root.package("xload", "x86_64").join("bin/xload_linux");
    // SIGILL, of clang's trap.
    let status = bench.command(loader, "checked x").status;
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(4), "{status}");
}

#[test]
fn a_flag_that_is_not_honoured_is_said() {
    let Some(bench) = Bench::new() else { return };
    bench.write("a.c", "int main(void) { return 5; }\n");
    for (flag, text) in [
        ("-fcf-protection=full", "no loader switches"),
        ("-no-pie", "position independent"),
        ("-fno-pie -no-pie", "position independent"),
        ("-fno-stack-clash-protection", "must be touched"),
        ("-mred-zone", "overwrites"),
        ("-ftls-model=initial-exec", "emulated"),
        ("-D_FORTIFY_SOURCE=2", "with optimisation only"),
        ("-mstack-protector-guard=tls", "__stack_chk_guard"),
        ("-Wl,-z,execstack", "never executable"),
        ("-Wl,-z,shstk", "no loader switches"),
    ] {
        let output = bench.distx(&format!("cc {flag} a.c -o prog"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.contains("distx: warning: ") && said.contains(text), "{flag}: {said}");
        assert_eq!(bench.exit_code("prog"), 5, "{flag}");
    }
}

#[test]
fn flags_that_harden_are_honoured() {
    let Some(bench) = Bench::new() else { return };
    bench.write("a.c", "int use(char *); int f(int n) { char text[64]; use(text); return text[n]; }\n");
    let code = |flags: &str| {
        bench.quiet(&format!("cc -O2 -S {flags} -o a.s a.c"));
        fs::read_to_string(bench.path("a.s")).expect("read")
    };
    for arch in ["x86_64", "aarch64"] {
        let code = |flags: &str| code(&format!("--target-arch={arch} {flags}"));
        for (flags, sign, there) in [
            ("", "__stack_chk_guard", true),
            ("-fstack-protector", "__stack_chk_fail", true),
            ("-fstack-protector-all", "__stack_chk_fail", true),
            ("-fno-stack-protector", "__stack_chk", false),
            ("-ffreestanding", "__stack_chk", false),
        ] {
            assert_eq!(code(flags).contains(sign), there, "{arch} {flags}");
        }
        assert_ne!(code("-ftrivial-auto-var-init=pattern"), code(""), "{arch}");
        assert_ne!(code("-fzero-call-used-regs=used-gpr"), code(""), "{arch}");
        assert!(!code("").contains("%fs:"), "{arch}");
    }
    assert!(code("--target-arch=aarch64 -mbranch-protection=pac-ret").contains("hint\t#25"));
    bench.write("main.c", "int main(void) { return 0; }\n");
    bench.quiet("cc main.c -Wl,-z,relro,-z,now,-z,noexecstack -pie -o prog");
    let layout = String::from_utf8_lossy(&bench.distx("readelf -ldW prog").stdout).into_owned();
    for part in ["GNU_RELRO", "GNU_STACK", "NOW", "PIE", "DYN (Shared object file)"] {
        assert!(layout.contains(part), "{part}: {layout}");
    }
    assert!(layout.lines().any(|line| line.contains("GNU_STACK") && line.contains("RW ")), "{layout}");
}

#[test]
fn fortified_headers_fit_every_dialect_and_warn() {
    let Some(bench) = Bench::new() else { return };
    let source = "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <strings.h>\n#include <unistd.h>\n\
        #include <wchar.h>\nextern char *from; extern size_t n; char to[8];\n\
        void *(*by_name)(void *, const void *, size_t) = memmove; int (*by_address)(char *, const char *, ...) = &sprintf;\n\
        int use(void) { memcpy(to, from, n); strcpy(to, from); return sprintf(to, \"%d\", 1) + (fgets(to, 8, stdin) != 0); }\n";
    bench.write("a.c", source);
    bench.write("a.cpp", source);
    for level in 1..=3 {
        for dialect in ["c89", "c99 -pedantic-errors", "c17 -pedantic-errors", "gnu23 -D_GNU_SOURCE"] {
            bench.quiet(&format!("cc -std={dialect} -O2 -Wall -Wextra -Werror -D_FORTIFY_SOURCE={level} -c a.c"));
        }
        for dialect in ["c++11 -pedantic-errors", "c++20", "gnu++23"] {
            bench.quiet(&format!("c++ -std={dialect} -O2 -Wall -Wextra -Werror -D_FORTIFY_SOURCE={level} -c a.cpp"));
        }
        for call in [
            "memset(to, 0, 9)",
            "strcpy(to, \"12345678\")",
            "snprintf(to, 9, \"%d\", n)",
            "read(0, to, 9)",
            "wcscpy(wide, L\"ab\")",
        ] {
            bench.write(
                "bad.c",
                &format!(
                    "#include <stdio.h>\n#include <string.h>\n#include <unistd.h>\n#include <wchar.h>\n\
                    char to[8]; wchar_t wide[2]; void f(int n) {{ {call}; (void)n; }}\n"
                ),
            );
            bench.refused(
                &format!("cc -O2 -Werror -D_FORTIFY_SOURCE={level} -c bad.c"),
                "writes past the end of its buffer",
            );
        }
    }
}

#[test]
fn stripped_programs_run() {
    let Some(bench) = Bench::new() else { return };
    bench.write("a.c", "char zeros[70000]; int filled = 3; int main(void) { return zeros[69999] + filled; }\n");
    bench.quiet("cc -g a.c -o ours");
    fs::copy(bench.path("ours"), bench.path("gnu")).expect("copied");
    bench.quiet("strip ours");
    assert_eq!(bench.exit_code("ours"), 3);
    if distx_toolchain::tools::on_path("strip").is_some() {
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
        let readelf = distx_toolchain::tools::llvm("llvm-readelf").expect("llvm-readelf");
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
    if distx_toolchain::tools::on_path("cmake").is_none() || distx_toolchain::tools::on_path("ninja").is_none() {
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
        if cpu == Cpu::X86_64 || distx_toolchain::tools::on_path("qemu-aarch64").is_some() {
            let output = bench.command("ctest", &format!("--test-dir {build} --output-on-failure"));
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        }
    }
}

#[test]
fn a_given_soname_is_kept_and_places_a_program_in_the_root() {
    let Some(bench) = Bench::new() else { return };
    bench.write("main.c", "int main(void) { return 42; }\n");
    let soname = "/distx.org_2024-test_programs-x86_64/bin/main";
    let names = |file: &str| String::from_utf8_lossy(&bench.distx(&format!("readelf -d {file}")).stdout).into_owned();
    for target in ["x86_64-unknown-linux-zwolf", "x86_64-unknown-linux-xload"] {
        bench.quiet(&format!("cc --target={target} -Wl,-soname,{soname} main.c -o main"));
        assert!(names("main").contains(&format!("[{soname}]")), "{}", names("main"));
        assert_eq!(bench.exit_code("main"), 42);
    }
    bench.quiet("cc -shared -Wl,-soname,libother.so.1 main.c -o libmain.so");
    assert!(names("libmain.so").contains("[libother.so.1]") && !names("libmain.so").contains("[libmain.so]"));
    bench.quiet("cc main.c -o plain");
    assert!(!names("plain").contains("SONAME"), "{}", names("plain"));
}
