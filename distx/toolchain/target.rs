//! The CPUs that program files exist for, and the flags every byte of their code is compiled with.

use std::path::{Path, PathBuf};

use loader_abi::files::PACKAGE_PREFIX;

/// A CPU for which program files are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cpu {
    /// AMD64 with the System V calling convention.
    X86_64,
    /// Armv8-A, little endian.
    Aarch64,
}

impl Cpu {
    /// Every CPU, in the order of tables.
    pub const ALL: [Cpu; 2] = [Cpu::X86_64, Cpu::Aarch64];

    /// As in package names and triples.
    pub fn name(self) -> &'static str {
        match self {
            Cpu::X86_64 => "x86_64",
            Cpu::Aarch64 => "aarch64",
        }
    }

    /// The CPU that this program runs on.
    pub fn of_this_machine() -> Cpu {
        if cfg!(target_arch = "aarch64") { Cpu::Aarch64 } else { Cpu::X86_64 }
    }

    /// The CPU of a name (`arm64`, `amd64` too) or of a triple that begins with one.
    pub fn parse(text: &str) -> Option<Cpu> {
        match text.split('-').next()? {
            "x86_64" | "amd64" => Some(Cpu::X86_64),
            "aarch64" | "arm64" => Some(Cpu::Aarch64),
            _ => None,
        }
    }

    /// clang's target. Our C ABI is musl's, so clang and configure scripts know the platform.
    pub fn triple(self) -> String {
        format!("{}-unknown-linux-musl", self.name())
    }

    /// The largest page of a host with this CPU: alignment of segments.
    pub fn page_bytes(self) -> u64 {
        match self {
            Cpu::X86_64 => 4096,
            Cpu::Aarch64 => 65536,
        }
    }

    /// The linker's name for the format (`ld -m`).
    pub fn emulation(self) -> &'static str {
        match self {
            Cpu::X86_64 => "elf_x86_64",
            Cpu::Aarch64 => "aarch64linux",
        }
    }

    /// Code generation that the hosts require: an exception handler on Windows overwrites the red zone, its guard pages
    /// must be touched in order, native TLS differs by host, and x18 belongs to the OS on Windows and macOS.
    pub fn code_flags(self) -> &'static [&'static str] {
        match self {
            Cpu::X86_64 => &["-fPIC", "-fstack-clash-protection", "-femulated-tls", "-mno-red-zone"],
            Cpu::Aarch64 => {
                &["-fPIC", "-fstack-clash-protection", "-femulated-tls", "-ffixed-x18", "-mno-outline-atomics"]
            }
        }
    }

    /// The protection of programs against overflows of the stack. The guard is the variable
    /// `__stack_chk_guard` of libc.so: what compilers for Linux read by default on x86_64, a word at `fs`, belongs to the
    /// system on Windows.
    pub fn protector_flags(self) -> &'static [&'static str] {
        match self {
            Cpu::X86_64 => &["-mstack-protector-guard=global", "-fstack-protector-strong"],
            Cpu::Aarch64 => &["-fstack-protector-strong"],
        }
    }

    /// Linker flags of every program and library, before its files: file offset equals address in each segment.
    pub fn link_flags(self) -> Vec<String> {
        let mut flags = vec![
            "-m".into(),
            self.emulation().into(),
            "--hash-style=gnu".into(),
            "--eh-frame-hdr".into(),
            // Where the root is installed at /, Linux starts the loader by itself. Elsewhere starting the file without a loader
            // fails with "not found", where a file without an interpreter would run its `main` with nothing linked.
            format!("--dynamic-linker=/{}/bin/xload_linux", package_name("xload", self.name())),
            "-znow".into(),
            "-zrelro".into(),
            "--pack-dyn-relocs=relr".into(),
            "-zseparate-loadable-segments".into(),
        ];
        if self == Cpu::Aarch64 {
            flags.push(format!("-zmax-page-size={}", self.page_bytes()));
        }
        flags
    }
}

/// A directory with DistX packages: `_distx`, or where a user put a copy of it.
#[derive(Clone, Debug)]
pub struct Root(pub PathBuf);

