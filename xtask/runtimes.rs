//! The runtime libraries that flags of clang need: profiles (`--coverage`, `-fprofile-instr-generate`), OpenMP, and the reports of
//! undefined behaviour. They are LLVM's, compiled on our headers and on `distx/runtimes/adapter`, but for the whole reports:
//! LLVM's make Linux's system calls themselves, ours are `distx/runtimes/ubsan`.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use distx_toolchain::target::{Cpu, Root};
use distx_toolchain::tools;

use crate::llvm::{self, Archives, Ground, Shared};
use crate::{cache, packages, run};

/// Parts of the names of profile sources that are for one other system.
const OTHER_SYSTEMS: [&str; 6] = ["AIX", "Darwin", "Fuchsia", "Other", "Windows", "WindowsMMap"];

/// The archives, as clang names them.
const ARCHIVES: [&str; 3] = ["profile", "ubsan_minimal", "ubsan_standalone"];

/// Defaults of libomp's build that are not ours: tools that look into it, offloading, aliases of other compilers' names.
const OPENMP_OFF: [&str; 8] = [
    "LIBOMP_ENABLE_SHARED",
    "LIBOMP_OMPT_SUPPORT",
    "LIBOMP_OMPD_SUPPORT",
    "LIBOMP_INSTALL_ALIASES",
    "LIBOMP_USE_HWLOC",
    "OPENMP_ENABLE_LIBOMPTARGET",
    "OPENMP_ENABLE_OMPT_TOOLS",
    "OPENMP_ENABLE_WERROR",
];

/// What is built once per CPU and set of headers.
pub struct Runtimes {
    folder: PathBuf,
}

/// The runtime libraries for a CPU and the C headers in `include`; `checkout` has our parts of them.
pub fn runtimes(checkout: &Path, cpu: Cpu, include: &Path, cxx: &Archives) -> Result<Runtimes> {
    let own = checkout.join("distx/runtimes");
    let mut key = llvm::key(cpu)?.tree(include)?.tree(&own)?;
    for option in OPENMP_OFF {
        key = key.text(option);
    }
    let build = |folder: &Path| {
        let mut ground = Ground::lay(cpu, include, folder)?;
        ground.flags.extend(cpu.protector_flags().iter().map(|flag| flag.to_string()));
        // No path of this machine is part of them.
        for place in [&ground.work, &ground.source, &own] {
            ground.flags.push(format!("-ffile-prefix-map={}=.", place.display()));
        }
        let adapter = own.join("adapter");
        ground.flags.extend(["-idirafter".to_owned(), adapter.display().to_string()]);
        profile(cpu, folder, &ground, &adapter)?;
        undefined(cpu, folder, &ground, &own.join("ubsan"))?;
        openmp(cpu, folder, &ground, &adapter, &cxx.cxx_headers())?;
        fs::remove_dir_all(&ground.work).context("cannot clean up")
    };
    let folder = cache::entry(&format!("runtimes-{}", cpu.name()), key, build)?;
    Ok(Runtimes { folder })
}

impl Runtimes {
    /// Puts archives and headers into the root.
    pub fn install(&self, root: &Root, cpu: Cpu) -> Result<()> {
        for name in ARCHIVES {
            packages::file(&self.folder.join(format!("{name}.a")), &root.runtime(cpu, name))?;
        }
        packages::tree(&self.folder.join("include"), &root.runtime_headers())
    }

    /// Links libomp, of which a process has one: threads and locks are of all its libraries.
    pub fn link_shared(&self, root: &Root, cpu: Cpu, stub: &Path) -> Result<()> {
        let shared = Shared {
            package: "llvm-rt",
            folder: root.resources(cpu).join("lib"),
            file: "libomp.so".to_owned(),
            archive: self.folder.join("libomp.a"),
            needs: Vec::new(),
        };
        shared.link(root, cpu, stub)
    }
}

