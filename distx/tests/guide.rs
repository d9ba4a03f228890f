//! The page of the guide on commands is what `--help` says. `DISTX_WRITE_GUIDE=1 cargo test -p distx --test guide` writes it.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::Command;

const HEAD: &str = "\
# Commands

What `distx help` and `distx help COMMAND` print; `distx man` has the same as manual pages, `distx completions` completes it in a shell. The
tools at the end of the list (`cc` and what follows) take the arguments of clang, lld and LLVM's tools: `distx cc --help`.
";

fn help(args: &[&str]) -> String {
    let mut distx = Command::new(env!("CARGO_BIN_EXE_distx"));
    let output = distx.arg("help").args(args).env_remove("COLUMNS").output().expect("runs");
    assert!(output.status.success(), "{args:?}: {output:?}");
    let lines: Vec<_> =
        String::from_utf8(output.stdout).expect("text").lines().map(|line| format!("{}\n", line.trim_end())).collect();
    lines.concat()
}

/// The commands that clap reads the arguments of, in the order of `distx help`.
fn commands(all: &str) -> Vec<&str> {
    let lines = all.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // A line that goes on is indented further.
    let names = lines.filter(|line| !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next());
    names.take_while(|name| *name != "cc").collect()
}

#[test]
fn the_page_on_commands_is_what_help_says() {
    let all = help(&[]);
    let mut page = format!("{HEAD}\n```text\n{all}```\n");
    for name in commands(&all) {
        page += &format!("\n## distx {name}\n\n```text\n{}```\n", help(&[name]));
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the checkout").join("docs/guide/commands.md");
    if std::env::var_os("DISTX_WRITE_GUIDE").is_some() {
        fs::write(&file, &page).expect("written");
    }
    let written = fs::read_to_string(&file).expect("docs/guide/commands.md");
    assert!(written == page, "{} differs: DISTX_WRITE_GUIDE=1 cargo test -p distx --test guide", file.display());
}

/// Every example of a project file in the guide can be read.
#[test]
fn project_files_in_the_guide_are_right() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the checkout").join("docs/guide/projects.md");
    let text = fs::read_to_string(guide).expect("docs/guide/projects.md");
    let examples: Vec<&str> = text.split("```json\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(examples.len() >= 3, "{}", examples.len());
    for example in examples {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("distx-build.json"), example).expect("written");
        let run = |args: &[&str]| {
            let mut distx = Command::new(env!("CARGO_BIN_EXE_distx"));
            distx.args(args).current_dir(folder.path()).output().expect("runs")
        };
        for args in [&["info"][..], &["run"]] {
            let output = run(args);
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() && said.is_empty(), "{args:?}: {said}\n{example}");
        }
    }
}
