//! What `xbuild` has to do on every host: its own commands of `--sh` run everywhere, children where the host can start them.

use crate::hosts::Host;
use crate::run::{about, run};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// A folder with an `xbuild.json`, and the program that builds in it.
pub struct Project<'a> {
    /// Where it runs.
    pub host: &'a Host,
    /// The program's file.
    pub program: PathBuf,
    /// The root, as programs of the host name it.
    pub root: PathBuf,
    /// Empty at the start.
    pub folder: PathBuf,
}

/// A test.
pub type Check = fn(&Project<'_>) -> Result<(), String>;

/// What a test needs of a host.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// xbuild alone.
    Nothing,
    /// That xbuild starts programs of ours.
    Children,
    /// A shell of Unix, which makes programs of scripts.
    Shell,
    /// Names of programs as Windows has them.
    Windows,
    /// That another process of this machine interrupts it, as Ctrl-C does.
    Signals,
}

impl Needs {
    /// Why a host does not have it.
    pub fn missing(self, host: &Host) -> Option<String> {
        match self {
            Needs::Children | Needs::Signals if host.is_emulated() => {
                Some("the kernel below qemu starts no program of ours".into())
            }
            Needs::Shell if host.is_windows() => Some("there is no shell of Unix".into()),
            Needs::Windows if !host.is_windows() => Some("this host has no .exe".into()),
            Needs::Signals if host.is_windows() => Some("a console has to be there for Ctrl-C".into()),
            _ => None,
        }
    }
}

/// All of them.
pub const ALL: [(&str, Check, Needs); 14] = [
    ("what is up to date does not run", up_to_date, Needs::Nothing),
    ("commands of a shell", shell, Needs::Nothing),
    ("wrong files are refused", refusals, Needs::Nothing),
    ("unknown keys of the top level give a warning", warnings, Needs::Nothing),
    ("the numbers of targets do not shrink", numbers, Needs::Nothing),
    ("a dry run changes nothing", dry_run, Needs::Nothing),
    ("examples of the guide", guide, Needs::Nothing),
    ("programs of ours are started", children, Needs::Children),
    ("a launcher gets compile commands", launcher, Needs::Children),
    ("a launcher runs the compiler", launched, Needs::Shell),
    ("a terminal has one line that changes", terminal, Needs::Shell),
    ("the program of Windows beside that of Linux", beside, Needs::Windows),
    ("half outputs are removed", half, Needs::Children),
    ("an interrupt ends commands and leaves no half output", interrupted, Needs::Signals),
];

impl Project<'_> {
    fn write(&self, name: &str, text: &str) -> Result<(), String> {
        let file = self.folder.join(name);
        std::fs::write(&file, text).map_err(about(&file))
    }

    fn read(&self, name: &str) -> Result<String, String> {
        let file = self.folder.join(name);
        std::fs::read_to_string(&file).map_err(about(&file))
    }

    /// Runs xbuild, expects this exit code, and that each of the texts is among what it says.
    fn says(&self, arguments: &[&str], code: i32, texts: &[&str]) -> Result<(), String> {
        let mut command = self.host.command(&self.program);
        command.args(arguments).current_dir(&self.folder);
        let outcome = run(&mut command, &self.folder.with_extension("said"), "xbuild", Duration::from_secs(120))?;
        let lacks = texts.iter().find(|text| !outcome.said.contains(**text));
        match outcome.code() == Some(code) && lacks.is_none() {
            true => Ok(()),
            false => Err(format!(
                "xbuild {arguments:?}: expected exit code {code} and {lacks:?}: {}\n{}",
                outcome.ending(),
                outcome.said
            )),
        }
    }
}

