//! Compiles the C part of the library: variadic and `long double` entry points, which stable Rust cannot define.

use std::{env, fs, path::PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
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
