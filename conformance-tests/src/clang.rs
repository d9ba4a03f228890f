//! The compiler of the guest, asked whether a piece of C or C++ is valid against `include/`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A CPU that programs are compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cpu {
    /// 64-bit x86
    X86_64,
    /// 64-bit Arm
    Aarch64,
}

impl Cpu {
    /// Both.
    pub const ALL: [Self; 2] = [Self::X86_64, Self::Aarch64];

    /// As in target triples and file names.
    pub fn name(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Aarch64 => "aarch64",
        }
    }
}

/// How a source is compiled.
#[derive(Clone, Copy, Debug)]
pub struct Dialect<'a> {
    /// Value of `-std=`; one with `++` makes the source C++.
    pub standard: &'a str,
    /// Further arguments.
    pub arguments: &'a [&'a str],
}

/// What musl's facts were read with: every name visible.
pub const EVERYTHING: Dialect<'static> =
    Dialect { standard: "gnu11", arguments: &["-D_GNU_SOURCE", "-D_LARGEFILE64_SOURCE"] };

/// Clang with our headers and then its own, as a program's build has them.
pub struct Clang {
    program: PathBuf,
    include: PathBuf,
    resource: PathBuf,
}

impl Clang {
    /// The compiler named by `$CLANG`, else `clang-19`; `root` is the top of the project.
    pub fn new(root: &Path) -> Result<Self, String> {
        let program = std::env::var_os("CLANG").map_or_else(|| PathBuf::from("clang-19"), PathBuf::from);
        let output = Command::new(&program)
            .arg("-print-resource-dir")
            .output()
            .map_err(|error| format!("{}: {error} (install clang-19 or set CLANG)", program.display()))?;
        let resource = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Ok(Self { program, include: root.join("include"), resource: Path::new(&resource).join("include") })
    }

    /// The folder of the headers under test.
    pub fn include(&self) -> &Path {
        &self.include
    }

    /// Parses and checks `source`, with warnings as errors; the error is what the compiler says.
    pub fn accepts(&self, cpu: Cpu, dialect: Dialect, source: &str) -> Result<(), String> {
        self.run(cpu, dialect, &["-fsyntax-only"], source).map(|_| ())
    }

    /// Runs the compiler on `source`; the result is its standard output.
    pub fn run(&self, cpu: Cpu, dialect: Dialect, action: &[&str], source: &str) -> Result<Vec<u8>, String> {
        let language = if dialect.standard.contains("++") { "c++" } else { "c" };
        // -I, not -isystem: warnings in system headers are not shown.
        let mut child = Command::new(&self.program)
            .arg(format!("--target={}-unknown-linux-musl", cpu.name()))
            .arg(format!("-std={}", dialect.standard))
            .args(["-nostdinc", "-Wall", "-Wextra", "-Werror", "-pedantic", "-ferror-limit=40", "-I"])
            .arg(&self.include)
            .arg("-isystem")
            .arg(&self.resource)
            .args(dialect.arguments)
            .args(action)
            .args(["-x", language, "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", self.program.display()))?;
        let mut stdin = child.stdin.take().ok_or("the compiler has no standard input")?;
        let output = std::thread::scope(|scope| {
            // A compiler that stops early closes the pipe: what it says is the error then.
            scope.spawn(move || stdin.write_all(source.as_bytes()).ok());
            child.wait_with_output()
        })
        .map_err(|error| format!("{}: {error}", self.program.display()))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let messages = String::from_utf8_lossy(&output.stderr);
        Err(format!("{} -std={}\n{messages}", cpu.name(), dialect.standard))
    }
}
