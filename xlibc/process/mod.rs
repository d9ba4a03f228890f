//! Starting and ending processes: `<spawn.h>`, `<sys/wait.h>`, exit.

mod exit;
pub mod exit_abi;
mod exit_handlers;

pub use exit::{abort, end, exit};
