//! Files with one thing wrong, and what the loader says about them.

use std::sync::{Arc, OnceLock};

use libtest_mimic::Failed;

use super::{PROGRAM, build, cpu, expect, folder, loader, three};

/// A valid program, for the tests that break it.
fn sample() -> Arc<Vec<u8>> {
    static SAMPLE: OnceLock<Arc<Vec<u8>>> = OnceLock::new();
    let make = || {
        let program = folder("sample").join("empty");
        build(&program, "empty", PROGRAM, &["-s"]);
        Arc::new(std::fs::read(program).expect("the program"))
    };
    SAMPLE.get_or_init(make).clone()
}

/// The file with this change is refused with this message.
pub fn refused(test: &str, change: impl Fn(&mut Vec<u8>), message: &str) -> Result<(), Failed> {
    let file = folder(test).join("broken");
    let mut bytes = sample().to_vec();
    change(&mut bytes);
    std::fs::write(&file, bytes)?;
    expect(&loader().arg(&file).output()?, 127, "", &format!("xload: {}: {message}", file.display()))
}

/// Offset of the first program header of a type.
fn header_of(bytes: &[u8], kind: u32) -> usize {
    (64..).step_by(56).find(|at| bytes[*at..*at + 4] == kind.to_le_bytes()).expect("such a program header")
}

/// What is done to a good file.
pub enum Change {
    /// Any.
    Bytes(fn(&mut Vec<u8>)),
    /// The first program header of a type gets these bytes, each at its offset.
    Header(u32, &'static [(usize, u8)]),
}
use Change::{Bytes, Header};

impl Change {
    /// Does it.
    pub fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Bytes(change) => change(bytes),
            Header(kind, values) => {
                let at = header_of(bytes, *kind);
                values.iter().for_each(|(offset, value)| bytes[at + offset] = *value);
            }
        }
    }
}

const PHDR: u32 = 6;
const LOAD: u32 = 1;
const DYNAMIC: u32 = 2;
const GNU_RELRO: u32 = 0x6474_e552;

/// Name of the test, change, message.
pub const CASES: &[(&str, Change, &str)] = &[
    ("empty_file", Bytes(|b| b.clear()), "not an ELF file"),
    ("script", Bytes(|b| *b = b"#!/bin/sh\n".to_vec()), "not an ELF file"),
    ("truncated_in_the_header", Bytes(|b| b.truncate(63)), "file is truncated: the ELF header is incomplete (63)"),
    (
        "truncated_in_the_program_headers",
        Bytes(|b| b.truncate(100)),
        "file is truncated: the program headers lie outside",
    ),
    ("truncated_in_a_segment", Bytes(|b| b.truncate(0x1001)), "file is truncated: a segment lies outside the file"),
    ("class_of_32_bits", Bytes(|b| b[4] = 1), "not a 64-bit file: wrong ELF class (1)"),
    ("big_endian", Bytes(|b| b[5] = 2), "not a little-endian file"),
    ("unknown_version", Bytes(|b| b[6] = 2), "wrong ELF version (2)"),
    ("object_file", Bytes(|b| b[16] = 1), "an object file that was not linked"),
    ("fixed_position", Bytes(|b| b[16] = 2), "not position independent: ELF type ET_EXEC"),
    ("core_file", Bytes(|b| b[16] = 4), "not a program or library: wrong ELF type (4)"),
    (
        "machine_of_others",
        Bytes(|b| b[18..20].copy_from_slice(&40_u16.to_le_bytes())),
        "made for another CPU: wrong ELF machine (40)",
    ),
    ("header_size", Bytes(|b| b[52] = 52), "wrong size of the ELF header (52)"),
    ("program_header_size", Bytes(|b| b[54] = 32), "wrong size of a program header (32)"),
    ("no_program_headers", Bytes(|b| b[56] = 0), "wrong number of program headers (0)"),
    ("program_headers_far_away", Bytes(|b| b[39] = 0x7f), "file is truncated: the program headers lie outside"),
    (
        "entry_outside_code",
        Bytes(|b| b[24..32].copy_from_slice(&8_u64.to_le_bytes())),
        "entry point is not in code (0x8)",
    ),
    ("segment_larger_in_the_file", Header(LOAD, &[(40, 1), (41, 0)]), "segment is larger in the file"),
    ("segments_overlap", Header(LOAD, &[(42, 1)]), "segments overlap or are out of order"),
    ("segment_out_of_range", Header(LOAD, &[(47, 0x7f)]), "segment is out of range"),
    ("segment_misaligned", Header(LOAD, &[(16, 8)]), "segment is misaligned"),
    ("segment_alignment", Header(LOAD, &[(48, 3)]), "segment alignment is not a power of two"),
    (
        "segment_alignment_of_64_tib",
        Header(LOAD, &[(49, 0), (53, 0x40)]),
        "segment alignment is too large (0x400000000000)",
    ),
    ("segment_alignment_of_2_gib", Header(LOAD, &[(49, 0), (51, 0x80)]), "segment alignment is too large (0x80000000)"),
    ("segment_without_memory", Header(LOAD, &[(40, 0), (41, 0)]), "segment is larger in the file than in memory"),
    (
        "image_of_64_tib",
        Bytes(|b| {
            let at = last_segment(b);
            b[at + 45] = 0x40;
        }),
        "takes too much memory: its segments end too far from its start (0x4000",
    ),
    (
        "image_of_128_gib",
        Bytes(|b| {
            let at = last_segment(b);
            b[at + 44] = 0x20;
        }),
        "takes too much memory",
    ),
    (
        "segments_far_apart",
        Bytes(|b| {
            let at = last_segment(b);
            b[at + 21] = 0x10;
        }),
        "takes too much memory",
    ),
    ("program_headers_outside", Header(PHDR, &[(20, 1)]), "a program header describes a range outside the segments"),
    ("program_headers_too_long", Header(PHDR, &[(45, 0x40)]), "a program header describes a range outside"),
    ("segment_writable_and_executable", Header(LOAD, &[(4, 7)]), "segment is writable and executable"),
    ("no_dynamic_section", Header(DYNAMIC, &[(0, 0)]), "no dynamic section"),
    ("dynamic_section_outside", Header(DYNAMIC, &[(20, 1)]), "dynamic section lies outside the segments"),
    ("dynamic_section_without_end", Header(DYNAMIC, &[(32, 16), (33, 0)]), "dynamic section has no end"),
    ("relro_outside", Header(GNU_RELRO, &[(20, 1)]), "RELRO range lies outside"),
];

