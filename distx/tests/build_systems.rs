//! Build systems, caches and editors with a root that was moved to a path with blanks. What is not installed here is said.

mod bench;

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use bench::Bench;
use distx_toolchain::tools::on_path;

/// A [`Bench`] whose root is a copy in its own folder; the files of the packages are links.
fn moved(folder: &str) -> Option<Bench> {
    let mut bench = Bench::new()?;
    let root = bench.path(folder);
    fs::create_dir_all(root.join("bin")).expect("made");
    let link = |from: PathBuf, to: PathBuf| std::os::unix::fs::symlink(from, to).expect("linked");
    for entry in fs::read_dir(&bench.root.0).expect("read").map(|entry| entry.expect("an entry")) {
        if entry.file_name() != "bin" {
            link(entry.path(), root.join(entry.file_name()));
        }
    }
    fs::copy(bench.root.bin().join("distx"), root.join("bin/distx")).expect("copied");
    for entry in fs::read_dir(bench.root.bin()).expect("read").map(|entry| entry.expect("an entry").file_name()) {
        if entry != "distx" {
            link("distx".into(), root.join("bin").join(entry));
        }
    }
    bench.root.0 = root;
    Some(bench)
}

fn missing(programs: &[&str]) -> bool {
    let missing = programs.iter().find(|program| on_path(program).is_none());
    missing.inspect(|program| eprintln!("skipped: no {program} here")).is_some()
}

/// Runs a command that must succeed; all that it says.
fn said(command: &mut Command) -> String {
    let output = command.output().expect("runs");
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    assert!(output.status.success(), "{command:?}: {}\n{text}", output.status);
    text
}

impl Bench {
    /// Our tool, with arguments that may have blanks.
    fn tool(&self, args: &[&str]) -> Command {
        let mut command = Command::new(self.root.bin().join("distx"));
        command.args(args).current_dir(self.folder.path()).env_remove("PKG_CONFIG_PATH");
        command
    }

    /// A user's package in a folder with a blank: an archive, a header, a .pc file that names the folder it was built for, and a
    /// package file of CMake.
    fn package(&self) {
        self.write("one.c", "int one(void) { return 1; }\n");
        self.write("my packages/include/one.h", "int one(void);\n");
        let text = "prefix=/built/elsewhere\nName: one\nDescription: one\nVersion: 1.5\n\
                    Libs: -L${prefix}/lib -lone\nCflags: -I${prefix}/include\n";
        self.write("my packages/lib/pkgconfig/one.pc", text);
        self.write("my packages/lib/cmake/Two/TwoConfig.cmake", "set(Two_FOUND TRUE)\n");
        self.quiet("cc -c one.c");
        self.quiet("ar rcs libone.a one.o");
        fs::copy(self.path("libone.a"), self.path("my packages/lib/libone.a")).expect("copied");
        fs::create_dir_all(self.path("three/lib")).expect("made");
        fs::rename(self.path("libone.a"), self.path("three/lib/libthree.a")).expect("moved");
    }
}

/// What of cmake's find commands has to come out how, and kinds of targets.
const PROJECT: &str = r#"
cmake_minimum_required(VERSION 3.20)
project(finds C CXX)
enable_testing()
include(CheckIPOSupported)
check_ipo_supported()
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(ONE REQUIRED IMPORTED_TARGET one)
find_package(Two REQUIRED)
find_package(OpenMP REQUIRED)
find_library(THREE three REQUIRED)
find_library(MATHS m REQUIRED)
find_library(OF_THE_MACHINE NAMES z crypto gcc_s stdc++)
find_path(HEADER_OF_THE_MACHINE NAMES gnu/libc-version.h zlib.h)
if(OF_THE_MACHINE OR HEADER_OF_THE_MACHINE)
  message(FATAL_ERROR "found ${OF_THE_MACHINE} ${HEADER_OF_THE_MACHINE}")
