//! Packages: one `<key>.tar.xz` each, listed by the index of a repository, unpacked side by side in a root. Archives, indexes
//! and servers are not trusted: `archive::read` and `signature` stand between them and the files of a user.
#![forbid(unsafe_code)]

pub mod archive;
pub mod hexadecimal;
pub mod index;
pub mod key;
pub mod signature;

#[cfg(feature = "download")]
mod cache;
#[cfg(feature = "download")]
mod catalog;
#[cfg(feature = "download")]
pub mod config;
#[cfg(feature = "download")]
mod fetch;
#[cfg(feature = "download")]
pub mod install;
#[cfg(feature = "download")]
pub mod lock;
#[cfg(feature = "download")]
mod plan;
#[cfg(feature = "download")]
pub mod repository;
#[cfg(feature = "download")]
pub mod root;
#[cfg(feature = "download")]
pub mod trust;
#[cfg(feature = "download")]
pub mod watch;

pub use key::Key;
