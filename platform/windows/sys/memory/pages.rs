//! The pages that the guest has mapped: anonymous memory, protection, unmapping.

use core::ffi::c_void;
use core::ops::Range;
use core::sync::atomic::{AtomicBool, Ordering};

use platform::abi::{mapping, protection};
use platform::{Errno, Map, Places, Result};
use windows_sys::Win32::Foundation::STATUS_COMMITMENT_LIMIT;
use windows_sys::Win32::System::Memory::{
    MEM_COMMIT, MEM_DECOMMIT, MEM_FREE, MEM_RELEASE, MEM_RESERVE, MEMORY_MAPPED_VIEW_ADDRESS, PAGE_EXECUTE,
    PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE, PAGE_EXECUTE_WRITECOPY, PAGE_NOACCESS, PAGE_READONLY, PAGE_READWRITE,
    PAGE_WRITECOPY, UnmapViewOfFile, VirtualAlloc, VirtualFree, VirtualProtect,
};

use super::storage::Storage;
use crate::pure::runs::{Kind, Run, Runs};
use crate::sys::native::injection::{self, Request};
use crate::sys::native::nt::last_error;
use crate::sys::native::random;
use crate::sys::native::regions::{GRANULE, PAGE, query};
use crate::sys::native::sync::Mutex;

/// Memory that may lie anywhere: heaps as a rule.
static HEAPS: Places = Places::new();
/// What is mapped.
pub(super) static RUNS: Mutex<Runs<Storage>> = Mutex::new(Runs(Storage::new()));
/// Whether there ever was memory that comes on demand: a process without it does not look for such.
pub(super) static SOME_ON_DEMAND: AtomicBool = AtomicBool::new(false);

/// Windows' word for `PROT_*`. Windows has no memory that is written but not read.
const fn page_protection(wanted: u32, kind: Kind) -> u32 {
    let copy = matches!(kind, Kind::PrivateView);
    match (wanted & protection::EXECUTE != 0, wanted & protection::WRITE != 0, wanted & protection::READ != 0) {
        (false, false, false) => PAGE_NOACCESS,
        (false, false, true) => PAGE_READONLY,
        (false, true, _) if copy => PAGE_WRITECOPY,
        (false, true, _) => PAGE_READWRITE,
        (true, false, false) => PAGE_EXECUTE,
        (true, false, true) => PAGE_EXECUTE_READ,
        (true, true, _) if copy => PAGE_EXECUTE_WRITECOPY,
        (true, true, _) => PAGE_EXECUTE_READWRITE,
    }
}

/// The pages of a range; `EINVAL` when it does not start at a page or wraps around.
pub(super) fn pages(address: usize, length: usize) -> Result<Range<usize>> {
    let length = length.checked_next_multiple_of(PAGE).ok_or(Errno::INVAL)?;
    let end = address.checked_add(length).ok_or(Errno::INVAL)?;
    if !address.is_multiple_of(PAGE) || length == 0 { Err(Errno::INVAL) } else { Ok(address..end) }
}

/// Anonymous memory of Windows: reserved, and committed unless nothing may touch it yet or it comes on demand.
fn allocate(address: usize, length: usize, wanted: u32, kind: Kind) -> Option<usize> {
    let commits = if is_committed(wanted, kind) { MEM_RESERVE | MEM_COMMIT } else { MEM_RESERVE };
    // SAFETY: new memory; nothing of ours is touched.
    let base = unsafe { VirtualAlloc(address as *const c_void, length, commits, page_protection(wanted, kind)) };
    (!base.is_null()).then_some(base as usize)
}

/// Whether anonymous memory is committed when it gets this protection.
const fn is_committed(wanted: u32, kind: Kind) -> bool {
    matches!(kind, Kind::Anonymous) && wanted != protection::NONE
}

/// How a mapping without a file gets its memory. A stack (MAP_STACK) cannot wait for its first use: Windows lays the exception
/// of an access on the stack itself.
fn anonymous_kind(request: &Map) -> Kind {
    if request.flags & (mapping::NO_RESERVE | mapping::STACK) == mapping::NO_RESERVE {
        SOME_ON_DEMAND.store(true, Ordering::Relaxed);
        Kind::OnDemand(request.protection)
    } else {
        Kind::Anonymous
    }
}

/// Whether the mapping has to be at its address.
pub(super) fn is_fixed(request: &Map) -> bool {
    request.flags & (mapping::FIXED | mapping::FIXED_NO_REPLACE) != 0
}

