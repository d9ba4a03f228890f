//! Where symbolic links lead.

use alloc::vec;
use alloc::vec::Vec;

use platform::{Errno, Result};
use windows_sys::Win32::System::Ioctl::FSCTL_GET_REPARSE_POINT;
use windows_sys::Win32::System::SystemServices::IO_REPARSE_TAG_SYMLINK;

use super::places;
use crate::pure::naming;
use crate::pure::status::from_status;
use crate::sys::native::nt::{self, Handle};

/// The guest's text of an open symbolic link or junction.
pub fn target(handle: &Handle) -> Result<Vec<u8>> {
    let mut data = vec![0u8; 16 * 1024];
    let length = nt::control(handle, FSCTL_GET_REPARSE_POINT, &mut data).map_err(from_status)?;
    let data = data.get(..length).ok_or(Errno::IO)?;
    let word = |at: usize| Some(usize::from(u16::from_le_bytes([*data.get(at)?, *data.get(at + 1)?])));
    let tag = data.get(..4).map(|tag| u32::from_le_bytes([tag[0], tag[1], tag[2], tag[3]]));
    // REPARSE_DATA_BUFFER: substitute name and print name as offsets into the buffer behind the fields.
    let text = || {
        let names = if tag == Some(IO_REPARSE_TAG_SYMLINK) { 20 } else { 16 };
        let (substitute, substitute_length) = (word(8)?, word(10)?);
        let (print, print_length) = (word(12)?, word(14)?);
        let (start, length) = if print_length > 0 { (print, print_length) } else { (substitute, substitute_length) };
        let bytes = data.get(names + start..names + start + length)?;
        Some(bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect::<Vec<u16>>())
    };
    text().map(|wide| places::with_places(|places| naming::link_target(&wide, places))).ok_or(Errno::IO)
}
