//! LLVM's runtime libraries on our headers: compiler-rt builtins, libunwind, libc++abi, libc++, with [`crate::edits::RUNTIMES`].
//!
//! CMake makes archives only; the shared objects are linked from them here, with our sonames, against our libc.so.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use distx_toolchain::target::{Cpu, Root};
use distx_toolchain::{postlink, tools};

use crate::cache::{self, Key};
use crate::sources::{self, LLVM_VERSION};
use crate::{edits, packages, run};

/// The shared libraries: name, and the archives of this list that each is linked with.
const SHARED: [(&str, &[&str]); 3] =
    [("libunwind", &[]), ("libc++abi", &["libunwind"]), ("libc++", &["libc++abi", "libunwind"])];

/// What a whole build is of, as CMake names it, and a quick one for C programs.
const RUNTIMES: &str = "libunwind;libcxxabi;libcxx";
const UNWINDER: &str = "libunwind";

/// Our answer to where libc++'s time zones are.
const TZDB_DIRECTORY: &str = include_str!("../distx/libcxx/tzdb_directory.cpp");

/// What is built once per CPU and set of headers.
pub struct Archives {
    folder: PathBuf,
}

impl Archives {
    /// Headers of the C++ library.
    pub fn cxx_headers(&self) -> PathBuf {
        self.folder.join("include/c++/v1")
    }

    /// Sources of the module `std`.
    pub fn cxx_modules(&self) -> PathBuf {
        self.folder.join("share/libc++/v1")
    }

    /// Folder of `libc++.a` and its kin.
    pub fn libraries(&self) -> PathBuf {
        self.folder.join("lib")
    }

    /// The compiler's helper functions.
    pub fn builtins(&self) -> PathBuf {
        self.folder.join("libclang_rt.builtins.a")
    }
}

/// The archives for a CPU and the C headers in `include`.
pub fn archives(cpu: Cpu, include: &Path) -> Result<Archives> {
    let key = key(cpu)?.tree(include)?;
    let folder = cache::entry(&format!("llvm-{}", cpu.name()), key, |folder| build(cpu, include, folder, RUNTIMES))?;
    Ok(Archives { folder })
}

/// Those that a C program is linked with, without libc++, for a quick build: they use little of the headers, so a changed header
/// does not build them again.
pub fn quick_archives(cpu: Cpu, include: &Path) -> Result<Archives> {
    let name = format!("llvm-quick-{}", cpu.name());
    let folder = cache::entry(&name, key(cpu)?, |folder| build(cpu, include, folder, UNWINDER))?;
    Ok(Archives { folder })
}

/// The key of everything that they depend on, the headers aside.
pub fn key(cpu: Cpu) -> Result<Key> {
    let clang = tools::llvm("clang")?;
    let version = run::output(Command::new(&clang).arg("--version"))?;
    let options = [builtins_options(), runtimes_options(RUNTIMES)].concat();
    let mut key = Key::default()
        .text(LLVM_VERSION)
        .text(edits::text(&edits::RUNTIMES))
        .text(TZDB_DIRECTORY)
        .text(version)
        .text(cpu.triple());
    for flag in cpu.code_flags().iter().chain(cpu.protector_flags()).map(|flag| flag.to_string()).chain(options) {
        key = key.text(flag);
    }
    Ok(key)
}

fn on(names: &[&str], value: &str) -> Vec<String> {
    names.iter().map(|name| format!("-D{name}={value}")).collect()
}

fn builtins_options() -> Vec<String> {
    let mut options = on(&["COMPILER_RT_DEFAULT_TARGET_ONLY", "LLVM_ENABLE_PER_TARGET_RUNTIME_DIR"], "ON");
    options.extend(on(&["COMPILER_RT_BUILD_CRT"], "OFF"));
    options
}

