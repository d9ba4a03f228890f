//! The end of a program by a fault, as a host tells it to the loader.

use core::ops::Range;
use core::sync::atomic::AtomicU64;

/// What is called on the thread of a fault before its signal's default action ends the process: a fault of the processor that no
/// handler of the guest takes, and that is neither blocked nor ignored. It may run on a small stack of its own ([`ReportStack`]), and the
/// interrupted code may be anywhere. After it returns the process ends, whatever it did.
pub type Report = fn(&Crash);

/// Memory of such a stack, zero at first: the registers of the largest processors take 11 KiB of it.
pub type ReportStack = [AtomicU64; 4 << 10];

/// Asks a host to call a [`Report`]. The stack is for the first thread, where the host wants one.
pub type Watch = fn(Report, &'static ReportStack);

/// A fault.
#[derive(Clone, Debug)]
pub struct Crash {
    /// Its signal, `signal::SEGV` for one.
    pub signal: i32,
    /// What was accessed, where the processor tells.
    pub address: Option<usize>,
    /// The stack had no room.
    pub is_overflow: bool,
    /// Address of the instruction.
    pub pc: usize,
    /// The other registers by their DWARF numbers.
    pub registers: [usize; 32],
    /// Where the loader's executable lies.
    pub loader: Range<usize>,
    /// Code of the host was interrupted, which may hold locks: only `read` and `say` may be used.
    pub in_host: bool,
    /// Copies memory that may not be there; whether all of it was.
    pub read: fn(usize, &mut [u8]) -> bool,
    /// Writes to the standard error output.
    pub say: fn(&[u8]),
}
