//! Link arguments: a static-pie program, as `xload_linux` is one.

fn main() {
    for argument in ["-nostartfiles", "-nostdlib", "-static-pie"] {
        println!("cargo:rustc-link-arg-bins={argument}");
    }
    println!("cargo:rerun-if-changed=build.rs");
}
