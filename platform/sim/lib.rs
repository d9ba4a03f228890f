//! An operating system in memory, for tests: a file system, descriptors, a clock that sleeping moves, threads, futexes, and
//! faults on demand. Each test thread has one of its own; threads it creates share it.

mod disk;
mod faults;
mod files;
mod memory;
mod names;
mod open;
mod process;
mod regions;
mod serve;
mod signals;
mod system;
#[cfg(test)]
mod tests;
mod threads;
mod time;

pub use faults::Faults;
pub use serve::{sim, table};
pub use system::{EPOCH_SECONDS, Sim, System, slot};
