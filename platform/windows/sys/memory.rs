//! `mmap` and its kin over `VirtualAlloc` and file views.
//!
//! Windows reserves in units of 64 KiB and gives back whole allocations only. A part that is unmapped is decommitted (its
//! memory is free, its addresses are not) until the last part goes. Replacing a part of an allocation by a view of a file
//! would need placeholders, which Wine and Windows before 1803 lack: a file mapping with `MAP_FIXED` inside memory of ours is
//! `EINVAL`.

use core::ffi::c_void;
use core::ops::{Deref, DerefMut, Range};
use core::ptr::{null, null_mut};

use platform::abi::{mapping, protection};
use platform::{Errno, Map, Result};
use windows_sys::Win32::System::Memory::{
    CreateFileMappingW, FILE_MAP_COPY, FILE_MAP_EXECUTE, FILE_MAP_READ, FILE_MAP_WRITE, FlushViewOfFile, MEM_COMMIT,
    MEM_DECOMMIT, MEM_FREE, MEM_RELEASE, MEM_RESERVE, MEMORY_BASIC_INFORMATION, MEMORY_MAPPED_VIEW_ADDRESS,
    MapViewOfFileEx, PAGE_EXECUTE, PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE, PAGE_EXECUTE_WRITECOPY, PAGE_NOACCESS,
    PAGE_READONLY, PAGE_READWRITE, PAGE_WRITECOPY, UnmapViewOfFile, VirtualAlloc, VirtualFree, VirtualProtect,
    VirtualQuery,
};

use super::descriptors;
use super::files::{Kind as FileKind, OpenFile};
use super::nt::{Handle, last_error};
use super::sync::Mutex;
use crate::pure::runs::{Kind, List, Run, Runs};

/// Bytes of a page on x86_64.
pub const PAGE: usize = 4096;
/// Windows' unit of reservation.
const GRANULE: usize = 65_536;

/// The table's storage: reserved once, committed as it grows. It must not use the heap, which maps memory itself.
struct Storage {
    first: *mut Run,
    length: usize,
    committed: usize,
}

// SAFETY: the memory belongs to the table, which a lock guards.
unsafe impl Send for Storage {}

impl Storage {
    /// Room for about a million and a half runs.
    const RESERVED: usize = 64 << 20;
    const STEP: usize = GRANULE;

    fn capacity(&self) -> usize {
        self.committed / size_of::<Run>()
    }
}

impl Deref for Storage {
    type Target = [Run];
    fn deref(&self) -> &[Run] {
        // SAFETY: `length` runs were written; an empty table has no memory.
        if self.length == 0 { &[] } else { unsafe { core::slice::from_raw_parts(self.first, self.length) } }
    }
}

impl DerefMut for Storage {
    fn deref_mut(&mut self) -> &mut [Run] {
        // SAFETY: as above, and this borrow is the only one.
        if self.length == 0 { &mut [] } else { unsafe { core::slice::from_raw_parts_mut(self.first, self.length) } }
    }
}

impl List for Storage {
    fn insert(&mut self, at: usize, run: Run) -> bool {
        if at > self.length || !self.has_room() {
            return false;
        }
        // SAFETY: there is room for one more, and `at` is not past the end.
        unsafe {
            let place = self.first.add(at);
            core::ptr::copy(place, place.add(1), self.length - at);
            place.write(run);
        }
        self.length += 1;
        true
    }

    fn remove(&mut self, at: usize) {
        if at < self.length {
            // SAFETY: `at` is inside.
            unsafe {
                let place = self.first.add(at);
                core::ptr::copy(place.add(1), place, self.length - at - 1);
            }
            self.length -= 1;
        }
    }

    fn has_room(&mut self) -> bool {
        if self.length + 2 <= self.capacity() {
            return true;
        }
        if self.committed + Self::STEP > Self::RESERVED {
            return false;
        }
        // SAFETY: reserves and commits memory for the table alone.
        unsafe {
            if self.first.is_null() {
                self.first = VirtualAlloc(null(), Self::RESERVED, MEM_RESERVE, PAGE_NOACCESS).cast();
            }
            if self.first.is_null() {
                return false;
            }
            let end = self.first.cast::<u8>().add(self.committed);
            if VirtualAlloc(end.cast(), Self::STEP, MEM_COMMIT, PAGE_READWRITE).is_null() {
                return false;
            }
        }
        self.committed += Self::STEP;
        true
    }
}

static RUNS: Mutex<Runs<Storage>> = Mutex::new(Runs(Storage { first: null_mut(), length: 0, committed: 0 }));

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

fn query(address: usize) -> MEMORY_BASIC_INFORMATION {
    let mut found = MEMORY_BASIC_INFORMATION::default();
    // SAFETY: one structure is written; any address may be asked about.
    unsafe { VirtualQuery(address as *const c_void, &mut found, size_of::<MEMORY_BASIC_INFORMATION>()) };
    found
}

