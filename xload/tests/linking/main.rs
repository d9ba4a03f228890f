//! Links and runs small programs, good and bad, under a loader.
//!
//! The loader is this file itself over the machine's C library, or the command in `XLOAD_TEST_LOADER`
//! (`qemu-aarch64 xload_linux` with `XLOAD_TEST_CPU=aarch64`, `wine xload_windows.exe`, ...).

mod broken;
#[path = "../hosted/mod.rs"]
mod hosted;

use std::ffi::{CString, OsString};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use hosted::Hosted;
use libtest_mimic::{Arguments, Failed, Trial};

static PLATFORM: Hosted = Hosted::new();
static LINKER: xload::Linker<Hosted> = xload::Linker::new(&PLATFORM);

struct Process;

impl xload::Process for Process {
    type Host = Hosted;
    fn linker() -> &'static xload::Linker<Hosted> {
        &LINKER
    }
}

/// This process is the loader.
fn load() -> ! {
    match std::env::var("WITHOUT").as_deref() {
        Ok("fixed") => PLATFORM.fixed.store(false, std::sync::atomic::Ordering::Relaxed),
        Ok("execution") => PLATFORM.execution.store(false, std::sync::atomic::Ordering::Relaxed),
        Ok("files") => PLATFORM.files.store(false, std::sync::atomic::Ordering::Relaxed),
        _ => {}
    }
    // An interpreter that the kernel starts with a kept argv[0] looks like this one.
    let preserved_argv0 = std::env::var_os("PRESERVED").is_some();
    let c_string = |string: OsString| CString::new(string.into_vec()).expect("no NUL");
    let pairs = std::env::vars_os().map(|(name, value)| {
        let mut pair = name;
        pair.push("=");
        pair.push(value);
        pair
    });
    xload::run::<Process>(xload::Start {
        preserved_argv0,
        ..xload::Start::from_strings(std::env::args_os().map(c_string), pairs.map(c_string))
    })
}

fn cpu() -> String {
    std::env::var("XLOAD_TEST_CPU").unwrap_or_else(|_| std::env::consts::ARCH.into())
}

/// A folder for the files of one test.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("linking-{}", cpu())).join(test);
    // What an earlier run left.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder for the test");
    folder
}

const PROGRAM: &[&str] = &["-pie", "-fPIC", "-Wl,-e,main"];
const LIBRARY: &[&str] = &["-shared", "-fPIC"];

/// Compiles and links a guest file.
fn build(output: &Path, source: &str, kind: &[&str], more: &[&str]) {
    let guest = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guest");
    let mut clang = Command::new("clang-19");
    clang
        .arg(format!("--target={}-unknown-linux-musl", cpu()))
        .args([
            "-fuse-ld=lld",
            "-nostdlib",
            "-ffreestanding",
            "-O1",
            "-fno-builtin",
            "-Wl,-z,separate-loadable-segments",
        ])
        .arg(if cpu() == "aarch64" { "-mno-outline-atomics" } else { "-mno-red-zone" })
        .args(["-fsemantic-interposition", "-Wno-unused-command-line-argument"])
        .args(["-Wl,--unresolved-symbols=ignore-all", "-o"])
        .arg(output)
        .arg(guest.join(format!("{source}.c")))
        .args(kind)
        .args(more)
        .arg("-L")
        .arg(output.parent().expect("a folder"));
    let status = clang.status().expect("clang-19 runs");
    assert!(status.success(), "{clang:?}");
}

/// The command that runs a file under the loader.
fn loader() -> Command {
    match std::env::var("XLOAD_TEST_LOADER") {
        Ok(words) => {
            let mut words = words.split_whitespace();
            let mut command = Command::new(words.next().expect("a loader"));
            command.args(words);
            command
        }
        Err(_) => {
            let mut command = Command::new(std::env::current_exe().expect("this file"));
            command.env("ACT_AS_LOADER", "1");
            command
        }
    }
}

/// Whether the loader is this file, so that its platform can be told what to do.
fn is_own() -> bool {
    std::env::var_os("XLOAD_TEST_LOADER").is_none()
}

fn expect(output: &Output, code: i32, out: &str, err: &str) -> Result<(), Failed> {
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.code() == Some(code)
        && stdout == out
        && stderr.contains(err)
        && stderr.is_empty() == err.is_empty()
    {
        return Ok(());
    }
    Err(format!(
        "{}\n--- out\n{stdout}--- err\n{stderr}--- expected code {code}, out\n{out}--- err\n{err}",
        output.status
    )
    .into())
}