fn up_to_date(project: &Project<'_>) -> Result<(), String> {
    project.write(
        "xbuild.json",
        r#"{
            "loop": {"F": ["one", "two words"]},
            "target": {
                "build": {"targets": ["all"]},
                "all": {"exec": [["xbuild", "--sh", "cp", "{DISTX_BUILD}/{F}", "out"]], "inputs": ["{DISTX_BUILD}/{F}"], "outputs": ["out/one"]},
                "{F}": {"exec": [["xbuild", "--sh", "cp", "{F}.txt", "{DISTX_BUILD}/{F}"]], "inputs": ["{F}.txt"], "outputs": ["{DISTX_BUILD}/{F}"]}
            }
        }"#,
    )?;
    project.write("one.txt", "1")?;
    project.write("two words.txt", "2")?;
    project.says(&[], 0, &["[3/3] xbuild one"])?;
    project.says(&["--explain"], 0, &["xbuild: everything is up to date"])?;
    // The same contents at a later time.
    project.write("one.txt", "1")?;
    project.says(&["--explain"], 0, &["xbuild: everything is up to date"])?;
    project.write("one.txt", "3")?;
    project.says(
        &["all", "--explain"],
        0,
        &["explain: one: one.txt has changed", "explain: all: build/one has changed"],
    )?;
    match project.read("out/one")?.as_str() {
        "3" => {}
        other => return Err(format!("out/one has {other:?}")),
    }
    // A log that is damaged builds again.
    project.write("build/.xbuild.log", "xbuild log 1\nrubbish")?;
    project.says(&["all", "--explain"], 0, &["explain: one: it has not been built here yet", "[3/3]"])
}

fn shell(project: &Project<'_>) -> Result<(), String> {
    for (words, said) in [
        (&["mkdir", "-p", "a/b c"][..], ""),
        (&["touch", "a/b c/f"], ""),
        (&["cp", "-r", "a", "d"], ""),
        (&["rm", "-rf", "a", "none"], ""),
        (&["cat", "d/b c/f"], ""),
        (&["echo", "a", "b"], "a b\n"),
    ] {
        project.says(&[&["--sh"], words].concat(), 0, &[said])?;
    }
    if project.folder.join("a").exists() || !project.folder.join("d/b c/f").is_file() {
        return Err("the files are not where the commands put them".into());
    }
    project.says(&["--sh", "rm", "none"], 1, &["xbuild: error: rm: none: "])
}

fn refusals(project: &Project<'_>) -> Result<(), String> {
    project.says(&[], 2, &["xbuild.json: ", "name it by -f or -C"])?;
    project.says(&["--explian"], 2, &["did you mean \"--explain\"?"])?;
    for (text, expected) in [
        ("{", "xbuild.json:1:2: "),
        (
            r#"{"target": {"build": {"exce": []}}}"#,
            "xbuild.json:1:23: target.build.exce: unknown key \"exce\"; did you mean \"exec\"?",
        ),
        (r#"{"target": {"build": {"targets": ["tets"]}, "test": {}}}"#, "no target \"tets\"; did you mean \"test\"?"),
        (
            r#"{"target": {"build": {"targets": ["a"]}, "a": {"targets": ["build"]}}}"#,
            "in a circle: build -> a -> build",
        ),
        (
            r#"{"target": {"build": {"exec": [["x"]], "inputs": ["xbuild.jsn"], "outputs": ["o"]}}}"#,
            "the input \"xbuild.jsn\" does not exist, and no target makes it; did you mean \"xbuild.json\"?",
        ),
        (
            r#"{"target": {"build": {"outputs": ["o"]}, "b": {"outputs": ["./o"]}}}"#,
            "is made by the target \"build\" already",
        ),
        (
            r#"{"target": {"build": {"exec": [["{DISTX_ARHC}"]]}}}"#,
            "unknown variable {DISTX_ARHC}; did you mean \"DISTX_ARCH\"?",
        ),
        (r#"{"target": {"other": {}}}"#, "has no target \"build\""),
        (
            r#"{"target": {"build": {"inputs": [], "inputs": []}}}"#,
            "xbuild.json:1:37: the key \"inputs\" is there already, at line 1, column 23",
        ),
        (
            r#"{"loop": {"A": ["x", "x"]}, "target": {"{A}": {}}}"#,
            "the key \"x\" is there already, at line 1, column 40",
        ),
    ] {
        project.write("xbuild.json", text)?;
        project.says(&[], 2, &["xbuild: error: ", expected])?;
    }
    Ok(())
}

fn warnings(project: &Project<'_>) -> Result<(), String> {
    project.write("xbuild.json", r#"{"pkgs": [], "// pkgs": 1, "targte": 1, "target": {"build": {}}}"#)?;
    project.says(
        &[],
        0,
        &[
            "xbuild: warning: xbuild.json:1:2: pkgs: unknown key \"pkgs\"; known are env, loop, target\n",
            "xbuild: warning: xbuild.json:1:28: targte: unknown key \"targte\"; did you mean \"target\"?\n",
            "xbuild: everything is up to date\n",
        ],
    )
}

/// Of three targets the one in the middle turns out to be up to date, as what it needs was made again with the same contents.
fn numbers(project: &Project<'_>) -> Result<(), String> {
    let text = r#"{"target": {
        "build": {"targets": ["b"], "exec": [["xbuild", "--sh", "echo", "end"]]},
        "a": {"exec": [["xbuild", "--sh", "cp", "same", "mid"]], "inputs": ["in", "same"], "outputs": ["mid"]},
        "b": {"exec": [["xbuild", "--sh", "cp", "mid", "out"]], "inputs": ["mid"], "outputs": ["out"]}
    }}"#;
    for (name, text) in [("xbuild.json", text), ("in", "1"), ("same", "same")] {
        project.write(name, text)?;
    }
    project.says(&["-j1"], 0, &["[1/3] xbuild mid\n[2/3] xbuild out\n[3/3] xbuild build\n"])?;
    project.write("in", "22")?;
    project.says(&["-j1"], 0, &["[1/3] xbuild mid\n[3/3] xbuild build\n"])?;
    project.write("in", "333")?;
    project.says(&["-j1", "b"], 0, &["[1/2] xbuild mid\n"])?;
    project.says(&["-j1", "b"], 0, &["xbuild: everything is up to date\n"])
}

fn dry_run(project: &Project<'_>) -> Result<(), String> {
    project.write("in", "")?;
    project.write(
        "xbuild.json",
        r#"{"target": {
            "build": {"exec": [["cc", "-c", "in.c", "-o", "out.o"]], "inputs": ["mid"], "outputs": ["out.o"]},
            "mid": {"exec": [["xbuild", "--sh", "cp", "in", "mid"]], "inputs": ["in"], "outputs": ["mid"]}
        }}"#,
    )?;
    project.says(&["-n"], 0, &["[1/2] xbuild mid", "[2/2] cc in.c"])?;
    project.says(&["--list"], 0, &["build\nmid\n"])?;
    let left = std::fs::read_dir(&project.folder).map_err(about(&project.folder))?.count();
    if left == 2 { Ok(()) } else { Err(format!("{left} files")) }
}

