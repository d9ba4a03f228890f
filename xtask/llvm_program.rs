//! clang and lld as portable programs: LLVM's sources compiled by our own toolchain, so that the same two files compile on every host.
//! They go into the package `llvm-x86_64`, whose driver prefers them to the machine's.
//!
//! They take hours of a processor, and are built once: an interrupted build goes on, and the result is kept by what it depends on.
//! The headers of the C library do not count: its ABI stays as it is, so programs of an earlier one run with a later one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use distx_toolchain::target::{Cpu, Root};
use distx_toolchain::tools;
use loader_abi::files::PACKAGE_PREFIX;

use crate::llvm_program_edits::EDITS;
use crate::project::Project;
use crate::{cache, edits, llvm, packages, run, sources};

/// The CPU of the programs.
const CPU: Cpu = Cpu::X86_64;

/// Names in the package, and of CMake's results. lld tells by its name which linker it is.
const PROGRAMS: [(&str, &str); 2] = [("clang", "clang-19"), ("ld.lld", "lld")];

/// What both builds of LLVM say: that of the programs, and that of the tools which run here in its course.
const COMMON: [&str; 6] = [
    "-DCMAKE_BUILD_TYPE=MinSizeRel",
    "-DLLVM_ENABLE_PROJECTS=clang;lld",
    "-DLLVM_TARGETS_TO_BUILD=X86;AArch64",
    "-DLLVM_ENABLE_ZLIB=OFF",
    "-DLLVM_ENABLE_ZSTD=OFF",
    // A repository that the cache happens to lie in is not LLVM's.
    "-DLLVM_APPEND_VC_REV=OFF",
];

/// What is switched off, since it is no part of the two programs or asks for other libraries.
const OFF: [&str; 18] = [
    "CLANG_ENABLE_ARCMT",
    "CLANG_ENABLE_STATIC_ANALYZER",
    "CLANG_INCLUDE_DOCS",
    "CLANG_INCLUDE_TESTS",
    "CLANG_PLUGIN_SUPPORT",
    "LLVM_ENABLE_BINDINGS",
    "LLVM_ENABLE_CURL",
    "LLVM_ENABLE_FFI",
    "LLVM_ENABLE_HTTPLIB",
    "LLVM_ENABLE_LIBEDIT",
    "LLVM_ENABLE_LIBPFM",
    "LLVM_ENABLE_LIBXML2",
    "LLVM_ENABLE_OCAMLDOC",
    "LLVM_ENABLE_PLUGINS",
    "LLVM_INCLUDE_BENCHMARKS",
    "LLVM_INCLUDE_DOCS",
    "LLVM_INCLUDE_EXAMPLES",
    "LLVM_INCLUDE_TESTS",
];

/// What the build of the programs says besides. LLVM compiles with little optimisation: it halves the time that the build takes.
const PORTABLE: [&str; 6] = [
    "-DCMAKE_C_FLAGS_MINSIZEREL=-O1 -DNDEBUG",
    "-DCMAKE_CXX_FLAGS_MINSIZEREL=-O1 -DNDEBUG",
    "-DLLVM_ENABLE_UNWIND_TABLES=OFF",
    "-DLLVM_BUILD_TOOLS=OFF",
    "-DCLANG_BUILD_TOOLS=OFF",
    "-DLLD_BUILD_TOOLS=OFF",
];

/// Builds the programs if that has not been done, and puts them into the package of the root.
pub fn install(project: &Project) -> Result<()> {
    let root = project.root();
    let built = programs(&root)?;
    let folder = folder(&root);
    for (name, _) in PROGRAMS {
        packages::file(&built.join(name), &folder.join(name))?;
    }
    packages::link(&folder.join("clang++"), "clang")
}

