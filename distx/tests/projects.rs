//! `distx` as people use it in projects. Needs a built root: `$DISTX_ROOT`, else `_distx` of this checkout.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use distx_toolchain::target::{Cpu, Root};
use distx_toolchain::tools::on_path;
use tempfile::TempDir;

/// A project in a folder with an odd name, and the root whose packages it uses.
struct Bench {
    _folder: TempDir,
    project: PathBuf,
    root: Root,
}

impl Bench {
    /// `None` (and a line that says so) where `./x build` has not run.
    fn new(project: &str) -> Option<Bench> {
        let built = Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(|checkout| checkout.join("_distx"));
        let root = Root(std::env::var_os("DISTX_ROOT").map(PathBuf::from).or(built)?);
        if !root.xlibc(Cpu::X86_64).join("lib/libc.so").exists() {
            eprintln!("skipped: {} holds no C library; ./x build makes it", root.0.display());
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let bench = Bench { project: folder.path().join("my pröject"), _folder: folder, root };
        bench.write("distx-build.json", project);
        bench.link(&bench.project);
        Some(bench)
    }

    /// The root's packages as those of a project.
    fn link(&self, project: &Path) {
        std::os::unix::fs::symlink(&self.root.0, project.join("_distx")).expect("linked");
    }

    fn path(&self, name: &str) -> PathBuf {
        self.project.join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().expect("a folder")).expect("made");
        fs::write(self.path(name), text).expect("written");
    }

    /// A program of ours, from the root's own compiler.
    fn compile(&self, name: &str, cpu: &str, text: &str) {
        self.write(&format!("{name}.c"), text);
        let mut compiler = Command::new(self.root.bin().join("distx"));
        compiler.args(["cc", &format!("--target-arch={cpu}"), &format!("{name}.c"), "-o", name]);
        assert!(compiler.current_dir(&self.project).status().expect("runs").success());
    }

    fn output(&self, folder: &Path, args: &[&str]) -> Output {
        let mut distx = Command::new(env!("CARGO_BIN_EXE_distx"));
        distx.arg("--root").arg(&self.root.0).args(args).current_dir(folder).output().expect("runs")
    }

    /// Its exit code and what it said, on both outputs.
    fn distx(&self, args: &[&str]) -> (Option<i32>, String) {
        told(&self.output(&self.project, args))
    }

    /// It must fail and say all of this.
    fn refused(&self, args: &[&str], code: i32, says: &[&str]) {
        let (told, text) = self.distx(args);
        assert_eq!(told, Some(code), "{args:?}: {text}");
        assert!(text.starts_with("distx: error: "), "{args:?}: {text}");
        says.iter().for_each(|what| assert!(text.contains(what), "{args:?}: {text}"));
    }
}

fn told(output: &Output) -> (Option<i32>, String) {
    let text = [&output.stdout[..], &output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&text).into_owned())
}

const SAYS: &str = r#"
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv) {
    const char *set = getenv("SAYS");
    printf("%s", set ? set : "-");
    for (int i = 1; i < argc; i++) printf(" [%s]", argv[i]);
    puts("");
    if (argc > 1 && argv[1][0] == '!') abort();
    return argc;
}
"#;