fn word(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))
}

fn set(bytes: &mut [u8], at: usize, value: u64) {
    bytes[at..at + 8].copy_from_slice(&value.to_le_bytes());
}

/// Offset of the last program header of type PT_LOAD.
fn last_segment(bytes: &[u8]) -> usize {
    let is_load = |at: &usize| bytes[*at..*at + 4] == LOAD.to_le_bytes();
    (64..).step_by(56).take(bytes[56].into()).filter(is_load).last().expect("a segment")
}

/// Offset of the value of an entry of the dynamic section.
fn entry(bytes: &[u8], tag: u64) -> usize {
    let start = word(bytes, header_of(bytes, DYNAMIC) + 8) as usize;
    (start..).step_by(16).find(|at| word(bytes, *at) == tag).expect("such an entry") + 8
}

/// Offset of the table that an entry of the dynamic section tells: read-only parts lie at their address in the file.
fn table(bytes: &[u8], tag: u64) -> usize {
    word(bytes, entry(bytes, tag)) as usize
}

/// Offset of the symbol of a name.
fn symbol(bytes: &[u8], name: &str) -> usize {
    let strings = table(bytes, STRTAB);
    let is_named = |at: &usize| {
        let offset = u32::from_le_bytes(bytes[*at..*at + 4].try_into().expect("four bytes")) as usize;
        bytes[strings + offset..].starts_with(&[name.as_bytes(), b"\0"].concat())
    };
    (table(bytes, SYMTAB)..).step_by(24).find(is_named).expect("such a symbol")
}

const STRTAB: u64 = 5;
const SYMTAB: u64 = 6;
const RELA: u64 = 7;
const RELASZ: u64 = 8;
const JMPREL: u64 = 23;
const INIT_ARRAY: u64 = 25;
const RELR: u64 = 36;
const RELRSZ: u64 = 35;
const FAR: u64 = 64 << 40;