/// Builds base, middle and program, each library with these options.
fn three(test: &str, more: &[&str], program: &[&str]) -> PathBuf {
    let folder = folder(test);
    build(&folder.join("libbase.so"), "base", LIBRARY, &[more, &["-Wl,-soname,libbase.so"]].concat());
    build(&folder.join("libmiddle.so"), "middle", LIBRARY, &[more, &["-Wl,-soname,libmiddle.so", "-lbase"]].concat());
    build(&folder.join("program"), "program", PROGRAM, &[more, program, &["-lmiddle", "-lbase"]].concat());
    folder.join("program")
}

const THREE: &str = "bmp\nprogram ends\nmiddle ends\nbase ends\n";

fn run_three(test: &str, more: &[&str], program: &[&str]) -> Result<(), Failed> {
    let program = three(test, more, program);
    expect(&loader().arg(&program).arg("x").output()?, 3, THREE, "")
}

fn without(test: &str, what: &str) -> Result<(), Failed> {
    let program = three(test, &[], &[]);
    expect(&loader().env("WITHOUT", what).arg(&program).arg("x").output()?, 3, THREE, "")
}

fn hello_sees_its_own_arguments() -> Result<(), Failed> {
    let hello = folder("hello").join("hello");
    build(&hello, "hello", PROGRAM, &[]);
    let name = hello.display();
    expect(
        &loader().args([hello.as_os_str(), "-x".as_ref()]).env("MARK", "1").output()?,
        42,
        &format!("{name}\n-x\nMARK=1\n"),
        "",
    )?;
    let named = loader().args(["--argv0", "other", "--"]).arg(&hello).arg("--help").output()?;
    expect(&named, 42, "other\n--help\n", "")
}

fn main_without_an_entry_point_is_found() -> Result<(), Failed> {
    let hello = folder("no-entry").join("hello");
    build(&hello, "hello", LIBRARY, &[]);
    expect(&loader().arg(&hello).output()?, 42, &format!("{}\n", hello.display()), "")
}

fn a_missing_library_names_who_needs_it() -> Result<(), Failed> {
    let program = three("missing-library", &[], &[]);
    std::fs::remove_file(program.with_file_name("libbase.so"))?;
    let output = loader().arg(&program).output()?;
    expect(&output, 127, "", "program: library libbase.so not found\n")
}

fn a_missing_symbol_is_named() -> Result<(), Failed> {
    let program = folder("missing-symbol").join("missing");
    build(&program, "missing", PROGRAM, &[]);
    let message = format!("xload: {}: undefined symbol there_is_no_such_function\n", program.display());
    expect(&loader().arg(&program).output()?, 127, "", &message)
}

fn native_tls_is_refused() -> Result<(), Failed> {
    let program = folder("native-tls").join("program");
    build(&program, "native_tls", PROGRAM, &[]);
    let text = "native thread-local storage (PT_TLS) is not supported: compile with distx, or with -femulated-tls";
    expect(&loader().arg(&program).output()?, 127, "", &format!("xload: {}: {text}\n", program.display()))
}

fn a_file_that_is_not_there_is_named() -> Result<(), Failed> {
    expect(&loader().arg("/no/such/file").output()?, 127, "", "xload: /no/such/file: no such file\n")?;
    expect(&loader().arg("/").output()?, 127, "", "xload: /: cannot be opened: EISDIR\n")?;
    expect(&loader().output()?, 127, "", "xload: no program given")
}

fn what_is_no_file_is_named() -> Result<(), Failed> {
    let folder = folder("no-file");
    let pipe = folder.join("pipe");
    if Command::new("mkfifo").arg(&pipe).status()?.success() {
        // Nobody writes into it: the loader does not wait.
        expect(
            &loader().arg(&pipe).output()?,
            127,
            "",
            &format!("xload: {}: cannot be opened: EACCES", pipe.display()),
        )?;
    }
    expect(&loader().arg("/dev/null").output()?, 127, "", "xload: /dev/null: cannot be opened: EACCES\n")?;
    let secret = folder.join("secret");
    build(&secret, "hello", PROGRAM, &[]);
    std::fs::set_permissions(&secret, std::os::unix::fs::PermissionsExt::from_mode(0o111))?;
    // Root reads everything.
    if std::fs::read(&secret).is_err() {
        let message = format!("xload: {}: cannot be opened: EACCES\n", secret.display());
        expect(&loader().arg(&secret).output()?, 127, "", &message)?;
    }
    Ok(())
}