/// The pages of a range; `EINVAL` when it does not start at a page or wraps around.
fn pages(address: usize, length: usize) -> Result<Range<usize>> {
    let length = length.checked_next_multiple_of(PAGE).ok_or(Errno::INVAL)?;
    let end = address.checked_add(length).ok_or(Errno::INVAL)?;
    if address % PAGE != 0 || length == 0 { Err(Errno::INVAL) } else { Ok(address..end) }
}

/// Anonymous memory of Windows: reserved, and committed unless nothing may touch it yet.
fn allocate(address: usize, length: usize, wanted: u32) -> Option<usize> {
    let kind = if wanted == protection::NONE { MEM_RESERVE } else { MEM_RESERVE | MEM_COMMIT };
    // SAFETY: new memory; nothing of ours is touched.
    let base =
        unsafe { VirtualAlloc(address as *const c_void, length, kind, page_protection(wanted, Kind::Anonymous)) };
    (!base.is_null()).then_some(base as usize)
}

/// `mmap`.
pub fn map(request: Map) -> Result<usize> {
    if request.length == 0 || request.length > isize::MAX as usize {
        return Err(if request.length == 0 { Errno::INVAL } else { Errno::NOMEM });
    }
    if matches!(request.flags & (mapping::SHARED | mapping::PRIVATE), 0 | 3) {
        return Err(Errno::INVAL);
    }
    if request.flags & mapping::ANONYMOUS != 0 {
        return map_anonymous(request);
    }
    let file = descriptors::get(request.fd)?;
    let shared = request.flags & mapping::SHARED != 0;
    if !file.readable() || shared && request.protection & protection::WRITE != 0 && !file.writable() {
        return Err(Errno::ACCES);
    }
    if request.offset % PAGE as u64 != 0 {
        return Err(Errno::INVAL);
    }
    match file.kind {
        FileKind::File => map_file(request, &file),
        FileKind::Zero => map_anonymous(request),
        _ => Err(Errno::NODEV),
    }
}

fn is_fixed(request: &Map) -> bool {
    request.flags & (mapping::FIXED | mapping::FIXED_NO_REPLACE) != 0
}

fn map_anonymous(request: Map) -> Result<usize> {
    let Map { address, length, protection, .. } = request;
    let length = length.checked_next_multiple_of(PAGE).ok_or(Errno::NOMEM)?;
    let mut runs = RUNS.lock();
    if !runs.has_room() {
        return Err(Errno::NOMEM);
    }
    if is_fixed(&request) {
        let range = pages(address, length)?;
        clear_way(&mut runs, &request, range.clone())?;
        return place(&mut runs, range, protection);
    }
    let hint = address / GRANULE * GRANULE;
    let base = Some(hint)
        .filter(|hint| *hint != 0)
        .and_then(|hint| allocate(hint, length, protection))
        .or_else(|| allocate(0, length, protection))
        .ok_or(Errno::NOMEM)?;
    runs.add(Run { start: base, end: base + length, base, kind: Kind::Anonymous });
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
                && run.kind != Kind::Anonymous
                && (run.start < range.start || view_end(runs, base) > range.end)
            {
                return Err(Errno::INVAL);
            }
        }
        at = end;
    }
    release(runs, range, true)
}

/// Where the mapped pages of an allocation end.
fn view_end(runs: &Runs<Storage>, base: usize) -> usize {
    runs.0.iter().filter(|run| run.base == base).map(|run| run.end).max().unwrap_or(base)
}

/// Anonymous memory in a range that is free or reserved by allocations of ours.
fn place(runs: &mut Runs<Storage>, range: Range<usize>, wanted: u32) -> Result<usize> {
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
            allocate(base, end - base, protection::NONE).ok_or(Errno::NOMEM)?
        } else {
            found.AllocationBase as usize
        };
        if wanted != protection::NONE {
            commit(at..end, wanted)?;
        }
        runs.add(Run { start: at, end, base, kind: Kind::Anonymous });
        at = end;
    }
    Ok(range.start)
}

fn commit(range: Range<usize>, wanted: u32) -> Result<()> {
    let new = page_protection(wanted, Kind::Anonymous);
    // SAFETY: pages of an anonymous allocation of ours; committed ones keep their content.
    let done = unsafe { VirtualAlloc(range.start as *const c_void, range.len(), MEM_COMMIT, new) };
    if done.is_null() { Err(Errno::NOMEM) } else { Ok(()) }
}

