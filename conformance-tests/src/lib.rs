//! Checks that hold the library, its headers and its hosts to the standards and to the ABI they promise.

#![forbid(unsafe_code)]

pub mod abi;
pub mod c;
pub mod clang;
pub mod cpp;
pub mod hosts;
pub mod kit;
pub mod layers;
pub mod machine_code;
pub mod pair;
pub mod programs;
pub mod run;
pub mod suite;
pub mod tool;
pub mod waiting;
pub mod ways;
#[path = "../../xtask/wine.rs"]
pub mod wine;
pub mod xbuild;
