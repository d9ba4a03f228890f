//! The reparse point of an open file, which was opened as it is itself.

use alloc::vec;
use alloc::vec::Vec;

use platform::{Errno, Result};
use windows_sys::Win32::System::Ioctl::FSCTL_GET_REPARSE_POINT;

use super::nt::{self, Handle};
use crate::pure::reparse::{self, Point};
use crate::pure::status::{from_status, is_refusal};

/// What it says; `EINVAL` without one, `EIO` for damaged data.
pub fn of(handle: &Handle) -> Result<Point> {
    reparse::parse(&data(handle)?).ok_or(Errno::IO)
}

/// Its tag; errors as of [`of`].
pub fn tag(handle: &Handle) -> Result<u32> {
    reparse::tag_of(&data(handle)?).ok_or(Errno::IO)
}

fn data(handle: &Handle) -> Result<Vec<u8>> {
    /// MAXIMUM_REPARSE_DATA_BUFFER_SIZE.
    const MOST: usize = 16 * 1024;
    let mut data = vec![0u8; MOST];
    match nt::control(handle, FSCTL_GET_REPARSE_POINT, &mut data) {
        // How long it is it says itself.
        Ok(_) => Ok(data),
        // A file system without reparse points has none.
        Err(status) if is_refusal(status) => Err(Errno::INVAL),
        Err(status) => Err(from_status(status)),
    }
}
