//! xbuild, ninja and make on one project: builds with nothing to do and with one changed source, and a dry run of the first build.

mod files;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::compiled::{compile, text};
use crate::race::{self, Runner};

const COMPILER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/xbuild/compiler.c");
const EMPTY: &str = "int main(void)\n{\n\treturn 0;\n}\n";
const ROUNDS: u32 = 100;

/// A tool, its words for a build, and that for a dry run.
struct Tool {
    name: &'static str,
    words: Vec<String>,
    dry_run: &'static str,
}

/// Writes the project for each tool, builds it, and races them.
pub fn run() -> Result<(), String> {
    let root = PathBuf::from(std::env::var_os("DISTX_ROOT").ok_or("DISTX_ROOT is not set: use ./x bench")?);
    let loader = root.join("distx.org_2024-xload-x86_64/bin/xload_linux");
    let xbuild = root.join("distx.org_2024-xbuild-x86_64/bin/xbuild");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/x/bench/xbuild");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let folder = folder.canonicalize().map_err(|error| format!("{}: {error}", folder.display()))?;
    let (compiler, empty) = (folder.join("cc"), folder.join("empty"));
    compile(&["cc", "-O2", "-static"], COMPILER, text(&compiler)?)?;
    let source = folder.join("empty.c");
    fs::write(&source, EMPTY).map_err(|error| format!("{}: {error}", source.display()))?;
    compile(&[text(&root.join("bin/distx"))?, "cc", "-O2"], text(&source)?, text(&empty)?)?;

    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let (loader, xbuild) = (text(&loader)?, text(&xbuild)?);
    let tools = [
        Tool { name: "ninja", words: words(&["ninja"]), dry_run: "-n" },
        Tool { name: "make", words: words(&["make", "-j2"]), dry_run: "-n" },
        Tool { name: "xbuild", words: words(&[loader, xbuild]), dry_run: "-n" },
    ];
    let tools: Vec<Tool> = tools.into_iter().filter(is_there).collect();
    for tool in &tools {
        files::write(&folder.join(tool.name).join("new"), text(&compiler)?)?;
        files::write(&folder.join(tool.name).join("built"), text(&compiler)?)?;
        runner(tool, &folder.join(tool.name).join("built"), &[]).once()?;
    }
    let bases = ["ninja", "make"];
    println!("{} sources", files::SOURCES);
    let of = |folder_name: &'static str, arguments: fn(&Tool) -> Vec<&str>| {
        let folder = &folder;
        tools.iter().map(move |tool| runner(tool, &folder.join(tool.name).join(folder_name), &arguments(tool)))
    };
    let mut idle: Vec<Runner> = of("built", |_| Vec::new()).collect();
    idle.push(Runner::new("empty program", &[loader, text(&empty)?]));
    race::run("nothing changed", ROUNDS, idle, &bases)?;
    println!();
    let changing = of("built", |_| Vec::new()).zip(&tools).map(|(runner, tool)| {
        let folder = folder.join(tool.name).join("built");
        runner.before(move |round| {
            let number = round.wrapping_mul(37) % files::SOURCES;
            let file = folder.join(files::source(number));
            fs::write(&file, files::source_text(number, round + 1))
                .map_err(|error| format!("{}: {error}", file.display()))
        })
    });
    race::run("one file changed", ROUNDS, changing.collect(), &bases)?;
    println!();
    race::run("dry run of all", ROUNDS / 4, of("new", |tool| vec![tool.dry_run]).collect(), &bases)
}

fn is_there(tool: &Tool) -> bool {
    let found = Command::new(&tool.words[0]).arg("--version").stdout(Stdio::null()).status();
    if let Err(error) = &found {
        println!("{} is left out: {error}", tool.name);
    }
    found.is_ok()
}

fn runner(tool: &Tool, folder: &Path, arguments: &[&str]) -> Runner {
    let words: Vec<&str> = tool.words.iter().map(String::as_str).chain(arguments.iter().copied()).collect();
    Runner::new(tool.name, &words).within(folder)
}
