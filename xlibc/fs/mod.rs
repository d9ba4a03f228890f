//! Files and directories: `<unistd.h>`, `<fcntl.h>`, `<sys/stat.h>`, `<dirent.h>`.

pub mod abi;
pub mod abi_descriptor;
pub mod abi_directory;
pub mod abi_status;
mod control;
mod directory;
mod path;
pub mod status;
mod vectored;

pub use path::{canonical, current};
