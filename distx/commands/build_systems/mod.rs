//! Build systems of others, told where our compilers, packages and loader are. Their arguments are theirs, but `--target-arch`.

pub mod clangd;
mod cmake;
mod configure;
mod meson;
mod pkg_config;
mod target;

use std::ffi::OsString;

use anyhow::Result;
use distx_toolchain::target::{Cpu, Root};

/// Runs the build system of this name, if there is one. `cpu` is the CPU that programs are for unless `--target-arch` names another.
pub fn run(tool: &str, cpu: Cpu, args: Vec<OsString>, root: impl FnOnce() -> Result<Root>) -> Option<Result<i32>> {
    Some(match tool {
        "clangd" => root().and_then(|root| clangd::run(args, cpu, &root)),
        "cmake" => root().and_then(|root| cmake::run(args, &root)),
        "configure" => root().and_then(|root| configure::run(args, cpu, &root)),
        "meson" => root().and_then(|root| meson::run(args, cpu, &root)),
        "pkg-config" => root().and_then(|root| pkg_config::run(args, cpu, &root)),
        _ => return None,
    })
}
