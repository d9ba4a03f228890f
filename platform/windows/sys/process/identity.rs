//! Who the process is: its number, its user, its executable; the host's name.

use alloc::vec;
use alloc::vec::Vec;
use core::ffi::c_void;

use platform::{Errno, Ids, Result};
use windows_sys::Wdk::System::Threading::{NtQueryInformationProcess, ProcessBasicInformation};
use windows_sys::Win32::System::LibraryLoader::GetModuleFileNameW;
use windows_sys::Win32::System::SystemInformation::{ComputerNamePhysicalDnsHostname, GetComputerNameExW};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, GetCurrentProcessId, PROCESS_BASIC_INFORMATION};

use crate::pure::{path, status, utf16};

/// `getpid`.
pub fn id() -> i32 {
    // SAFETY: no arguments.
    (unsafe { GetCurrentProcessId() }) as i32
}

/// `getppid`: who started us, alive or not. 1, as for an orphan of POSIX, where Windows names none: Wine knows no Unix process.
pub fn parent_id() -> i32 {
    let mut basic = PROCESS_BASIC_INFORMATION::default();
    // SAFETY: one structure is written.
    let answer = unsafe {
        NtQueryInformationProcess(
            GetCurrentProcess(),
            ProcessBasicInformation,
            (&raw mut basic).cast::<c_void>(),
            size_of::<PROCESS_BASIC_INFORMATION>() as u32,
            core::ptr::null_mut(),
        )
    };
    match basic.InheritedFromUniqueProcessId as i32 {
        parent if answer >= 0 && parent > 0 => parent,
        _ => 1,
    }
}

/// One user and one group: Windows' identifiers of accounts are no numbers that fit.
pub fn ids() -> Ids {
    Ids { uid: 1000, euid: 1000, gid: 1000, egid: 1000 }
}

fn store(bytes: &[u8], buffer: &mut [u8]) -> Result<usize> {
    let place = buffer.get_mut(..bytes.len()).ok_or(Errno::RANGE)?;
    place.copy_from_slice(bytes);
    Ok(bytes.len())
}

/// The running executable, as Windows calls it.
pub fn own_file() -> Result<Vec<u16>> {
    let mut wide = vec![0u16; 32_768];
    // SAFETY: the buffer is writable for its length.
    let length = unsafe { GetModuleFileNameW(core::ptr::null_mut(), wide.as_mut_ptr(), wide.len() as u32) };
    wide.truncate(length as usize);
    if wide.is_empty() { Err(Errno::NOENT) } else { Ok(wide) }
}

/// The running executable.
pub fn executable_path(buffer: &mut [u8]) -> Result<usize> {
    let own = own_file()?;
    store(&path::to_guest(&own).unwrap_or_else(|| utf16::to_bytes(&own)), buffer)
}

/// `gethostname`.
pub fn host_name(buffer: &mut [u8]) -> Result<usize> {
    let mut wide = [0u16; 256];
    let mut length = wide.len() as u32;
    // SAFETY: the buffer is writable for its length, which the call replaces by the name's.
    let done = unsafe { GetComputerNameExW(ComputerNamePhysicalDnsHostname, wide.as_mut_ptr(), &mut length) };
    if done == 0 {
        // SAFETY: reads the thread's own word.
        return Err(status::from_win32(unsafe { windows_sys::Win32::Foundation::GetLastError() }));
    }
    store(&utf16::to_bytes(wide.get(..length as usize).unwrap_or_default()), buffer)
}
