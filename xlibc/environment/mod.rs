//! The environment: `getenv` and its kin in `<stdlib.h>`.

pub mod abi;
mod list;

pub use list::{all, clear, find, list, put, put_copy, remove, stamp, trusted_value, valid_name, value, with_steady};
