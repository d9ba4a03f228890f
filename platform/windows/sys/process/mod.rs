//! The process, its threads and its children, and waiting.

pub mod children;
pub mod crash;
pub mod futex;
pub mod identity;
pub mod inheritance;
pub mod program;
pub mod requests;
pub mod spawn;
pub mod start;
pub mod threads;
pub mod time;
