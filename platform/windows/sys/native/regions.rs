//! What lies where in the process's memory, as Windows tells.

use core::ops::Range;

use windows_sys::Win32::System::LibraryLoader::GetModuleHandleW;
use windows_sys::Win32::System::Memory::{
    MEM_COMMIT, MEM_IMAGE, MEMORY_BASIC_INFORMATION, PAGE_EXECUTE_READWRITE, PAGE_EXECUTE_WRITECOPY, PAGE_READWRITE,
    PAGE_WRITECOPY, VirtualQuery,
};

/// Bytes of a page on x86_64.
pub const PAGE: usize = 4096;
/// Windows' unit of reservation.
pub const GRANULE: usize = 65_536;

/// The region of like pages from the address on.
pub fn query(address: usize) -> MEMORY_BASIC_INFORMATION {
    let mut found = MEMORY_BASIC_INFORMATION::default();
    // SAFETY: one structure is written; any address may be asked about.
    unsafe { VirtualQuery(address as *const _, &mut found, size_of::<MEMORY_BASIC_INFORMATION>()) };
    found
}

/// Whether all pages of the range can be written, without touching them.
pub fn is_writable(range: &Range<usize>) -> bool {
    let mut at = range.start;
    while at < range.end {
        let found = query(at);
        let writable =
            matches!(found.Protect, PAGE_READWRITE | PAGE_WRITECOPY | PAGE_EXECUTE_READWRITE | PAGE_EXECUTE_WRITECOPY);
        if found.State != MEM_COMMIT || !writable || found.RegionSize == 0 {
            return false;
        }
        at = found.BaseAddress as usize + found.RegionSize;
    }
    true
}

/// Whether code at the address belongs to a file that Windows loaded, and not to the guest.
pub fn is_host_code(address: usize) -> bool {
    query(address).Type == MEM_IMAGE
}

/// Whether the guest's code is at the address. What Windows knows nothing of is not: Wine's own code on the way into the system.
pub fn is_guest_code(address: usize) -> bool {
    let found = query(address);
    found.State == MEM_COMMIT && found.Type != MEM_IMAGE
}

/// Whether code of this executable is at the address.
pub fn is_own_code(address: usize) -> bool {
    // SAFETY: no pointers.
    query(address).AllocationBase == unsafe { GetModuleHandleW(core::ptr::null()) }
}
