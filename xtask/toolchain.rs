//! The compiler of the cross builds, and what it builds for.

use distx_toolchain::target::Cpu;

/// Debian's compiler: one version on every machine, with the sources of its library.
pub const RUSTC: &str = "/usr/bin/rustc";
/// Its package manager.
pub const CARGO: &str = "/usr/bin/cargo";

/// What a package is built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Portable ELF code: the C library itself, and programs that are linked to it.
    Library(Cpu),
    /// Linux programs without a libc.
    Linux(Cpu),
    /// Windows on x86_64 without a C runtime.
    Windows,
    /// `distx` for Linux: a static program, so that it runs on every distribution.
    LinuxTool(Cpu),
    /// `distx.exe`, with Rust's std for Windows 7 and later: the other one needs a DLL that Wine 8 does not have.
    WindowsTool,
}

impl Target {
    /// Rust's name.
    pub fn triple(self) -> &'static str {
        match self {
            Target::Library(Cpu::X86_64) | Target::Linux(Cpu::X86_64) => "x86_64-unknown-linux-gnu",
            Target::Library(Cpu::Aarch64) | Target::Linux(Cpu::Aarch64) => "aarch64-unknown-linux-gnu",
            Target::Windows => "x86_64-pc-windows-gnu",
            Target::LinuxTool(Cpu::X86_64) => "x86_64-unknown-linux-musl",
            Target::LinuxTool(Cpu::Aarch64) => "aarch64-unknown-linux-musl",
            Target::WindowsTool => "x86_64-win7-windows-gnu",
        }
    }

    /// Whether its programs are for Windows.
    pub fn is_windows(self) -> bool {
        matches!(self, Target::Windows | Target::WindowsTool)
    }

    /// Whether its programs use Rust's std.
    pub fn has_std(self) -> bool {
        matches!(self, Target::LinuxTool(_) | Target::WindowsTool)
    }

    /// Code generation, the same for Rust's own library and for our crates. x18 belongs to the OS on some hosts; LLVM's option
    /// keeps it free where rustc has no stable one.
    pub fn code_flags(self) -> &'static [&'static str] {
        match self {
            Target::Library(Cpu::X86_64) | Target::Linux(Cpu::X86_64) => {
                &["-Cno-redzone=yes", "-Crelocation-model=pic", "-Cforce-unwind-tables=no"]
            }
            Target::Library(Cpu::Aarch64) | Target::Linux(Cpu::Aarch64) => {
                &["-Cllvm-args=-reserve-regs-for-regalloc=X18", "-Crelocation-model=pic", "-Cforce-unwind-tables=no"]
            }
            Target::Windows | Target::LinuxTool(_) | Target::WindowsTool => &[],
        }
    }
}
