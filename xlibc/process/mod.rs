//! Processes: `<spawn.h>`, `<sys/wait.h>`, `exec` and `system`.

pub mod abi;
mod actions;
mod arch;
mod find;
mod shell;

pub use shell::SHELL;
