//! Processes: `<spawn.h>`, `<sys/wait.h>`, `exec` and `system`.

pub mod abi;
pub mod abi_spawn;
mod actions;
mod search;
mod shell;

pub use shell::SHELL;
