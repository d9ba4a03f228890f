//! Ends of a process whose buffers overflowed, and the checked entry points of fortified headers (`_FORTIFY_SOURCE`).

pub mod abi;
