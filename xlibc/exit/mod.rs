//! The end of the process, in `<stdlib.h>` and the C++ ABI: what is registered for it, and for the end of a thread by C++.

pub mod abi;
mod end;
mod handlers;
mod hooks;
mod thread_locals;

pub use end::{abort, end, exit};
pub use hooks::add_hook;
pub use thread_locals::{at_thread_end, run_destructors};