fn guide(project: &Project<'_>) -> Result<(), String> {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guide/xbuild.md");
    let text = std::fs::read_to_string(&guide).map_err(about(&guide))?;
    let examples: Vec<&str> = text.split("```json\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    for name in ["main.c", "util.c"] {
        project.write(name, "")?;
    }
    for example in &examples {
        project.write("xbuild.json", example)?;
        project.says(&["-n", "build"], 0, &["[1/"])?;
    }
    if examples.is_empty() { Err("the guide has no example".into()) } else { Ok(()) }
}

/// An `xbuild.json` whose DISTX_DEP is the root of the test.
fn with_root(project: &Project<'_>, targets: &str) -> String {
    let root = project.root.to_string_lossy().replace('\\', "/");
    format!(
        "{{\"env\": {{\"DISTX_DEP\": {root:?}, \"XBUILD\": \"{{DISTX_DEP}}/distx.org_2024-xbuild-{{DISTX_ARCH}}/bin/xbuild\"}}, \"target\": {targets}}}"
    )
}

fn children(project: &Project<'_>) -> Result<(), String> {
    let text = r#"{"build": {"targets": ["a", "b", "c"]}, "a": {"exec": [["{XBUILD}", "--version"]]}, "b": {"exec": [["{XBUILD}", "--version"]]},
        "c": {"exec": [["{XBUILD}", "-f", "inner.json"]]}}"#;
    project.write("xbuild.json", &with_root(project, text))?;
    project.write("inner.json", r#"{"target": {"build": {"exec": [["xbuild", "--sh", "echo", "from within"]]}}}"#)?;
    project.says(&["-j2"], 0, &["[1/3] xbuild ", "[3/3] xbuild ", "\nxbuild 0", "from within\n"])?;
    project.write("xbuild.json", &with_root(project, r#"{"build": {"exec": [["{XBUILD}d"]]}}"#))?;
    project.says(&[], 1, &["FAILED: build: cannot start ", "did you mean \"xbuild\"?"])
}

/// With xbuild in the place of the launcher, which takes the compiler's options for its own; what is no compiler is started without.
fn launcher(project: &Project<'_>) -> Result<(), String> {
    let text = r#"{"build": {"targets": ["a", "b"]}, "a": {"exec": [["{XBUILD}", "--version"]]},
        "b": {"targets": ["a"], "exec": [["x86_64-distx-clang++-19", "-c", "in.cpp"]]}}"#;
    project.write("xbuild.json", &with_root(project, text))?;
    let root = project.root.to_string_lossy().replace('\\', "/");
    let program = project.program.to_string_lossy();
    let (_, package) = program.rsplit_once("distx.org_2024-xbuild").ok_or("the program is in no package")?;
    let launcher = format!("--launcher={root}/distx.org_2024-xbuild{package}");
    project.says(&[&launcher], 1, &["\nxbuild 0", "FAILED: b: exit code 2", "unknown option -c"])?;
    project.says(&["--launcher", "no-such-launcher"], 1, &["FAILED: b: cannot start no-such-launcher"])
}

/// A launcher as ccache is one: it notes what it was given and runs it. The compiler and the program that is none are scripts, too.
fn launched(project: &Project<'_>) -> Result<(), String> {
    for (name, text) in [
        ("launcher", "#!/bin/sh\necho \"launched: $*\"\nexec \"$@\"\n"),
        ("cc", "#!/bin/sh\nprintf object > \"$4\"\n"),
        ("tool", "#!/bin/sh\necho \"tool: $*\"\n"),
    ] {
        project.write(name, text)?;
        let file = project.folder.join(name);
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).map_err(about(&file))?;
    }
    project.write("in.c", "")?;
    project.write(
        "xbuild.json",
        r#"{"target": {"build": {"exec": [["cc", "-c", "in.c", "-o", "in.o"], ["./tool", "x"]], "inputs": ["in.c"], "outputs": ["in.o"]}}}"#,
    )?;
    // The launcher is no part of what a target says.
    project.says(&["--launcher", "./launcher"], 0, &["launched: cc -c in.c -o in.o\n", "\ntool: x\n"])?;
    project.says(&[], 0, &["xbuild: everything is up to date"])
}

