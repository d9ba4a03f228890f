//! libc.so: `xlibc/cdylib` as a static library, linked by lld so that exactly what `#[export]` marks are its symbols.
//!
//! rustc's own cdylib hides the symbols of the C files in it and leaves out the C ones it does not see used.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use distx_toolchain::target::{Cpu, Root};
use distx_toolchain::{postlink, tools};

use crate::cross;
use crate::project::Project;
use crate::toolchain::Target;
use crate::{exports, gdb, packages, run};

/// Archives that configure scripts and `-lm`, `-lpthread`, `-latomic` ask for; everything is in libc.so.
const EMPTY_ARCHIVES: [&str; 9] = ["atomic", "m", "pthread", "dl", "rt", "util", "crypt", "resolv", "xnet"];

/// What a program may replace by its own definition; other calls inside libc.so go straight to their function.
const REPLACEABLE: [&str; 9] = [
    "malloc",
    "free",
    "calloc",
    "realloc",
    "aligned_alloc",
    "posix_memalign",
    "memalign",
    "valloc",
    "malloc_usable_size",
];

/// Parts of the names of the functions that nearly every program runs. They lie together in front of the others: the first use
/// of each 64 KiB of a file costs a page fault.
const COMMON: [&str; 9] = [
    "5xlibc2rt",
    "5xlibc4exit",
    "5xlibc6system7program",
    "5xlibc5stdio6output",
    "5xlibc5stdio6source",
    "5xlibc5stdio6stream",
    "5xlibc5stdio8registry",
    "5xlibc6malloc",
    "5xlibc4sync",
];

/// As [`COMMON`], whole names.
const COMMON_ENTRIES: [&str; 14] = [
    "__stack_chk_guard",
    "environ",
    "exit",
    "fputs",
    "free",
    "fwrite",
    "malloc",
    "memchr",
    "memcmp",
    "memcpy",
    "memmove",
    "memset",
    "puts",
    "strlen",
];

/// Parts of the names of common data that is large. It follows the rest, which then is one page: each that is written costs a page
/// fault. A short output stays in that page.
const COMMON_LARGE: [&str; 3] =
    ["5xlibc5stdio8registry12OUTPUT_PLACE", "5xlibc6malloc6mapped4KEPT", "5xlibc6malloc7CENTRAL"];

/// What the loader offers programs under the name `_xload`.
const LOADER_SYMBOLS: [&str; 8] =
    ["xload_host", "xload_open", "xload_sym", "xload_exit", "xload_write", "xload_errno", "xload_root", "xload_exec"];

/// A library file that stands for the loader when something is linked against its symbols.
pub fn loader_stub(project: &Project, cpu: Cpu) -> Result<PathBuf> {
    let folder = project.work("stub").join(cpu.name());
    let source = folder.join("xload.c");
    let mut text = String::from("char xload_host[4096] __attribute__((aligned(16)));\n");
    for name in LOADER_SYMBOLS.iter().skip(1) {
        text.push_str(&format!("void {name}(void) {{}}\n"));
    }
    packages::text(&source, &text)?;
    let (object, library) = (folder.join("xload.o"), folder.join("lib_xload.so"));
    let mut clang = Command::new(tools::llvm("clang")?);
    clang.arg("--no-default-config").arg(format!("--target={}", cpu.triple())).args(cpu.code_flags());
    run::output(clang.arg("-c").arg("-o").arg(&object).arg(&source))?;
    let mut lld = Command::new(tools::llvm("ld.lld")?);
    lld.args(cpu.link_flags()).args(["-shared", "-soname", "_xload", "-o"]);
    run::output(lld.arg(&library).arg(&object))?;
    Ok(library)
}

/// Builds libc.so and puts it, empty archives and headers into the root.
pub fn install(project: &Project, cpu: Cpu) -> Result<()> {
    let root = project.root();
    let folder = root.xlibc(cpu);
    packages::link(&folder.join("include"), "../distx.org_2024-xlibc-common/include")?;
    for name in EMPTY_ARCHIVES {
        packages::text(&folder.join(format!("lib/lib{name}.a")), "!<arch>\n")?;
    }
    let archive = compile(project, cpu)?;
    let stub = loader_stub(project, cpu)?;
    packages::file(&stub, &root.xload(cpu).join("lib/lib_xload.so"))?;
    let library = project.work("libc").join(cpu.name()).join("libc.so");
    link(cpu, &archive, &stub, &library)?;
    packages::file(&library, &folder.join("lib/libc.so"))?;
    gdb::for_libc(&folder.join("lib"))
}

