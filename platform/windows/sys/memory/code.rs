//! Whose code is at an address. What the guest mapped is its own; Windows' kind of memory does not tell.

use windows_sys::Win32::System::Memory::{
    MEM_COMMIT, MEM_IMAGE, PAGE_EXECUTE, PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE, PAGE_EXECUTE_WRITECOPY,
};

use super::pages;
use crate::pure::code::{Owner, Page};
use crate::sys::native::image;
use crate::sys::native::regions::query;

/// Any kind of execution.
const EXECUTABLE: u32 = PAGE_EXECUTE | PAGE_EXECUTE_READ | PAGE_EXECUTE_READWRITE | PAGE_EXECUTE_WRITECOPY;

/// Whose it is.
pub fn owner(address: usize) -> Owner {
    let found = query(address);
    Page {
        is_mapped: pages::is_mapped(address),
        is_loader: image::range().contains(&address),
        is_image: found.Type == MEM_IMAGE,
        is_executable: found.State == MEM_COMMIT && found.Protect & EXECUTABLE != 0,
    }
    .owner()
}

/// Whether it is the guest's, without waiting: for the sake of a thread that stands still and may hold any lock. `false` also
/// while the guest's mappings change.
pub fn is_guest_now(address: usize) -> bool {
    pages::is_mapped_now(address).unwrap_or(false)
}
