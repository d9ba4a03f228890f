//! An operating system in memory, for tests: a file system, descriptors, a clock that sleeping moves, threads, futexes, and
//! faults on demand. Each test thread has one of its own; threads it creates share it. `interleave` runs threads
//! in an order that a seed decides.

pub mod atomic;
mod choices;
mod disk;
mod faults;
mod files;
mod futex;
mod interleave;
mod memory;
mod names;
mod open;
mod process;
mod regions;
mod schedule;
mod serve;
mod signals;
mod slot;
mod system;
#[cfg(test)]
mod tests;
mod threads;
mod time;
mod waiting;

pub use faults::Faults;
pub use interleave::{Body, interleave};
pub use schedule::give_back;
pub use serve::{sim, table};
pub use slot::slot;
pub use system::{EPOCH_SECONDS, Sim, System};
