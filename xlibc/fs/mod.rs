//! Files and directories: `<unistd.h>`, `<fcntl.h>`, `<sys/stat.h>`, `<dirent.h>`.

pub mod abi;
mod arch;
mod control;
mod deep;
mod directory;
mod path;
mod readiness;
mod selection;
pub mod status;
mod vectored;

pub use path::{canonical, current};

use crate::rt::{Errno, Result};

/// A descriptor, not the `AT_FDCWD` that the `at` requests also take.
fn descriptor(fd: i32) -> Result<i32> {
    if fd < 0 { Err(Errno::BADF) } else { Ok(fd) }
}
