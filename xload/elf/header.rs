//! The file header and the program headers.

use alloc::vec::Vec;
use core::ops::Range;

use object::LittleEndian as Le;
use object::elf::{
    ELFCLASS64, ELFDATA2LSB, ELFMAG, EM_AARCH64, EM_X86_64, ET_DYN, ET_EXEC, ET_REL, EV_CURRENT, FileHeader64, PF_R,
    PF_W, PF_X, PT_DYNAMIC, PT_GNU_EH_FRAME, PT_GNU_RELRO, PT_INTERP, PT_LOAD, PT_NOTE, PT_PHDR, PT_TLS,
    ProgramHeader64,
};
use object::pod::{from_bytes, slice_from_all_bytes};

pub use loader_abi::files::OS_ABI;

use super::{Fault, Result};

/// Bytes of the file header.
pub const HEADER_BYTES: usize = size_of::<FileHeader64<Le>>();
/// Bytes of one program header.
pub const PROGRAM_HEADER_BYTES: usize = size_of::<ProgramHeader64<Le>>();

/// Addresses stay below this: the lower half of the address space of either CPU.
const ADDRESS_LIMIT: u64 = 1 << 47;
/// Largest memory of a file, first to last segment: more than programs have, and little enough that a host which keeps a byte
/// for each page (Wine) is not lost in it.
const IMAGE_LIMIT: u64 = 64 << 30;
/// Largest alignment of a segment: the largest page that programs are laid out for.
const ALIGN_LIMIT: u64 = 1 << 30;
/// Most segments of a file: linkers make four to ten, and each address is looked up among them.
const SEGMENT_LIMIT: usize = 256;

/// A CPU that files are made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Machine {
    /// EM_X86_64.
    X86_64,
    /// EM_AARCH64.
    Aarch64,
}

impl Machine {
    /// The CPU that this loader runs on.
    #[cfg(target_arch = "x86_64")]
    pub const HOST: Self = Self::X86_64;
    /// The CPU that this loader runs on.
    #[cfg(target_arch = "aarch64")]
    pub const HOST: Self = Self::Aarch64;

    /// The name as it stands in package names.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Aarch64 => "aarch64",
        }
    }
}

/// What the file header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// e_entry: 0 where there is none.
    pub entry: u64,
    /// The CPU.
    pub machine: Machine,
    /// EI_OSABI is [`OS_ABI`].
    pub marked: bool,
    /// Where the program headers lie in the file.
    pub program_headers: Range<u64>,
}

impl Header {
    /// Reads the first bytes of a file that has `file_bytes` in all.
    pub fn parse(start: &[u8], file_bytes: u64) -> Result<Self> {
        if !start.starts_with(&ELFMAG) {
            return Err(Fault::new("not an ELF file"));
        }
        let (header, _) = from_bytes::<FileHeader64<Le>>(start)
            .map_err(|()| Fault::with("file is truncated: the ELF header is incomplete", start.len() as u64))?;
        let ident = &header.e_ident;
        if ident.class != ELFCLASS64 {
            return Err(Fault::with("not a 64-bit file: wrong ELF class", ident.class.0.into()));
        }
        if ident.data != ELFDATA2LSB {
            return Err(Fault::with("not a little-endian file: wrong ELF data encoding", ident.data.0.into()));
        }
        if ident.version != EV_CURRENT || header.e_version.get(Le) != u32::from(EV_CURRENT.0) {
            return Err(Fault::with("wrong ELF version", ident.version.0.into()));
        }
        let machine = match header.e_machine.get(Le) {
            EM_X86_64 => Machine::X86_64,
            EM_AARCH64 => Machine::Aarch64,
            other => return Err(Fault::with("made for another CPU: wrong ELF machine", other.0.into())),
        };
        match header.e_type.get(Le) {
            ET_DYN => {}
            ET_EXEC => return Err(Fault::new("not position independent: ELF type ET_EXEC")),
            ET_REL => return Err(Fault::new("an object file that was not linked: ELF type ET_REL")),
            other => return Err(Fault::with("not a program or library: wrong ELF type", other.0.into())),
        }
        if usize::from(header.e_ehsize.get(Le)) != HEADER_BYTES {
            return Err(Fault::with("wrong size of the ELF header", header.e_ehsize.get(Le).into()));
        }
        if usize::from(header.e_phentsize.get(Le)) != PROGRAM_HEADER_BYTES {
            return Err(Fault::with("wrong size of a program header", header.e_phentsize.get(Le).into()));
        }
        let (offset, count) = (header.e_phoff.get(Le), header.e_phnum.get(Le));
        if count == 0 || count == u16::MAX {
            return Err(Fault::with("wrong number of program headers", count.into()));
        }
        let end = offset.checked_add(u64::from(count) * PROGRAM_HEADER_BYTES as u64);
        match end {
            Some(end) if end <= file_bytes => Ok(Self {
                entry: header.e_entry.get(Le),
                machine,
                marked: ident.os_abi.0 == OS_ABI,
                program_headers: offset..end,
            }),
            _ => Err(Fault::with("file is truncated: the program headers lie outside the file", offset)),
        }
    }
}