fn a_library_of_another_version_is_told() -> Result<(), Failed> {
    let program = three("version", &[], &[]);
    let folder = program.parent().expect("a folder");
    // Older: what the program needs is not there yet. `hello` has nothing of what `middle` exports.
    build(&folder.join("libmiddle.so"), "base", LIBRARY, &["-Wl,-soname,libmiddle.so"]);
    let message = format!("xload: {}: undefined symbol middle_", program.display());
    expect(&loader().arg(&program).arg("x").output()?, 127, "", &message)
}

fn plugins_are_opened_by_path_and_by_name() -> Result<(), Failed> {
    let folder = folder("plugin");
    build(&folder.join("libhelper.so"), "helper", LIBRARY, &["-Wl,-soname,libhelper.so"]);
    build(&folder.join("plugin.so"), "plugin", LIBRARY, &["-lhelper"]);
    build(&folder.join("opener"), "opener", PROGRAM, &["-Wl,--export-dynamic"]);
    let lines = "helper begins\nplugin begins\nplugin ends\n";
    expect(&loader().arg(folder.join("opener")).arg(folder.join("plugin.so")).output()?, 21, lines, "")?;
    expect(&loader().arg(folder.join("opener")).arg("plugin.so").output()?, 21, lines, "")?;
    // What needs a library that is not there leaves nothing behind.
    std::fs::remove_file(folder.join("libhelper.so"))?;
    expect(&loader().arg(folder.join("opener")).arg("plugin.so").output()?, 2, "not opened\n", "")
}

fn libraries_come_from_the_root() -> Result<(), Failed> {
    let folder = folder("root");
    let cpu = cpu();
    let package = format!("/distx.org_2024-xlibc-{cpu}/lib");
    let (lib, bin) = (folder.join(&package[1..]), folder.join("app/bin"));
    std::fs::create_dir_all(&lib)?;
    std::fs::create_dir_all(&bin)?;
    let soname = |name: &str| format!("-Wl,-soname,{package}/{name}");
    build(&lib.join("libbase.so"), "base", LIBRARY, &[&soname("libbase.so")]);
    build(&lib.join("libmiddle.so"), "middle", LIBRARY, &[&soname("libmiddle.so"), "-lbase"]);
    let search = format!("-L{}", lib.display());
    build(&bin.join("program"), "program", PROGRAM, &["-Wl,-soname,/app/bin/program", &search, "-lmiddle", "-lbase"]);
    // The root is the program's path less its soname, also for a path that does not begin at the root of the file system.
    expect(&loader().arg(bin.join("program")).arg("x").output()?, 3, THREE, "")?;
    let own = is_own() || std::env::var_os("XLOAD_TEST_CPU").is_none();
    if own {
        expect(&loader().current_dir(&bin).arg("./../bin/program").arg("x").output()?, 3, THREE, "")?;
    }
    // Else it is XLOAD_ROOT.
    let elsewhere = folder.join("program");
    std::fs::copy(bin.join("program"), &elsewhere)?;
    expect(&loader().env("XLOAD_ROOT", &folder).arg(&elsewhere).arg("x").output()?, 3, THREE, "")?;
    let missing = format!("library {package}/libmiddle.so not found");
    expect(&loader().arg(&elsewhere).arg("x").output()?, 127, "", &missing)?;
    // A name without folders is found in the library folders of the root.
    build(&elsewhere, "program", PROGRAM, &[&search, "-lmiddle", "-lbase"]);
    let plain = std::fs::read(&elsewhere)?;
    assert!(plain.windows(package.len()).any(|window| window == package.as_bytes()));
    Ok(())
}

fn names_are_found_in_the_folders_of_the_root() -> Result<(), Failed> {
    let program = three("root-names", &[], &[]);
    let folder = program.parent().expect("a folder");
    let (one, other) = (format!("distx.org_2024-xlibc-{}/lib", cpu()), format!("my-libs-{}/lib", cpu()));
    for (name, place) in [("libbase.so", one), ("libmiddle.so", other)] {
        std::fs::create_dir_all(folder.join("r").join(&place))?;
        std::fs::rename(folder.join(name), folder.join("r").join(place).join(name))?;
    }
    expect(&loader().env("XLOAD_ROOT", folder.join("r")).arg(&program).arg("x").output()?, 3, THREE, "")
}

fn runpath_counts_from_the_file_that_has_it() -> Result<(), Failed> {
    let program = three("runpath", &[], &["-Wl,-rpath,$ORIGIN/lib:/nowhere"]);
    let folder = program.parent().expect("a folder");
    std::fs::create_dir(folder.join("lib"))?;
    for name in ["libbase.so", "libmiddle.so"] {
        std::fs::rename(folder.join(name), folder.join("lib").join(name))?;
    }
    expect(&loader().arg(&program).arg("x").output()?, 3, THREE, "")
}

