//! `mmap`, of files above all.

use core::ffi::c_void;
use core::ptr::null;

use platform::abi::{mapping, protection};
use platform::{Errno, Map, Result};
use windows_sys::Win32::System::Memory::{
    CreateFileMappingW, FILE_MAP_COPY, FILE_MAP_EXECUTE, FILE_MAP_READ, FILE_MAP_WRITE, MEM_FREE,
    MEMORY_MAPPED_VIEW_ADDRESS, MapViewOfFileEx, PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE, PAGE_READONLY,
    PAGE_READWRITE, UnmapViewOfFile,
};

use super::demand;
use super::pages::{RUNS, is_fixed, map_anonymous, pages, protect, set_protection, unmap};
use crate::pure::runs::{Kind, Run};
use crate::sys::file::open_file::{Memory, OpenFile};
use crate::sys::file::{descriptors, disk};
use crate::sys::native::nt::{Handle, last_error};
use crate::sys::native::regions::{GRANULE, PAGE, query};

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
    if !request.offset.is_multiple_of(PAGE as u64) {
        return Err(Errno::INVAL);
    }
    match file.object.memory()? {
        Memory::File => map_file(request, &file),
        Memory::Zeros => map_anonymous(request),
    }
}

/// `mmap` of a file on a disk.
fn map_file(request: Map, file: &OpenFile) -> Result<usize> {
    let size = u64::try_from(disk::size(file)?).map_err(|_| Errno::IO)?;
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
        let taken = runs.first_in(range.clone()).is_some();
        if taken && request.flags & mapping::FIXED_NO_REPLACE != 0 {
            return Err(Errno::EXIST);
        }
        wanted = range.start.checked_sub(before).filter(|at| at.is_multiple_of(GRANULE)).ok_or(Errno::INVAL)?;
        if taken || query(range.start).State != MEM_FREE {
            return Err(Errno::INVAL);
        }
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

/// Bytes read by one request.
const COPIED_AT_ONCE: usize = 1 << 20;

/// A private mapping as memory that holds what the file holds now; zero behind its end.
fn copy_file(request: Map, file: &OpenFile) -> Result<usize> {
    let write = protection::READ | protection::WRITE;
    let base = map_anonymous(Map { protection: write, flags: request.flags | mapping::ANONYMOUS, ..request })?;
    // SAFETY: memory that was just mapped for writing; nobody else knows it.
    let memory = unsafe { core::slice::from_raw_parts_mut(base as *mut u8, request.length) };
    let mut filled = 0;
    while filled < memory.len() {
        // Memory that comes on demand is used as far as the file goes.
        let end = memory.len().min(filled + COPIED_AT_ONCE);
        let piece = demand::writable(memory.get_mut(filled..end).unwrap_or_default());
        match file.read_at(piece, request.offset + filled as u64) {
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
