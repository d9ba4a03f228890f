//! Link arguments: no C runtime, own entry, and a main stack of 8 MiB with what `platform_windows` keeps below it. Then the
//! resources, by the `windres` that comes with the linker.

use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

const SOURCES: [&str; 2] = ["resources.rc", "application.manifest"];

fn main() {
    if env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("windows") {
        for argument in ["-nostartfiles", "-nostdlib", "-Wl,-e,mainCRTStartup", "-Xlinker", "--stack=8454144,65536"] {
            println!("cargo:rustc-link-arg-bins={argument}");
        }
        println!("cargo:rustc-link-arg-bins={}", resources().display());
    }
    println!("cargo:rerun-if-changed=build.rs");
    for file in SOURCES {
        println!("cargo:rerun-if-changed={file}");
    }
}

/// Manifest and version as an object file.
fn resources() -> PathBuf {
    let folder = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_else(|| panic!("no OUT_DIR")));
    let header = concat!(
        "#define VERSION_NUMBERS ",
        env!("CARGO_PKG_VERSION_MAJOR"),
        ",",
        env!("CARGO_PKG_VERSION_MINOR"),
        ",",
        env!("CARGO_PKG_VERSION_PATCH"),
        ",0\n#define VERSION_TEXT \"",
        env!("CARGO_PKG_VERSION"),
        "\"\n"
    );
    // All in one folder, under names without blanks: windres gives the preprocessor's shell paths as they are.
    let done = fs::write(folder.join("version.h"), header);
    let done = SOURCES.iter().fold(done, |done, file| done.and_then(|()| fs::copy(file, folder.join(file)).map(drop)));
    done.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut windres = Command::new("x86_64-w64-mingw32-windres");
    windres.current_dir(&folder).args(["--output-format=coff", SOURCES[0], "resources.o"]);
    let status = windres.status().unwrap_or_else(|error| panic!("{windres:?}: {error}"));
    assert!(status.success(), "{windres:?}: {status}");
    folder.join("resources.o")
}
