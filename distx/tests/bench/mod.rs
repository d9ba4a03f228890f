//! A folder to try the driver in, and how it is called.
#![allow(dead_code, reason = "each test program takes what it needs")]

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use distx_toolchain::target::{Cpu, Root};
use tempfile::TempDir;

/// A folder to work in and the root whose tools are tried.
pub struct Bench {
    pub folder: TempDir,
    pub root: Root,
}

impl Bench {
    /// `None` (and a line that says so) where `./x build` has not run.
    pub fn new() -> Option<Bench> {
        let built = Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(|checkout| checkout.join("_distx"));
        let root = Root(std::env::var_os("DISTX_ROOT").map(PathBuf::from).or(built)?);
        if !root.xlibc(Cpu::X86_64).join("lib/libc.so").exists() {
            eprintln!("skipped: {} holds no C library; ./x build makes it", root.0.display());
            return None;
        }
        Some(Bench { folder: tempfile::tempdir().expect("a folder"), root })
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().expect("a folder")).expect("made");
        fs::write(self.path(name), text).expect("written");
    }

    pub fn command(&self, program: impl AsRef<OsStr>, args: &str) -> Output {
        let args = args.split_whitespace();
        Command::new(program).args(args).current_dir(self.folder.path()).output().expect("runs")
    }

    pub fn distx(&self, args: &str) -> Output {
        self.command(self.root.bin().join("distx"), args)
    }

    /// The driver must succeed without a word.
    pub fn quiet(&self, args: &str) {
        let output = self.distx(args);
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && text.is_empty(), "distx {args}: {}\n{text}", output.status);
    }

    /// The driver must fail and say `what`.
    pub fn refused(&self, args: &str, what: &str) {
        let output = self.distx(args);
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && text.contains(what), "distx {args}: {}\n{text}", output.status);
    }

    /// Runs a program under the loader of this machine.
    pub fn exit_code(&self, program: &str) -> i32 {
        let loader = self.root.package("xload", "x86_64").join("bin/xload_linux");
        let output = self.command(loader, program);
        let text = String::from_utf8_lossy(&output.stderr);
        output.status.code().unwrap_or_else(|| panic!("{program}: {}\n{text}", output.status))
    }
}
