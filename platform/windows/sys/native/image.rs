//! The running executable in memory.

use core::ops::Range;
use core::ptr::null;

use windows_sys::Win32::System::Diagnostics::Debug::{IMAGE_DIRECTORY_ENTRY_IAT, IMAGE_NT_HEADERS64};
use windows_sys::Win32::System::LibraryLoader::GetModuleHandleW;
use windows_sys::Win32::System::Memory::{PAGE_READONLY, VirtualProtect};
use windows_sys::Win32::System::SystemServices::IMAGE_DOS_HEADER;

/// The executable's file header and the headers behind it.
fn headers() -> (*const u8, &'static IMAGE_NT_HEADERS64) {
    // SAFETY: Windows mapped this executable and its headers for the life of the process.
    unsafe {
        let base = GetModuleHandleW(null()).cast::<u8>().cast_const();
        let start = (*base.cast::<IMAGE_DOS_HEADER>()).e_lfanew as usize;
        (base, &*base.add(start).cast::<IMAGE_NT_HEADERS64>())
    }
}

/// Where it lies.
pub fn range() -> Range<usize> {
    let (base, headers) = headers();
    base as usize..base as usize + headers.OptionalHeader.SizeOfImage as usize
}

/// Makes the addresses of Windows' functions read-only: the linker puts them where Windows' loader can write, and nobody has
/// to after the start.
pub fn protect_imports() {
    let mut before = 0;
    let (base, headers) = headers();
    let table = headers.OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IAT as usize];
    if table.Size != 0 {
        // SAFETY: nothing writes to the table from here on.
        unsafe {
            VirtualProtect(
                base.add(table.VirtualAddress as usize).cast(),
                table.Size as usize,
                PAGE_READONLY,
                &mut before,
            );
        }
    }
}
