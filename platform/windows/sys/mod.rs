//! The part that calls Windows. No file uses one that uses it.

pub mod file;
pub mod memory;
pub mod native;
pub mod process;
pub mod signal;