/// A PT_LOAD segment. Offsets and sizes are inside the file and inside the address space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the program header")]
pub struct Segment {
    pub offset: u64,
    pub address: u64,
    pub file_bytes: u64,
    pub memory_bytes: u64,
    pub readable: bool,
    pub writable: bool,
    pub executable: bool,
}

impl Segment {
    /// First address behind the segment.
    #[must_use]
    pub const fn end(&self) -> u64 {
        self.address + self.memory_bytes
    }

    /// Whether `length` bytes at `address` lie in the segment's memory.
    #[must_use]
    pub const fn contains(&self, address: u64, length: u64) -> bool {
        address >= self.address
            && address - self.address <= self.memory_bytes
            && length <= self.memory_bytes - (address - self.address)
    }
}

/// What the program headers say. The segments do not overlap and ascend.
#[derive(Clone, Debug)]
pub struct Layout {
    /// PT_LOAD, at least one.
    pub segments: Vec<Segment>,
    /// PT_DYNAMIC, inside the file bytes of one segment.
    pub dynamic: Range<u64>,
    /// PT_GNU_RELRO, inside writable segments.
    pub relro: Option<Range<u64>>,
    /// Largest p_align.
    pub align: u64,
    /// Address of the program headers (PT_PHDR), inside a segment.
    pub program_headers: Option<u64>,
    /// Address of `.eh_frame_hdr` (PT_GNU_EH_FRAME), inside a segment.
    pub unwind: Option<u64>,
}

