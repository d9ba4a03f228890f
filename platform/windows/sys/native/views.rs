//! Views of files in the memory of this process.

use alloc::vec;

use windows_sys::Win32::System::Memory::MEM_MAPPED;
use windows_sys::Win32::System::ProcessStatus::K32GetMappedFileNameW;
use windows_sys::Win32::System::Threading::GetCurrentProcess;

use super::nt::{self, Handle};
use super::regions::query;

/// Longest path of Windows, in units.
const LONGEST: usize = 1 << 15;

/// Whether this process has a view of a file that was opened by the name that the other handle was. It takes a request for each
/// region of memory.
pub fn is_mapped(file: &Handle) -> bool {
    // What the kernel calls views too.
    let Some(name) = nt::object_name(file).ok().filter(|name| !name.is_empty()) else { return false };
    let mut mapped = vec![0u16; LONGEST];
    let mut at = 0;
    loop {
        let found = query(at);
        if found.RegionSize == 0 {
            return false;
        }
        if found.Type == MEM_MAPPED && found.BaseAddress == found.AllocationBase {
            // SAFETY: the buffer is writable for its length; the address is only looked up.
            let length = unsafe {
                K32GetMappedFileNameW(GetCurrentProcess(), found.BaseAddress, mapped.as_mut_ptr(), LONGEST as u32)
            };
            if mapped.get(..length as usize) == Some(&name[..]) {
                return true;
            }
        }
        at = found.BaseAddress as usize + found.RegionSize;
    }
}