endif()
try_run(CODE COMPILED ${CMAKE_BINARY_DIR} SOURCES ${CMAKE_SOURCE_DIR}/seven.c)
if(NOT CODE EQUAL 7)
  message(FATAL_ERROR "try_run: ${CODE}")
endif()
add_library(object OBJECT object.c)
add_library(shared SHARED shared.c)
add_library(module MODULE module.c)
set_target_properties(shared module PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/libraries)
add_subdirectory(below)
add_executable(program main.c $<TARGET_OBJECTS:object>)
set_target_properties(program PROPERTIES INTERPROCEDURAL_OPTIMIZATION ON INSTALL_RPATH "$ORIGIN/../lib")
target_link_libraries(program shared below PkgConfig::ONE Threads::Threads ${CMAKE_DL_LIBS} ${MATHS})
foreach(language C CXX)
  add_executable(parallel_${language} parallel.$<IF:$<STREQUAL:${language},C>,c,cpp>)
  target_link_libraries(parallel_${language} OpenMP::OpenMP_${language})
  add_test(NAME parallel_${language} COMMAND parallel_${language})
endforeach()
install(TARGETS program shared RUNTIME DESTINATION bin LIBRARY DESTINATION lib)
add_test(NAME run COMMAND program $<TARGET_FILE:module>)
"#;

const MAIN: &str = r#"
#include <dlfcn.h>
#include <one.h>
int object(void), shared(void), below(void);
int main(int n, char **v)
{
	void *module = n > 1 ? dlopen(v[1], RTLD_NOW) : 0;
	int (*function)(void) = module ? (int (*)(void))dlsym(module, "module") : 0;
	return one() + object() + shared() + below() == 10 && (n == 1 || (function && function() == 5)) ? 0 : 1;
}
"#;

const PARALLEL: &str = r#"
#include <omp.h>
int main(void)
{
	int sum = 0, threads = 0;
#pragma omp parallel for reduction(+:sum) reduction(max:threads) num_threads(2)
	for (int i = 0; i < 100; i++) {
		sum += i;
		threads = omp_get_num_threads();
	}
	return sum == 4950 && threads == 2 ? 0 : 1;
}
"#;

#[test]
fn cmake_finds_ours_and_the_users_and_nothing_of_the_machine() {
    let Some(bench) = moved("my root") else { return };
    if missing(&["cmake", "ninja", "make", "pkg-config"]) {
        return;
    }
    bench.package();
    bench.write("project/CMakeLists.txt", PROJECT);
    bench.write("project/main.c", MAIN);
    bench.write("project/parallel.c", PARALLEL);
    bench.write("project/parallel.cpp", PARALLEL);
    bench.write("project/seven.c", "int main(void) { return 7; }\n");
    bench.write("project/below/CMakeLists.txt", "add_library(below STATIC below.c)\n");
    for (file, value) in [("object", 2), ("shared", 3), ("below/below", 4), ("module", 5)] {
        let name = file.rsplit('/').next().expect("a name");
        let local = if name == "object" { "static _Thread_local int " } else { "static int " };
        let text = format!("{local} value = {value};\nint {name}(void) {{ return value; }}\n");
        bench.write(&format!("project/{file}.c"), &text);
    }
    let prefix = format!("-DCMAKE_PREFIX_PATH={}", bench.path("my packages").display());
    let three = bench.path("three");
    for (generator, build) in [("Ninja", "by ninja"), ("Unix Makefiles", "by make")] {
        // What is found by a variable of the environment is so by an option, too.
        let mut configure = bench.tool(&["cmake", "-G", generator, "-S", "project", "-B", build]);
        match generator {
            "Ninja" => configure.arg(&prefix).arg(format!("-DCMAKE_FIND_ROOT_PATH={}", three.display())),
            _ => configure
                .env("CMAKE_PREFIX_PATH", bench.path("my packages"))
                .arg(format!("-DThree_ROOT={}", three.display())),
        };
        said(&mut configure);
        said(&mut bench.tool(&["cmake", "--build", build, "-j2"]));
        said(Command::new("ctest").args(["--test-dir", build, "--output-on-failure"]).current_dir(bench.folder.path()));
    }
    said(&mut bench.tool(&["cmake", "--install", "by ninja", "--prefix", "installed"]));
    assert_eq!(bench.exit_code("installed/bin/program"), 0);
}

