//! `mmap` and its kin over `VirtualAlloc` and file views.
//!
//! Windows reserves in units of 64 KiB and gives back whole allocations only. A part that is unmapped is decommitted (its
//! memory is free, its addresses are not) until the last part goes. Replacing a part of an allocation by a view of a file
//! would need placeholders, which Wine and Windows before 1803 lack: a file mapping with `MAP_FIXED` inside memory of ours is
//! `EINVAL`.

pub mod changes;
pub mod pages;
mod storage;
pub mod views;
