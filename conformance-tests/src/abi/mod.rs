//! The ABI: what the headers, the Rust functions and the built library must agree on with the recorded facts.

pub mod exports;
pub mod facts;
pub mod headers;
pub mod library;
pub mod rust_side;
pub mod serves;
pub mod statements;
pub mod tables;
pub mod visibility;
