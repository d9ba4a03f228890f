//! Moving, advising about and writing back what is mapped.

use core::ffi::c_void;

use platform::abi::{mapping, protection};
use platform::{Errno, Map, Result};
use windows_sys::Win32::System::Memory::{
    FlushViewOfFile, MEM_COMMIT, MEM_DECOMMIT, PAGE_EXECUTE, PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE, PAGE_NOACCESS,
    PAGE_READONLY, PAGE_READWRITE, VirtualAlloc, VirtualFree,
};

use super::pages::{RUNS, each_committed, each_run, map_anonymous, pages, protect, unmap};
use crate::pure::runs::Kind;
use crate::sys::native::nt::last_error;
use crate::sys::native::regions::{PAGE, query};

/// `mremap`: shrinks in place, grows by moving. Views of files cannot grow.
pub fn remap(address: usize, old: usize, new: usize, flags: u32, target: usize) -> Result<usize> {
    let old_range = pages(address, old)?;
    let new = new.checked_next_multiple_of(PAGE).filter(|new| *new != 0).ok_or(Errno::INVAL)?;
    let move_to = flags & mapping::REMAP_FIXED != 0;
    if flags & !(mapping::REMAP_MAY_MOVE | mapping::REMAP_FIXED) != 0 || move_to && flags & mapping::REMAP_MAY_MOVE == 0
    {
        return Err(Errno::INVAL);
    }
    {
        let runs = RUNS.lock();
        if !runs.covers(old_range.clone()) {
            return Err(Errno::FAULT);
        }
        if runs.first_in(old_range.clone()).is_some_and(|run| run.kind != Kind::Anonymous) && (new > old || move_to) {
            return Err(Errno::NOMEM);
        }
    }
    if new <= old_range.len() && !move_to {
        if new < old_range.len() {
            unmap(address + new, old_range.len() - new)?;
        }
        return Ok(address);
    }
    if flags & mapping::REMAP_MAY_MOVE == 0 {
        return Err(Errno::NOMEM);
    }
    let found = query(address);
    let wanted = if found.State == MEM_COMMIT { found.Protect } else { PAGE_NOACCESS };
    let protection = match wanted & 0xFF {
        PAGE_READONLY => protection::READ,
        PAGE_READWRITE => protection::READ | protection::WRITE,
        PAGE_EXECUTE => protection::EXECUTE,
        PAGE_EXECUTE_READ => protection::READ | protection::EXECUTE,
        PAGE_EXECUTE_READWRITE => protection::READ | protection::WRITE | protection::EXECUTE,
        _ => protection::NONE,
    };
    let placed = if move_to { mapping::FIXED } else { 0 };
    let base = map_anonymous(Map {
        address: if move_to { target } else { 0 },
        length: new,
        protection: protection::READ | protection::WRITE,
        flags: mapping::PRIVATE | mapping::ANONYMOUS | placed,
        fd: -1,
        offset: 0,
    })?;
    if protection & protection::READ == 0 && protection != protection::NONE {
        protect(address, old_range.len(), protection::READ)?;
    }
    if protection != protection::NONE {
        // SAFETY: both ranges are mapped, the old one for reading, and do not overlap: the new one was free.
        unsafe {
            core::ptr::copy_nonoverlapping(address as *const u8, base as *mut u8, old_range.len().min(new));
        }
    }
    protect(base, new, protection)?;
    unmap(address, old_range.len())?;
    Ok(base)
}

/// `madvise`. DONTNEED makes anonymous pages zero; advice that only speeds up is taken and does nothing.
pub fn advise(address: usize, length: usize, advice: u32) -> Result<()> {
    const DONT_NEED: u32 = 4;
    // NORMAL, RANDOM, SEQUENTIAL, WILLNEED, FREE, and huge pages or not.
    const HINTS: [u32; 7] = [0, 1, 2, 3, 8, 14, 15];
    each_run(address, length, |run| match run.kind {
        _ if HINTS.contains(&advice) => Ok(()),
        _ if advice != DONT_NEED => Err(Errno::INVAL),
        Kind::PrivateView => Err(Errno::INVAL),
        // Its pages come back with the file's content by themselves.
        Kind::SharedView => Ok(()),
        Kind::Anonymous => each_committed(run.start..run.end, |piece, protection| {
            // SAFETY: the guest gives the content of these pages up.
            let again = unsafe {
                VirtualFree(piece.start as *mut c_void, piece.len(), MEM_DECOMMIT);
                VirtualAlloc(piece.start as *const c_void, piece.len(), MEM_COMMIT, protection)
            };
            if again.is_null() { Err(Errno::NOMEM) } else { Ok(()) }
        }),
    })
}

/// `msync`: hands changed pages of shared views to the file. With MS_SYNC Windows starts the writing and does not wait for
/// the disk; `fsync` does.
pub fn sync_map(address: usize, length: usize, flags: u32) -> Result<()> {
    const ASYNC: u32 = 1;
    const INVALIDATE: u32 = 2;
    const SYNC: u32 = 4;
    if flags & !(ASYNC | INVALIDATE | SYNC) != 0 || flags & (ASYNC | SYNC) == ASYNC | SYNC {
        return Err(Errno::INVAL);
    }
    each_run(address, length, |run| {
        if run.kind != Kind::SharedView {
            return Ok(());
        }
        // SAFETY: mapped pages of a view.
        let done = unsafe { FlushViewOfFile(run.start as *const c_void, run.end - run.start) };
        if done == 0 { Err(last_error()) } else { Ok(()) }
    })
}
