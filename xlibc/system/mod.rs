//! What the system is: sysconf, uname, users.

pub mod abi;
pub mod abi_users;
mod limits;
mod program;
mod users;

pub use program::INVOCATION_SHORT_NAME;
