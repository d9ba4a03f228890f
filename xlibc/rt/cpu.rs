//! What the CPU can do beyond its baseline. Asked for once and late: in a virtual machine `cpuid` is a trap that costs more than
//! a system call, and most programs never need to know.

use core::sync::atomic::{AtomicU32, Ordering};

/// What `uname` calls the CPU.
pub const NAME: &str = if cfg!(target_arch = "aarch64") { "aarch64" } else { "x86_64" };

/// Set with the others once the CPU was asked.
const KNOWN: u32 = 1;
/// Two words at once, compared and exchanged.
pub const WIDE_EXCHANGE: u32 = 2;
/// Aligned loads and stores of 16 bytes happen at once.
pub const WIDE_MOVES: u32 = 4;

/// Whether the CPU has all of `wanted`.
#[inline]
pub fn has(wanted: u32) -> bool {
    static FOUND: AtomicU32 = AtomicU32::new(0);
    let mut found = FOUND.load(Ordering::Relaxed);
    if found == 0 {
        found = detect() | KNOWN;
        // Each thread finds the same.
        FOUND.store(found, Ordering::Relaxed);
    }
    found & wanted == wanted
}

/// Intel SDM volume 2A (CPUID) and volume 3A, 9.1.1: with AVX an aligned move of 16 bytes is atomic. AMD's manual (volume 2,
/// 7.3.2) says the same; of other makers nothing is known.
#[cfg(target_arch = "x86_64")]
#[cold]
fn detect() -> u32 {
    use core::arch::x86_64::__cpuid;

    const CMPXCHG16B: u32 = 1 << 13;
    const OSXSAVE_AND_AVX: u32 = 1 << 27 | 1 << 28;
    const SSE_AND_AVX_STATE: u64 = 6;

    let maker = __cpuid(0);
    let maker = [maker.ebx, maker.edx, maker.ecx].map(u32::to_le_bytes);
    let features = __cpuid(1).ecx;
    let mut found = if features & CMPXCHG16B != 0 { WIDE_EXCHANGE } else { 0 };
    if matches!(maker.as_flattened(), b"GenuineIntel" | b"AuthenticAMD")
        && features & OSXSAVE_AND_AVX == OSXSAVE_AND_AVX
        // SAFETY: OSXSAVE says that the instruction is there.
        && unsafe { enabled_state() } & SSE_AND_AVX_STATE == SSE_AND_AVX_STATE
    {
        found |= WIDE_MOVES;
    }
    found
}

/// XCR0: which registers the operating system keeps.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "xsave")]
fn enabled_state() -> u64 {
    // SAFETY: register 0 exists with XSAVE.
    unsafe { core::arch::x86_64::_xgetbv(0) }
}

/// Arm ARM, the base instructions of Armv8: exclusive pairs are always there.
#[cfg(target_arch = "aarch64")]
fn detect() -> u32 {
    WIDE_EXCHANGE
}
