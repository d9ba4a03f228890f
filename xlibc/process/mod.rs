//! Starting and ending processes: `<spawn.h>`, `<sys/wait.h>`, exit.

pub mod abi;
pub mod abi_environment;
pub mod abi_exit;
pub mod abi_spawn;
mod actions;
pub mod environment;
mod exit;
mod exit_handlers;
mod search;
mod shell;

pub use exit::{abort, end, exit};
pub use shell::SHELL;