fn runtimes_options(runtimes: &str) -> Vec<String> {
    let mut options = vec![
        format!("-DLLVM_ENABLE_RUNTIMES={runtimes}"),
        "-DLIBCXX_CXX_ABI=libcxxabi".to_owned(),
        // By name: a program and what it opens have type information of their own.
        "-DLIBCXX_TYPEINFO_COMPARISON_IMPLEMENTATION=2".to_owned(),
        "-DLLVM_ENABLE_PER_TARGET_RUNTIME_DIR=OFF".to_owned(),
    ];
    options.extend(on(
        &[
            "LIBUNWIND_USE_COMPILER_RT",
            "LIBCXXABI_USE_COMPILER_RT",
            "LIBCXX_USE_COMPILER_RT",
            "LIBCXXABI_USE_LLVM_UNWINDER",
            "LIBCXX_HAS_MUSL_LIBC",
        ],
        "ON",
    ));
    options.extend(on(
        &[
            "LIBUNWIND_ENABLE_SHARED",
            "LIBCXXABI_ENABLE_SHARED",
            "LIBCXX_ENABLE_SHARED",
            "LLVM_INCLUDE_TESTS",
            "LLVM_INCLUDE_DOCS",
            "LIBUNWIND_INCLUDE_TESTS",
            "LIBCXXABI_INCLUDE_TESTS",
            "LIBCXX_INCLUDE_TESTS",
            "LIBCXX_INCLUDE_BENCHMARKS",
            "LIBUNWIND_INCLUDE_DOCS",
            "LIBCXX_INCLUDE_DOCS",
        ],
        "OFF",
    ));
    options
}

/// Where a build stands.
pub struct Ground {
    /// Intermediate files.
    pub work: PathBuf,
    /// LLVM's sources.
    pub source: PathBuf,
    /// What every file is compiled with.
    pub flags: Vec<String>,
}

impl Ground {
    /// A sysroot of the C headers in `include`, below `folder`.
    pub fn lay(cpu: Cpu, include: &Path, folder: &Path) -> Result<Ground> {
        let source = sources::llvm()?;
        let work = folder.join("work");
        let (sysroot, resources) = (work.join("sysroot"), work.join("resources"));
        packages::tree(include, &sysroot.join("include"))?;
        packages::link(&resources.join("include"), clang_headers()?)?;
        Ok(Ground { flags: flags(cpu, &sysroot, &resources), work, source })
    }
}

fn builtins(cpu: Cpu, folder: &Path, ground: &Ground) -> Result<()> {
    let (name, Ground { work, source, flags }) = (cpu.name(), ground);
    let builtins = work.join("builtins");
    let mut cmake = cmake(cpu, &source.join("compiler-rt/lib/builtins"), &builtins, flags)?;
    cmake.args(builtins_options()).arg(format!("-DLLVM_CMAKE_DIR={}", source.join("llvm/cmake/modules").display()));
    cmake.arg(format!("-DCOMPILER_RT_INSTALL_LIBRARY_DIR={}", work.join("rt").display()));
    run::step(&format!("configure builtins {name}"), &mut cmake)?;
    run::step(&format!("build builtins {name}"), ninja(&builtins).arg("install"))?;
    let archive = work.join("rt").join(cpu.triple()).join("libclang_rt.builtins.a");
    // libc.so has the one __emutls_get_address: were there copies in several files, their variables would collide.
    run::output(Command::new(tools::llvm("llvm-ar")?).arg("d").arg(&archive).arg("emutls.c.o"))?;
    fs::rename(&archive, folder.join("libclang_rt.builtins.a")).context("the builtins were not installed")
}

fn build(cpu: Cpu, include: &Path, folder: &Path, which: &str) -> Result<()> {
    let mut ground = Ground::lay(cpu, include, folder)?;
    builtins(cpu, folder, &ground)?;
    // Not for the builtins: programs without libc.so link with them, too.
    ground.flags.extend(cpu.protector_flags().iter().map(|flag| flag.to_string()));
    let (name, Ground { work, source, flags }) = (cpu.name(), ground);
    let runtimes = work.join("runtimes");
    let mut cmake = cmake(cpu, &source.join("runtimes"), &runtimes, &flags)?;
    cmake.args(runtimes_options(which)).arg(format!("-DCMAKE_INSTALL_PREFIX={}", folder.display()));
    let what = if which == RUNTIMES { "libc++" } else { which };
    run::step(&format!("configure {what} {name}"), &mut cmake)?;
    run::step(&format!("build {what} {name}"), ninja(&runtimes).arg("install"))?;
    if which == RUNTIMES {
        time_zones(cpu, folder, &work, &flags)?;
    }
    fs::remove_dir_all(&work)?;
    Ok(())
}

