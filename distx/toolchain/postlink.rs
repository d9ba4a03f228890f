//! The step after the linker: marks a program file as ours and lays it out so that one view of the whole file is its memory.
//!
//! Windows maps a file in one piece only, and a section cannot outgrow a read-only file. So every segment lies at the file
//! offset that equals its address, .bss is a hole in the file, and what is not loaded (symbols, debug data, section
//! headers) follows behind .bss. The rest is ordinary ELF: readelf, gdb, nm and the kernel see nothing unusual.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use loader_abi::files::OS_ABI;
use object::LittleEndian as LE;
use object::elf::{self, FileHeader64, ProgramHeader64, SectionHeader64};
use object::pod::{self, Pod};

/// Above this size .bss stays out of the file and the loader copies the segments: a view charges memory for all of it.
const MAX_HOLE_BYTES: u64 = 8 << 20;

/// Rewrites `file` in place where it is a 64-bit little-endian shared object or position independent program. Other files
/// (archives, objects, `/dev/null`) stay as they are.
///
/// # Errors
/// The file cannot be read or written, or its headers point outside it.
pub fn finish(file: &Path) -> Result<()> {
    let metadata = match fs::metadata(file) {
        Ok(metadata) if metadata.is_file() => metadata,
        Ok(_) => return Ok(()),
        Err(error) => return Err(error).with_context(|| format!("cannot open {}", file.display())),
    };
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let Some(image) = image(&bytes).with_context(|| format!("{}: damaged ELF file", file.display()))? else {
        return Ok(());
    };
    // A new file in the old one's place: the old one may be running, or be one of several names of a file.
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.distx", std::process::id()));
    let partial = file.with_file_name(name);
    let written = write_sparse(&partial, &image)
        .and_then(|()| fs::set_permissions(&partial, metadata.permissions()))
        .and_then(|()| fs::rename(&partial, file));
    if written.is_err() {
        let _ = fs::remove_file(&partial);
    }
    written.with_context(|| format!("cannot write {}", file.display()))
}

/// Fuzz target: a file that the linker did not make. What is not refused is marked.
#[cfg(any(test, fuzzing))]
pub fn fuzz(bytes: &[u8]) {
    if let Ok(Some(image)) = image(bytes) {
        assert_eq!(image.get(7), Some(&OS_ABI));
    }
}

/// False for an ELF file without an entry address: a program that has no `main`.
///
/// # Errors
/// The file cannot be read.
pub fn has_entry(file: &Path) -> Result<bool> {
    let mut start = Vec::new();
    let opened = File::open(file).with_context(|| format!("cannot open {}", file.display()))?;
    opened.take(size_of::<FileHeader64<LE>>() as u64).read_to_end(&mut start)?;
    let header = pod::from_bytes::<FileHeader64<LE>>(&start);
    Ok(header.is_ok_and(|(header, _)| header.e_entry.get(LE) != 0) || !start.starts_with(&elf::ELFMAG))
}

/// The contents that [`finish`] gives the file; `None` for one that is not ours to change.
fn image(bytes: &[u8]) -> Result<Option<Vec<u8>>> {
    let Ok((header, _)) = pod::from_bytes::<FileHeader64<LE>>(bytes) else { return Ok(None) };
    let ident = &header.e_ident;
    let ours = ident.magic == elf::ELFMAG && ident.class == elf::ELFCLASS64 && ident.data == elf::ELFDATA2LSB;
    if !ours || header.e_type.get(LE) != elf::ET_DYN {
        return Ok(None);
    }
    let segments: &[ProgramHeader64<LE>] = table(bytes, header.e_phoff.get(LE), header.e_phnum.get(LE).into())?;
    let sections: &[SectionHeader64<LE>] = match header.e_shoff.get(LE) {
        0 => &[],
        offset => table(bytes, offset, header.e_shnum.get(LE).into())?,
    };
    let mut image = match Layout::of(bytes.len() as u64, header, segments) {
        Some(layout) => layout.build(bytes, header, segments, sections)?,
        None => bytes.to_vec(),
    };
    if let Some(byte) = image.get_mut(7) {
        *byte = OS_ABI;
    }
    Ok(Some(image))
}

/// Where the parts of the new file go.
struct Layout {
    /// First byte behind .bss, on a page boundary.
    memory_end: u64,
}

