//! Rust's library for the targets that we cross build to, made once from Debian's sources: `core`, `alloc` and `compiler_builtins`,
//! and all of std for tools.
//!
//! The distributed x86_64-linux one will not do: its code uses the red zone, which an exception on Windows overwrites.
//! cargo's `-Zbuild-std` needs RUSTC_BOOTSTRAP; it is set for this empty crate only, our own crates are stable Rust.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::cache::{self, Key};
use crate::run;
use crate::toolchain::{CARGO, RUSTC, Target};

const LIBRARY: &str = "/usr/lib/rustlib/src/rust/library";

const MANIFEST: &str = "\
[package]
name = 'nothing'
version = '0.0.0'
edition = '2024'
[lib]
path = 'lib.rs'
[profile.release]
panic = 'abort'
[workspace]
";

/// The sysroot of a target, for `rustc --sysroot`.
pub fn of(target: Target) -> Result<PathBuf> {
    let version = run::output(Command::new(RUSTC).arg("-vV"))?;
    let flags = target.code_flags().join(" ");
    let features = features(target);
    let key = Key::default().text(version).text(&flags).text(MANIFEST).text(features.unwrap_or("default")).text("2");
    cache::entry(&format!("sysroot-{}", target.triple()), key, |folder| build(target, &flags, folder))
}

/// Programs without a C library need Rust's `memcpy` and its kin. The C library must not have them: they are hidden, and a
/// linker gives a name the least visibility that any of its definitions has.
fn features(target: Target) -> Option<&'static str> {
    match target {
        Target::Library(_) => Some(""),
        Target::Linux(_) | Target::Windows => Some("compiler-builtins-mem"),
        Target::LinuxTool(_) | Target::WindowsTool => None,
    }
}

fn build(target: Target, flags: &str, folder: &Path) -> Result<()> {
    let work = folder.join("work");
    fs::create_dir_all(&work)?;
    fs::write(work.join("Cargo.toml"), MANIFEST)?;
    fs::write(work.join("lib.rs"), "#![no_std]\n")?;
    let triple = target.triple();
    let (what, crates) = match target.has_std() {
        true => ("std", "std,panic_abort"),
        false => ("core", "core,alloc,compiler_builtins,panic_abort"),
    };
    let mut cargo = Command::new(CARGO);
    cargo
        .current_dir(&work)
        .args(["build", "--release", "-j2", "--target", triple])
        .arg(format!("-Zbuild-std={crates}"))
        .args(features(target).map(|features| format!("-Zbuild-std-features={features}")))
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", RUSTC)
        .env("CARGO_TARGET_DIR", "target")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        // Bitcode, so that crates built with it can use link-time optimisation.
        .env("RUSTFLAGS", format!("-Cembed-bitcode=yes {flags}"));
    run::step(&format!("build Rust's {what} for {triple}"), &mut cargo)?;
    let libraries = folder.join("lib/rustlib").join(triple).join("lib");
    fs::create_dir_all(&libraries)?;
    for file in cache::files_below(&work.join("target").join(triple).join("release/deps"))? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libnothing-") {
            fs::copy(&file, libraries.join(&name)).with_context(|| format!("cannot copy {name}"))?;
        }
    }
    if target.is_windows() {
        // rustc links these two start objects into every program of this target.
        for name in ["rsbegin", "rsend"] {
            let mut rustc = Command::new(RUSTC);
            rustc.env("RUSTC_BOOTSTRAP", "1").args(["--edition=2024", "--emit=obj", "--target", triple, "--sysroot"]);
            rustc.arg(folder).arg("-o").arg(libraries.join(format!("{name}.o")));
            run::output(rustc.arg(format!("{LIBRARY}/rtstartup/{name}.rs")))?;
        }
    }
    fs::remove_dir_all(&work)?;
    Ok(())
}
