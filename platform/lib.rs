//! What the C library asks of an operating system: the family of traits [`Platform`], its error type and plain data.
//!
//! Each trait has the operations of one topic; what C sees of a host is made of them. Each operation is written down once, as the
//! trait's method, with its number in the host table; both sides of the table, its C header and [`Wrapped`] are derived from it (see
//! `platform_operations`).
//!
//! An implementation is one package under `platform/`. It must provide the methods that are neither optional nor have a body; an
//! optional one answers `Err(Errno::NOSYS)` until the package grows. Flags, modes and numbers are those of the C ABI ([`abi`]) on every
//! host; paths are bytes in the guest's form (`/` between names, UTF-8 where the host has characters), never empty unless said, without
//! NUL.
//!
//! Memory is passed around as addresses: who unmaps or protects what is in use breaks the process, as with the C functions.

#![no_std]
#![deny(unsafe_code)]

pub mod abi;
mod crash;
pub mod dirent;
mod errno;
mod files;
mod futex;
pub mod interfaces;
mod memory;
mod names;
mod network;
mod one_thread;
#[expect(unsafe_code, reason = "pieces have C's layout")]
mod pieces;
mod places;
mod process;
mod random;
mod signals;
mod threads;
mod time;
mod types;
mod waiting;
mod wrapped;

pub use crash::{Crash, Report, ReportStack, Watch};
pub use errno::{Errno, NAMES as ERRNO_NAMES, Result};
pub use files::Files;
pub use futex::Futex;
pub use memory::Memory;
pub use names::Names;
pub use network::Network;
pub use pieces::{MOST_PIECES, Piece, PieceMut, total};
pub use places::{Places, random_place};
pub use process::Process;
pub use random::Random;
pub use signals::Signals;
pub use threads::{INTERRUPT_OFFSET, INTERRUPTED, Threads};
pub use time::Time;
pub use types::*;
pub use waiting::Waiting;
pub use wrapped::{Hook, Observe, Operation, Value, Wrapped};

/// What never changes while a process lives. The head of the host table has it.
pub trait Facts: Sync {
    /// Size of a page in bytes: the unit of `map` and `protect`.
    fn page_bytes(&self) -> usize;
    /// Where threads find their slot.
    fn thread_slot(&self) -> Slot;
}

/// An operating system. Every method may be called from any thread at any time.
pub trait Platform:
    Facts + Memory + Files + Names + Time + Threads + Futex + Process + Signals + Random + Network + Waiting
{
}

impl<P: Facts + Memory + Files + Names + Time + Threads + Futex + Process + Signals + Random + Network + Waiting>
    Platform for P
{
}
