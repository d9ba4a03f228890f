//! Programs of our own kind: what their files look like.

use platform::{Errno, Fd, Platform, Result, abi};

use crate::elf::{HEADER_BYTES, Header, Machine};
use crate::files::read_some;

/// Whether the file is a program of our own kind for this CPU.
pub(super) fn is_ours<P: Platform>(platform: &P, directory: Fd, path: &[u8]) -> Result<bool> {
    let flags = abi::open::READ_ONLY | abi::open::CLOSE_ON_EXEC | abi::open::NON_BLOCK;
    let fd = match platform.open(directory, path, flags, 0) {
        Ok(fd) => fd,
        // May be executable all the same.
        Err(Errno::ACCES | Errno::ISDIR) => return Ok(false),
        Err(errno) => return Err(errno),
    };
    let mut start = [0; HEADER_BYTES];
    let length = read_some(platform, fd, &mut start, 0).unwrap_or(0);
    // The descriptor was only read from.
    let _ = platform.close(fd);
    let header = Header::parse(start.get(..length).unwrap_or_default(), u64::MAX);
    Ok(header.is_ok_and(|header| header.marked && header.machine == Machine::HOST))
}
