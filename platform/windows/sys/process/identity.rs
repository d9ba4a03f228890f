//! Who the process is: its number, its user, its executable.

use alloc::vec;
use alloc::vec::Vec;

use platform::{Errno, Ids, Result};
use windows_sys::Win32::System::LibraryLoader::GetModuleFileNameW;
use windows_sys::Win32::System::Threading::GetCurrentProcessId;

/// `getpid`.
pub fn id() -> i32 {
    // SAFETY: no arguments.
    (unsafe { GetCurrentProcessId() }) as i32
}

/// One user and one group: Windows' identifiers of accounts are no numbers that fit.
pub fn ids() -> Ids {
    Ids { uid: 1000, euid: 1000, gid: 1000, egid: 1000 }
}

/// The running executable, as Windows calls it.
pub fn own_file() -> Result<Vec<u16>> {
    let mut wide = vec![0u16; 32_768];
    // SAFETY: the buffer is writable for its length.
    let length = unsafe { GetModuleFileNameW(core::ptr::null_mut(), wide.as_mut_ptr(), wide.len() as u32) };
    wide.truncate(length as usize);
    if wide.is_empty() { Err(Errno::NOENT) } else { Ok(wide) }
}
