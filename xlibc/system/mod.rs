//! What the system is: sysconf, uname, users.

pub mod abi;
mod limits;
mod program;
mod users;

pub use program::INVOCATION_SHORT_NAME;
