//! `cargo test -p conformance-tests --test quickstart`: from an empty folder, with nothing but the file `distx` and a repository,
//! to a program that was built, tested and run on every host. `$DISTX_TEST_REPOSITORY` is what `./x package` made. Then the same
//! with the `distx` that is made for each of the hosts.

mod own;
mod user;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use conformance_tests::hosts::{Host, distx, hosts};
use conformance_tests::suite::conclude;
use conformance_tests::tool::Tool;
use libtest_mimic::{Failed, Trial};

use user::{User, says};

const HELLO: &str = "\
#include <iostream>
int main() { std::cout << \"hello, world\\n\"; }
";

fn main() -> ExitCode {
    conclude("quickstart", Ok(trials()))
}

fn trials() -> Vec<Trial> {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let root = distx(checkout);
    let mut trials = Vec::new();
    for host in hosts(checkout).into_iter().filter(Host::is_ours) {
        let (name, root) = (format!("{}::quickstart", host.name), root.clone());
        let missing = host.missing().or_else(repository_missing);
        trials.push(trial(name, missing, move || quickstart(&host, &root)));
    }
    for tool in Tool::all(checkout) {
        let missing = tool.missing().or_else(repository_missing);
        for (name, test, starts) in own::ALL {
            let missing = missing.clone().or_else(|| tool.starts_nothing().filter(|_| starts));
            let (tool, root) = (tool.clone(), root.clone());
            let name = format!("{}::quickstart::{name}", tool.host.name);
            trials.push(trial(name, missing, move || test(&tool, &root)));
        }
    }
    trials
}

fn trial(name: String, missing: Option<String>, test: impl FnOnce() -> Result<(), String> + Send + 'static) -> Trial {
    let trial = Trial::test(name, move || test().map_err(Failed::from));
    match missing {
        Some(reason) => trial.with_kind(reason).with_ignored_flag(true),
        None => trial,
    }
}

fn repository() -> Option<PathBuf> {
    std::env::var_os("DISTX_TEST_REPOSITORY").map(PathBuf::from)
}

fn repository_missing() -> Option<String> {
    let there = repository().is_some_and(|folder| folder.join("index.json").is_file());
    (!there).then(|| "no repository in $DISTX_TEST_REPOSITORY; ./x test makes it".to_owned())
}

/// The project is built on this machine, for the CPU of the host, and its files run there.
fn quickstart(host: &Host, root: &Path) -> Result<(), String> {
    let user = User::new(&root.join("bin/distx"), "distx")?;
    let distx = |args: &[&str], folder: &Path| user.run(Command::new(user.tool()).args(args), folder);

    distx(&["new", "hello"], &user.place())?;
    let project = user.project();
    let is_native = host.programs == std::env::consts::ARCH;
    if !is_native {
        // As the comment in the files says it.
        for file in ["distx-build.json", "xbuild.json"] {
            let text = fs::read_to_string(project.join(file)).map_err(|error| format!("{file}: {error}"))?;
            let cpus = format!("[\"{{DISTX_ARCH}}\", \"{}\"]", host.programs);
            user.write(file, &text.replace("[\"{DISTX_ARCH}\"]", &cpus))?;
        }
    }
    let said = distx(&["install"], &project)?;
    says(&said, "llvm-libcxx-common")?;
    let before = fs::read(project.join("distx.lock")).map_err(|error| format!("distx.lock: {error}"))?;
    distx(&["install", "--locked", "--offline"], &project)?;
    if fs::read(project.join("distx.lock")).ok() != Some(before) {
        return Err("the second install changed distx.lock".to_owned());
    }
    distx(&["run", "build"], &project)?;
    says(&distx(&["build"], &project)?, "up to date")?;
    distx(&["run", "test"], &project)?;
    let program = project.join("build").join(host.programs).join("hello");
    says(&user.run(&mut host.command(&program), &project)?, "Hello")?;

    // By hand, as the guide shows it.
    user.write("hello_world.cpp", HELLO)?;
    let clang = project.join("_distx/distx.org_2024-llvm-x86_64/bin/clang++");
    let target = format!("--target={}-unknown-linux-xload", host.programs);
    user.run(Command::new(clang).args([&target, "hello_world.cpp", "-o", "hello_world"]), &project)?;
    says(&user.run(&mut host.command(&project.join("hello_world")), &project)?, "hello, world")?;
    if is_native {
        says(&distx(&["exec", "hello_world"], &project)?, "hello, world")?;
    }
    Ok(())
}
