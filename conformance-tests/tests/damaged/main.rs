//! `cargo test -p conformance-tests --test damaged`: loaders start damaged files. What is damaged badly is refused with a message;
//! what the loader cannot know may end the program in other ways, but never the loader itself.

#[path = "../../../xload/tests/damage/mod.rs"]
mod damage;
mod traced;

use conformance_tests::hosts::{Host, all, distx, hosts};
use conformance_tests::run::{Outcome, about, build, run};
use conformance_tests::suite::conclude;

use damage::{Patch, Random, Sample};
use libtest_mimic::{Failed, Trial};
use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};
use traced::{Ending, Loader};

/// Patches that a native loader tries, and how many of them the loader of Windows tries too: that takes a hundred times as long.
const ROUNDS: usize = 300;
const ROUNDS_OF_WINDOWS: usize = 24;
const LIMIT: Duration = Duration::from_secs(20);

fn main() -> ExitCode {
    conclude("damaged", trials())
}

fn trials() -> Result<Vec<Trial>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the package has no folder above it")?;
    let (known, chosen) = (all(root), hosts(root));
    let of = |name| known.iter().find(|host| host.name == name).cloned().ok_or(format!("no host {name}"));
    let (native, windows) = (of("linux-x86_64")?, of("windows-x86_64")?);
    let missing = native.missing().or_else(|| {
        let is_other = std::env::consts::ARCH != "x86_64";
        is_other.then(|| "faults are told apart on the machine itself only".to_owned())
    });
    let windows_missing = missing.clone().or_else(|| windows.missing());
    let (folder, other) = (root.to_owned(), native.clone());
    let trials =
        [(format!("{}::damaged", native.name), missing, Box::new(move || damaged(&folder, &native, None)) as Check), {
            let folder = root.to_owned();
            let name = format!("{}::damaged", windows.name);
            (name, windows_missing, Box::new(move || damaged(&folder, &other, Some(&windows))) as Check)
        }];
    Ok(trials
        .into_iter()
        .filter(|(name, ..)| chosen.iter().any(|host| name.starts_with(host.name)))
        .map(|(name, missing, check)| {
            let trial = Trial::test(name, move || check().map_err(Failed::from));
            match missing {
                Some(reason) => trial.with_kind(reason).with_ignored_flag(true),
                None => trial,
            }
        })
        .collect())
}

type Check = Box<dyn FnOnce() -> Result<(), String> + Send>;

/// A folder that is a root of its own, with a program and its libraries, one of which is damaged at a time.
struct Tree {
    folder: PathBuf,
    loader: Loader,
    files: Vec<(PathBuf, Sample)>,
}

impl Tree {
    fn new(root: &Path, host: &Host, folder: &Path) -> Result<Self, String> {
        let source = root.join("conformance-tests/programs/statics.cpp");
        let program = folder.join("program");
        std::fs::create_dir_all(folder).map_err(about(folder))?;
        let mut compile = Command::new(&host.compile_cpp[0]);
        compile.args(&host.compile_cpp[1..]).arg("-O1").arg(&source).arg("-o").arg(&program);
        build(&mut compile, &program, &[source])?;
        let mut paths = vec![program];
        let libraries = ["xlibc-x86_64/lib/libc.so", "llvm-libcxx-x86_64/lib/libc++.so.1"];
        let others = ["llvm-libcxx-x86_64/lib/libc++abi.so.1", "llvm-libcxx-x86_64/lib/libunwind.so.1"];
        for library in libraries.into_iter().chain(others) {
            let name = format!("distx.org_2024-{library}");
            let (from, to) = (distx(root).join(&name), folder.join("root").join(&name));
            let place = to.parent().unwrap_or(folder);
            std::fs::create_dir_all(place).map_err(about(place))?;
            std::fs::copy(&from, &to).map_err(about(&from))?;
            paths.push(to);
        }
        let read = |path: PathBuf| {
            let bytes = std::fs::read(&path).map_err(about(&path))?;
            Ok((path, Sample::new(bytes)))
        };
        let loader = Loader::read(host.start.last().ok_or("a host without a loader")?)?;
        Ok(Self {
            folder: folder.to_owned(),
            loader,
            files: paths.into_iter().map(read).collect::<Result<_, String>>()?,
        })
    }

