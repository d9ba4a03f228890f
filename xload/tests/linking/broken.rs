//! Files with one thing wrong, and what the loader says about them.

use std::sync::{Arc, OnceLock};

use libtest_mimic::Failed;

use super::{PROGRAM, build, cpu, expect, folder, loader};

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
    ("segment_writable_and_executable", Header(LOAD, &[(4, 7)]), "segment is writable and executable"),
    ("no_dynamic_section", Header(DYNAMIC, &[(0, 0)]), "no dynamic section"),
    ("dynamic_section_outside", Header(DYNAMIC, &[(20, 1)]), "dynamic section lies outside the segments"),
    ("dynamic_section_without_end", Header(DYNAMIC, &[(32, 16), (33, 0)]), "dynamic section has no end"),
    ("relro_outside", Header(GNU_RELRO, &[(20, 1)]), "RELRO range lies outside"),
];

/// A good file of the other CPU.
pub fn other_cpu() -> Result<(), Failed> {
    let (machine, name) = if cpu() == "x86_64" { (183_u16, "aarch64") } else { (62, "x86_64") };
    let message = format!("made for another CPU: {name}, not {}", cpu());
    refused("other-cpu", |b| b[18..20].copy_from_slice(&machine.to_le_bytes()), &message)
}
