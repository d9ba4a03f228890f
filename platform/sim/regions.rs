//! Mappings: pages of the test process's heap.

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::collections::BTreeMap;

use platform::{Errno, Result};

pub(crate) const PAGE: usize = 4096;

/// Live mappings by address, and how much of each is still mapped.
#[derive(Default)]
pub(crate) struct Regions {
    regions: BTreeMap<usize, Region>,
}

struct Region {
    layout: Layout,
    mapped: usize,
}

impl Regions {
    /// Bytes mapped.
    pub fn used(&self) -> usize {
        self.regions.values().map(|region| region.mapped).sum()
    }

    /// Zeroed pages.
    pub fn map(&mut self, length: usize) -> Result<usize> {
        let length = length.checked_next_multiple_of(PAGE).ok_or(Errno::NOMEM)?;
        let layout = Layout::from_size_align(length, 65536).map_err(|_| Errno::NOMEM)?;
        // SAFETY: `map` refuses a length of zero before this.
        let address = unsafe { alloc_zeroed(layout) } as usize;
        if address == 0 {
            return Err(Errno::NOMEM);
        }
        self.regions.insert(address, Region { layout, mapped: length });
        Ok(address)
    }

    /// The region that the range lies in.
    pub fn covers(&self, address: usize, length: usize) -> bool {
        self.regions
            .range(..=address)
            .next_back()
            .is_some_and(|(start, region)| address + length <= start + region.layout.size())
    }

    /// Gives pages back; the memory goes when all pages of a region have gone.
    pub fn unmap(&mut self, address: usize, length: usize) -> Result<()> {
        let length = length.next_multiple_of(PAGE);
        if !address.is_multiple_of(PAGE) || !self.covers(address, length) {
            return Err(Errno::INVAL);
        }
        let (start, region) = self.regions.range_mut(..=address).next_back().ok_or(Errno::INVAL)?;
        region.mapped = region.mapped.saturating_sub(length);
        if region.mapped == 0 {
            let (start, layout) = (*start, region.layout);
            self.regions.remove(&start);
            // SAFETY: allocated in `map` with this layout, and removed from the list.
            unsafe { dealloc(start as *mut u8, layout) };
        }
        Ok(())
    }
}
