//! What every area stands on: the host table, the thread block, errno, C memory as slices.

mod arena;
mod blocking;
mod compatible;
pub mod cpu;
mod errno;
mod export;
mod fatal;
mod file;
mod floating;
mod guard;
pub mod heap;
mod host;
mod memory;
mod start;
mod thread;
mod undisturbed;

pub use arena::Arena;
pub use blocking::{blocking, uninterrupted};
pub use errno::{CResult, FromValue, or_null, set_errno};
pub use fatal::{fatal, panicked, report};
pub use file::{read_file, read_up_to};
pub use floating::{DEFAULT_MODES, floating_modes, set_floating_modes};
pub use guard::GUARD;
pub use host::{host, whole_pages};
pub use memory::{CBytes, bytes, bytes_mut, c_bytes, c_length, copy_parts};
pub use start::ENVIRON;
pub use thread::{KEYS_MAX, State, Thread, thread};
pub use undisturbed::undisturbed;

pub use loader_abi::{AddressInfo, Host, Modules, ObjectInfo, SpawnRequest, SpawnStep, strings};
pub use platform::{
    Errno, Facts, Files, Futex, MOST_PIECES, Memory, Names, Network, Piece, PieceMut, Platform, Process, Random,
    Result, SignalOwner, Signals, Threads, Time, Waiting, abi, total,
};