/// Sets the protection of pages of one allocation, committing those that are only reserved.
fn set_protection(range: Range<usize>, wanted: u32, kind: Kind) -> Result<()> {
    let new = page_protection(wanted, kind);
    let change = || {
        let mut old = 0;
        // SAFETY: the guest's own pages; breaking its own use of them is its right.
        unsafe { VirtualProtect(range.start as *const c_void, range.len(), new, &mut old) != 0 }
    };
    if change() {
        return Ok(());
    }
    let error = last_error();
    if kind != Kind::Anonymous {
        return Err(if error == Errno::INVAL { Errno::ACCES } else { error });
    }
    if wanted == protection::NONE {
        // Reserved pages are out of reach already; committed ones among them need the change one by one.
        let mut at = range.start;
        while at < range.end {
            let found = query(at);
            let end = (found.BaseAddress as usize + found.RegionSize).min(range.end);
            let mut old = 0;
            // SAFETY: as above.
            if found.State == MEM_COMMIT && unsafe { VirtualProtect(at as *const c_void, end - at, new, &mut old) } == 0
            {
                return Err(last_error());
            }
            at = end;
        }
        return Ok(());
    }
    commit(range.clone(), wanted)?;
    if change() { Ok(()) } else { Err(last_error()) }
}

/// `mprotect`.
pub fn protect(address: usize, length: usize, wanted: u32) -> Result<()> {
    if length == 0 {
        return Ok(());
    }
    let range = pages(address, length)?;
    let runs = RUNS.lock();
    if !runs.covers(range.clone()) {
        return Err(Errno::NOMEM);
    }
    let mut at = range.start;
    while let Some(run) = runs.first_in(at..range.end) {
        set_protection(run.start..run.end, wanted, run.kind)?;
        at = run.end;
    }
    Ok(())
}

/// `munmap`.
pub fn unmap(address: usize, length: usize) -> Result<()> {
    let range = pages(address, length)?;
    release(&mut RUNS.lock(), range, false)
}