/// What xbuild says on a terminal, which `script` makes, with this in its environment.
fn on_terminal(project: &Project<'_>, variables: &[(&str, &str)]) -> Result<String, String> {
    let inner = project.host.command(&project.program);
    let words = [inner.get_program()].into_iter().chain(inner.get_args());
    let words: Vec<String> = words.map(|word| format!("'{}'", word.to_string_lossy())).collect();
    let mut command = Command::new("script");
    command.args(["--quiet", "--return", "--command", &format!("{} -k -j1", words.join(" ")), "/dev/null"]);
    command.current_dir(&project.folder).env_remove("XLOAD_ROOT").env_remove("NO_COLOR");
    command.env("TERM", "xterm").envs(variables.iter().copied());
    let outcome = run(&mut command, &project.folder.with_extension("said"), "script", Duration::from_secs(120))?;
    match outcome.code() {
        Some(1) => Ok(outcome.said),
        _ => Err(format!("{}\n{}", outcome.ending(), outcome.said)),
    }
}

/// Variables of the environment, texts that are shown, and one that is not.
type OnTerminal<'a> = (&'a [(&'a str, &'a str)], [&'a str; 2], &'a str);

/// The last target runs alone and so gets a line of its own; the third one's name is longer than a line.
fn terminal(project: &Project<'_>) -> Result<(), String> {
    let long = "x".repeat(200);
    let text = format!(
        r#"{{"target": {{
        "build": {{"targets": ["a", "b", "{long}", "d"]}},
        "a": {{"exec": [["xbuild", "--sh", "mkdir", "-p", "."]]}},
        "b": {{"exec": [["xbuild", "--sh", "rm", "none"]]}},
        "{long}": {{"exec": [["xbuild", "--sh", "mkdir", "-p", "."]]}},
        "d": {{"exec": [["xbuild", "--sh", "mkdir", "-p", "."]]}}
    }}}}"#
    );
    project.write("xbuild.json", &text)?;
    let cut = format!("\r[3/4] xbuild {}\x1b[K\r\x1b[K[4/4] xbuild d\r\n", &long[..79 - "[3/4] xbuild ".len()]);
    let line = format!(
        "[1/4] xbuild a\r\nFAILED: b: rm: none: No such file or directory\r\nxbuild --sh rm none\r\n[3/4] xbuild {long}\r\n"
    );
    let first = "\r[1/4] xbuild a\x1b[K\r[2/4] xbuild b\x1b[K\r\x1b[K";
    let (coloured, plain) = (format!("{first}\x1b[31mFAILED:\x1b[m b: rm: "), format!("{first}FAILED: b: rm: "));
    let cases: [OnTerminal<'_>; 4] = [
        (&[], [&coloured, &cut], "\n[2/4]"),
        (&[("NO_COLOR", "")], [&coloured, &cut], "\n[2/4]"),
        (&[("NO_COLOR", "1")], [&plain, &cut], "\x1b[31m"),
        (&[("TERM", "dumb")], [&line, "[4/4] xbuild d\r\n"], "\x1b"),
    ];
    for (variables, shown, hidden) in cases {
        let said = on_terminal(project, variables)?;
        if let Some(lacks) = shown.iter().find(|text| !said.contains(**text)) {
            return Err(format!("{variables:?}: {lacks:?} is not in {said:?}"));
        }
        if said.contains(hidden) {
            return Err(format!("{variables:?}: {hidden:?} is in {said:?}"));
        }
    }
    Ok(())
}

