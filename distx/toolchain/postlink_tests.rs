//! The post-link step on files that clang and lld make here, and on damaged ones.

use std::path::PathBuf;
use std::process::Command;

use object::read::elf::{ElfFile64, FileHeader as _, ProgramHeader as _};
use object::{Object, ObjectSection, ObjectSymbol};

use super::*;
use crate::target::Cpu;
use crate::tools;

const SOURCE: &str = "char zeros[100000]; int filled[3000] = {1, 2, 3}; const char *const relocated = \"text\";
int main(void) { zeros[5] = 1; return filled[1] + relocated[0]; }";

/// `None` where no clang is installed: then there is nothing to test on.
fn linked(cpu: Cpu, source: &str) -> Option<(tempfile::TempDir, PathBuf)> {
    let (clang, lld) = (tools::llvm("clang").ok()?, tools::llvm("ld.lld").ok()?);
    let folder = tempfile::tempdir().expect("a folder");
    let (c, object, program) = (folder.path().join("a.c"), folder.path().join("a.o"), folder.path().join("a"));
    fs::write(&c, source).expect("written");
    let compiled = Command::new(clang)
        .arg(format!("--target={}", cpu.triple()))
        .args(cpu.code_flags())
        .args(["-g", "-c", "-ffreestanding", "-o"])
        .args([&object, &c])
        .status();
    assert!(compiled.expect("clang runs").success());
    let linked =
        Command::new(lld).args(cpu.link_flags()).args(["-pie", "-e", "main", "-o"]).args([&program, &object]).status();
    assert!(linked.expect("lld runs").success());
    Some((folder, program))
}

fn loads(bytes: &[u8]) -> Vec<(u64, u64, u64, u64)> {
    let header = FileHeader64::<object::Endianness>::parse(bytes).expect("a header");
    let endian = header.endian().expect("an order");
    let segments = header.program_headers(endian, bytes).expect("segments");
    segments
        .iter()
        .filter(|segment| segment.p_type(endian) == elf::PT_LOAD)
        .map(|s| (s.p_offset(endian), s.p_vaddr(endian), s.p_filesz(endian), s.p_memsz(endian)))
        .collect()
}

fn section<'a>(file: &'a ElfFile64<'a>, name: &str) -> object::read::elf::ElfSection64<'a, 'a> {
    file.section_by_name(name).unwrap_or_else(|| panic!("no section {name}"))
}

#[test]
fn file_offsets_equal_addresses_and_the_file_reaches_past_bss() {
    for cpu in Cpu::ALL {
        let Some((_folder, program)) = linked(cpu, SOURCE) else { return };
        finish(&program).expect("finished");
        let bytes = fs::read(&program).expect("read");
        assert_eq!(bytes[7], OS_ABI);
        let loads = loads(&bytes);
        for (offset, address, file_bytes, memory_bytes) in &loads {
            assert_eq!(offset, address);
            assert!(bytes.len() as u64 >= address + memory_bytes);
            let tail = &bytes[(address + file_bytes) as usize..(address + memory_bytes) as usize];
            assert!(tail.iter().all(|byte| *byte == 0), "memory behind the file's part of a segment is not zero");
        }
        assert!(loads.iter().any(|(_, _, file_bytes, memory_bytes)| memory_bytes - file_bytes >= 100_000));
    }
}

#[test]
fn symbols_and_debug_data_say_the_same_as_before() {
    let Some((_folder, program)) = linked(Cpu::X86_64, SOURCE) else { return };
    let before = fs::read(&program).expect("read");
    finish(&program).expect("finished");
    let after = fs::read(&program).expect("read");
    let (before, after) = (ElfFile64::parse(&*before).expect("elf"), ElfFile64::parse(&*after).expect("elf"));
    for name in [".debug_info", ".symtab", ".strtab", ".text", ".data", ".dynamic", ".dynsym"] {
        let (old, new) = (section(&before, name), section(&after, name));
        assert_eq!(old.data().expect("data"), new.data().expect("data"), "{name}");
        assert_eq!(old.address(), new.address(), "{name}");
    }
    let main = |file: &ElfFile64| file.symbols().find(|symbol| symbol.name() == Ok("main")).map(|main| main.address());
    assert!(main(&before).is_some());
    assert_eq!(main(&before), main(&after));
}

#[test]
fn a_second_pass_changes_nothing() {
    let Some((_folder, program)) = linked(Cpu::Aarch64, SOURCE) else { return };
    finish(&program).expect("finished");
    let once = fs::read(&program).expect("read");
    finish(&program).expect("finished");
    assert!(once == fs::read(&program).expect("read"));
}

#[test]
fn strip_and_a_second_pass_keep_the_layout() {
    let Some((_folder, program)) = linked(Cpu::X86_64, SOURCE) else { return };
    let Ok(strip) = tools::llvm("llvm-strip") else { return };
    finish(&program).expect("finished");
    assert!(Command::new(strip).arg(&program).status().expect("strip runs").success());
    finish(&program).expect("finished");
    let bytes = fs::read(&program).expect("read");
    assert!(ElfFile64::<object::Endianness>::parse(&*bytes).expect("elf").section_by_name(".symtab").is_none());
    assert!(loads(&bytes).iter().all(|(offset, address, ..)| offset == address));
}

#[test]
fn a_huge_bss_stays_out_of_the_file() {
    let Some((_folder, program)) = linked(Cpu::X86_64, "char big[1 << 28]; int main(void) { return big[5]; }") else {
        return;
    };
    finish(&program).expect("finished");
    let bytes = fs::read(&program).expect("read");
    assert_eq!(bytes[7], OS_ABI);
    assert!(bytes.len() < 1 << 20);
}

#[test]
fn other_files_stay_as_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    for contents in [&b""[..], b"#!/bin/sh\n", b"!<arch>\n", b"\x7fELF"] {
        let file = folder.path().join("file");
        fs::write(&file, contents).expect("written");
        finish(&file).expect("left alone");
        assert_eq!(fs::read(&file).expect("read"), contents);
    }
    finish(Path::new("/dev/null")).expect("left alone");
    assert!(finish(&folder.path().join("missing")).is_err());
}

#[test]
fn damaged_files_are_refused_or_laid_out() {
    let Some((_folder, program)) = linked(Cpu::X86_64, SOURCE) else { return };
    let whole = fs::read(&program).expect("read");
    crate::fuzz::drive(fuzz, &[&whole, &whole[..0x400]], 2_000);
}

#[test]
fn memory_beyond_64_bits_is_not_laid_out() {
    let Some((_folder, program)) = linked(Cpu::X86_64, SOURCE) else { return };
    let mut bytes = fs::read(&program).expect("read");
    let table = 64..64 + 56 * usize::from(bytes[56]);
    for header in bytes[table].chunks_exact_mut(56).filter(|header| header[0] == 1) {
        header[40..48].copy_from_slice(&(1_u64 << 63).to_le_bytes());
    }
    let marked = image(&bytes).expect("no damage that matters").expect("one of ours");
    bytes[7] = OS_ABI;
    assert!(marked == bytes);
}

#[test]
fn a_truncated_file_is_an_error_and_stays() {
    let Some((_folder, program)) = linked(Cpu::X86_64, SOURCE) else { return };
    let whole = fs::read(&program).expect("read");
    for len in [64, 100, 200, 1000, 5000, whole.len() - 1] {
        fs::write(&program, &whole[..len]).expect("written");
        assert!(finish(&program).is_err(), "{len} bytes");
        assert_eq!(fs::read(&program).expect("read").len(), len);
    }
}
