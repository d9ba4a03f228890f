//! Link arguments: no C runtime, own entry, and a main stack of 8 MiB with what `platform_windows` keeps below it.

fn main() {
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("windows") {
        for argument in ["-nostartfiles", "-nostdlib", "-Wl,-e,mainCRTStartup", "-Xlinker", "--stack=8454144,65536"] {
            println!("cargo:rustc-link-arg-bins={argument}");
        }
    }
    println!("cargo:rerun-if-changed=build.rs");
}
