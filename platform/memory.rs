//! Address space: mapping, protection.

use platform_operations::operations;

use crate::{Errno, Map, Result};

/// Address space: mapping, protection.
#[operations(memory)]
pub trait Memory: Sync {
    /// `mmap`: gives zeroed or file memory; returns its address.
    #[slot(0)]
    fn map(&self, request: Map) -> Result<usize>;
    /// A random address, a multiple of 64 KiB, to ask `map` for where memory shall lie apart from all other; 0 where the host's own
    /// choice is to be taken.
    #[slot(32)]
    fn random_place(&self) -> usize {
        0
    }
    /// `munmap`. The range may be part of a mapping where the host can split one; `EINVAL` where it cannot.
    #[slot(1)]
    fn unmap(&self, address: usize, length: usize) -> Result<()>;
    /// `mprotect`.
    #[slot(2)]
    fn protect(&self, address: usize, length: usize, protection: u32) -> Result<()>;
    /// `mremap` with `mapping::REMAP_*`; `target` only with `REMAP_FIXED`.
    #[slot(33, optional)]
    fn remap(&self, address: usize, old_length: usize, new_length: usize, flags: u32, target: usize) -> Result<usize>;
    /// `madvise`: `advice` is the C ABI's MADV_*.
    #[slot(34, optional)]
    fn advise(&self, address: usize, length: usize, advice: u32) -> Result<()>;
    /// `msync`: `flags` are the C ABI's MS_*.
    #[slot(35, optional, waits)]
    fn sync_map(&self, address: usize, length: usize, flags: u32) -> Result<()>;
}
