//! Paths and reading, as every part of the loader needs them.

use alloc::vec::Vec;

use platform::{Errno, Fd, Platform, Result, abi};

/// What follows the last slash.
pub(crate) fn base_name(path: &[u8]) -> &[u8] {
    path.rsplit(|byte| *byte == b'/').next().unwrap_or(path)
}

/// What precedes the last slash; empty where there is none.
pub(crate) fn folder(path: &[u8]) -> &[u8] {
    path.iter().rposition(|byte| *byte == b'/').and_then(|at| path.get(..at)).unwrap_or_default()
}

/// The path from the top of the file system, as it is now; `None` where the current directory has none.
pub(crate) fn absolute<P: Platform>(platform: &P, path: &[u8]) -> Option<Vec<u8>> {
    let mut full = alloc::vec![0; path.len() + 1024];
    let length = match platform.absolute_path(path, &mut full) {
        Err(Errno::RANGE) => {
            full.resize(path.len() + 4096, 0);
            platform.absolute_path(path, &mut full)
        }
        length => length,
    };
    full.get(..length.ok()?).map(<[u8]>::to_vec)
}

/// The path of the loader's own file.
pub(crate) fn own_path<P: Platform>(platform: &P) -> Result<Vec<u8>> {
    // Long enough as a rule, and touches no further page of the stack.
    let mut short = [0; 256];
    match platform.executable_path(&mut short) {
        Err(Errno::RANGE) => {
            let mut path = alloc::vec![0; 4096];
            let length = platform.executable_path(&mut path)?;
            path.truncate(length);
            Ok(path)
        }
        length => short.get(..length?).map(<[u8]>::to_vec).ok_or(Errno::RANGE),
    }
}

/// Fills the buffer from this offset of the file; `EIO` when the file ends before.
pub(crate) fn read_exact<P: Platform>(platform: &P, fd: Fd, buffer: &mut [u8], offset: u64) -> Result<()> {
    let mut done = 0;
    while let Some(rest) = buffer.get_mut(done..).filter(|rest| !rest.is_empty()) {
        match read_some(platform, fd, rest, offset + done as u64) {
            Ok(0) => return Err(Errno::IO),
            Ok(count) => done += count,
            Err(Errno::INTR) => {}
            Err(errno) => return Err(errno),
        }
    }
    Ok(())
}

/// `pread`, also where the host has none.
pub(crate) fn read_some<P: Platform>(platform: &P, fd: Fd, buffer: &mut [u8], offset: u64) -> Result<usize> {
    match platform.read_at(fd, buffer, offset) {
        Err(Errno::NOSYS) => {
            platform.seek(fd, offset as i64, abi::seek::SET)?;
            platform.read(fd, buffer)
        }
        other => other,
    }
}