/// Unmaps what is mapped in the range. `keep`: addresses of anonymous memory stay reserved, as they are used again at once.
fn release(runs: &mut Runs<Storage>, range: Range<usize>, keep: bool) -> Result<()> {
    loop {
        if !runs.has_room() {
            return Err(Errno::NOMEM);
        }
        let Some(piece) = runs.take_first(range.clone()) else { return Ok(()) };
        let last = !runs.has_base(piece.base) && !(keep && piece.kind == Kind::Anonymous);
        let (start, length) = (piece.start as *mut c_void, piece.end - piece.start);
        let base = piece.base as *mut c_void;
        // SAFETY: pages that the guest had mapped and now gives back.
        let done = unsafe {
            match (piece.kind, last) {
                (Kind::Anonymous, true) => VirtualFree(base, 0, MEM_RELEASE),
                (Kind::Anonymous, false) => VirtualFree(start, length, MEM_DECOMMIT),
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
    }
}

fn map_file(request: Map, file: &OpenFile) -> Result<usize> {
    let size = u64::try_from(file.size()?).map_err(|_| Errno::IO)?;
    let length = request.length.checked_next_multiple_of(PAGE).ok_or(Errno::NOMEM)?;
    let shared = request.flags & mapping::SHARED != 0;
    let file_pages_end = size.div_ceil(PAGE as u64) * PAGE as u64;
    let end = request.offset.checked_add(length as u64).ok_or(Errno::OVERFLOW)?;
    let fixed = is_fixed(&request);
    if end > file_pages_end {
        // POSIX.1-2024 mmap ENXIO: a view cannot reach beyond the file. A private one can be memory with the file's content.
        return if shared { Err(Errno::NXIO) } else { copy_file(request, file) };
    }
    let mut runs = RUNS.lock();
    if !runs.has_room() {
        return Err(Errno::NOMEM);
    }
    let before = (request.offset % GRANULE as u64) as usize;
    let mut wanted = 0;
    if fixed {
        let range = pages(request.address, length)?;
        let replaces_part =
            |runs: &Runs<Storage>| runs.first_in(range.clone()).is_some() || query(range.start).State != MEM_FREE;
        if replaces_part(&runs) || (range.start - before.min(range.start)) % GRANULE != 0 {
            return Err(Errno::INVAL);
        }
        clear_way(&mut runs, &request, range.clone())?;
        wanted = range.start - before;
    } else if request.address > before {
        wanted = (request.address - before) / GRANULE * GRANULE;
    }
    let kind = if shared { Kind::SharedView } else { Kind::PrivateView };
    let section = Section::new(file, shared, request.protection)?;
    // Up to the last byte of the file; Windows rounds up to the page.
    let bytes = (length as u64).min(size - request.offset) as usize + before;
    let view = |at: usize| section.view(request.offset - before as u64, bytes, at);
    let mut base = view(wanted);
    if base.is_none() && wanted != 0 && !fixed {
        base = view(0);
    }
    let base = base.ok_or(Errno::NOMEM)?;
    let start = base + before;
    if let Err(errno) = set_protection(start..start + length, request.protection, kind) {
        // SAFETY: the view that was just made.
        unsafe { UnmapViewOfFile(MEMORY_MAPPED_VIEW_ADDRESS { Value: base as *mut c_void }) };
        return Err(errno);
    }
    runs.add(Run { start, end: start + length, base, kind });
    Ok(start)
}

/// A file as a section, with as many rights as the open file allows, so that `mprotect` can raise them later.
struct Section {
    handle: Handle,
    access: u32,
}

impl Section {
    fn new(file: &OpenFile, shared: bool, wanted: u32) -> Result<Self> {
        let ways: &[(u32, u32)] = match (shared, file.writable()) {
            (false, _) => &[(PAGE_EXECUTE_READ, FILE_MAP_COPY | FILE_MAP_EXECUTE), (PAGE_READONLY, FILE_MAP_COPY)],
            (true, true) if wanted & protection::EXECUTE != 0 => {
                &[(PAGE_EXECUTE_READWRITE, FILE_MAP_READ | FILE_MAP_WRITE | FILE_MAP_EXECUTE)]
            }
            (true, true) => &[(PAGE_READWRITE, FILE_MAP_READ | FILE_MAP_WRITE)],
            (true, false) => &[(PAGE_EXECUTE_READ, FILE_MAP_READ | FILE_MAP_EXECUTE), (PAGE_READONLY, FILE_MAP_READ)],
        };
        let mut error = Errno::ACCES;
        for (pages, access) in ways {
            // SAFETY: an open handle; no security attributes, no name.
            let raw = unsafe { CreateFileMappingW(file.handle()?.raw(), null(), *pages, 0, 0, null()) };
            match Handle::own(raw) {
                Some(handle) => return Ok(Self { handle, access: *access }),
                None => error = last_error(),
            }
        }
        Err(error)
    }

    fn view(&self, offset: u64, length: usize, address: usize) -> Option<usize> {
        // SAFETY: new memory, at a place that Windows checks to be free.
        let view = unsafe {
            MapViewOfFileEx(
                self.handle.raw(),
                self.access,
                (offset >> 32) as u32,
                offset as u32,
                length,
                address as *const c_void,
            )
        };
        (!view.Value.is_null()).then_some(view.Value as usize)
    }
}

/// A private mapping as memory that holds what the file holds now; zero behind its end.
fn copy_file(request: Map, file: &OpenFile) -> Result<usize> {
    let write = protection::READ | protection::WRITE;
    let base = map_anonymous(Map { protection: write, flags: request.flags | mapping::ANONYMOUS, ..request })?;
    // SAFETY: memory that was just mapped for writing; nobody else knows it.
    let memory = unsafe { core::slice::from_raw_parts_mut(base as *mut u8, request.length) };
    let mut filled = 0;
    while let Some(rest) = memory.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, request.offset + filled as u64) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(errno) => {
                unmap(base, request.length)?;
                return Err(errno);
            }
        }
    }
    protect(base, request.length, request.protection)?;
    Ok(base)
}

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
    if length == 0 {
        return Ok(());
    }
    let range = pages(address, length)?;
    let runs = RUNS.lock();
    if !runs.covers(range.clone()) {
        return Err(Errno::NOMEM);
    }
    if advice != DONT_NEED {
        return if HINTS.contains(&advice) { Ok(()) } else { Err(Errno::INVAL) };
    }
    let mut at = range.start;
    while let Some(run) = runs.first_in(at..range.end) {
        if run.kind == Kind::PrivateView {
            return Err(Errno::INVAL);
        }
        // A shared view's pages come back with the file's content by themselves.
        while run.kind == Kind::Anonymous && at.max(run.start) < run.end {
            at = at.max(run.start);
            let found = query(at);
            let end = (found.BaseAddress as usize + found.RegionSize).min(run.end);
            if found.State == MEM_COMMIT {
                // SAFETY: the guest gives the content of these pages up.
                let again = unsafe {
                    VirtualFree(at as *mut c_void, end - at, MEM_DECOMMIT);
                    VirtualAlloc(at as *const c_void, end - at, MEM_COMMIT, found.Protect)
                };
                if again.is_null() {
                    return Err(Errno::NOMEM);
                }
            }
            at = end;
        }
        at = run.end;
    }
    Ok(())
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
    if length == 0 {
        return Ok(());
    }
    let range = pages(address, length)?;
    let runs = RUNS.lock();
    if !runs.covers(range.clone()) {
        return Err(Errno::NOMEM);
    }
    let mut at = range.start;
    while let Some(run) = runs.first_in(at..range.end) {
        // SAFETY: mapped pages of a view.
        if run.kind == Kind::SharedView
            && unsafe { FlushViewOfFile(run.start as *const c_void, run.end - run.start) } == 0
        {
            return Err(last_error());
        }
        at = run.end;
    }
    Ok(())
}