impl Layout {
    /// `None` where the file cannot be one view: the headers are not its first bytes, addresses do not begin at 0, or .bss is
    /// too big.
    fn of(file_bytes: u64, header: &FileHeader64<LE>, segments: &[ProgramHeader64<LE>]) -> Option<Layout> {
        let loads = || segments.iter().filter(|segment| segment.p_type.get(LE) == elf::PT_LOAD);
        let first = loads().min_by_key(|segment| segment.p_vaddr.get(LE))?;
        let table_end = header.e_phoff.get(LE) + segments.len() as u64 * size_of::<ProgramHeader64<LE>>() as u64;
        if first.p_vaddr.get(LE) != 0 || first.p_offset.get(LE) != 0 || table_end > first.p_filesz.get(LE) {
            return None;
        }
        let mut end = 0;
        let mut hole_bytes = 0_u64;
        for load in loads() {
            end = end.max(load.p_vaddr.get(LE).checked_add(load.p_memsz.get(LE))?);
            hole_bytes = hole_bytes.checked_add(load.p_memsz.get(LE).checked_sub(load.p_filesz.get(LE))?)?;
        }
        let page_bytes = match header.e_machine.get(LE) {
            elf::EM_AARCH64 => 65536,
            _ => 4096,
        };
        let memory_end = end.checked_next_multiple_of(page_bytes)?;
        let fits = hole_bytes <= MAX_HOLE_BYTES && memory_end <= file_bytes.saturating_add(2 * MAX_HOLE_BYTES);
        fits.then_some(Layout { memory_end })
    }

    fn build(
        &self,
        bytes: &[u8],
        header: &FileHeader64<LE>,
        segments: &[ProgramHeader64<LE>],
        sections: &[SectionHeader64<LE>],
    ) -> Result<Vec<u8>> {
        let mut image = vec![0; usize::try_from(self.memory_end)?];
        let mut segments = segments.to_vec();
        for segment in &mut segments {
            let (kind, address, len) = (segment.p_type.get(LE), segment.p_vaddr.get(LE), segment.p_filesz.get(LE));
            if kind == elf::PT_LOAD {
                put(&mut image, address, part(bytes, segment.p_offset.get(LE), len)?)?;
            }
            if kind != elf::PT_GNU_STACK {
                segment.p_offset.set(LE, address);
            }
        }
        let mut sections = sections.to_vec();
        for section in &mut sections {
            let kind = section.sh_type.get(LE);
            if kind == elf::SHT_NULL {
                continue;
            }
            if section.sh_flags.get(LE).contains(elf::SHF_ALLOC) {
                section.sh_offset.set(LE, section.sh_addr.get(LE));
                continue;
            }
            align(&mut image, section.sh_addralign.get(LE))?;
            let offset = image.len() as u64;
            if kind != elf::SHT_NOBITS {
                image.extend_from_slice(part(bytes, section.sh_offset.get(LE), section.sh_size.get(LE))?);
            }
            section.sh_offset.set(LE, offset);
        }
        let mut header = *header;
        if !sections.is_empty() {
            align(&mut image, 8)?;
            header.e_shoff.set(LE, image.len() as u64);
            image.extend_from_slice(pod::bytes_of_slice(&sections));
        }
        put(&mut image, header.e_phoff.get(LE), pod::bytes_of_slice(&segments))?;
        put(&mut image, 0, pod::bytes_of(&header))?;
        Ok(image)
    }
}

fn table<T: Pod>(bytes: &[u8], offset: u64, count: usize) -> Result<&[T]> {
    let tail = part(bytes, offset, bytes.len() as u64 - offset.min(bytes.len() as u64))?;
    let (table, _) = pod::slice_from_bytes(tail, count).ok().context("a header table does not fit the file")?;
    Ok(table)
}

fn range(offset: u64, len: u64) -> Result<Range<usize>> {
    let end = offset.checked_add(len).context("an offset overflows")?;
    Ok(usize::try_from(offset)?..usize::try_from(end)?)
}

fn part(bytes: &[u8], offset: u64, len: u64) -> Result<&[u8]> {
    bytes.get(range(offset, len)?).context("a header points behind the end of the file")
}

fn put(image: &mut [u8], offset: u64, data: &[u8]) -> Result<()> {
    let place = image.get_mut(range(offset, data.len() as u64)?).context("a segment lies outside the program")?;
    place.copy_from_slice(data);
    Ok(())
}

fn align(image: &mut Vec<u8>, align: u64) -> Result<()> {
    ensure!(align <= 1 << 16, "a section's alignment is {align}");
    let len = image.len().next_multiple_of(usize::try_from(align.max(1))?);
    image.resize(len, 0);
    Ok(())
}

/// Writes `data`; blocks of zeros become holes where the file system has them.
///
/// # Errors
/// Those of the file system.
pub fn write_sparse(file: &Path, data: &[u8]) -> std::io::Result<()> {
    const BLOCK_BYTES: usize = 4096;
    let mut out = File::create(file)?;
    out.set_len(data.len() as u64)?;
    let mut at = 0;
    for block in data.chunks(BLOCK_BYTES) {
        if block.iter().any(|byte| *byte != 0) {
            out.seek(SeekFrom::Start(at))?;
            out.write_all(block)?;
        }
        at += block.len() as u64;
    }
    Ok(())
}

#[cfg(test)]
#[path = "postlink_tests.rs"]
mod tests;
