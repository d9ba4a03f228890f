//! Whole processes from start to end: an empty program and hello.c, made and run with our library and with glibc and musl.
//! Also the sizes of what is loaded.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::compiled::{compile, text};
use crate::race::{self, Runner};

const EMPTY: &str = "int main(void)\n{\n\treturn 0;\n}\n";
const HELLO: &str = "#include <stdio.h>\n\nint main(void)\n{\n\tputs(\"Hello, world!\");\n\treturn 0;\n}\n";
const ROUNDS: u32 = 500;

/// Builds the programs and races them.
pub fn run() -> Result<(), String> {
    let root = PathBuf::from(std::env::var_os("DISTX_ROOT").ok_or("DISTX_ROOT is not set: use ./x bench")?);
    let loader = root.join("distx.org_2024-xload-x86_64/bin/xload_linux");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/x/bench/start");
    let folder = text(&folder)?;
    std::fs::create_dir_all(folder).map_err(|error| format!("{folder}: {error}"))?;
    let distx = root.join("bin/distx");
    let compilers: [(&str, &[&str]); 4] = [
        ("glibc", &["cc", "-O2"]),
        ("musl", &["musl-gcc", "-O2"]),
        ("musl static", &["musl-gcc", "-O2", "-static"]),
        ("xlibc", &[text(&distx)?, "cc", "-O2"]),
    ];
    for (title, source) in [("empty", EMPTY), ("hello", HELLO)] {
        let file = format!("{folder}/{title}.c");
        std::fs::write(&file, source).map_err(|error| format!("{file}: {error}"))?;
        let mut runners = Vec::new();
        for (name, compiler) in compilers {
            let program = format!("{folder}/{title}-{}", name.replace(' ', "-"));
            match compile(compiler, &file, &program) {
                Ok(()) if name == "xlibc" => runners.push(Runner::new(name, &[text(&loader)?, &program])),
                Ok(()) => runners.push(Runner::new(name, &[&program])),
                Err(error) => println!("{title}: {name} is left out: {error}"),
            }
        }
        race::run(title, ROUNDS, runners, &["glibc", "musl"])?;
        println!();
    }
    sizes(&root)
}

/// Bytes that the files have without debug data.
fn sizes(root: &Path) -> Result<(), String> {
    println!("size without symbols, KiB");
    for file in [
        "distx.org_2024-xload-x86_64/bin/xload_linux",
        "distx.org_2024-xload-aarch64/bin/xload_linux",
        "distx.org_2024-xload-x86_64/bin/xload_windows.exe",
        "distx.org_2024-xlibc-x86_64/lib/libc.so",
        "distx.org_2024-xlibc-aarch64/lib/libc.so",
    ] {
        let path = root.join(file);
        if !path.exists() {
            println!("       -  {file}: not built");
            continue;
        }
        let stripped = std::env::temp_dir().join(format!("bench-size-{}", std::process::id()));
        let strip = Command::new("llvm-strip-19").arg("-o").arg(&stripped).arg(&path).status();
        let measured = if strip.is_ok_and(|status| status.success()) { &stripped } else { &path };
        let bytes = std::fs::metadata(measured).map_err(|error| format!("{}: {error}", measured.display()))?.len();
        let _ = std::fs::remove_file(&stripped);
        println!("{:8.1}  {file}", bytes as f64 / 1024.0);
    }
    Ok(())
}
