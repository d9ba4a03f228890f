//! `<ucontext.h>`: contexts that a program switches between by itself.
//!
//! A switch keeps what a call preserves, with the signal mask and the floating-point environment. The machine's part lies where the
//! ABI has it, so that tools which look into a context (collectors, backtraces) find the registers. Nothing tells the host of a switch: a host
//! that must know a thread's stack sees another one at the next request.

pub mod abi;
mod arch;
mod context;

pub use arch::layout::ucontext_t;