/// `mmap` of memory without a file.
pub(super) fn map_anonymous(request: Map) -> Result<usize> {
    let Map { address, length, protection, .. } = request;
    let length = length.checked_next_multiple_of(PAGE).ok_or(Errno::NOMEM)?;
    let kind = anonymous_kind(&request);
    let mut runs = RUNS.lock();
    if !runs.has_room() {
        return Err(Errno::NOMEM);
    }
    if is_fixed(&request) {
        let range = pages(address, length)?;
        clear_way(&mut runs, &request, range.clone())?;
        return place(&mut runs, range, protection, kind);
    }
    let whole = length.checked_next_multiple_of(GRANULE).ok_or(Errno::NOMEM)?;
    let hint = match address {
        0 => HEAPS.ask(whole, random::place),
        address => address / GRANULE * GRANULE,
    };
    let base = Some(hint)
        .filter(|hint| *hint != 0)
        .and_then(|hint| allocate(hint, length, protection, kind))
        .or_else(|| allocate(0, length, protection, kind))
        .ok_or(Errno::NOMEM)?;
    if address == 0 {
        HEAPS.taken(hint, base, whole);
    }
    runs.add(Run { start: base, end: base + length, base, kind });
    Ok(base)
}

/// Makes sure that a fixed range is free or ours to replace, and unmaps what is mapped there.
fn clear_way(runs: &mut Runs<Storage>, request: &Map, range: Range<usize>) -> Result<()> {
    if range.start == 0 {
        return Err(Errno::PERM);
    }
    let mut at = range.start;
    while at < range.end {
        let found = query(at);
        if found.RegionSize == 0 {
            return Err(Errno::NOMEM);
        }
        let end = found.BaseAddress as usize + found.RegionSize;
        if found.State != MEM_FREE {
            let base = found.AllocationBase as usize;
            if request.flags & mapping::FIXED_NO_REPLACE != 0 && runs.first_in(at..end.min(range.end)).is_some() {
                return Err(Errno::EXIST);
            }
            // Memory of Windows itself, of its libraries or of a stack.
            if !runs.has_base(base) {
                return Err(if request.flags & mapping::FIXED_NO_REPLACE != 0 { Errno::EXIST } else { Errno::NOMEM });
            }
            // Part of a view cannot be replaced; a whole one can.
            if let Some(run) = runs.first_in(base..end)
                && run.kind.is_view()
                && (run.start < range.start || view_end(runs, base) > range.end)
            {
                return Err(Errno::INVAL);
            }
        }
        at = end;
    }
    release(runs, range, true).map(drop)
}

/// Where the mapped pages of an allocation end.
fn view_end(runs: &Runs<Storage>, base: usize) -> usize {
    runs.0.iter().filter(|run| run.base == base).map(|run| run.end).max().unwrap_or(base)
}

/// Anonymous memory in a range that is free or reserved by allocations of ours.
fn place(runs: &mut Runs<Storage>, range: Range<usize>, wanted: u32, kind: Kind) -> Result<usize> {
    let mut at = range.start;
    while at < range.end {
        if !runs.has_room() {
            return Err(Errno::NOMEM);
        }
        let found = query(at);
        let end = (found.BaseAddress as usize + found.RegionSize).min(range.end);
        let base = if found.State == MEM_FREE {
            // A new allocation starts at a granule: the pages before are reserved with it and stay a hole.
            let base = at / GRANULE * GRANULE;
            if base != at && query(base).State != MEM_FREE {
                return Err(Errno::NOMEM);
            }
            allocate(base, end - base, protection::NONE, kind).ok_or(Errno::NOMEM)?
        } else {
            found.AllocationBase as usize
        };
        if is_committed(wanted, kind) {
            commit(at..end, wanted)?;
        }
        runs.add(Run { start: at, end, base, kind });
        at = end;
    }
    Ok(range.start)
}

/// Commits pages of an anonymous allocation.
pub(super) fn commit(range: Range<usize>, wanted: u32) -> Result<()> {
    let new = page_protection(wanted, Kind::Anonymous);
    let status = injection::ask(Request::Commit, &mut [], |_| {
        // SAFETY: pages of an anonymous allocation of ours; committed ones keep their content.
        let done = unsafe { VirtualAlloc(range.start as *const c_void, range.len(), MEM_COMMIT, new) };
        if done.is_null() { STATUS_COMMITMENT_LIMIT } else { 0 }
    });
    if status < 0 { Err(Errno::NOMEM) } else { Ok(()) }
}

