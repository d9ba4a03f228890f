//! Packing with a made-up root: what ends up where, and what is refused.

use std::fs;

use distx_toolchain::target::{Cpu, Root};
use loader_abi::payload::{ALIGN, MARK};
use object::read::pe::{ImageNtHeaders, PeFile64};
use tempfile::TempDir;

use super::*;

/// An ELF file of one segment with these sonames; the first one is its own, if there is one.
fn elf(machine: u8, soname: Option<&str>, needed: &[&str]) -> Vec<u8> {
    let mut strings = vec![0];
    let mut string = |text: &str| {
        let at = strings.len() as u64;
        strings.extend(text.as_bytes());
        strings.push(0);
        at
    };
    let mut entries: Vec<[u64; 2]> = needed.iter().map(|name| [1, string(name)]).collect();
    entries.extend(soname.map(|name| [14, string(name)]));
    let dynamic_bytes = (entries.len() as u64 + 3) * 16;
    let strings_at = 64 + 2 * 56 + dynamic_bytes;
    entries.extend([[5, strings_at], [10, strings.len() as u64], [0, 0]]);
    let total = strings_at + strings.len() as u64;
    let mut file = b"\x7fELF\x02\x01\x01\x13".to_vec();
    file.resize(16, 0);
    file.extend([3, 0, machine, 0, 1, 0, 0, 0]);
    file.extend([0, 64, 0].map(u64::to_le_bytes).concat());
    file.extend([0, 0, 0, 0, 64, 0, 56, 0, 2, 0, 64, 0, 0, 0, 0, 0]);
    for (kind, offset, bytes) in [(1u32, 0, total), (2, 64 + 2 * 56, dynamic_bytes)] {
        file.extend([kind, 4].map(u32::to_le_bytes).concat());
        file.extend([offset, offset, offset, bytes, bytes, 8].map(u64::to_le_bytes).concat());
    }
    file.extend(entries.concat().iter().flat_map(|number: &u64| number.to_le_bytes()));
    file.extend(strings);
    file
}

const X86: u8 = 62;
const ARM: u8 = 183;
const LIBC: &str = "/distx.org_2024-xlibc-x86_64/lib/libc.so";

struct Place {
    folder: TempDir,
}

impl Place {
    /// A root with a loader for Linux and a C library, and a program.
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        let loader = [&b"\x7fELF loader "[..], &MARK, &[0; 24], b" the rest"].concat();
        place.write("root/distx.org_2024-xload-x86_64/bin/xload_linux", &loader);
        place.write(&format!("root{LIBC}"), &elf(X86, Some(LIBC), &["_xload"]));
        place.write("hello", &elf(X86, None, &[LIBC]));
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), bytes).unwrap();
    }

    fn pack(&self, program: &str, with: &[&str]) -> Result<Vec<String>, String> {
        let output = self.path("packed");
        let request = Request {
            program: self.path(program),
            target: Target::of(&output),
            output,
            with: with.iter().map(|name| self.path(name)).collect(),
            icon: None,
            window: Window::Console,
        };
        let listed = pack(&request, &Root(self.path("root"))).map_err(|error| format!("{error:#}"))?;
        assert_eq!(list(&self.path("packed")).unwrap(), listed);
        Ok(listed.into_iter().map(|member| member.name).collect())
    }
}

#[test]
fn libraries_come_from_root_and_program_folder() {
    let place = Place::new();
    place.write("hello", &elf(X86, None, &[LIBC, "liba.so", "libb.so.1", "libc.musl-x86_64.so.1"]));
    place.write("liba.so", &elf(X86, Some("liba.so"), &["libdeep.so", LIBC]));
    place.write("root/distx.org_2024-other-x86_64/lib/libdeep.so", &elf(X86, None, &[]));
    place.write("far/libb.so", &elf(X86, Some("libb.so.1"), &["liba.so"]));
    let mut names = place.pack("hello", &["far/libb.so"]).unwrap();
    // The one that is found by its soname has that name too.
    assert_eq!(names.pop().unwrap(), "libdeep.so");
    assert_eq!(names, [&LIBC[1..], "far/libb.so", "hello", "liba.so", "libb.so.1"]);
    let packed = fs::read(place.path("packed")).unwrap();
    assert!(packed.starts_with(b"\x7fELF loader ") && packed[ALIGN as usize..].starts_with(b"distxPK"));
}

#[test]
fn given_files_keep_their_folder_below_the_program() {
    let place = Place::new();
    place.write("plugins/one.so", &elf(X86, None, &[]));
    assert_eq!(place.pack("hello", &["plugins/one.so"]).unwrap(), [&LIBC[1..], "hello", "plugins/one.so"]);
}

