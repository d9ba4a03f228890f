//! Processes: `<spawn.h>`, `<sys/wait.h>`, `exec` and `system`.

pub mod abi;
mod actions;
mod find;
mod shell;

pub use shell::SHELL;