/// Sets the protection of pages of one allocation, committing those that are only reserved and do not come on demand.
pub(super) fn set_protection(range: Range<usize>, wanted: u32, kind: Kind) -> Result<()> {
    let new = page_protection(wanted, kind);
    let change = |pages: Range<usize>| {
        let mut old = 0;
        // SAFETY: the guest's own pages; breaking its own use of them is its right.
        let done = unsafe { VirtualProtect(pages.start as *const c_void, pages.len(), new, &mut old) };
        if done == 0 { Err(last_error()) } else { Ok(()) }
    };
    match change(range.clone()) {
        Err(Errno::INVAL) if kind.is_view() => Err(Errno::ACCES),
        Err(_) if is_committed(wanted, kind) => {
            commit(range.clone(), wanted)?;
            change(range)
        }
        // Reserved pages are out of reach, or get the protection later; committed ones among them need the change one by one.
        Err(_) if !kind.is_view() => each_committed(range, |piece, _| change(piece)),
        done => done,
    }
}

/// Calls `change` with each committed piece of an anonymous allocation's range, and its protection.
pub(super) fn each_committed(
    range: Range<usize>,
    mut change: impl FnMut(Range<usize>, u32) -> Result<()>,
) -> Result<()> {
    let mut at = range.start;
    while at < range.end {
        let found = query(at);
        let end = (found.BaseAddress as usize + found.RegionSize).min(range.end);
        if found.State == MEM_COMMIT {
            change(at..end, found.Protect)?;
        }
        at = end;
    }
    Ok(())
}

/// Calls `change` with each run in a range of which all must be mapped, else `NOMEM`. Nothing is in no bytes.
pub(super) fn each_run(
    address: usize,
    length: usize,
    mut change: impl FnMut(&mut Runs<Storage>, Run) -> Result<()>,
) -> Result<()> {
    if length == 0 {
        return Ok(());
    }
    let range = pages(address, length)?;
    let mut runs = RUNS.lock();
    if !runs.covers(range.clone()) {
        return Err(Errno::NOMEM);
    }
    let mut at = range.start;
    while let Some(run) = runs.first_in(at..range.end) {
        change(&mut runs, run)?;
        at = run.end;
    }
    Ok(())
}

/// Whether the guest has something mapped at the address, accessible or not. `false` for a thread that was interrupted while it
/// changes what is mapped, by a hook in one of Windows' functions: it does not run the guest's code.
pub fn is_mapped(address: usize) -> bool {
    !RUNS.is_mine() && RUNS.lock().has(address)
}

/// The same at once; `None` while a thread changes what is mapped: that one may be the thread that has been stopped.
pub fn is_mapped_now(address: usize) -> Option<bool> {
    RUNS.try_lock().map(|runs| runs.has(address))
}

/// `mprotect`.
pub fn protect(address: usize, length: usize, wanted: u32) -> Result<()> {
    each_run(address, length, |runs, run| {
        if !runs.set_demanded(run.start..run.end, wanted) {
            return Err(Errno::NOMEM);
        }
        set_protection(run.start..run.end, wanted, run.kind)
    })
}

/// `munmap`; whether a view of a file went.
pub fn unmap(address: usize, length: usize) -> Result<bool> {
    let range = pages(address, length)?;
    let view_went = release(&mut RUNS.lock(), range.clone(), false)?;
    HEAPS.freed(address, range.len().next_multiple_of(GRANULE));
    Ok(view_went)
}

/// Unmaps what is mapped in the range; whether a view of a file went. `keep`: addresses of anonymous memory stay reserved, as they
/// are used again at once.
fn release(runs: &mut Runs<Storage>, range: Range<usize>, keep: bool) -> Result<bool> {
    let mut view_went = false;
    loop {
        if !runs.has_room() {
            return Err(Errno::NOMEM);
        }
        let Some(piece) = runs.take_first(range.clone()) else { return Ok(view_went) };
        let last = !(runs.has_base(piece.base) || keep && !piece.kind.is_view());
        let (start, length) = (piece.start as *mut c_void, piece.end - piece.start);
        let base = piece.base as *mut c_void;
        // SAFETY: pages that the guest had mapped and now gives back.
        let done = unsafe {
            match (piece.kind, last) {
                (Kind::Anonymous | Kind::OnDemand(_), true) => VirtualFree(base, 0, MEM_RELEASE),
                (Kind::Anonymous | Kind::OnDemand(_), false) => VirtualFree(start, length, MEM_DECOMMIT),
                (_, true) => UnmapViewOfFile(MEMORY_MAPPED_VIEW_ADDRESS { Value: base }),
                (_, false) => {
                    let mut old = 0;
                    VirtualProtect(start, length, PAGE_NOACCESS, &mut old)
                }
            }
        };
        if done == 0 {
            return Err(last_error());
        }
        view_went |= last && piece.kind.is_view();
    }
}
