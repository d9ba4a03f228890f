//! A program that the toolchain has made, on the demonstration host.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The root that `./x build` fills.
fn root() -> PathBuf {
    let built = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../_distx");
    std::env::var_os("DISTX_ROOT").map_or_else(built, PathBuf::from)
}

#[test]
fn hello_c_runs() {
    let (root, folder) = (root(), PathBuf::from(env!("CARGO_TARGET_TMPDIR")));
    let (source, program) = (folder.join("hello.c"), folder.join("hello"));
    let text = "#include <stdio.h>\n#include <stdlib.h>\n#include <time.h>\n\
        int main(int argc, char **argv) {\n\
        \tchar *copy = malloc(1 << 20);\n\
        \tFILE *file = fopen(argv[1], \"r\");\n\
        \tif (!copy || !file || !fgets(copy, 100, file) || time(0) < 1700000000) return 1;\n\
        \tif (fopen(argv[1], \"w\")) return 2;\n\
        \tprintf(\"hello %d: %s\", argc, copy);\n\
        \treturn 7;\n}\n";
    std::fs::write(&source, text).expect("a folder for tests");
    let compiler = root.join(format!("bin/{}-distx-cc", std::env::consts::ARCH));
    let made = Command::new(&compiler).arg(&source).arg("-o").arg(&program).status();
    assert!(made.expect("a built toolchain: run ./x build").success());
    let mut loader = Command::new(env!("CARGO_BIN_EXE_xload_demo"));
    let output = loader.env("XLOAD_ROOT", root).arg(&program).arg(&source).output().expect("the loader starts");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "hello 2: #include <stdio.h>\n");
    assert_eq!(output.status.code(), Some(7), "{}", String::from_utf8_lossy(&output.stderr));
}