/// clang-scan-deps (Debian's package clang-tools-19) reads headers and does not run our driver.
#[test]
fn newer_cmake_builds_modules() {
    let Some(bench) = moved("my root") else { return };
    if missing(&["cmake", "ninja", "clang-scan-deps-19"]) {
        return;
    }
    let version = said(Command::new("cmake").arg("--version"));
    let number = version.split_whitespace().nth(2).unwrap_or_default();
    let mut numbers = number.split('.').map_while(|number| number.parse::<u32>().ok());
    if (numbers.next(), numbers.next()) < (Some(3), Some(28)) {
        eprintln!("skipped: CMake {number} knows no modules, 3.28 does");
        return;
    }
    bench.write(
        "CMakeLists.txt",
        "cmake_minimum_required(VERSION 3.28)\nproject(try CXX)\nenable_testing()\nset(CMAKE_CXX_STANDARD 20)\n\
         add_executable(prog main.cpp)\ntarget_sources(prog PUBLIC FILE_SET CXX_MODULES FILES five.cppm)\n\
         add_test(NAME run COMMAND prog)\n",
    );
    bench.write(
        "five.cppm",
        "module;\n#include <vector>\nexport module five;\nexport auto five() { return std::vector<int>(5); }\n",
    );
    bench.write("main.cpp", "import five;\nint main() { return five().size() == 5 ? 0 : 1; }\n");
    for cpu in ["x86_64", "aarch64"] {
        said(&mut bench.tool(&["cmake", &format!("--target-arch={cpu}"), "-G", "Ninja", "-S", ".", "-B", cpu]));
        said(&mut bench.tool(&["cmake", "--build", cpu]));
        said(Command::new("ctest").args(["--test-dir", cpu, "--output-on-failure"]).current_dir(bench.folder.path()));
    }
}

#[test]
fn presets_of_the_root_configure_build_and_test() {
    let Some(bench) = moved("_distx") else { return };
    if missing(&["cmake", "ninja"]) {
        return;
    }
    bench.write("CMakePresets.json", "{ \"version\": 4, \"include\": [\"_distx/share/distx-presets.json\"] }\n");
    bench.write(
        "CMakeLists.txt",
        "cmake_minimum_required(VERSION 3.23)\nproject(try C)\nenable_testing()\nadd_executable(prog main.c)\n\
         add_test(NAME run COMMAND prog)\n",
    );
    bench.write("main.c", "int main(void) { return 0; }\n");
    let run = |program: &str, args: &[&str]| {
        said(Command::new(program).args(args).env("CMAKE_GENERATOR", "Ninja").current_dir(bench.folder.path()))
    };
    run("cmake", &["--preset", "distx-x86_64"]);
    run("cmake", &["--build", "--preset", "distx-x86_64"]);
    assert!(run("ctest", &["--preset", "distx-x86_64"]).contains("100% tests passed"));
}

/// As it lies in the root; Debian 12's Meson is older, and is served by `distx meson` only.
#[test]
fn the_cross_file_of_the_root_is_for_newer_meson() {
    let Some(bench) = moved("my root") else { return };
    if missing(&["meson", "ninja"]) {
        return;
    }
    let version = said(Command::new("meson").arg("--version"));
    let mut numbers = version.trim().split('.').map_while(|number| number.parse::<u32>().ok());
    if (numbers.next(), numbers.next()) < (Some(1), Some(3)) {
        eprintln!("skipped: this is Meson {}, the file is for 1.3 and later", version.trim());
        return;
    }
    bench.write(
        "meson.build",
        "project('seven', 'cpp')\ntest('seven', executable('seven', 'a.cpp'), should_fail: true)\n",
    );
    bench.write("a.cpp", "#include <vector>\nint main() { return std::vector<int>(7).size(); }\n");
    for cpu in ["x86_64", "aarch64"] {
        let file = bench.root.0.join(format!("share/meson/cross/distx-{cpu}.ini"));
        let mut setup = Command::new("meson");
        said(setup.args(["setup", cpu, "--cross-file"]).arg(file).current_dir(bench.folder.path()));
        said(Command::new("meson").args(["test", "-C", cpu]).current_dir(bench.folder.path()));
    }
}