fn the_library_path_comes_before_all_but_rpath() -> Result<(), Failed> {
    for (test, tags, first) in [("library-path", "", "given"), ("rpath", "-Wl,--disable-new-dtags", "lib")] {
        let more = ["-Wl,-rpath,$ORIGIN/lib", tags];
        let program = three(test, &[], more.strip_suffix(&[""]).unwrap_or(&more));
        let folder = program.parent().expect("a folder");
        for place in ["lib", "given"] {
            std::fs::create_dir(folder.join(place))?;
        }
        for name in ["libbase.so", "libmiddle.so"] {
            for place in ["lib", "given"].into_iter().filter(|place| *place != first) {
                std::fs::write(folder.join(place).join(name), "not to be looked at")?;
            }
            std::fs::copy(folder.join(name), folder.join(first).join(name))?;
            std::fs::write(folder.join(name), "not to be looked at")?;
        }
        let mut command = loader();
        command.current_dir(folder).env("LD_LIBRARY_PATH", ":nowhere:given:").arg("program").arg("x");
        expect(&command.output()?, 3, THREE, "")?;
    }
    Ok(())
}

fn an_empty_part_of_the_library_path_is_no_folder() -> Result<(), Failed> {
    let program = three("empty-library-path", &[], &[]);
    let folder = program.parent().expect("a folder");
    std::fs::create_dir(folder.join("apart"))?;
    std::fs::rename(&program, folder.join("apart/program"))?;
    for list in ["", ":", "nowhere:"] {
        let mut command = loader();
        command.current_dir(folder).env("LD_LIBRARY_PATH", list).arg("apart/program").arg("x");
        expect(&command.output()?, 127, "", "library libmiddle.so not found")?;
    }
    Ok(())
}

fn code_that_may_not_run_is_not_copied() -> Result<(), Failed> {
    for (test, more) in [("no-execution", &[][..]), ("no-execution-apart", &["-Wl,-z,noseparate-code"])] {
        let program = three(test, more, &[]);
        let message = format!("xload: {}: may not be executed", program.display());
        expect(&loader().env("WITHOUT", "execution").arg(&program).output()?, 127, "", &message)?;
    }
    Ok(())
}

fn nothing_is_writable_and_executable() -> Result<(), Failed> {
    let program = three("protection", &[], &[]);
    for without in ["", "fixed", "files"] {
        let output = loader().env("SHOW_MAPPINGS", "1").env("WITHOUT", without).arg(&program).arg("x").output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let maps: Vec<&str> = text.lines().filter(|line| line.contains('-')).collect();
        let permissions = |line: &str| line.split(' ').nth(1).unwrap_or_default().to_owned();
        if maps.len() < 10 {
            return Err(format!("no mappings shown:\n{text}").into());
        }
        if let Some(bad) =
            maps.iter().find(|line| permissions(line).starts_with("rwx") || permissions(line).contains("wx"))
        {
            return Err(format!("writable and executable: {bad}").into());
        }
        let code = maps.iter().filter(|line| line.contains("libmiddle.so") && permissions(line) == "r-xp").count();
        if without != "files" && code != 1 && without != "fixed" {
            return Err(format!("code of libmiddle.so is mapped {code} times:\n{text}").into());
        }
    }
    Ok(())
}

fn a_program_of_our_kind_starts_another() -> Result<(), Failed> {
    let folder = folder("exec");
    let (runner, hello) = (folder.join("runner"), folder.join("hello"));
    build(&runner, "runner", PROGRAM, &[]);
    build(&hello, "hello", PROGRAM, &[]);
    let mut bytes = std::fs::read(&hello)?;
    bytes[7] = 0x13;
    std::fs::write(&hello, bytes)?;
    expect(&loader().arg(&runner).arg(&hello).arg("--version").output()?, 42, "renamed\n--version\n", "")?;
    expect(&loader().arg(&runner).arg("/no/such/file").output()?, 2, "not started\n", "")?;
    // Programs of the host are the host's business.
    if cpu() == std::env::consts::ARCH && Path::new("/bin/echo").exists() && is_own() {
        expect(&loader().arg(&runner).args(["/bin/echo", "of the host"]).output()?, 0, "of the host\n", "")?;
    }
    Ok(())
}

