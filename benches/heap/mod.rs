//! `heap.c` with our library and with glibc, musl and, where it is installed, mimalloc below glibc.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::compiled::{compile, text};

const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/heap/heap.c");

/// Nanoseconds by case.
type Times = Vec<(String, f64)>;

/// Builds the program, runs it with each library in turn, and prints their times and our ratio to each.
pub fn run() -> Result<(), String> {
    let root = PathBuf::from(std::env::var_os("DISTX_ROOT").ok_or("DISTX_ROOT is not set: use ./x bench")?);
    let loader = root.join("distx.org_2024-xload-x86_64/bin/xload_linux");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/x/bench/heap");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let distx = root.join("bin/distx");
    let compilers: [(&str, &[&str]); 3] = [
        ("glibc", &["cc", "-O2", "-pthread"]),
        ("musl", &["musl-gcc", "-O2", "-pthread"]),
        ("xlibc", &[text(&distx)?, "cc", "-O2", "-pthread"]),
    ];
    let mut runs: Vec<(&str, Command)> = Vec::new();
    for (name, compiler) in compilers {
        let program = folder.join(name);
        if let Err(error) = compile(compiler, SOURCE, text(&program)?) {
            println!("{name} is left out: {error}");
            continue;
        }
        if name == "xlibc" {
            let mut ours = Command::new(&loader);
            ours.arg(&program);
            runs.push((name, ours));
        } else {
            runs.push((name, Command::new(&program)));
        }
    }
    if let Some(library) = mimalloc() {
        let mut below_glibc = Command::new(folder.join("glibc"));
        below_glibc.env("LD_PRELOAD", library);
        runs.insert(0, ("mimalloc", below_glibc));
    }
    let mut results = Vec::new();
    for (name, command) in &mut runs {
        results.push((*name, times(name, command)?));
    }
    table(&results);
    Ok(())
}

/// Where distributions put it.
fn mimalloc() -> Option<&'static str> {
    let places = ["/usr/lib/x86_64-linux-gnu/libmimalloc.so", "/usr/lib/x86_64-linux-gnu/libmimalloc.so.2"];
    places.into_iter().find(|place| Path::new(place).exists())
}

fn times(name: &str, command: &mut Command) -> Result<Times, String> {
    let output = command.output().map_err(|error| format!("{name}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{name}: {}: {}", output.status, String::from_utf8_lossy(&output.stderr)));
    }
    let said = String::from_utf8_lossy(&output.stdout);
    let line = |line: &str| {
        let (case, time) = line.split_once('\t')?;
        Some((case.to_owned(), time.parse().ok()?))
    };
    said.lines().map(|text| line(text).ok_or_else(|| format!("{name}: no time: {text}"))).collect()
}

fn table(results: &[(&str, Times)]) {
    let Some(((_, ours), peers)) = results.split_last() else { return };
    print!("{:26}{:>12}", "ns", "xlibc");
    peers.iter().for_each(|(name, _)| print!("{:>12}{:>8}", *name, "ratio"));
    println!();
    for (index, (case, time)) in ours.iter().enumerate() {
        print!("{case:26}{time:12.1}");
        for (_, peer) in peers.iter().filter_map(|(name, times)| Some((name, times.get(index)?.1))) {
            print!("{peer:12.1}{:8.2}", time / peer);
        }
        println!();
    }
}