/// Puts [`TZDB_DIRECTORY`] in the place of libc++'s own function. In one object with it, as from an archive the linker would take
/// the weak one that it already has.
fn time_zones(cpu: Cpu, folder: &Path, work: &Path, flags: &[String]) -> Result<()> {
    const MEMBER: &str = "tzdb.cpp.o";
    let archive = folder.join("lib/libc++experimental.a");
    let (source, object, merged) =
        (work.join("tzdb_directory.cpp"), work.join("tzdb_directory.o"), work.join("merged").join(MEMBER));
    packages::text(&source, TZDB_DIRECTORY)?;
    let mut clang = Command::new(tools::llvm("clang++")?);
    clang.args(flags).arg(format!("--target={}", cpu.triple()));
    clang.args(["-std=c++20", "-O2", "-nostdinc++", "-isystem"]).arg(folder.join("include/c++/v1"));
    run::output(clang.arg("-c").arg(&source).arg("-o").arg(&object))?;

    let archiver = || tools::llvm("llvm-ar").map(Command::new);
    run::output(archiver()?.current_dir(work).arg("x").arg(&archive).arg(MEMBER))?;
    fs::create_dir_all(work.join("merged"))?;
    let mut lld = Command::new(tools::llvm("ld.lld")?);
    run::output(lld.arg("-r").arg(work.join(MEMBER)).arg(&object).arg("-o").arg(&merged))?;
    run::output(archiver()?.arg("r").arg(&archive).arg(&merged))?;
    Ok(())
}

/// A run of CMake that configures for a CPU.
pub fn cmake(cpu: Cpu, source: &Path, build: &Path, flags: &[String]) -> Result<Command> {
    let flags = flags.join(" ");
    let mut cmake = Command::new("cmake");
    cmake.arg("-S").arg(source).arg("-B").arg(build).args(["-G", "Ninja"]);
    let mut set = |name: &str, value: &str| {
        cmake.arg(format!("-D{name}={value}"));
    };
    set("CMAKE_BUILD_TYPE", "Release");
    set("CMAKE_SYSTEM_NAME", "Linux");
    set("CMAKE_SYSTEM_PROCESSOR", cpu.name());
    set("CMAKE_TRY_COMPILE_TARGET_TYPE", "STATIC_LIBRARY");
    for (language, compiler) in [("C", "clang"), ("CXX", "clang++"), ("ASM", "clang")] {
        set(&format!("CMAKE_{language}_COMPILER"), &tools::llvm(compiler)?.display().to_string());
        set(&format!("CMAKE_{language}_COMPILER_TARGET"), &cpu.triple());
        set(&format!("CMAKE_{language}_COMPILER_WORKS"), "ON");
        set(&format!("CMAKE_{language}_FLAGS"), &flags);
    }
    for tool in ["AR", "NM", "RANLIB"] {
        let name = format!("llvm-{}", tool.to_ascii_lowercase());
        set(&format!("CMAKE_{tool}"), &tools::llvm(&name)?.display().to_string());
    }
    Ok(cmake)
}

fn flags(cpu: Cpu, sysroot: &Path, resources: &Path) -> Vec<String> {
    let places = [format!("--sysroot={}", sysroot.display()), format!("-resource-dir={}", resources.display())];
    let code = cpu.code_flags().iter().map(|flag| flag.to_string());
    ["--no-default-config".to_owned()].into_iter().chain(places).chain(code).collect()
}