#[test]
fn run_starts_the_program_with_its_arguments_environment_and_folder() {
    let text = r#"{
        "loop": {"X": ["a b", "{{c}}"]},
        "run": {
            "says": {"cmd": ["says", "{X}"], "env": {"SAYS": "{DISTX_ARCH}"}},
            "build": {"cmd": ["says"]},
            "test": {"cmd": ["{DISTX_SRC}/says", "test"]},
            "none": {"cmd": ["not-there"]}
        }
    }"#;
    let Some(bench) = Bench::new(text) else { return };
    bench.compile("says", std::env::consts::ARCH, SAYS);
    let arch = std::env::consts::ARCH;
    assert_eq!(bench.distx(&["run", "says"]), (Some(3), format!("{arch} [a b] [{{c}}]\n")));
    assert_eq!(bench.distx(&["r", "says", "--", "--x", ""]), (Some(5), format!("{arch} [a b] [{{c}}] [--x] []\n")));
    assert_eq!(bench.distx(&["build"]), (Some(1), "-\n".into()));
    assert_eq!(bench.distx(&["build", "--", "-j", "2"]), (Some(3), "- [-j] [2]\n".into()));
    assert_eq!(bench.distx(&["test"]), (Some(2), "- [test]\n".into()));
    // From a folder within, it runs in the project's.
    fs::create_dir(bench.path("inner")).expect("made");
    assert_eq!(told(&bench.output(&bench.path("inner"), &["build"])), (Some(1), "-\n".into()));
    let (code, text) = bench.distx(&["run"]);
    assert!(code == Some(0) && text.contains("says: says a b {c}\n"), "{text}");
    let (code, text) = bench.distx(&["run", "none"]);
    assert!(code == Some(127) && text.contains("not-there"), "{code:?} {text}");
}

