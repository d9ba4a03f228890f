//! Moving, advising about and writing back what is mapped.

use core::ffi::c_void;
use core::ops::Range;

use platform::abi::{mapping, protection};
use platform::{Errno, Map, Result};
use windows_sys::Win32::System::Memory::{
    FlushViewOfFile, MEM_COMMIT, MEM_DECOMMIT, PAGE_EXECUTE, PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE, PAGE_NOACCESS,
    PAGE_READONLY, PAGE_READWRITE, VirtualAlloc, VirtualFree,
};

use super::pages::{RUNS, commit, each_committed, each_run, map_anonymous, pages, protect, set_protection, unmap};
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
    if move_to && target < old_range.end && address < target.saturating_add(new) {
        return Err(Errno::INVAL);
    }
    let kind = {
        let runs = RUNS.lock();
        if !runs.covers(old_range.clone()) {
            return Err(Errno::FAULT);
        }
        let first = runs.first_in(old_range.clone()).ok_or(Errno::FAULT)?;
        if first.kind.is_view() && (new > old || move_to) {
            return Err(Errno::NOMEM);
        }
        // Pages of different kinds are several mappings.
        let mut rest = first.end;
        while let Some(run) = runs.first_in(rest..old_range.end) {
            if run.kind != first.kind {
                return Err(Errno::FAULT);
            }
            rest = run.end;
        }
        first.kind
    };
    if new <= old_range.len() && !move_to {
        if new < old_range.len() {
            unmap(address + new, old_range.len() - new)?;
        }
        return Ok(address);
    }
    if flags & mapping::REMAP_MAY_MOVE == 0 {
        return Err(Errno::NOMEM);
    }
    let (protection, on_demand) = match kind {
        Kind::OnDemand(protection) => (protection, mapping::NO_RESERVE),
        _ => (protection_at(address), 0),
    };
    let placed = if move_to { mapping::FIXED } else { 0 };
    let base = map_anonymous(Map {
        address: if move_to { target } else { 0 },
        length: new,
        protection: protection::NONE,
        flags: mapping::PRIVATE | mapping::ANONYMOUS | placed | on_demand,
        fd: -1,
        offset: 0,
    })?;
    let done = move_content(address..address + old_range.len().min(new), base);
    if let Err(errno) = done.and_then(|()| protect(base, new, protection)) {
        unmap(base, new)?;
        return Err(errno);
    }
    unmap(address, old_range.len())?;
    Ok(base)
}

/// Copies what is committed in a range to a place that is only reserved; what was never used stays so there.
fn move_content(range: Range<usize>, base: usize) -> Result<()> {
    each_committed(range.clone(), |piece, protection| {
        let to = base + (piece.start - range.start);
        if matches!(protection, PAGE_NOACCESS | PAGE_EXECUTE) {
            set_protection(piece.clone(), protection::READ, Kind::Anonymous)?;
        }
        commit(to..to + piece.len(), protection::READ | protection::WRITE)?;
        // SAFETY: both ranges are mapped, the old one for reading, and do not overlap: the new one was free.
        unsafe { core::ptr::copy_nonoverlapping(piece.start as *const u8, to as *mut u8, piece.len()) };
        Ok(())
    })
}

/// The protection of a page that is committed or reserved for good.
fn protection_at(address: usize) -> u32 {
    let found = query(address);
    let windows = if found.State == MEM_COMMIT { found.Protect } else { PAGE_NOACCESS };
    match windows & 0xFF {
        PAGE_READONLY => protection::READ,
        PAGE_READWRITE => protection::READ | protection::WRITE,
        PAGE_EXECUTE => protection::EXECUTE,
        PAGE_EXECUTE_READ => protection::READ | protection::EXECUTE,
        PAGE_EXECUTE_READWRITE => protection::READ | protection::WRITE | protection::EXECUTE,
        _ => protection::NONE,
    }
}

/// `madvise`. DONTNEED makes anonymous pages zero; advice that only speeds up is taken and does nothing.
pub fn advise(address: usize, length: usize, advice: u32) -> Result<()> {
    const DONT_NEED: u32 = 4;
    // NORMAL, RANDOM, SEQUENTIAL, WILLNEED, FREE, and huge pages or not.
    const HINTS: [u32; 7] = [0, 1, 2, 3, 8, 14, 15];
    each_run(address, length, |_, run| match run.kind {
        _ if HINTS.contains(&advice) => Ok(()),
        _ if advice != DONT_NEED => Err(Errno::INVAL),
        Kind::PrivateView => Err(Errno::INVAL),
        // Its pages come back with the file's content by themselves.
        Kind::SharedView => Ok(()),
        kind @ (Kind::Anonymous | Kind::OnDemand(_)) => each_committed(run.start..run.end, |piece, protection| {
            // SAFETY: the guest gives the content of these pages up.
            let done = unsafe {
                VirtualFree(piece.start as *mut c_void, piece.len(), MEM_DECOMMIT) != 0
                    && (kind != Kind::Anonymous
                        || !VirtualAlloc(piece.start as *const c_void, piece.len(), MEM_COMMIT, protection).is_null())
            };
            if done { Ok(()) } else { Err(Errno::NOMEM) }
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
    each_run(address, length, |_, run| {
        if run.kind != Kind::SharedView {
            return Ok(());
        }
        // SAFETY: mapped pages of a view.
        let done = unsafe { FlushViewOfFile(run.start as *const c_void, run.end - run.start) };
        if done == 0 { Err(last_error()) } else { Ok(()) }
    })
}
