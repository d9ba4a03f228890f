//! The compilers, the linker that they start, and LLVM's tools: what they are given goes to clang, lld and the tool unread by clap,
//! so that each option reaches its owner and a compile pays for nothing else.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use distx_toolchain::driver::{self, Language, REQUEST_VARIABLE, ROOT_VARIABLE};
use distx_toolchain::link::{self, Request};
use distx_toolchain::target::{Cpu, Root};
use distx_toolchain::tools::{self, Tool};
use distx_toolchain::{portable_paths, postlink};

use crate::{report, root};

/// The tools, and what they are.
pub const TOOLS: [(&str, &str); 19] = [
    ("cc", "C compiler: clang's arguments, and --target-arch=x86_64|aarch64"),
    ("c++", "C++ compiler: clang++'s arguments, and --target-arch=x86_64|aarch64"),
    ("ld", "The linker that the compilers start: lld with our libraries"),
    ("strip", "llvm-strip, keeping the layout that loaders map in one piece"),
    ("objcopy", "llvm-objcopy, keeping the layout that loaders map in one piece"),
    ("postlink", "Give files from another linker that layout and the mark of program files"),
    ("addr2line", "llvm-addr2line"),
    ("ar", "llvm-ar"),
    ("nm", "llvm-nm"),
    ("objdump", "llvm-objdump"),
    ("ranlib", "llvm-ranlib"),
    ("readelf", "llvm-readelf"),
    ("size", "llvm-size"),
    ("strings", "llvm-strings"),
    (
        "pkg-config",
        "The machine's pkg-config, which then finds the root's packages and yours, and no library of the machine",
    ),
    ("clangd", "Print a .clangd file with which clangd knows our headers: --target-arch=x86_64|aarch64"),
    ("cmake", "CMake with our toolchain file: cmake's arguments, and --target-arch=x86_64|aarch64"),
    ("configure", "./configure with our compilers: its arguments, and --target-arch=x86_64|aarch64"),
    ("meson", "Meson with our cross file: meson's arguments, and --target-arch=x86_64|aarch64"),
];

/// Runs the tool of this name, if there is one. `cpu` is the CPU that a compiler makes code for unless it is told another.
pub fn run(tool: &str, cpu: Cpu, args: Vec<OsString>, root: impl FnOnce() -> Result<Root>) -> Option<Result<i32>> {
    Some(match tool {
        "cc" | "clang" | "gcc" => root().and_then(|root| compile(args, Language::C, cpu, &root)),
        "c++" | "clang++" | "g++" => root().and_then(|root| compile(args, Language::CPlusPlus, cpu, &root)),
        "ld" => root::of_link().map_or_else(root, Ok).and_then(|root| link_files(args, &root)),
        "strip" => rewrite("llvm-strip", &args, tools::stripped),
        "objcopy" => rewrite("llvm-objcopy", &args, |args| tools::copied(args).into_iter().collect()),
        passed_on if tools::PASSED_ON.contains(&passed_on) => {
            tools::llvm(&format!("llvm-{passed_on}")).and_then(|program| Tool::from(program).run(&args, &[]))
        }
        "postlink" => args.iter().try_for_each(|file| postlink::finish(Path::new(file))).map(|()| 0),
        _ => return super::build_systems::run(tool, cpu, args, root),
    })
}

fn compile(args: Vec<OsString>, language: Language, cpu: Cpu, root: &Root) -> Result<i32> {
    let compile = driver::command(args, language, cpu, root, &root::linker(root)?).map_err(anyhow::Error::msg)?;
    warn(&compile.warnings);
    if !root.xlibc(compile.cpu).is_dir() {
        bail!("{} has no C library for {}; `./x build` makes it", root.0.display(), compile.cpu.name());
    }
    let name = match language {
        Language::C => "clang",
        Language::CPlusPlus => "clang++",
    };
    let environment = [(REQUEST_VARIABLE, compile.request.encode().into()), (ROOT_VARIABLE, root.0.clone().into())];
    let tool = Tool::of(root, name)?;
    let code = tool.run(&compile.args, &environment)?;
    if let Some(file) = portable_paths::dependency_file(&compile.args).filter(|_| tool.is_foreign() && code == 0)
        && let Ok(text) = std::fs::read_to_string(&file)
    {
        std::fs::write(&file, portable_paths::dependencies(&text))
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(code)
}

fn link_files(args: Vec<OsString>, root: &Root) -> Result<i32> {
    let request = Request::decode(&std::env::var(REQUEST_VARIABLE).unwrap_or_default());
    let link = link::command(args, root, request);
    warn(&link.warnings);
    let code = Tool::of(root, "ld.lld")?.run(&link.args, &[])?;
    if let Some(file) = link.finished.filter(|_| code == 0) {
        if link.program && !postlink::has_entry(&file)? {
            let _ = std::fs::remove_file(&file);
            bail!("{}: undefined symbol: main", file.display());
        }
        postlink::finish(&file)?;
    }
    Ok(code)
}

/// Runs a tool that writes programs anew, and gives the files that it wrote their layout again.
fn rewrite(tool: &str, args: &[OsString], written: impl Fn(Vec<OsString>) -> Vec<PathBuf>) -> Result<i32> {
    let code = Tool::from(tools::llvm(tool)?).run(args, &[])?;
    if code == 0 {
        for file in written(tools::expand_response_files(args.to_vec())).iter().filter(|file| file.exists()) {
            postlink::finish(file)?;
        }
    }
    Ok(code)
}

fn warn(warnings: &[String]) {
    for warning in warnings {
        report::warn(warning);
    }
}
