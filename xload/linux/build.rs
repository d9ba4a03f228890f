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
    println!("cargo:rerun-if-changed=build.rs");
}
