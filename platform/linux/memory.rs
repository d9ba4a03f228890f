//! Memory. The addresses are the guest's: what it unmaps or protects is its own affair, as with the C functions.

use core::ffi::c_void;
use platform::abi::mapping;
use platform::{Errno, Map, Memory, Places, Result};
use rustix::mm::{self, MapFlags, MprotectFlags, MremapFlags, MsyncFlags, ProtFlags};

use crate::sys::{borrow, call, kernel, ours};
use crate::{Linux, random};

/// Private memory without a file, which may lie anywhere: heaps as a rule.
static HEAPS: Places = Places::new();

fn pointer(address: usize) -> *mut c_void {
    core::ptr::with_exposed_provenance_mut(address)
}

impl Memory for Linux {
    fn map(&self, m: Map) -> Result<usize> {
        let protection = ProtFlags::from_bits_retain(m.protection);
        let flags = MapFlags::from_bits_retain(m.flags);
        let is_heap = m.address == 0 && m.flags & !mapping::NO_RESERVE == mapping::PRIVATE | mapping::ANONYMOUS;
        // SAFETY: the guest owns its address space (see above).
        let made = unsafe {
            if is_heap {
                return map_apart(&HEAPS, m.length, protection, flags);
            } else if m.flags & mapping::ANONYMOUS != 0 {
                mm::mmap_anonymous(pointer(m.address), m.length, protection, flags)
            } else {
                mm::mmap(pointer(m.address), m.length, protection, flags, borrow(m.fd)?, m.offset)
            }
        };
        let address = made.map_err(ours)?.expose_provenance();
        // Kernels before 4.17 and some emulators take FIXED_NO_REPLACE for a hint.
        if m.flags & mapping::FIXED_NO_REPLACE != 0 && address != m.address {
            self.unmap(address, m.length)?;
            return Err(Errno::EXIST);
        }
        Ok(address)
    }

    fn random_place(&self) -> usize {
        random::place()
    }

    fn unmap(&self, address: usize, length: usize) -> Result<()> {
        // SAFETY: the guest owns its address space.
        unsafe { mm::munmap(pointer(address), length) }.map_err(ours)?;
        HEAPS.freed(address, length.next_multiple_of(rustix::param::page_size()));
        Ok(())
    }

    fn protect(&self, address: usize, length: usize, protection: u32) -> Result<()> {
        // SAFETY: the guest owns its address space.
        unsafe { mm::mprotect(pointer(address), length, MprotectFlags::from_bits_retain(protection)) }.map_err(ours)
    }

    fn remap(&self, address: usize, old: usize, new: usize, flags: u32, target: usize) -> Result<usize> {
        let rest = MremapFlags::from_bits_retain(flags & !mapping::REMAP_FIXED);
        // SAFETY: the guest owns its address space.
        let moved = unsafe {
            if flags & mapping::REMAP_FIXED != 0 {
                mm::mremap_fixed(pointer(address), old, new, rest, pointer(target))
            } else {
                mm::mremap(pointer(address), old, new, rest)
            }
        };
        moved.map(|address| address.expose_provenance()).map_err(ours)
    }

    fn advise(&self, address: usize, length: usize, advice: u32) -> Result<()> {
        // SAFETY: the guest owns its address space.
        unsafe { call(kernel::__NR_madvise, [address, length, advice as usize]) }.map(drop)
    }

    fn sync_map(&self, address: usize, length: usize, flags: u32) -> Result<()> {
        // SAFETY: writes back only.
        unsafe { mm::msync(pointer(address), length, MsyncFlags::from_bits_retain(flags)) }.map_err(ours)
    }
}

/// New memory of a kind that lies apart from other kinds.
pub(crate) fn map_apart(places: &Places, length: usize, protection: ProtFlags, flags: MapFlags) -> Result<usize> {
    let whole = length.checked_next_multiple_of(rustix::param::page_size()).ok_or(Errno::NOMEM)?;
    let asked = places.ask(whole, random::place);
    // SAFETY: new memory; an address without MAP_FIXED is a wish.
    let made = unsafe { mm::mmap_anonymous(pointer(asked), length, protection, flags) };
    let address = made.map_err(ours)?.expose_provenance();
    places.taken(asked, address, whole);
    Ok(address)
}
