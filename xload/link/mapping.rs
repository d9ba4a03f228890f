//! Brings a file into memory in the way that the host can and that costs least. Nothing is ever writable and executable.

use core::ops::Range;

use platform::{Errno, Fd, Map, Platform, Result, abi};

use crate::elf::{Layout, Segment};
use crate::files::read_exact;

/// The memory of a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mapping {
    /// What is added to an address of the file: B of the ELF specification. Wraps around where the file starts above.
    pub bias: usize,
    /// What the host gave, and takes back as a whole.
    pub address: usize,
    /// Bytes of it.
    pub length: usize,
}

impl Mapping {
    /// Where an address of the file is now.
    #[inline]
    pub(crate) const fn at(&self, address: u64) -> usize {
        self.bias.wrapping_add(address as usize)
    }
}

/// Protection of a segment.
fn protection(segment: &Segment) -> u32 {
    let bits = [
        (segment.readable, abi::protection::READ),
        (segment.writable, abi::protection::WRITE),
        (segment.executable, abi::protection::EXECUTE),
    ];
    bits.iter().filter(|(wanted, _)| *wanted).fold(abi::protection::NONE, |all, (_, bit)| all | bit)
}

/// What is mapped: a file or a part of one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct File {
    pub fd: Fd,
    /// Where it begins.
    pub offset: u64,
    /// Its size.
    pub bytes: u64,
}

/// One file on its way into memory.
struct Mapper<'m, P> {
    platform: &'m P,
    file: File,
    layout: &'m Layout,
    page: u64,
}

/// Up to this many bytes of .bss inside the file, looking through them is cheaper than a mapping of their own.
const SMALL_HOLE_BYTES: u64 = 64 << 10;

/// The host refuses to run what is in the file: a file system or a policy that forbids it.
fn is_refusal(errno: Errno) -> bool {
    matches!(errno, Errno::PERM | Errno::ACCES)
}

/// Maps the file: as one view where its layout allows that, else segment by segment into a reserved range, else by copying.
/// That the host refuses to run the file is final: `PERM` or `ACCES`.
pub(crate) fn map<P: Platform>(platform: &P, file: File, layout: &Layout) -> Result<Mapping> {
    let mapper = Mapper { platform, file, layout, page: platform.page_bytes() as u64 };
    let is_view = layout.start() == 0
        && layout.end() <= file.bytes
        && layout.segments.iter().all(|segment| segment.offset == segment.address);
    let hole_bytes: u64 = layout.segments.iter().map(|segment| segment.memory_bytes - segment.file_bytes).sum();
    let in_pages = layout.segments.iter().all(|s| (s.address ^ (file.offset + s.offset)) & (mapper.page - 1) == 0);
    let view: (bool, &dyn Fn() -> Result<Mapping>) = (is_view, &|| mapper.view());
    let pieces: (bool, &dyn Fn() -> Result<Mapping>) = (in_pages, &|| mapper.pieces());
    let ways = if hole_bytes <= SMALL_HOLE_BYTES { [view, pieces] } else { [pieces, view] };
    for (_, way) in ways.into_iter().filter(|(fits, _)| *fits) {
        match way() {
            Err(errno) if !is_refusal(errno) => {}
            done => return done,
        }
    }
    mapper.copy()
}

