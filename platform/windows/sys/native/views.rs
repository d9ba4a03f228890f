//! Views of files in the memory of this process.

use alloc::vec;
use alloc::vec::Vec;
use core::ffi::c_void;
use core::ptr::null_mut;

use windows_sys::Wdk::Foundation::{NtQueryObject, OBJECT_INFORMATION_CLASS};
use windows_sys::Win32::Foundation::UNICODE_STRING;
use windows_sys::Win32::System::Memory::MEM_MAPPED;
use windows_sys::Win32::System::ProcessStatus::K32GetMappedFileNameW;
use windows_sys::Win32::System::Threading::GetCurrentProcess;

use super::nt::Handle;
use super::regions::query;

/// Longest path of Windows, in units.
const LONGEST: usize = 1 << 15;

/// Whether this process has a view of a file that was opened by the name that the other handle was. It takes a request for each
/// region of memory.
pub fn is_mapped(file: &Handle) -> bool {
    let Some(name) = name(file) else { return false };
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

/// The name of an open file in the namespace of the kernel, in which names of views are too.
fn name(file: &Handle) -> Option<Vec<u16>> {
    const OBJECT_NAME: OBJECT_INFORMATION_CLASS = 1;
    // Words, so that the structure is aligned.
    let mut buffer = vec![0u64; LONGEST / 4 + 2];
    let start = buffer.as_mut_ptr();
    // SAFETY: the buffer is writable for its length.
    let status = unsafe {
        NtQueryObject(file.raw(), OBJECT_NAME, start.cast::<c_void>(), (buffer.len() * 8) as u32, null_mut())
    };
    if status < 0 {
        return None;
    }
    // SAFETY: the kernel wrote the structure to the start of the buffer, and the name that it points to behind it.
    unsafe {
        let found = start.cast::<UNICODE_STRING>().read();
        let length = usize::from(found.Length) / 2;
        (length > 0).then(|| core::slice::from_raw_parts(found.Buffer, length).to_vec())
    }
}