/// A run of ninja in a folder that CMake made.
pub fn ninja(folder: &Path) -> Command {
    let mut ninja = Command::new("ninja");
    ninja.arg("-C").arg(folder).arg("-j2");
    ninja
}

/// clang's own headers (intrinsics, stdatomic.h ...).
pub fn clang_headers() -> Result<PathBuf> {
    let folder = run::output(Command::new(tools::llvm("clang")?).arg("-print-resource-dir"))?;
    Ok(Path::new(folder.trim()).join("include"))
}

/// A shared object that is linked from an archive.
pub struct Shared {
    /// Its package.
    pub package: &'static str,
    /// Where it goes: the package's `lib`.
    pub folder: PathBuf,
    /// Its name, the last part of its soname.
    pub file: String,
    /// All of it.
    pub archive: PathBuf,
    /// Others that it uses.
    pub needs: Vec<PathBuf>,
}

/// Links the shared objects into `<root>/distx.org_2024-llvm-libcxx-<cpu>/lib`, beside the archives that are there; the C++
/// libraries only where they are asked for.
pub fn link_shared(root: &Root, cpu: Cpu, stub: &Path, cxx: bool) -> Result<()> {
    let folder = root.libcxx(cpu).join("lib");
    for (library, needs) in SHARED.into_iter().filter(|(library, _)| cxx || *library == UNWINDER) {
        let shared = Shared {
            package: "llvm-libcxx",
            folder: folder.clone(),
            file: format!("{library}.so.1"),
            archive: folder.join(format!("{library}.a")),
            needs: needs.iter().map(|need| folder.join(format!("{need}.so.1"))).collect(),
        };
        shared.link(root, cpu, stub)?;
        packages::link(&folder.join(format!("{library}.so")), &shared.file)?;
    }
    Ok(())
}

impl Shared {
    /// Links it against our C library, if something of it is new.
    pub fn link(&self, root: &Root, cpu: Cpu, stub: &Path) -> Result<()> {
        let libc = root.xlibc(cpu).join("lib/libc.so");
        let mut key = Key::default().file(&self.archive)?.file(&libc)?.file(&root.builtins(cpu))?;
        key = key.text(cpu.link_flags().join(" "));
        let mut args: Vec<OsString> = cpu.link_flags().into_iter().map(OsString::from).collect();
        args.extend(["-shared".into(), "-soname".into(), Root::soname(self.package, cpu, &self.file).into()]);
        args.extend(["--whole-archive".into(), self.archive.clone().into(), "--no-whole-archive".into()]);
        args.push(format!("-L{}", root.xlibc(cpu).join("lib").display()).into());
        for need in &self.needs {
            key = key.file(need)?;
            args.push(need.into());
        }
        args.extend([libc.into(), stub.into(), root.builtins(cpu).into()]);
        let (output, stamp) = (self.folder.join(&self.file), self.folder.join(format!(".{}.stamp", self.file)));
        let hash = key.hash();
        if output.exists() && fs::read_to_string(&stamp).is_ok_and(|old| old == hash) {
            return Ok(());
        }
        fs::create_dir_all(&self.folder)?;
        link(&output, args)?;
        fs::write(&stamp, hash)?;
        Ok(())
    }
}

fn link(output: &Path, mut args: Vec<OsString>) -> Result<()> {
    let lld = tools::llvm("ld.lld")?;
    let partial = output.with_extension("partial");
    args.extend(["-z", "defs", "--error-limit=0", "-o"].map(OsString::from));
    if let Err(error) = run::output(Command::new(&lld).args(&args).arg(&partial)) {
        let text = format!("{error:#}");
        let names: BTreeSet<&str> =
            text.lines().filter_map(|line| line.strip_prefix("ld.lld: error: undefined symbol: ")).collect();
        ensure!(!names.is_empty(), "{text}");
        let names: Vec<&str> = names.into_iter().collect();
        bail!("libc.so lacks {} symbols that {} needs: {}", names.len(), output.display(), names.join(" "));
    }
    postlink::finish(&partial)?;
    fs::rename(&partial, output)?;
    Ok(())
}