/// A package has its programs for each system side by side: `bin/tool` is started as `bin/tool.exe` where the former is missing or for
/// another system, and only then.
fn beside(project: &Project<'_>) -> Result<(), String> {
    let bin = project.folder.join("my bin");
    std::fs::create_dir(&bin).map_err(about(&bin))?;
    let loader = project.host.start.last().ok_or("a loader")?;
    std::fs::copy(loader, bin.join("tool.exe")).map_err(about(loader))?;
    let text = r#"{"target": {"build": {"exec": [["my bin/tool", "--version"]]}}}"#;
    project.write("xbuild.json", text)?;
    project.says(&[], 0, &["\nxload "])?;
    let linux = loader.with_file_name("xload_linux");
    std::fs::copy(&linux, bin.join("tool")).map_err(about(&linux))?;
    project.says(&[], 0, &["\nxload "])?;
    std::fs::copy(&project.program, bin.join("tool")).map_err(about(&project.program))?;
    project.says(&[], 0, &["\nxbuild "])?;
    std::fs::remove_file(bin.join("tool"))
        .and_then(|()| std::fs::remove_file(bin.join("tool.exe")))
        .map_err(about(&bin))?;
    project.says(&[], 1, &["cannot start my bin/tool: "])
}

fn half(project: &Project<'_>) -> Result<(), String> {
    let text = r#"{"build": {"targets": ["a", "b"]},
        "a": {"exec": [["xbuild", "--sh", "touch", "out/a"], ["{XBUILD}", "--no-such-option"]], "outputs": ["out/a"]},
        "b": {"exec": [["xbuild", "--sh", "touch", "out/b"]], "outputs": ["out/b"]}}"#;
    project.write("xbuild.json", &with_root(project, text))?;
    project.says(&["-k", "-j1"], 1, &["FAILED: a: exit code 2", "unknown option --no-such-option"])?;
    match (project.folder.join("out/a").exists(), project.folder.join("out/b").exists()) {
        (false, true) => Ok(()),
        there => Err(format!("outputs are there: {there:?}")),
    }
}

/// The command writes its output's first half and waits; once that is there, xbuild alone is interrupted.
fn interrupted(project: &Project<'_>) -> Result<(), String> {
    let text = r#"{"target": {"build": {"exec": [["/bin/sh", "-c", "echo $$ > child; echo half > out; exec sleep 600"]], "outputs": ["out"]}}}"#;
    project.write("xbuild.json", text)?;
    let mut command = project.host.command(&project.program);
    let mut xbuild = command.current_dir(&project.folder).spawn().map_err(|error| format!("{command:?}: {error}"))?;
    let (out, child) = (project.folder.join("out"), project.folder.join("child"));
    while !out.exists() {
        if let Ok(Some(status)) = xbuild.try_wait() {
            return Err(format!("ended before it was interrupted: {status}"));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let pid = std::fs::read_to_string(&child).map_err(about(&child))?;
    let kill = Command::new("kill").args(["-INT", &xbuild.id().to_string()]).status();
    kill.map_err(|error| format!("kill: {error}"))?;
    let status = xbuild.wait().map_err(|error| error.to_string())?;
    let lives = Path::new("/proc").join(pid.trim()).exists();
    match (status.code(), out.exists(), lives) {
        (Some(130), false, false) => Ok(()),
        (_, there, lives) => Err(format!("{status}, the output is there: {there}, the command lives: {lives}")),
    }
}
