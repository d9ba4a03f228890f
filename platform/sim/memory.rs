//! Memory: private mappings of pages, and copies of files in such.

use platform::abi::mapping;
use platform::{Errno, Map, Memory, Result};

use crate::disk::Body;
use crate::regions::PAGE;
use crate::system::System;

impl Memory for System {
    fn map(&self, request: Map) -> Result<usize> {
        let mut state = self.enter();
        if request.length == 0 {
            return Err(Errno::INVAL);
        }
        if request.flags & (mapping::FIXED | mapping::FIXED_NO_REPLACE) != 0 {
            return Err(Errno::OPNOTSUPP);
        }
        let used = state.regions.used();
        if state.limits.memory_bytes.is_some_and(|limit| used + request.length > limit) {
            return Err(Errno::NOMEM);
        }
        let anonymous = request.flags & mapping::ANONYMOUS != 0;
        if !request.offset.is_multiple_of(PAGE as u64) {
            return Err(Errno::INVAL);
        }
        if !anonymous && request.flags & mapping::SHARED != 0 {
            return Err(Errno::NOSYS);
        }
        let node = if anonymous { None } else { Some(state.node_of(request.fd)?) };
        let address = state.regions.map(request.length)?;
        if let Some(ino) = node {
            // SAFETY: the region was just made with this length.
            let pages = unsafe { std::slice::from_raw_parts_mut(address as *mut u8, request.length) };
            if let Body::Regular(data) = &state.disk.node(ino).body {
                let start = (request.offset as usize).min(data.len());
                let n = pages.len().min(data.len() - start);
                pages[..n].copy_from_slice(&data[start..start + n]);
            }
        }
        Ok(address)
    }
    fn unmap(&self, address: usize, length: usize) -> Result<()> {
        self.enter().regions.unmap(address, length)
    }
    fn protect(&self, address: usize, length: usize, _protection: u32) -> Result<()> {
        let state = self.enter();
        if !address.is_multiple_of(PAGE) {
            return Err(Errno::INVAL);
        }
        if state.regions.covers(address, length) { Ok(()) } else { Err(Errno::NOMEM) }
    }
}
