//! Loads a program and its libraries, binds them together, starts and ends them.

mod dl;
mod init;
mod inspect;
mod linker;
mod list;
mod load;
mod lock;
mod mapping;
mod object;
mod outermost;
mod relocate;
mod scope;
mod search;
mod state;
#[cfg(test)]
mod tests;
mod versions;

pub use linker::Linker;

pub(crate) use init::Program;
pub(crate) use inspect::Files;
pub(crate) use object::{Identity, Object, Opened};
pub(crate) use outermost::is_outermost;
pub(crate) use search::{Named, library_path, open};
pub(crate) use state::Builtin;
