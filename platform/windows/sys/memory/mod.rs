//! `mmap` and its kin over `VirtualAlloc` and file views.
//!
//! Windows reserves in units of 64 KiB and gives back whole allocations only. A part that is unmapped is decommitted (its
//! memory is free, its addresses are not) until the last part goes. Replacing a part of an allocation by a view of a file
//! would need placeholders, which Wine and Windows before 1803 lack: a file mapping with `MAP_FIXED` inside memory of ours is
//! `EINVAL`.

pub mod changes;
pub mod code;
pub mod demand;
pub mod pages;
mod storage;
pub mod views;

use platform::{Map, Memory, Result};

use crate::Windows;
use crate::sys::file::away;
use crate::sys::native::random;

impl Memory for Windows {
    fn map(&self, request: Map) -> Result<usize> {
        views::map(request)
    }

    fn random_place(&self) -> usize {
        random::place()
    }

    fn unmap(&self, address: usize, length: usize) -> Result<()> {
        if pages::unmap(address, length)? {
            away::delete_left();
        }
        Ok(())
    }

    fn protect(&self, address: usize, length: usize, protection: u32) -> Result<()> {
        pages::protect(address, length, protection)
    }

    fn remap(&self, address: usize, old: usize, new: usize, flags: u32, target: usize) -> Result<usize> {
        changes::remap(address, old, new, flags, target)
    }

    fn advise(&self, address: usize, length: usize, advice: u32) -> Result<()> {
        changes::advise(address, length, advice)
    }

    fn sync_map(&self, address: usize, length: usize, flags: u32) -> Result<()> {
        changes::sync_map(address, length, flags)
    }
}
