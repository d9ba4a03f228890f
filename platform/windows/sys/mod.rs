//! The part that calls Windows.

pub mod children;
pub mod console;
pub mod console_events;
pub mod descriptors;
pub mod directory;
pub mod fault;
pub mod files;
pub mod frame;
pub mod futex;
pub mod memory;
pub mod names;
pub mod nt;
pub mod open;
pub mod places;
pub mod process;
pub mod record_locks;
pub mod redirect;
pub mod signals;
pub mod spawn;
pub mod stack;
pub mod start;
pub mod stat;
pub mod sync;
pub mod thread;
pub mod time;