#[test]
fn a_signal_is_passed_on() {
    use std::os::unix::process::ExitStatusExt;
    let Some(bench) = Bench::new(r#"{"run": {"aborts": {"cmd": ["says", "!"]}}}"#) else { return };
    bench.compile("says", std::env::consts::ARCH, SAYS);
    let output = bench.output(&bench.project, &["run", "aborts"]);
    assert_eq!(output.status.signal(), Some(6), "{output:?}");
}

#[test]
fn exec_starts_programs_of_both_cpus_and_says_what_others_are() {
    let Some(bench) = Bench::new("{}") else { return };
    bench.compile("says", std::env::consts::ARCH, SAYS);
    assert_eq!(bench.distx(&["exec", "./says", "--root", "-x"]), (Some(3), "- [--root] [-x]\n".into()));
    if cfg!(target_arch = "x86_64") && distx_toolchain::tools::on_path("qemu-aarch64").is_some() {
        bench.compile("arm", "aarch64", SAYS);
        assert_eq!(bench.distx(&["exec", "arm", "1"]), (Some(2), "- [1]\n".into()));
        let mut bare = Command::new(env!("CARGO_BIN_EXE_distx"));
        bare.arg("--root").arg(&bench.root.0).args(["exec", "arm"]).current_dir(&bench.project).env("PATH", "");
        let (code, text) = told(&bare.output().expect("runs"));
        assert!(code == Some(1) && text.contains("qemu-aarch64"), "{text}");
    }
    bench.write("script", "#!/bin/sh\n");
    bench.refused(&["exec", "./script"], 1, &["script", "no program for xload"]);
    bench.refused(&["exec", "./none"], 1, &["cannot read ./none"]);
    bench.refused(&["exec"], 2, &["PROGRAM"]);
    let (code, text) = bench.distx(&["--root", "/nowhere", "exec", "says"]);
    assert!(code != Some(0), "{text}");
}

#[test]
fn errors_say_where_and_what_was_meant() {
    let Some(bench) = Bench::new(r#"{"run": {"build": {"cmd": ["says"]}}}"#) else { return };
    bench.refused(&["run", "biuld"], 1, &["\"biuld\"", "did you mean \"build\"?", "it has build"]);
    bench.refused(&["test"], 1, &["no \"test\" to run", "distx-build.json"]);
    bench.refused(&["instal"], 2, &["unrecognized subcommand 'instal'", "--help"]);
    bench.refused(&["info", "distx.org_2024-xlibc-x86_46"], 1, &["did you mean \"distx.org_2024-xlibc-x86_64\"?"]);
    bench.write("distx-build.json", "{\n  \"run\": {\"build\": {\"cdm\": [\"x\"]}}\n}");
    bench.refused(&["build"], 1, &["distx-build.json:2:", "run.build", "did you mean \"cmd\"?"]);
    bench.write("distx-build.json", "{\"run\": ");
    bench.refused(&["build"], 1, &["distx-build.json:1:"]);
    let (code, text) = told(&bench.output(Path::new("/"), &["run", "x"]));
    assert!(code == Some(1) && text.contains("distx new"), "{text}");
    bench.write("distx-build.json", r#"{"rnu": {}, "run": {}}"#);
    let (_, text) = bench.distx(&["run"]);
    assert!(text.contains("distx: warning: ") && text.contains("did you mean \"run\"?"), "{text}");
}

#[test]
fn list_and_info_show_what_is_there() {
    let Some(bench) = Bench::new(r#"{"dep": ["{DISTX_PREFIX}xlibc-x86_64", "{DISTX_PREFIX}none-common"]}"#) else {
        return;
    };
    let (code, text) = bench.distx(&["list"]);
    assert!(code == Some(0) && text.contains("distx.org_2024-xlibc-x86_64  "), "{text}");
    let (code, text) = bench.distx(&["info"]);
    assert_eq!(code, Some(0), "{text}");
    for what in
        ["needs distx.org_2024-xlibc-x86_64: installed", "none-common: not installed", "DISTX_BUILD", "my pröject"]
    {
        assert!(text.contains(what), "{text}");
    }
    let (code, text) = bench.distx(&["info", "distx.org_2024-xlibc-x86_64"]);
    assert!(code == Some(0) && text.contains("lib/libc.so"), "{text}");
    let (code, text) = bench.distx(&["doctor"]);
    assert!(text.contains("loader") && text.contains("C library"), "{code:?} {text}");
}

/// Debian has qemu under two names, of which one machine may have either.
#[test]
fn doctor_and_exec_know_the_same_emulator() {
    let Some(bench) = Bench::new("{}") else { return };
    let other = if cfg!(target_arch = "x86_64") { "aarch64" } else { "x86_64" };
    bench.compile("other", other, "int main(void) { return 0; }\n");
    for name in [format!("qemu-{other}"), format!("qemu-{other}-static")] {
        let file = bench.path(&format!("bin of {name}/{name}"));
        bench.write(&format!("bin of {name}/{name}"), "#!/bin/sh\necho emulated\n");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("set");
        let run = |args: &[&str]| {
            let mut distx = Command::new(env!("CARGO_BIN_EXE_distx"));
            distx.arg("--root").arg(&bench.root.0).args(args).current_dir(&bench.project);
            told(&distx.env("PATH", file.parent().expect("a folder")).output().expect("runs"))
        };
        let (_, text) = run(&["doctor"]);
        assert!(text.contains(&format!("ok      emulator      {}", file.display())), "{text}");
        assert_eq!(run(&["exec", "other"]), (Some(0), "emulated\n".into()));
    }
}

#[test]
fn packages_of_others_are_listed() {
    let Some(bench) = Bench::new("{}") else { return };
    fs::remove_file(bench.path("_distx")).expect("a link");
    bench.write("_distx/packages.example_a/.distx-package.json", r#"{"version": "1.5"}"#);
    let mut distx = Command::new(env!("CARGO_BIN_EXE_distx"));
    let (code, text) = told(&distx.arg("list").current_dir(&bench.project).output().expect("runs"));
    assert!(code == Some(0) && text.starts_with("packages.example_a  1.5 "), "{text}");
}

#[test]
fn clean_removes_what_was_built_and_nothing_else() {
    let Some(bench) = Bench::new("{}") else { return };
    let record = r#"{"version": "1"}"#;
    fs::remove_file(bench.path("_distx")).expect("a link");
    let clean = |args: &[&str]| {
        let mut distx = Command::new(env!("CARGO_BIN_EXE_distx"));
        told(&distx.arg("clean").args(args).current_dir(&bench.project).output().expect("runs"))
    };
    assert_eq!(clean(&[]), (Some(0), "nothing to remove\n".into()));
    bench.write("build/x86_64/a.o", "");
    bench.write("_distx/a.b_installed/.distx-package.json", record);
    bench.write("_distx/a.b_own/file", "");
    bench.write("outside/file", "");
    std::os::unix::fs::symlink(bench.path("outside"), bench.path("build/link")).expect("linked");
    assert_eq!(clean(&[]).0, Some(0));
    assert!(!bench.path("build").exists() && bench.path("_distx/a.b_installed").exists());
    assert_eq!(clean(&["--all"]).0, Some(0));
    assert!(!bench.path("_distx/a.b_installed").exists() && bench.path("_distx/a.b_own/file").exists());
    std::os::unix::fs::symlink(bench.path("outside"), bench.path("build")).expect("linked");
    for text in ["{}", r#"{"env": {"DISTX_BUILD": "build/deeper"}}"#, r#"{"env": {"DISTX_BUILD": ".."}}"#] {
        bench.write("distx-build.json", text);
        assert_eq!(clean(&[]).0, Some(1), "{text}");
    }
    assert!(bench.path("outside/file").exists());
}

#[test]
fn the_kernel_would_get_the_head_of_our_files() {
    let Some(bench) = Bench::new("{}") else { return };
    let (code, text) = bench.distx(&["register", "--print"]);
    let loader = bench.root.package("xload", std::env::consts::ARCH).join("bin/xload_linux");
    assert!(code == Some(0) && text.contains(r"\x7fELF\x02\x01\x01\x13"), "{text}");
    assert!(text.contains(&format!("{}:OPF", loader.display())), "{text}");
}

#[test]
fn completions_and_pages_are_there_for_every_command() {
    for (shell, what) in [
        ("bash", "complete -F"),
        ("zsh", "#compdef distx"),
        ("fish", "complete -c distx"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_distx")).args(["completions", shell]).output().expect("runs");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains(what) && text.contains("doctor"), "{shell}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let pages = folder.path().join("man1");
    let output = Command::new(env!("CARGO_BIN_EXE_distx")).arg("man").arg(&pages).output().expect("runs");
    assert!(output.status.success(), "{output:?}");
    for page in ["distx.1", "distx-run.1", "distx-doctor.1", "distx-cc.1"] {
        assert!(fs::read_to_string(pages.join(page)).expect(page).contains(".TH"), "{page}");
    }
}

#[test]
fn colours_are_for_terminals() {
    let coloured = |set: &[(&str, &str)]| {
        let mut distx = Command::new(env!("CARGO_BIN_EXE_distx"));
        distx.args(["exec", "/none"]).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").envs(set.iter().copied());
        distx.output().expect("runs").stderr.contains(&0x1b)
    };
    assert!(!coloured(&[]), "no terminal");
    assert!(coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[("NO_COLOR", "1")]));
}

/// The whole of it with xbuild and the compiler of the packages, on Linux.
#[test]
fn a_new_project_builds_and_its_test_passes() {
    let Some(bench) = Bench::new("{}") else { return };
    let arch = std::env::consts::ARCH;
    for (package, file) in [("xbuild", "bin/xbuild"), ("llvm", "bin/clang++")] {
        let file = bench.root.package(package, arch).join(file);
        if !file.exists() {
            eprintln!("skipped: {} is not there", file.display());
            return;
        }
    }
    for kind in [&["new", "sub/my {ö} 1"][..], &["new", "--lib", "--name", "my lib", "sub/lib"]] {
        let (code, text) = bench.distx(kind);
        assert_eq!(code, Some(0), "{text}");
        let folder = bench.path(kind[kind.len() - 1]);
        bench.link(&folder);
        for (command, says) in [("build", ""), ("test", "all tests passed")] {
            let (code, text) = told(&bench.output(&folder, &[command]));
            assert!(code == Some(0) && text.contains(says), "{kind:?} {command}: {text}");
        }
        assert!(folder.join("compile_commands.json").is_file());
        if on_path("clangd-19").is_some() {
            let mut clangd = Command::new("clangd-19");
            let output = clangd.arg("--check=src/greeting.cpp").current_dir(&folder).output().expect("runs");
            assert!(told(&output).1.contains("All checks completed, 0 errors"), "{}", told(&output).1);
        }
        let (code, text) = bench.distx(kind);
        assert!(code == Some(1) && text.contains("is not empty"), "{text}");
    }
}