impl Root {
    /// Path of a package: `distx.org_2024-<name>-<variant>`.
    pub fn package(&self, name: &str, variant: &str) -> PathBuf {
        self.0.join(package_name(name, variant))
    }

    /// C library of a CPU: `lib/`, and `include` for clang's `--sysroot`.
    pub fn xlibc(&self, cpu: Cpu) -> PathBuf {
        self.package("xlibc", cpu.name())
    }

    /// Loaders of a CPU: `bin/`, and in `lib/` what stands for them when a program is linked.
    pub fn xload(&self, cpu: Cpu) -> PathBuf {
        self.package("xload", cpu.name())
    }

    /// clang's own headers, the same for all CPUs.
    pub fn clang_headers(&self) -> PathBuf {
        self.package("llvm", "common").join("include")
    }

    /// The loader of the machine that this program runs on.
    pub fn loader(&self) -> PathBuf {
        let file = if cfg!(windows) { "xload_windows.exe" } else { "xload_linux" };
        self.xload(Cpu::of_this_machine()).join("bin").join(file)
    }

    /// The host table for C.
    pub fn xload_headers(&self) -> PathBuf {
        self.package("xload", "common").join("include")
    }

    /// C++ libraries of a CPU.
    pub fn libcxx(&self, cpu: Cpu) -> PathBuf {
        self.package("llvm-libcxx", cpu.name())
    }

    /// Headers of the C++ library, the same for all CPUs.
    pub fn libcxx_headers(&self) -> PathBuf {
        self.package("llvm-libcxx", "common").join("include/c++/v1")
    }

    /// clang's resource directory of a CPU.
    pub fn resources(&self, cpu: Cpu) -> PathBuf {
        self.package("llvm-rt", cpu.name())
    }

    /// The compilers that run on machines of a CPU.
    pub fn llvm(&self, cpu: Cpu) -> PathBuf {
        self.package("llvm", cpu.name())
    }

    /// The compiler's helper functions (128-bit and binary128 arithmetic).
    pub fn builtins(&self, cpu: Cpu) -> PathBuf {
        self.runtime(cpu, "builtins")
    }

    /// An archive of clang's runtime libraries: `builtins`, `profile`, `ubsan_minimal`, `ubsan_standalone`.
    pub fn runtime(&self, cpu: Cpu, name: &str) -> PathBuf {
        self.resources(cpu).join("lib").join(cpu.triple()).join(format!("libclang_rt.{name}.a"))
    }

    /// Headers of the runtime libraries, the same for all CPUs: `omp.h`.
    pub fn runtime_headers(&self) -> PathBuf {
        self.package("llvm-rt", "common").join("include")
    }

    /// Our own tools.
    pub fn bin(&self) -> PathBuf {
        self.0.join("bin")
    }

    /// The soname of a library of a package: its path from the root.
    pub fn soname(name: &str, cpu: Cpu, file: &str) -> String {
        format!("/{}/lib/{file}", package_name(name, cpu.name()))
    }

    /// True where `path` lies in this root.
    pub fn contains(&self, path: &Path) -> bool {
        path.starts_with(&self.0)
    }
}

fn package_name(name: &str, variant: &str) -> String {
    format!("{PACKAGE_PREFIX}{name}-{variant}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cpu_is_found_by_name_and_triple() {
        assert_eq!(Cpu::parse("x86_64"), Some(Cpu::X86_64));
        assert_eq!(Cpu::parse("aarch64-linux-musl"), Some(Cpu::Aarch64));
        assert_eq!(Cpu::parse("arm64"), Some(Cpu::Aarch64));
        assert_eq!(Cpu::parse("riscv64"), None);
        assert_eq!(Cpu::parse(""), None);
    }

    #[test]
    fn sonames_are_paths_in_the_root() {
        assert_eq!(Root::soname("xlibc", Cpu::X86_64, "libc.so"), "/distx.org_2024-xlibc-x86_64/lib/libc.so");
    }
}
