//! Link arguments: a program file as `distx` makes one, but without the C library.

fn main() {
    for argument in [
        "-nostartfiles",
        "-nostdlib",
        // `xload_host` comes from the loader.
        // No soname: the program runs from anywhere.
        "-Wl,-soname=",
        "-Wl,-z,undefs",
        "-Wl,-z,separate-loadable-segments",
        "-Wl,-z,max-page-size=65536",
        "-Wl,--build-id=none",
    ] {
        println!("cargo:rustc-cdylib-link-arg={argument}");
    }
    println!("cargo:rerun-if-changed=build.rs");
}
