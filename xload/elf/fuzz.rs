//! Fuzz target: a file as the loader reads it before it runs any of it.

use super::{
    Dynamic, HEADER_BYTES, Header, Image, Layout, Name, Registers, Sections, caller_by_debug_frame, caller_by_header,
    relr_addresses,
};

/// Reads everything that the headers lead to: segments, the dynamic section, symbols by name and number, packed relocations.
pub fn elf(file: &[u8]) {
    let bytes = file.len() as u64;
    let Ok(header) = Header::parse(file.get(..HEADER_BYTES).unwrap_or(file), bytes) else { return };
    let part = |start: u64, length: u64| file.get(start as usize..)?.get(..length as usize);
    let at = &header.program_headers;
    let Some(table) = part(at.start, at.end - at.start) else { return };
    let Ok(layout) = Layout::parse(table, bytes, 4096) else { return };
    let mut image = Image::default();
    for segment in layout.segments.iter().filter(|segment| segment.readable && !segment.writable) {
        let Some(bytes) = part(segment.offset, segment.file_bytes) else {
            panic!("a segment at {:#x} reaches beyond the file", segment.offset)
        };
        image.add(segment.address, bytes);
    }
    let range = layout.dynamic.clone();
    let Some(holder) = layout.segment(range.start, range.end - range.start) else {
        panic!("the dynamic section {range:#x?} is in no segment")
    };
    let Some(section) = part(holder.offset + (range.start - holder.address), range.end - range.start) else { return };
    let Ok(dynamic) = Dynamic::parse(section, &layout, &image) else { return };
    for name in [&b"main"[..], b"malloc", b"", b"no such name"] {
        if let Some(symbol) = dynamic.symbols.find(&Name::new(name)) {
            assert_eq!(dynamic.symbols.name(symbol).ok(), Some(name));
        }
    }
    for index in [0, 1, 2, 100, u32::MAX] {
        let _ = dynamic.symbols.get(index).map(|symbol| dynamic.symbols.name(symbol));
    }
    relr_addresses(dynamic.relr).take(10_000).for_each(|_| {});
    let registers = Registers { pc: 0, numbered: [0x8000; 32] };
    let code = layout.segments.iter().find(|segment| segment.executable).map_or(0, |segment| segment.address);
    for address in [code, code + 0x40, code + 0x1000] {
        if let Some(header) = layout.unwind {
            let _ = caller_by_header((header, &|at| image.tail(at)), address, &registers, &|_| Some(address as usize));
        }
        if let Some(sections) = Sections::parse(file) {
            let _ = sections.function_at(address);
            let frames = sections.get(b".debug_frame").unwrap_or_default();
            let _ = caller_by_debug_frame(frames, address, &registers, &|_| None);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::damage::{self, Random, Sample};

    /// Good and damaged copies of this very program.
    #[test]
    fn elf() {
        let sample = Sample::new(std::fs::read("/proc/self/exe").unwrap());
        super::elf(&sample.bytes);
        let (seed, limit) = damage::effort();
        let (mut random, begun, mut round) = (Random(seed), std::time::Instant::now(), 0);
        while round < 100 || begun.elapsed() < limit {
            round += 1;
            let patches: std::vec::Vec<_> = (0..=random.below(3)).map(|_| sample.patch(&mut random)).collect();
            super::elf(&sample.with(&patches));
        }
    }
}
