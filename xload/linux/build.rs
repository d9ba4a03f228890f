//! Link arguments: a static-pie program whose first instruction is ours.

fn main() {
    for argument in [
        "-nostartfiles",
        "-nostdlib",
        "-static-pie",
        // The few absolute words are relocated by `platform_linux::start`; packed they take a tenth.
        "-Wl,-z,pack-relative-relocs",
        "-Wl,-z,noexecstack",
        "-Wl,--gc-sections",
        "-Wl,--no-eh-frame-hdr",
        "-Wl,--build-id=none",
    ] {
        println!("cargo:rustc-link-arg-bins={argument}");
    }
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|cpu| cpu == "x86_64") {
        // What is written at the start begins with a page: one page fewer. Where pages may have 64 KiB the file would double.
        println!("cargo:rustc-link-arg-bins=-Wl,-z,separate-loadable-segments");
    }
    println!("cargo:rerun-if-changed=build.rs");
}