#[test]
fn pkg_config_knows_the_users_packages_and_none_of_the_machine() {
    let Some(bench) = moved("my root") else { return };
    if missing(&["pkg-config"]) {
        return;
    }
    bench.package();
    let folder = bench.path("my packages");
    let mut command = bench.tool(&["pkg-config", "--cflags", "--libs", "one"]);
    let text = said(command.env("PKG_CONFIG_PATH", folder.join("lib/pkgconfig")));
    let escaped = folder.display().to_string().replace(' ', "\\ ");
    assert_eq!(text.trim(), format!("-I{escaped}/include -L{escaped}/lib -lone"));
    let every = said(&mut bench.tool(&["pkg-config", "--list-all"]));
    assert_eq!(every, "", "packages of the machine");
    // A package of the root, found wherever the root lies.
    let package = bench.root.0.join("example.org-mine-aarch64/lib/pkgconfig");
    fs::create_dir_all(&package).expect("made");
    fs::copy(folder.join("lib/pkgconfig/one.pc"), package.join("mine.pc")).expect("copied");
    let args = ["pkg-config", "--target-arch=aarch64", "--cflags", "mine"];
    assert!(said(&mut bench.tool(&args)).contains("my\\ root/example.org-mine-aarch64/include"));
    bench.refused("pkg-config --cflags mine", "mine");
    bench.refused("pkg-config --target-arch=mips --cflags mine", "there are x86_64 and aarch64");
    let mut without = bench.tool(&["pkg-config", "--version"]);
    let output = without.env("PATH", bench.folder.path()).output().expect("runs");
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no pkgconf or pkg-config"));
}

#[test]
fn configure_is_told_what_stands_in_its_way() {
    let Some(bench) = moved("my root") else { return };
    bench.write("configure", "exit 0\n");
    bench.refused("configure", "in a path with blanks");
    let Some(bench) = Bench::new() else { return };
    bench.refused("configure --prefix=/x", "./configure: no such file");
    bench.write("sub/configure", "echo \"$CONFIG_SITE $*\"\nexit 3\n");
    let output = bench.distx("configure sub/configure --target-arch=aarch64 --prefix=/x");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(3));
    assert!(text.contains("share/config.site --host=aarch64-unknown-linux-musl --prefix=/x"), "{text}");
}

#[test]
fn libraries_under_gnus_names_are_there() {
    let Some(bench) = Bench::new() else { return };
    bench.write("a.c", "int main(void) { return 6; }\n");
    bench.write("a.cpp", "#include <string>\nint main() { return std::string(\"seven\").size() + 2; }\n");
    let names = "-pthread -lm -ldl -lrt -lpthread -lutil -lcrypt -lresolv -latomic -lssp -lgcc -lgcc_s";
    bench.quiet(&format!("cc a.c {names} -o c"));
    bench.quiet(&format!("c++ a.cpp {names} -lstdc++ -lsupc++ -o cpp"));
    bench.quiet("cc -c a.c");
    assert_eq!((bench.exit_code("c"), bench.exit_code("cpp")), (6, 7));
    let file = said(&mut bench.tool(&["cc", "-print-file-name=libm.a"]));
    assert!(PathBuf::from(file.trim()).is_absolute(), "{file}");
}