impl Layout {
    /// Reads the program headers `table` of a file with `file_bytes`, to be mapped in pages of `page_bytes`.
    pub fn parse(table: &[u8], file_bytes: u64, page_bytes: u64) -> Result<Self> {
        let headers = slice_from_all_bytes::<ProgramHeader64<Le>>(table)
            .map_err(|()| Fault::new("file is truncated: the program headers are incomplete"))?;
        let mut layout =
            Self { segments: Vec::new(), dynamic: 0..0, relro: None, align: 1, program_headers: None, unwind: None };
        let mut has_dynamic = false;
        let mut described = Vec::new();
        for header in headers {
            let (address, bytes) = (header.p_vaddr.get(Le), header.p_memsz.get(Le));
            match header.p_type.get(Le) {
                PT_LOAD if bytes > 0 || header.p_filesz.get(Le) > 0 => layout.load(header, file_bytes, page_bytes)?,
                PT_DYNAMIC if has_dynamic => return Err(Fault::new("two dynamic sections")),
                PT_DYNAMIC => {
                    layout.dynamic = range(address, header.p_filesz.get(Le), "dynamic section is out of range")?;
                    has_dynamic = true;
                }
                PT_GNU_RELRO if bytes > 0 && layout.relro.is_some() => return Err(Fault::new("two RELRO ranges")),
                PT_GNU_RELRO if bytes > 0 => {
                    layout.relro = Some(range(address, bytes, "RELRO range is out of range")?);
                }
                PT_TLS if bytes > 0 => {
                    return Err(Fault::new(
                        "native thread-local storage (PT_TLS) is not supported: compile with distx, or with -femulated-tls",
                    ));
                }
                // Not for the loader, but unwinders and others follow them in memory.
                PT_PHDR | PT_INTERP | PT_NOTE | PT_GNU_EH_FRAME if bytes > 0 => {
                    described.push(range(address, bytes, "a program header describes a range outside the segments")?);
                    match header.p_type.get(Le) {
                        PT_PHDR => layout.program_headers = Some(address),
                        PT_GNU_EH_FRAME => layout.unwind = Some(address),
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        if layout.segments.is_empty() {
            return Err(Fault::new("nothing to load: no PT_LOAD segment"));
        }
        if !has_dynamic {
            return Err(Fault::new("no dynamic section: link with -pie or -shared"));
        }
        let Range { start, end } = layout.dynamic;
        if !start.is_multiple_of(8) {
            return Err(Fault::with("dynamic section is misaligned", start));
        }
        let in_file = |s: &&Segment| s.readable && start >= s.address && end <= s.address + s.file_bytes;
        if layout.segments.iter().find(in_file).is_none() {
            return Err(Fault::with("dynamic section lies outside the segments", start));
        }
        if let Some(relro) = &layout.relro
            && !layout.segments.iter().any(|s| s.writable && s.contains(relro.start, relro.end - relro.start))
        {
            return Err(Fault::with("RELRO range lies outside the writable segments", relro.start));
        }
        let lies_within = |r: &&Range<u64>| layout.segment(r.start, r.end - r.start).is_some_and(|s| s.readable);
        if let Some(outside) = described.iter().find(|range| !lies_within(range)) {
            return Err(Fault::with("a program header describes a range outside the segments", outside.start));
        }
        Ok(layout)
    }

    fn load(&mut self, header: &ProgramHeader64<Le>, file_bytes: u64, page_bytes: u64) -> Result<()> {
        let flags = header.p_flags.get(Le).0;
        let segment = Segment {
            offset: header.p_offset.get(Le),
            address: header.p_vaddr.get(Le),
            file_bytes: header.p_filesz.get(Le),
            memory_bytes: header.p_memsz.get(Le),
            readable: flags & PF_R.0 != 0,
            writable: flags & PF_W.0 != 0,
            executable: flags & PF_X.0 != 0,
        };
        let align = header.p_align.get(Le).max(1);
        if segment.file_bytes > segment.memory_bytes {
            return Err(Fault::with("segment is larger in the file than in memory", segment.file_bytes));
        }
        if segment.offset.checked_add(segment.file_bytes).is_none_or(|end| end > file_bytes) {
            return Err(Fault::with("file is truncated: a segment lies outside the file", segment.offset));
        }
        range(segment.address, segment.memory_bytes, "segment is out of range")?;
        if !align.is_power_of_two() {
            return Err(Fault::with("segment alignment is not a power of two", align));
        }
        if align > ALIGN_LIMIT {
            return Err(Fault::with("segment alignment is too large", align));
        }
        if (segment.address ^ segment.offset) & (align - 1) != 0 {
            return Err(Fault::with(
                "segment is misaligned: address and file offset differ in the page",
                segment.address,
            ));
        }
        if segment.writable && segment.executable {
            return Err(Fault::with("segment is writable and executable", segment.address));
        }
        if let Some(last) = self.segments.last() {
            if segment.address < last.end() {
                return Err(Fault::with("segments overlap or are out of order", segment.address));
            }
            if segment.address / page_bytes <= (last.end() - 1) / page_bytes {
                return Err(Fault::with("two segments share a page", segment.address));
            }
        }
        if segment.end() - self.segments.first().map_or(segment.address, |first| first.address) > IMAGE_LIMIT {
            return Err(Fault::with("takes too much memory: its segments end too far from its start", segment.end()));
        }
        if self.segments.len() == SEGMENT_LIMIT {
            return Err(Fault::with("too many segments: more than", SEGMENT_LIMIT as u64));
        }
        self.align = self.align.max(align);
        self.segments.push(segment);
        Ok(())
    }

    /// First address of the first segment.
    #[must_use]
    pub fn start(&self) -> u64 {
        self.segments.first().map_or(0, |segment| segment.address)
    }

    /// First address behind the file header and the program headers that follow it, as linkers lay them out.
    #[must_use]
    pub fn headers_end(&self, count: u16) -> u64 {
        let bytes = HEADER_BYTES as u64 + u64::from(count) * PROGRAM_HEADER_BYTES as u64;
        match self.segments.first() {
            Some(first) if first.offset == 0 && first.file_bytes >= bytes => first.address + bytes,
            _ => self.start(),
        }
    }

    /// First address behind the last segment.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.segments.last().map_or(0, Segment::end)
    }

    /// The segment in which `length` bytes at `address` lie.
    #[must_use]
    pub fn segment(&self, address: u64, length: u64) -> Option<&Segment> {
        self.segments.iter().find(|segment| segment.contains(address, length))
    }

    /// Whether a pointer into the file can have this value: an address of the image, or the one behind it.
    #[must_use]
    #[inline]
    pub fn reaches(&self, address: u64) -> bool {
        address >= self.start() && address <= self.end()
    }

    /// Whether code can be entered at this address.
    #[must_use]
    pub fn is_code(&self, address: u64) -> bool {
        self.segment(address, 1).is_some_and(|segment| segment.executable)
    }
}

fn range(start: u64, bytes: u64, fault: &'static str) -> Result<Range<u64>> {
    match start.checked_add(bytes) {
        Some(end) if end <= ADDRESS_LIMIT => Ok(start..end),
        _ => Err(Fault::with(fault, start)),
    }
}