    fn command(&self, host: &Host) -> Command {
        let mut command = host.command(&self.files[0].0);
        command.env("XLOAD_ROOT", host.path(&self.folder.join("root"))).current_dir(&self.folder);
        command
    }

    /// Writes the patches into a file, or what was there before.
    fn write(&self, index: usize, patches: &[Patch], good: bool) -> Result<(), String> {
        let (path, sample) = &self.files[index];
        let file = OpenOptions::new().write(true).open(path).map_err(about(path))?;
        for Patch { at, bytes } in patches {
            let bytes = if good { &sample.bytes[*at..at + bytes.len()] } else { bytes };
            file.write_all_at(bytes, *at as u64).map_err(about(path))?;
        }
        Ok(())
    }

    /// Under a native loader, traced.
    fn trace(&self, host: &Host) -> Result<(Ending, String), String> {
        let said = self.folder.join("traced.txt");
        let output = File::create(&said).map_err(about(&said))?;
        let errors = output.try_clone().map_err(about(&said))?;
        let mut command = self.command(host);
        command.stdin(Stdio::null()).stdout(output).stderr(errors);
        let ending = traced::run(&self.loader, &mut command, LIMIT).map_err(about(&said))?;
        let said = std::fs::read(&said).map_err(about(&said))?;
        Ok((ending, String::from_utf8_lossy(&said).into_owned()))
    }
}

fn damaged(root: &Path, native: &Host, other: Option<&Host>) -> Result<(), String> {
    let name = other.unwrap_or(native).name;
    let tree = Tree::new(root, native, &Path::new(env!("CARGO_TARGET_TMPDIR")).join("damaged").join(name))?;
    let good = tree.trace(native)?;
    if good.0 != Ending::Code(0) {
        return Err(format!("the whole program ends with {good:?}"));
    }
    let (seed, limit) = damage::effort();
    let (mut random, begun) = (Random(seed), Instant::now());
    let rounds = if other.is_some() { ROUNDS_OF_WINDOWS } else { ROUNDS };
    let (mut round, mut refused) = (0, 0);
    while round < rounds || begun.elapsed() < limit {
        round += 1;
        let index = random.below(tree.files.len());
        let (path, sample) = &tree.files[index];
        let patches: Vec<Patch> = (0..=random.below(10) / 8).map(|_| sample.patch(&mut random)).collect();
        tree.write(index, &patches, false)?;
        let ending = tree.trace(native);
        let there = match (&ending, other) {
            // What ended in other ways is the program's business.
            (Ok((Ending::Code(_), _)), Some(other)) => {
                Some(run(&mut tree.command(other), &tree.folder, "other", 3 * LIMIT)?)
            }
            _ => None,
        };
        tree.write(index, &patches, true)?;
        let told = |what: &str| format!("seed {seed:#x}, round {round}: {}: {patches:x?}: {what}", path.display());
        let (ending, said) = ending?;
        match &ending {
            Ending::Code(127) if said.starts_with("xload: ") => refused += 1,
            Ending::Fault { of_loader: true, .. } => {
                return Err(told(&format!("the loader: {ending:?}\n{said}")));
            }
            _ => {}
        }
        if let Some(Outcome { status, said: other }) = there {
            let is_refused = status.and_then(|status| status.code()) == Some(127) && other.starts_with("xload: ");
            let runs_other_code = patches.iter().any(|patch| sample.initialisers.contains(&patch.at));
            let is_right = match &ending {
                Ending::Code(127) if said.starts_with("xload: ") => is_refused,
                // What Linux only promises, much memory, Windows may refuse.
                ending if (ending, &said) == (&good.0, &good.1) => {
                    is_refused || other == said || runs_other_code && status.is_some()
                }
                // A program that runs with other data than it was made with.
                _ => status.is_some(),
            };
            if !is_right {
                return Err(told(&format!("{ending:?}\n{said}and there {status:?}\n{other}")));
            }
        }
    }
    println!("{name}: {round} rounds from seed {seed:#x}, {refused} refused");
    if refused < round / 8 { Err(format!("only {refused} of {round} refused")) } else { Ok(()) }
}