/// A file of the three that belong together, with one thing wrong, and the message about it.
type Linked = (&'static str, &'static str, fn(&mut [u8]), &'static str);

/// Name of the test, file, change, message.
pub const LINKED: &[Linked] = &[
    (
        "symbol_outside_its_file",
        "libbase.so",
        |b| set(b, symbol(b, "base_value") + 8, FAR),
        "symbol base_value is outside its file (0x400000000000)",
    ),
    (
        "symbol_behind_its_file",
        "libbase.so",
        |b| set(b, symbol(b, "base_value") + 8, 0x10_0000),
        "symbol base_value is outside its file (0x100000)",
    ),
    (
        "function_outside_its_file",
        "libbase.so",
        |b| set(b, symbol(b, "base_who") + 8, FAR),
        "symbol base_who is a function outside its file's code (0x400000000000)",
    ),
    (
        "function_in_data",
        "libbase.so",
        |b| set(b, symbol(b, "base_who") + 8, 8),
        "symbol base_who is a function outside its file's code (0x8)",
    ),
    (
        "resolver_in_data",
        "libmiddle.so",
        |b| set(b, symbol(b, "indirect") + 8, 8),
        "symbol indirect is a function outside its file's code (0x8)",
    ),
    ("relr_outside", "program", |b| set(b, table(b, RELR), FAR), "relocation outside writable memory (0x400000000000)"),
    ("relr_in_code", "program", |b| set(b, table(b, RELR), 0x1000), "relocation outside writable memory (0x1000)"),
    (
        "relr_runs_out_of_memory",
        "program",
        |b| {
            let start = table(b, RELR);
            let end = start + word(b, entry(b, RELRSZ)) as usize;
            (start + 8..end).step_by(8).for_each(|at| set(b, at, u64::MAX));
        },
        "relocation ",
    ),
    (
        "relr_twice",
        "program",
        |b| {
            let (start, size) = (table(b, RELR), entry(b, RELRSZ));
            assert_eq!(word(b, size), 16, "an address and a bitmap");
            set(b, start + 8, word(b, start));
        },
        "packed relocations are out of order",
    ),
    (
        "relr_points_outside",
        "program",
        |b| {
            let place = word(b, table(b, RELR)) as usize;
            set(b, place, FAR);
        },
        "points outside the file (0x400000000000)",
    ),
    (
        "relr_of_zero",
        "program",
        |b| {
            let place = word(b, table(b, RELR)) as usize;
            set(b, place, 0);
        },
        "packed relocation of what is no pointer (0x0 at 0x",
    ),
    (
        "relr_of_a_small_number",
        "program",
        |b| {
            let place = word(b, table(b, RELR)) as usize;
            set(b, place, 0x47);
        },
        "packed relocation of what is no pointer (0x47 at 0x",
    ),
    (
        "relr_in_bss",
        "program",
        |b| {
            let (start, last) = (table(b, RELR), last_segment(b));
            let bss = (word(b, last + 16) + word(b, last + 32)).next_multiple_of(8);
            set(b, start, bss);
            set(b, start + 8, 1);
        },
        "packed relocation of what is no pointer (0x0 at 0x",
    ),
    ("relr_too_long", "program", |b| set(b, entry(b, RELRSZ), FAR), "RELR table is out of range"),
    (
        "relative_points_outside",
        "libbase.so",
        |b| set(b, table(b, RELA) + 16, FAR),
        "points outside the file (0x400000000000)",
    ),
    (
        "relative_points_before_the_file",
        "libbase.so",
        |b| set(b, table(b, RELA) + 16, 8_u64.wrapping_neg()),
        "points outside the file",
    ),
    ("relocation_outside", "libbase.so", |b| set(b, table(b, RELA), FAR), "relocation outside writable memory"),
    ("relocation_in_code", "libbase.so", |b| set(b, table(b, RELA), 0x1008), "relocation outside writable memory"),
    (
        "relocation_at_the_end_of_memory",
        "libbase.so",
        |b| set(b, table(b, RELA), 4_u64.wrapping_neg()),
        "relocation outside writable memory",
    ),
    ("relocations_too_long", "libbase.so", |b| set(b, entry(b, RELASZ), FAR), "relocation table is out of range"),
    (
        "relocation_of_no_symbol",
        "libbase.so",
        |b| {
            let at = table(b, JMPREL) + 12;
            b[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        },
        "symbol is outside the symbol table (0xffffffff)",
    ),
    (
        "name_outside",
        "libbase.so",
        |b| {
            let at = symbol(b, "xload_write");
            b[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        },
        "name is outside the string table (0xffffffff)",
    ),
    (
        "initialiser_in_data",
        "libbase.so",
        |b| set(b, table(b, RELA) + 16, 8),
        "initialiser or finaliser is not code (0x8)",
    ),
    ("initialisers_outside", "libbase.so", |b| set(b, entry(b, INIT_ARRAY), FAR), "DT_INIT_ARRAY is out of range"),
];

/// The damaged file of the three is refused with this message.
pub fn refused_when_linked((test, file, change, message): Linked) -> Result<(), Failed> {
    let program = three(test, &[], &["-Wl,-z,pack-relative-relocs"]);
    let damaged = program.with_file_name(file);
    let mut bytes = std::fs::read(&damaged)?;
    change(&mut bytes);
    std::fs::write(&damaged, bytes)?;
    let output = loader().arg(&program).arg("x").output()?;
    expect(&output, 127, "", message)?;
    expect(&output, 127, "", &format!("{file}: "))
}

/// A good file of the other CPU.
pub fn other_cpu() -> Result<(), Failed> {
    let (machine, name) = if cpu() == "x86_64" { (183_u16, "aarch64") } else { (62, "x86_64") };
    let message = format!("made for another CPU: {name}, not {}", cpu());
    refused("other-cpu", |b| b[18..20].copy_from_slice(&machine.to_le_bytes()), &message)
}