/// clang's profiles, of both kinds.
fn profile(cpu: Cpu, folder: &Path, ground: &Ground, adapter: &Path) -> Result<()> {
    let is_other = |file: &Path| {
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        OTHER_SYSTEMS.iter().any(|system| name.ends_with(system))
    };
    let sources: Vec<PathBuf> = cache::files_below(&ground.source.join("compiler-rt/lib/profile"))?;
    let sources = sources.into_iter().filter(|file| is_source(file) && !is_other(file)).collect::<Vec<_>>();
    let mut options: Vec<OsString> =
        ["COMPILER_RT_HAS_ATOMICS", "COMPILER_RT_HAS_FCNTL_LCK", "COMPILER_RT_HAS_UNAME"].map(define).into();
    options.push("-I".into());
    options.push(ground.source.join("compiler-rt/include").into());
    options.extend(["-include".into(), adapter.join("adapter.h").into()]);
    archive(cpu, folder, ground, "profile", &sources, &options)?;
    let header = "profile/instr_prof_interface.h";
    packages::file(&ground.source.join("compiler-rt/include").join(header), &folder.join("include").join(header))
}

/// Reports of undefined behaviour: LLVM's short ones, and ours.
fn undefined(cpu: Cpu, folder: &Path, ground: &Ground, own: &Path) -> Result<()> {
    let library = ground.source.join("compiler-rt/lib");
    let minimal = [library.join("ubsan_minimal/ubsan_minimal_handlers.cpp")];
    archive(cpu, folder, ground, "ubsan_minimal", &minimal, &["-I".into(), library.into(), "-fno-exceptions".into()])?;
    let sources: Vec<PathBuf> = cache::files_below(own)?.into_iter().filter(|file| is_source(file)).collect();
    archive(cpu, folder, ground, "ubsan_standalone", &sources, &["-std=gnu17".into(), "-Wall".into(), "-Werror".into()])
}

fn define(name: &str) -> OsString {
    format!("-D{name}=1").into()
}

fn is_source(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "c" || extension == "cpp")
}

/// Compiles files into `<folder>/<name>.a`, with hidden symbols: each program and library has its own copy.
fn archive(
    cpu: Cpu,
    folder: &Path,
    ground: &Ground,
    name: &str,
    sources: &[PathBuf],
    options: &[OsString],
) -> Result<()> {
    let work = ground.work.join(name);
    fs::create_dir_all(&work)?;
    let mut objects = Vec::new();
    for source in sources {
        let object = work.join(source.with_extension("o").file_name().context("a source has a name")?);
        let mut clang = Command::new(tools::llvm("clang")?);
        clang.args(&ground.flags).arg(format!("--target={}", cpu.triple())).args(["-O2", "-fvisibility=hidden"]);
        clang.args(options).arg("-c").arg(source).arg("-o").arg(&object);
        run::output(&mut clang).with_context(|| format!("cannot compile {}", source.display()))?;
        objects.push(object);
    }
    let mut archiver = Command::new(tools::llvm("llvm-ar")?);
    run::output(archiver.arg("rcsD").arg(folder.join(format!("{name}.a"))).args(objects))?;
    Ok(())
}

/// LLVM's OpenMP, as an archive, and its headers.
fn openmp(cpu: Cpu, folder: &Path, ground: &Ground, adapter: &Path, cxx_headers: &Path) -> Result<()> {
    let (name, work) = (cpu.name(), &ground.work);
    // Its build looks for tests, which are not unpacked, and beside itself.
    let (source, build) = (work.join("openmp"), work.join("openmp-build"));
    packages::tree(&ground.source.join("openmp"), &source)?;
    packages::text(&source.join("runtime/test/CMakeLists.txt"), "")?;
    for beside in ["cmake", "llvm"] {
        packages::link(&work.join(beside), ground.source.join(beside))?;
    }
    let mut flags = ground.flags.clone();
    flags.extend(["-include".to_owned(), adapter.join("adapter.h").display().to_string()]);
    let mut cmake = llvm::cmake(cpu, &source, &build, &flags)?;
    // Templates of headers only.
    let flags = format!("{} -stdlib++-isystem {}", flags.join(" "), cxx_headers.display());
    cmake.arg(format!("-DCMAKE_CXX_FLAGS={flags}")).arg("-DOPENMP_STANDALONE_BUILD=ON");
    cmake.args(OPENMP_OFF.map(|option| format!("-D{option}=OFF")));
    run::step(&format!("configure libomp {name}"), &mut cmake)?;
    run::step(&format!("build libomp {name}"), llvm::ninja(&build).arg("omp"))?;
    let built = build.join("runtime/src");
    packages::file(&built.join("libomp.a"), &folder.join("libomp.a"))?;
    for header in ["omp.h", "ompx.h"] {
        packages::file(&built.join(header), &folder.join("include").join(header))?;
    }
    Ok(())
}
