//! `<signal.h>`.

pub mod abi;
mod action;
mod names;
