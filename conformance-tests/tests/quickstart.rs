//! `cargo test -p conformance-tests --test quickstart`: from an empty folder, with nothing but the file `distx` and a repository,
//! to a program that was built, tested and run on every host. `$DISTX_TEST_REPOSITORY` is what `./x package` made.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use conformance_tests::hosts::{Host, distx, hosts};
use conformance_tests::suite::conclude;
use libtest_mimic::{Failed, Trial};

/// A name that a path on either system may have, and that careless tools stumble over.
const PLACE: &str = "mein Ordner für π";

const HELLO: &str = "\
#include <iostream>
int main() { std::cout << \"hello, world\\n\"; }
";

fn main() -> ExitCode {
    conclude("quickstart", Ok(trials()))
}

fn trials() -> Vec<Trial> {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let ours = hosts(checkout).into_iter().filter(Host::is_ours);
    ours.map(|host| {
        let name = format!("{}::quickstart", host.name);
        let missing = host.missing().or_else(repository_missing);
        let root = distx(checkout);
        let trial = Trial::test(name, move || quickstart(&host, &root).map_err(Failed::from));
        match missing {
            Some(reason) => trial.with_kind(reason).with_ignored_flag(true),
            None => trial,
        }
    })
    .collect()
}

fn repository() -> Option<PathBuf> {
    std::env::var_os("DISTX_TEST_REPOSITORY").map(PathBuf::from)
}

fn repository_missing() -> Option<String> {
    let there = repository().is_some_and(|folder| folder.join("index.json").is_file());
    (!there).then(|| "no repository in $DISTX_TEST_REPOSITORY; ./x test makes it".to_owned())
}

/// A user's folder, with `distx` somewhere else.
struct User {
    home: tempfile::TempDir,
}

impl User {
    fn project(&self) -> PathBuf {
        self.home.path().join(PLACE).join("hello")
    }

    fn write(&self, name: &str, text: &str) -> Result<(), String> {
        fs::write(self.project().join(name), text).map_err(|error| format!("{name}: {error}"))
    }

    /// Runs a command as that user; what it said, if it ended well.
    fn run(&self, command: &mut Command, folder: &Path) -> Result<String, String> {
        let home = self.home.path();
        command.current_dir(folder).env("HOME", home).env("XDG_CONFIG_HOME", home.join("config"));
        command.env("XDG_CACHE_HOME", home.join("cache")).env_remove("XLOAD_ROOT").env_remove("DISTX_ROOT");
        command.env("DISTX_REPOSITORY", repository().unwrap_or_default());
        let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        match output.status.success() {
            true => Ok(said),
            false => Err(format!("{command:?}: {}\n{said}", output.status)),
        }
    }
}

fn says(said: &str, what: &str) -> Result<(), String> {
    if said.contains(what) { Ok(()) } else { Err(format!("not said: {what:?}, but:\n{said}")) }
}

/// The project is built on this machine, for the CPU of the host, and its files run there.
fn quickstart(host: &Host, root: &Path) -> Result<(), String> {
    let user = User { home: tempfile::tempdir().map_err(|error| error.to_string())? };
    let tool = user.home.path().join("bin/distx");
    fs::create_dir_all(user.home.path().join(PLACE)).map_err(|error| error.to_string())?;
    fs::create_dir_all(user.home.path().join("bin")).map_err(|error| error.to_string())?;
    fs::copy(root.join("bin/distx"), &tool).map_err(|error| error.to_string())?;
    let distx = |args: &[&str], folder: &Path| user.run(Command::new(&tool).args(args), folder);

    distx(&["new", "hello"], &user.home.path().join(PLACE))?;
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