/// Takes them out of the root, so that a package without them is one without them.
pub fn remove(project: &Project) -> Result<()> {
    let folder = folder(&project.root());
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

fn folder(root: &Root) -> PathBuf {
    root.llvm(CPU).join("libexec")
}

/// The folder of the built programs.
fn programs(root: &Root) -> Result<PathBuf> {
    let mut key = llvm::key(CPU)?.text(edits::text(&EDITS));
    for option in COMMON.iter().chain(&OFF).chain(&PORTABLE) {
        key = key.text(option);
    }
    cache::resumed("llvm-program-x86_64", key, |folder| build(root, folder))
}

fn build(root: &Root, folder: &Path) -> Result<()> {
    let source = sources::llvm_programs(&EDITS)?;
    let work = folder.join("work");
    let toolchain = toolchain(root, &work.join("root"))?;
    let native = native(&source, &work.join("native"))?;
    let build = work.join("build");
    let mut cmake = cmake(&source, &build);
    let set = |name: &str, file: &Path| format!("-D{name}={}", file.display());
    cmake.arg(set("CMAKE_TOOLCHAIN_FILE", &toolchain));
    cmake.arg(set("LLVM_TABLEGEN", &native.join("llvm-tblgen")));
    cmake.arg(set("CLANG_TABLEGEN", &native.join("clang-tblgen")));
    cmake.arg(set("LLVM_NATIVE_TOOL_DIR", &native));
    for name in ["LLVM_HOST_TRIPLE", "LLVM_DEFAULT_TARGET_TRIPLE"] {
        cmake.arg(format!("-D{name}={}", CPU.triple()));
    }
    let places = [&source, &work].map(|place| format!("-ffile-prefix-map={}=.", place.display())).join(" ");
    cmake.args(["C", "CXX"].map(|language| format!("-DCMAKE_{language}_FLAGS={places}")));
    run::step("configure clang and lld", cmake.args(PORTABLE))?;
    run::step("build clang and lld: more than an hour", on_every_processor(&build).args(["clang", "lld"]))?;
    for (name, result) in PROGRAMS {
        let (result, program) = (build.join("bin").join(result), folder.join(name));
        let mut strip = Command::new(work.join("root/bin/distx"));
        run::output(strip.args(["strip", "--strip-all", "-o"]).arg(&program).arg(&result))?;
        is_free_of(&program, folder)?;
        is_free_of(&program, &source)?;
    }
    fs::remove_dir_all(&work).context("cannot clean up")
}

/// The toolchain that compiles them, apart from the root, which the next `./x build` changes; its toolchain file for CMake.
fn toolchain(root: &Root, copy: &Path) -> Result<PathBuf> {
    for entry in fs::read_dir(&root.0).with_context(|| format!("cannot read {}", root.0.display()))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let of_cpu = ["common", CPU.name()].iter().any(|variant| name.ends_with(&format!("-{variant}")));
        // Not the package of the programs: what they are compiled by is always the machine's clang.
        if name.starts_with(PACKAGE_PREFIX) && of_cpu && root.0.join(&name) != root.llvm(CPU) {
            packages::tree(&root.0.join(&name), &copy.join(&name))?;
        }
    }
    packages::tree(&root.0.join("share"), &copy.join("share"))?;
    packages::file(&root.bin().join("distx"), &copy.join("bin/distx"))?;
    for name in tools::own_names() {
        packages::link(&copy.join("bin").join(name), "distx")?;
    }
    Ok(copy.join("share/distx.cmake"))
}

/// Programs of this machine that write the tables of instructions, options and messages; their folder.
fn native(source: &Path, build: &Path) -> Result<PathBuf> {
    let mut cmake = cmake(source, build);
    for (language, compiler) in [("C", "clang"), ("CXX", "clang++")] {
        cmake.arg(format!("-DCMAKE_{language}_COMPILER={}", tools::llvm(compiler)?.display()));
        cmake.arg(format!("-DCMAKE_{language}_FLAGS_MINSIZEREL=-O1"));
    }
    run::step("configure LLVM's generators", &mut cmake)?;
    run::step("build LLVM's generators", on_every_processor(build).args(["llvm-tblgen", "clang-tblgen"]))?;
    Ok(build.join("bin"))
}

fn cmake(source: &Path, build: &Path) -> Command {
    let mut cmake = Command::new("cmake");
    cmake.arg("-S").arg(source.join("llvm")).arg("-B").arg(build).args(["-G", "Ninja"]).args(COMMON);
    cmake.args(OFF.map(|option| format!("-D{option}=OFF")));
    cmake
}

/// A run of ninja that leaves the machine to whoever works at it meanwhile.
fn on_every_processor(build: &Path) -> Command {
    let mut ninja = Command::new("nice");
    ninja.args(["-n", "5", "ninja", "-C"]).arg(build);
    ninja.arg(format!("-j{}", std::thread::available_parallelism().map_or(2, usize::from)));
    ninja
}

/// A package is the same wherever it was built.
fn is_free_of(program: &Path, place: &Path) -> Result<()> {
    let bytes = fs::read(program).with_context(|| format!("cannot read {}", program.display()))?;
    let place = place.as_os_str().as_encoded_bytes();
    ensure!(
        !bytes.windows(place.len()).any(|window| window == place),
        "{} names the folder that it was built in, {}",
        program.display(),
        String::from_utf8_lossy(place)
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_the_build_is_found() {
        let folder = tempfile::tempdir().expect("a folder");
        let program = folder.path().join("program");
        fs::write(&program, "\0/home/somebody/build/lib\0").expect("written");
        is_free_of(&program, Path::new("/home/somebody/other")).expect("free of it");
        let error = is_free_of(&program, Path::new("/home/somebody/build")).expect_err("found").to_string();
        assert!(error.contains("names the folder that it was built in"), "{error}");
    }
}