fn compile(project: &Project, cpu: Cpu) -> Result<PathBuf> {
    let target = Target::Library(cpu);
    let mut cargo = cross::cargo(project, "rustc", target)?;
    cargo.args(["-p", "xlibc_cdylib", "--lib", "--crate-type", "staticlib"]);
    run::step(&format!("build xlibc for {}", cpu.name()), &mut cargo)?;
    Ok(cross::folder(project, target).join("libxlibc_cdylib.a"))
}

fn link(cpu: Cpu, archive: &Path, stub: &Path, library: &Path) -> Result<()> {
    let folder = library.parent().context("a file has a folder")?;
    fs::create_dir_all(folder)?;
    let exports = exports::of_archive(archive)?;
    let archive = &with_default_visibility(archive, &exports, folder)?;
    let script = folder.join("exports.map");
    let list: String = exports.iter().map(|name| format!("    {name};\n")).collect();
    packages::text(&script, &format!("{{\nglobal:\n{list}local: *;\n}};\n"))?;

    let order = folder.join("order.txt");
    let all = symbols(archive, &[])?;
    let mut first: Vec<_> = all
        .iter()
        .filter(|name| COMMON_ENTRIES.contains(&name.as_str()) || COMMON.iter().any(|part| name.contains(part)))
        .collect();
    let is_absent = |part: &&&str| !all.iter().any(|name| name.contains(**part));
    if let Some(part) = COMMON.iter().chain(&COMMON_ENTRIES).chain(&COMMON_LARGE).find(is_absent) {
        bail!("nothing in libc.so is named {part}: the lists of what lies together have to follow");
    }
    // Stable: small ones have no place in that list.
    first.sort_by_key(|name| COMMON_LARGE.iter().position(|part| name.contains(part)));
    packages::text(&order, &first.into_iter().map(|name| format!("{name}\n")).collect::<String>())?;

    let mut args: Vec<OsString> = cpu.link_flags().into_iter().map(OsString::from).collect();
    args.extend(["-shared".into(), "-soname".into(), Root::soname("xlibc", cpu, "libc.so").into()]);
    args.extend(["-z", "defs", "--gc-sections", "-Bsymbolic-functions"].map(OsString::from));
    args.extend(REPLACEABLE.map(|name| format!("--export-dynamic-symbol={name}").into()));
    args.extend(exports.iter().map(|name| format!("--undefined={name}").into()));
    args.push(format!("--version-script={}", script.display()).into());
    args.extend([format!("--symbol-ordering-file={}", order.display()).into(), "--no-warn-symbol-ordering".into()]);
    args.extend(["-o".into(), library.into(), archive.into(), stub.into()]);
    run::output(Command::new(tools::llvm("ld.lld")?).args(args)).context("link libc.so")?;
    postlink::finish(library)
}

/// A copy of the archive in which no definition of these names is hidden: Rust's own helpers have weak ones of some
/// mathematical functions, and a linker gives a name the least visibility that any of its definitions has.
fn with_default_visibility(archive: &Path, names: &BTreeSet<String>, folder: &Path) -> Result<PathBuf> {
    let (list, copy) = (folder.join("names.txt"), folder.join("libxlibc.a"));
    packages::text(&list, &names.iter().map(|name| format!("{name}\n")).collect::<String>())?;
    let mut objcopy = Command::new(tools::llvm("llvm-objcopy")?);
    objcopy.arg(format!("--set-symbols-visibility={}=default", list.display()));
    run::output(objcopy.arg(archive).arg(&copy))?;
    Ok(copy)
}

/// Symbols that the members of an archive, or a library, define.
pub fn symbols(file: &Path, which: &[&str]) -> Result<BTreeSet<String>> {
    let mut nm = Command::new(tools::llvm("llvm-nm")?);
    nm.args(["--defined-only", "--format=just-symbols", "--quiet"]).args(which);
    let text = run::output(nm.arg(file))?;
    Ok(text.lines().map(|line| line.trim().to_owned()).collect())
}