fn the_kernel_may_keep_argv0() -> Result<(), Failed> {
    let hello = folder("preserved").join("hello");
    build(&hello, "hello", PROGRAM, &[]);
    let output = loader().env("PRESERVED", "1").arg(&hello).args(["kept", "--help"]).output()?;
    expect(&output, 42, "kept\n--help\n", "")
}

fn debuggers_see_source_lines() -> Result<(), Failed> {
    let program = three("gdb", &["-g", "-O0"], &[]);
    let output = Command::new("gdb")
        .args(["-batch", "-nx", "-ex", "set debuginfod enabled off", "-ex", "set breakpoint pending on"])
        .args(["-ex", "break middle_sum", "-ex", "run", "-ex", "backtrace", "-ex", "print base_value", "--args"])
        .args(std::env::var("XLOAD_TEST_LOADER")?.split_whitespace())
        .arg(&program)
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    for expected in ["middle_sum () at", "middle.c:", "in main (argc=1", "program.c:", "$1 = 7"] {
        if !text.contains(expected) {
            return Err(format!("{expected} is missing in\n{text}").into());
        }
    }
    Ok(())
}

fn main() {
    if std::env::var_os("ACT_AS_LOADER").is_some() {
        load();
    }
    let arguments = Arguments::from_args();
    let has_clang = Command::new("clang-19").arg("--version").output().is_ok();
    let mut trials = Vec::new();
    let mut add = |name: &str, test: Box<dyn FnOnce() -> Result<(), Failed> + Send>| {
        trials.push(Trial::test(name, test).with_ignored_flag(!has_clang));
    };
    macro_rules! plain {
        ($($name:ident),* $(,)?) => { $(add(stringify!($name), Box::new($name));)* };
    }
    plain!(
        hello_sees_its_own_arguments,
        main_without_an_entry_point_is_found,
        a_missing_library_names_who_needs_it,
        a_missing_symbol_is_named,
        native_tls_is_refused,
        a_file_that_is_not_there_is_named,
        a_library_of_another_version_is_told,
        plugins_are_opened_by_path_and_by_name,
        libraries_come_from_the_root,
        names_are_found_in_the_folders_of_the_root,
        runpath_counts_from_the_file_that_has_it,
        the_library_path_comes_before_all_but_rpath,
        an_empty_part_of_the_library_path_is_no_folder,
    );
    add("broken::other_cpu", Box::new(broken::other_cpu));
    // Paths of this machine.
    if is_own() || std::env::var_os("XLOAD_TEST_CPU").is_some() {
        plain!(what_is_no_file_is_named);
    }
    // An emulator of another CPU cannot start itself again.
    if cpu() == std::env::consts::ARCH {
        plain!(a_program_of_our_kind_starts_another);
    }
    // gdb knows the loader on Linux, by its own symbols.
    let is_native = std::env::var("XLOAD_TEST_LOADER").is_ok_and(|words| !words.contains(' '));
    if is_native && Command::new("gdb").arg("--version").output().is_ok() {
        plain!(debuggers_see_source_lines);
    }
    if is_own() {
        plain!(code_that_may_not_run_is_not_copied, nothing_is_writable_and_executable, the_kernel_may_keep_argv0);
        add("links_without_fixed_mappings", Box::new(|| without("no-fixed", "fixed")));
        add("links_without_file_mappings", Box::new(|| without("no-files", "files")));
    }
    let variants: &[(&str, &[&str], &[&str])] = &[
        ("links_with_gnu_hash", &["-Wl,--hash-style=gnu"], &[]),
        ("links_with_sysv_hash", &["-Wl,--hash-style=sysv"], &[]),
        ("links_with_relr", &["-Wl,-z,pack-relative-relocs"], &[]),
        ("links_with_copy_relocations", &[], &["-fPIE", "-fdirect-access-external-data"]),
        ("links_with_segments_apart", &["-Wl,-z,noseparate-code"], &[]),
        ("links_with_large_pages", &["-Wl,-z,max-page-size=65536"], &[]),
        ("links_without_relro", &["-Wl,-z,norelro"], &[]),
    ];
    for (name, more, program) in variants {
        add(name, Box::new(move || run_three(name, more, program)));
    }
    for (name, change, message) in broken::CASES {
        add(&format!("broken::{name}"), Box::new(move || broken::refused(name, |bytes| change.apply(bytes), message)));
    }
    for case in broken::LINKED {
        add(&format!("broken::{}", case.0), Box::new(move || broken::refused_when_linked(*case)));
    }
    libtest_mimic::run(&arguments, trials).exit();
}
