//! What lies where in the process's memory, as Windows tells.

use core::ops::Range;

use windows_sys::Win32::System::Memory::{
    MEM_COMMIT, MEMORY_BASIC_INFORMATION, PAGE_EXECUTE_READWRITE, PAGE_EXECUTE_WRITECOPY, PAGE_READWRITE,
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