impl<P: Platform> Mapper<'_, P> {
    fn pages(&self, range: Range<u64>) -> Range<u64> {
        range.start & !(self.page - 1)..range.end.next_multiple_of(self.page)
    }

    /// One private view of the whole file.
    fn view(&self) -> Result<Mapping> {
        let length = self.pages(0..self.layout.end()).end as usize;
        let address = self.platform.map(Map {
            address: self.platform.random_place() & !(self.layout.align.max(self.page) as usize - 1),
            length,
            protection: abi::protection::READ,
            flags: abi::mapping::PRIVATE,
            fd: self.file.fd,
            offset: self.file.offset,
        })?;
        let mapping = Mapping { bias: address, address, length };
        let aligned = (address as u64).is_multiple_of(self.layout.align);
        let done = if aligned { self.protect(&mapping, abi::protection::READ) } else { Err(Errno::INVAL) };
        let done = done.and_then(|()| self.layout.segments.iter().try_for_each(|s| self.clear(&mapping, s)));
        self.or_unmap(mapping, done)
    }

    /// Clears what follows the file bytes of a segment. The toolchain leaves a hole there, but other tools (strip) may have
    /// used the place since.
    fn clear(&self, mapping: &Mapping, segment: &Segment) -> Result<()> {
        let mut place = mapping.at(segment.address + segment.file_bytes);
        let mut length = (segment.memory_bytes - segment.file_bytes) as usize;
        if length == 0 || !segment.readable {
            return if length == 0 { Ok(()) } else { Err(Errno::INVAL) };
        }
        if segment.writable {
            // The page where the file bytes end is written soon as a rule: looking first would cost a page fault more.
            let first = (place.next_multiple_of(self.page as usize) - place).min(length);
            // SAFETY: memory of the segment, writable, in a private view that is known to nobody else.
            unsafe { core::ptr::write_bytes(place as *mut u8, 0, first) };
            (place, length) = (place + first, length - first);
        }
        // SAFETY: memory of the segment, readable, in a private view that is known to nobody else.
        if is_zero(unsafe { core::slice::from_raw_parts(place as *const u8, length) }) {
            return Ok(());
        }
        if !segment.writable {
            return Err(Errno::INVAL);
        }
        // SAFETY: as above, and writable.
        unsafe { core::ptr::write_bytes(place as *mut u8, 0, length) };
        Ok(())
    }

    /// A range that nothing can touch yet, and in it the segments, each from its place in the file.
    fn pieces(&self) -> Result<Mapping> {
        let mapping = self.reserve(abi::protection::NONE)?;
        let done = self.layout.segments.iter().try_for_each(|segment| self.piece(&mapping, segment));
        self.or_unmap(mapping, done)
    }

    fn piece(&self, mapping: &Mapping, segment: &Segment) -> Result<()> {
        let place = |range: &Range<u64>, flags, fd, offset| {
            self.platform
                .map(Map {
                    address: mapping.at(range.start),
                    length: (range.end - range.start) as usize,
                    protection: protection(segment),
                    flags: flags | abi::mapping::PRIVATE | abi::mapping::FIXED,
                    fd,
                    offset,
                })
                .map(drop)
        };
        let file_end = segment.address + segment.file_bytes;
        let mut behind = self.pages(segment.address..segment.end());
        if segment.file_bytes > 0 {
            let file = self.pages(segment.address..file_end);
            place(&file, 0, self.file.fd, (self.file.offset + segment.offset) & !(self.page - 1))?;
            if segment.end() > file_end {
                if !segment.writable {
                    // The rest of the last page would have to be cleared: copying can.
                    return Err(Errno::INVAL);
                }
                let rest = (file.end.min(segment.end()) - file_end) as usize;
                // SAFETY: the pages just mapped are private, writable and known to nobody else.
                unsafe { core::ptr::write_bytes(mapping.at(file_end) as *mut u8, 0, rest) };
            }
            behind.start = file.end;
        }
        if behind.start < behind.end { place(&behind, abi::mapping::ANONYMOUS, -1, 0) } else { Ok(()) }
    }

    /// Private memory, filled from the file before it is narrowed.
    fn copy(&self) -> Result<Mapping> {
        self.check_permission()?;
        let mapping = self.reserve(abi::protection::READ | abi::protection::WRITE)?;
        let done = self.layout.segments.iter().try_for_each(|segment| {
            // SAFETY: fresh private memory, known to nobody else, as long as the layout says.
            let memory = unsafe {
                core::slice::from_raw_parts_mut(mapping.at(segment.address) as *mut u8, segment.file_bytes as usize)
            };
            read_exact(self.platform, self.file.fd, memory, self.file.offset + segment.offset)
        });
        let done = done.and_then(|()| self.protect(&mapping, abi::protection::READ | abi::protection::WRITE));
        self.or_unmap(mapping, done)
    }

    /// Asks for the first code of the file in memory: a copy would come past what the host says of the file.
    fn check_permission(&self) -> Result<()> {
        let Some(code) = self.layout.segments.iter().find(|segment| segment.executable && segment.file_bytes > 0)
        else {
            return Ok(());
        };
        let length = self.page as usize;
        let asked = self.platform.map(Map {
            address: 0,
            length,
            protection: protection(code),
            flags: abi::mapping::PRIVATE,
            fd: self.file.fd,
            offset: (self.file.offset + code.offset) & !(self.page - 1),
        });
        match asked {
            Ok(address) => self.platform.unmap(address, length),
            Err(errno) if is_refusal(errno) => Err(errno),
            // The host has no files in memory, or not at such places.
            Err(_) => Ok(()),
        }
    }

    /// Room for all segments, aligned as the file asks for.
    fn reserve(&self, protection: u32) -> Result<Mapping> {
        let span = self.pages(self.layout.start()..self.layout.end());
        let slack = self.layout.align.saturating_sub(self.page);
        let length = usize::try_from(span.end - span.start + slack).map_err(|_| Errno::NOMEM)?;
        let address = self.platform.map(Map {
            address: self.platform.random_place(),
            length,
            protection,
            flags: abi::mapping::PRIVATE | abi::mapping::ANONYMOUS | abi::mapping::NO_RESERVE,
            fd: -1,
            offset: 0,
        })?;
        let align = self.layout.align.max(self.page) as usize;
        // Rounded up in place of the address itself: the start of the span may lie between two multiples.
        let bias = address.wrapping_sub(span.start as usize).wrapping_add(align - 1) & !(align - 1);
        Ok(Mapping { bias, address, length })
    }

    /// Gives every segment its protection; neighbours that want the same take one request.
    fn protect(&self, mapping: &Mapping, present: u32) -> Result<()> {
        let mut pending: Option<(Range<u64>, u32)> = None;
        let apply = |pending: Option<(Range<u64>, u32)>| match pending {
            Some((range, wanted)) if wanted != present => {
                self.platform.protect(mapping.at(range.start), (range.end - range.start) as usize, wanted)
            }
            _ => Ok(()),
        };
        for segment in &self.layout.segments {
            let (range, wanted) = (self.pages(segment.address..segment.end()), protection(segment));
            match &mut pending {
                Some((last, same)) if *same == wanted && last.end == range.start => last.end = range.end,
                _ => apply(pending.replace((range, wanted)))?,
            }
        }
        apply(pending)
    }

    fn or_unmap(&self, mapping: Mapping, done: Result<()>) -> Result<Mapping> {
        if let Err(errno) = done {
            // The first error is the one to tell.
            let _ = self.platform.unmap(mapping.address, mapping.length);
            return Err(errno);
        }
        Ok(mapping)
    }
}

/// Whether all bytes are 0. Looks at blocks, not bytes: the compiler makes vector code of a loop without an early end, and this
/// runs over the .bss of every file.
fn is_zero(bytes: &[u8]) -> bool {
    bytes.chunks(256).all(|block| block.iter().fold(0, |all, byte| all | byte) == 0)
}
