//! `<nl_types.h>`: message catalogs.

pub mod abi;
mod catalog;