#[test]
fn clangd_knows_the_headers() {
    let Some(bench) = moved("it's my root") else { return };
    if missing(&["clangd-19"]) {
        return;
    }
    bench.write(
        "a.cpp",
        "#include <unistd.h>\n#include <vector>\nint main() { return std::vector<int>(getpid()).size(); }\n",
    );
    let compiler = bench.root.bin().join("aarch64-distx-c++").display().to_string();
    let entry = format!(
        "[{{\"directory\": \"{0}\", \"file\": \"a.cpp\", \"arguments\": [\"{compiler}\", \"--target-arch=aarch64\", \"-c\", \"a.cpp\"]}}]",
        bench.folder.path().display()
    );
    bench.write("compile_commands.json", &entry);
    let check =
        || Command::new("clangd-19").arg("--check=a.cpp").current_dir(bench.folder.path()).output().expect("runs");
    assert!(!check().status.success(), "without the file clangd sees no header");
    let config = said(&mut bench.tool(&["clangd", "--target-arch=aarch64"]));
    bench.write(".clangd", &config);
    let output = check();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("All checks completed, 0 errors"), "{text}");
    assert!(text.contains("-triple aarch64-unknown-linux-musl"), "{text}");
    bench.refused("clangd .clangd", "no argument `.clangd`");
}

const SOURCE: &str = "#include <vector>\nint main() { return std::vector<int>(4).size(); }\n";

#[test]
fn ccache_keeps_what_the_driver_makes() {
    let Some(bench) = moved("my root") else { return };
    if missing(&["ccache"]) {
        return;
    }
    bench.write("a.cpp", SOURCE);
    let cached = |args: &[&str]| {
        let mut command = Command::new("ccache");
        command.args(args).env("CCACHE_DIR", bench.path("cache")).current_dir(bench.folder.path());
        // In a folder that is new, ccache takes headers that are as new for ones that are being written.
        said(command.env("CCACHE_SLOPPINESS", "include_file_mtime,include_file_ctime").env_remove("CCACHE_DISABLE"))
    };
    let (distx, alone) = (bench.root.bin().join("distx"), bench.root.bin().join("aarch64-distx-c++"));
    let counted = |name: &str| {
        let stats = cached(&["--print-stats"]);
        let value = stats.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<u32>().ok());
        value.unwrap_or_else(|| panic!("{name} in {stats}"))
    };
    let mut made = Vec::new();
    for _ in 0..2 {
        cached(&[&distx.to_string_lossy(), "c++", "-c", "a.cpp", "-o", "x.o"]);
        cached(&[&distx.to_string_lossy(), "c++", "--target-arch=aarch64", "-c", "a.cpp", "-o", "arm.o"]);
        cached(&[&alone.to_string_lossy(), "-c", "a.cpp", "-o", "alone.o"]);
        made.push(["x.o", "arm.o", "alone.o"].map(|file| fs::read(bench.path(file)).expect("read")));
    }
    assert_eq!(counted("direct_cache_hit") + counted("preprocessed_cache_hit"), 3);
    assert!(made[0] == made[1] && made[0][0] != made[0][1]);
}

#[test]
fn sccache_keeps_what_the_driver_makes() {
    let Some(bench) = moved("my root") else { return };
    if missing(&["sccache"]) {
        return;
    }
    bench.write("a.cpp", SOURCE);
    let port = free_port().to_string();
    let run = |program: &str, args: &[&str]| {
        let mut command = Command::new(program);
        command.args(args).env("SCCACHE_SERVER_PORT", &port).env("SCCACHE_DIR", bench.path("cache"));
        said(command.current_dir(bench.folder.path()))
    };
    let compiler = bench.root.bin().join("x86_64-distx-c++").display().to_string();
    for _ in 0..2 {
        run("sccache", &[&compiler, "-c", "a.cpp", "-o", "a.o"]);
    }
    let stats = run("sccache", &["--show-stats"]);
    run("sccache", &["--stop-server"]);
    let hits = stats.lines().find_map(|line| line.strip_prefix("Cache hits (C/C++)"));
    assert_eq!(hits.map(str::trim), Some("1"), "{stats}");
}

/// Nothing listens there now.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