#[test]
fn what_cannot_be_packed_is_named() {
    let place = Place::new();
    let error = |program: &str, with: &[&str]| place.pack(program, with).unwrap_err();
    place.write("lost", &elf(X86, None, &["libgone.so"]));
    assert!(error("lost", &[]).contains("lost needs the library libgone.so"));
    place.write("arm.so", &elf(ARM, None, &[]));
    assert!(error("hello", &["arm.so"]).contains("arm.so: made for aarch64, the program for x86_64"));
    place.write("one/x.so", &elf(X86, None, &[]));
    place.write("hello2/hello", &elf(X86, None, &[]));
    place.write("x.so", &elf(X86, Some("other"), &[]));
    assert!(error("hello2/hello", &["one/x.so", "x.so"]).contains("would both be x.so"));
    place.write("text", b"#!/bin/sh\n");
    assert!(error("text", &[]).contains("text: not an ELF file"));
    place.write("static", &[&elf(X86, None, &[])[..16], &[2, 0], &elf(X86, None, &[])[18..]].concat());
    assert!(error("static", &[]).contains("not position independent"));
    place.write("arm", &elf(ARM, None, &[]));
    assert!(error("arm", &[]).contains("no loader for Linux on aarch64"));
    assert!(error("packed", &[]).contains("packed"));
    place.write("root/distx.org_2024-xload-x86_64/bin/xload_linux", b"\x7fELF of another day");
    assert!(error("hello", &[]).contains("older than this distx"));
}

#[test]
fn no_cut_or_damaged_file_brings_the_tool_down() {
    let place = Place::new();
    place.pack("hello", &[]).unwrap();
    let good = fs::read(place.path("packed")).unwrap();
    for end in (0..good.len()).step_by(1111) {
        place.write("cut", &good[..end]);
        assert!(list(&place.path("cut")).is_err(), "{end}");
    }
    let program = elf(X86, Some("soname"), &["one", "two"]);
    for at in 0..program.len() {
        for value in [0, 1, 0x7f, 0x80, 0xff] {
            let mut bad = program.clone();
            bad[at] = value;
            // An answer, whichever.
            let _ = elf::Elf::parse(&bad).map_err(drop);
            let _ = elf::Elf::parse(&bad[..at]).map_err(drop);
        }
    }
}

/// A `.ico` file with one picture of these bytes.
fn icon(picture: &[u8]) -> Vec<u8> {
    let mut icon = vec![0, 0, 1, 0, 1, 0, 16, 16, 0, 0, 1, 0, 32, 0];
    icon.extend((picture.len() as u32).to_le_bytes());
    icon.extend(22u32.to_le_bytes());
    icon.extend(picture);
    icon
}

/// With the loader that `./x build` makes, where it is there.
#[test]
fn an_icon_is_added_and_all_else_stays() {
    let loader =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../_distx/distx.org_2024-xload-x86_64/bin/xload_windows.exe");
    let Ok(before) = fs::read(&loader) else { return };
    let mut file = before.clone();
    pe::dress(&mut file, None, Window::Console).unwrap();
    assert_eq!(file, before);
    let picture = [0x5a; 1000];
    pe::dress(&mut file, Some(icon(&picture)), Window::Gui).unwrap();
    pe::set_checksum(&mut file).unwrap();
    let kinds = |file: &[u8]| {
        let image = PeFile64::parse(file).unwrap();
        let sections = image.section_table();
        let resources = image.data_directories().resource_directory(file, &sections).unwrap().unwrap();
        let root = resources.root().unwrap();
        root.entries.iter().map(|entry| entry.name_or_id().id().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&before), [16, 24]);
    assert_eq!(kinds(&file), [3, 14, 16, 24]);
    assert!(file.windows(picture.len()).any(|bytes| bytes == picture));
    let image = PeFile64::parse(&file[..]).unwrap();
    let header = image.nt_headers().optional_header();
    assert_eq!(header.subsystem.get(object::LittleEndian).0, 2);
    assert_ne!(header.check_sum.get(object::LittleEndian), 0);
    let mut bad = before.clone();
    assert!(pe::dress(&mut bad, Some(b"GIF89a, not an icon at all".to_vec()), Window::Console).is_err());
    assert!(pe::set_checksum(&mut [0; 100]).is_err());
}

#[test]
fn the_checksum_is_that_of_windows() {
    // Words of the header, two at the end with a carry, the last byte alone.
    let mut file = vec![0; 64 + 4 + 20 + 64 + 4 + 5];
    file[..2].copy_from_slice(b"MZ");
    file[0x3c] = 64;
    file[64..66].copy_from_slice(b"PE");
    let length = file.len();
    file[length - 5..].copy_from_slice(&[0xff, 0xff, 0x34, 0x12, 1]);
    pe::set_checksum(&mut file).unwrap();
    let place = 64 + 4 + 20 + 64;
    let sum = u32::from_le_bytes(file[place..place + 4].try_into().unwrap());
    assert_eq!(sum, (0x5a4d + 0x40 + 0x4550 + 0xffff - 0xffff + 0x1234 + 1) + length as u32);
    // Of what was written before nothing counts.
    pe::set_checksum(&mut file).unwrap();
    assert_eq!(sum, u32::from_le_bytes(file[place..place + 4].try_into().unwrap()));
}

#[test]
fn the_ending_decides_the_target() {
    assert_eq!(Target::of(Path::new("a/b.EXE")), Target::Windows);
    assert_eq!(Target::of(Path::new("a.exe/b")), Target::Linux);
    assert_eq!(Cpu::X86_64.name(), "x86_64");
}