#[test]
fn distcc_compiles_elsewhere() {
    let Some(bench) = moved("my root") else { return };
    if missing(&["distcc", "distccd"]) {
        return;
    }
    bench.write("a.cpp", SOURCE);
    let port = free_port();
    let mut server = Command::new("distccd");
    server.args(["--daemon", "--no-detach", "--allow", "127.0.0.1", "--listen", "127.0.0.1", "--enable-tcp-insecure"]);
    server.args(["--no-fork", "--log-stderr", "--port", &port.to_string()]);
    // It gives up root's rights, and must reach the compiler without them.
    fs::set_permissions(bench.folder.path(), fs::Permissions::from_mode(0o755)).expect("opened");
    fs::create_dir(bench.path("distcc")).expect("made");
    server.current_dir("/").stdout(Stdio::null()).stderr(fs::File::create(bench.path("log")).expect("made"));
    let mut server = server.spawn().expect("distccd starts");
    let is_there = || TcpStream::connect(("127.0.0.1", port)).is_ok();
    while !is_there() && server.try_wait().expect("asked").is_none() {
        std::thread::yield_now();
    }
    let mut compile = Command::new("distcc");
    compile.arg(bench.root.bin().join("aarch64-distx-c++")).args(["-c", "a.cpp", "-o", "far.o"]);
    compile
        .env("DISTCC_HOSTS", format!("127.0.0.1:{port}"))
        .env("DISTCC_FALLBACK", "0")
        .env("DISTCC_VERBOSE", "1")
        .env("DISTCC_DIR", bench.path("distcc"));
    let output = compile.current_dir(bench.folder.path()).output();
    server.kill().and_then(|()| server.wait()).expect("ended");
    let (output, log) = (output.expect("runs"), fs::read_to_string(bench.path("log")).expect("read"));
    let text = String::from_utf8_lossy(&output.stderr);
    let there = format!("compile a.cpp on 127.0.0.1:{port} completed ok");
    assert!(output.status.success() && text.contains(&there), "{text}\n{log}");
    bench.quiet("c++ --target-arch=aarch64 -c a.cpp -o near.o");
    assert!(fs::read(bench.path("far.o")).expect("read") == fs::read(bench.path("near.o")).expect("read"));
}

#[test]
fn output_does_not_depend_on_where_the_root_lies() {
    let (Some(one), Some(other)) = (moved("one"), moved("another/root")) else { return };
    let made = |bench: &Bench| {
        bench.write(
            "a.cpp",
            "#include <cassert>\n#include <vector>\nint main(int n, char **) { assert(n); return 4; }\n",
        );
        // Folders in debug information are the user's to map; of two that fit the last counts.
        let (folder, root) = (bench.folder.path().display(), bench.root.0.display());
        let map = format!("-ffile-prefix-map={folder}=/source -ffile-prefix-map={root}=/distx");
        bench.quiet("c++ -O2 -c a.cpp -o plain.o");
        bench.quiet(&format!("c++ -g {map} -c a.cpp -o debug.o"));
        bench.quiet("c++ plain.o -o plain");
        bench.quiet("c++ -static-libstdc++ -flto -O1 a.cpp -o whole");
        ["plain.o", "debug.o", "plain", "whole"].map(|file| fs::read(bench.path(file)).expect("read"))
    };
    for (index, (one, other)) in made(&one).iter().zip(made(&other)).enumerate() {
        assert!(*one == other, "file {index}");
    }
}

#[test]
fn the_time_of_a_build_is_what_is_asked_for() {
    let Some(bench) = Bench::new() else { return };
    bench.write(
        "a.c",
        "const char *when = __DATE__ \" \" __TIME__; int main(void) { return when[0] == 'J' ? 0 : 1; }\n",
    );
    said(bench.tool(&["cc", "a.c", "-o", "a"]).env("SOURCE_DATE_EPOCH", "0"));
    let bytes = fs::read(bench.path("a")).expect("read");
    assert!(bytes.windows(20).any(|part| part == b"Jan  1 1970 00:00:00"));
    assert_eq!(bench.exit_code("a"), 0);
}
