use alloc::vec::Vec;
use std::string::ToString;
use std::vec;

use object::U64;
use proptest::prelude::*;

use super::*;

const STRINGS: u64 = 0x100;
const SYMBOLS: u64 = 0x200;
const HASH: u64 = 0x300;
const RELOCATIONS: u64 = 0x400;

/// Three symbols after the empty one: an import, `alpha` and `beta`.
const NAMES: &[u8] = b"\0import\0alpha\0beta\0libneeded.so\0";
const IMPORT: u32 = 1;
const ALPHA: u32 = 8;
const BETA: u32 = 14;
const NEEDED: u64 = 19;

fn words(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn symbol(name: u32, info: u8, other: u8, section: u16, value: u64, bytes: u64) -> Vec<u8> {
    let mut symbol = name.to_le_bytes().to_vec();
    symbol.extend([info, other]);
    symbol.extend(section.to_le_bytes());
    symbol.extend(value.to_le_bytes());
    symbol.extend(bytes.to_le_bytes());
    symbol
}

/// The bytes of a file's first segment, with tables at the places above.
struct Sample {
    bytes: Vec<u8>,
    dynamic: Vec<(i64, u64)>,
}

impl Sample {
    fn new() -> Self {
        let mut sample = Self { bytes: vec![0; 0x1000], dynamic: Vec::new() };
        sample.put(STRINGS, NAMES);
        let table = [
            vec![0; 24],
            symbol(IMPORT, 0x10, 0, 0, 0, 0),
            symbol(ALPHA, 0x12, 0, 1, 0x1010, 0x10),
            symbol(BETA, 0x21, 0, 1, 0x2020, 0),
        ]
        .concat();
        sample.put(SYMBOLS, &table);
        // One bucket, chain: import (not reached), alpha, beta.
        sample.put(HASH, &words(&[1, 4, 2, 0, 0, 3, 0]));
        sample.dynamic =
            vec![(5, STRINGS), (10, NAMES.len() as u64), (6, SYMBOLS), (11, 24), (4, HASH), (1, NEEDED), (0, 0)];
        sample
    }

    fn put(&mut self, at: u64, bytes: &[u8]) {
        self.bytes[at as usize..at as usize + bytes.len()].copy_from_slice(bytes);
    }

    fn set(&mut self, tag: i64, value: u64) -> &mut Self {
        self.dynamic.retain(|(other, _)| *other != tag);
        self.dynamic.insert(0, (tag, value));
        self
    }

    /// A GNU hash table with `alpha` and `beta` in one bucket.
    fn gnu(mut self) -> Self {
        let hash = |name: &[u8]| name.iter().fold(5381_u32, |h, b| h.wrapping_mul(33).wrapping_add((*b).into()));
        let (alpha, beta) = (hash(b"alpha"), hash(b"beta"));
        let bloom = [alpha, beta].iter().fold(0_u64, |word, h| word | 1 << (h % 64) | 1 << ((h >> 6) % 64));
        let table = [words(&[1, 2, 1, 6]), bloom.to_le_bytes().to_vec(), words(&[2, alpha & !1, beta | 1])].concat();
        self.put(HASH, &table);
        self.dynamic.retain(|(tag, _)| *tag != 4);
        self.set(0x6fff_fef5, HASH);
        self
    }

    fn parse<T>(&self, look: impl FnOnce(Result<Dynamic<'_>>) -> T) -> T {
        let segment = |address, writable, executable| Segment {
            offset: address,
            address,
            file_bytes: 0x1000,
            memory_bytes: 0x1000,
            readable: true,
            writable,
            executable,
        };
        let layout = Layout {
            segments: vec![segment(0, false, false), segment(0x1000, false, true), segment(0x2000, true, false)],
            dynamic: 0x2000..0x2100,
            relro: None,
            align: 0x1000,
            program_headers: None,
            unwind: None,
        };
        let mut image = Image::default();
        image.add(0, &self.bytes);
        let section: Vec<u8> =
            self.dynamic.iter().flat_map(|(tag, value)| [tag.to_le_bytes(), value.to_le_bytes()].concat()).collect();
        look(Dynamic::parse(&section, &layout, &image))
    }

    fn fault(&self) -> alloc::string::String {
        self.parse(|dynamic| dynamic.map(|_| ()).unwrap_err().to_string())
    }
}

#[test]
fn both_hash_tables_find_the_same() {
    for sample in [Sample::new(), Sample::new().gnu()] {
        sample.parse(|dynamic| {
            let dynamic = dynamic.unwrap();
            assert_eq!(dynamic.needed, [b"libneeded.so"]);
            let find = |name: &[u8]| dynamic.symbols.find(&Name::new(name));
            assert_eq!(find(b"alpha").unwrap().value(), 0x1010);
            assert!(find(b"beta").unwrap().is_weak() && !find(b"alpha").unwrap().is_weak());
            for missing in [&b"import"[..], b"alph", b"alphabet", b"", b"gamma"] {
                assert!(find(missing).is_none(), "{missing:?}");
            }
            let at = |address| dynamic.symbols.at(address).map(|symbol| symbol.value());
            assert_eq!(
                [at(0x100f), at(0x1010), at(0x101f), at(0x2021)],
                [None, Some(0x1010), Some(0x1010), Some(0x2020)]
            );
        });
    }
}

#[test]
fn hidden_local_and_undefined_symbols_are_no_exports() {
    let changes = [(0x02, 0, 1), (0x12, 2, 1), (0x12, 1, 1), (0x12, 0, 0), (0x13, 0, 1)];
    for (info, other, section) in changes {
        let mut sample = Sample::new();
        sample.put(SYMBOLS + 48, &symbol(ALPHA, info, other, section, 0x1010, 0x10));
        sample
            .parse(|dynamic| assert!(dynamic.unwrap().symbols.find(&Name::new(b"alpha")).is_none(), "{info} {other}"));
    }
}

#[test]
fn a_loop_in_a_hash_chain_ends() {
    let mut sample = Sample::new();
    sample.put(HASH, &words(&[1, 4, 2, 0, 0, 3, 2]));
    sample.parse(|dynamic| assert!(dynamic.unwrap().symbols.find(&Name::new(b"gamma")).is_none()));
}

#[test]
fn bad_dynamic_sections_are_named() {
    let cases: &[(i64, u64, &str)] = &[
        (5, 0x9000, "string table is out of range"),
        (10, 0x8000, "string table is out of range"),
        (10, 5, "string table does not end with NUL"),
        (6, 0x1000, "symbol table is out of range"),
        (11, 16, "wrong size of a symbol (16)"),
        (4, 0xffc, "hash table is out of range"),
        (4, 0x10, "hash table is malformed"),
        (0x6fff_fef5, 0xff8, "GNU hash table is out of range"),
        (0x6fff_fef5, 0x10, "GNU hash table is malformed"),
        (1, 0x5000, "name is outside the string table"),
        (14, 0x5000, "name is outside the string table"),
        (9, 16, "wrong size of a relocation (16)"),
        (37, 4, "wrong size of a RELR word (4)"),
        (18, 24, "relocations without addend"),
        (20, 17, "wrong type of PLT relocations (17)"),
        (22, 0, "relocations in code are not supported"),
        (30, 4, "relocations in code are not supported"),
        (8, 24, "relocation table is out of range"),
        (2, 24, "PLT relocation table is out of range"),
        (35, 8, "RELR table is out of range"),
        (12, 0x2000, "DT_INIT is not in code"),
        (13, 0x10, "DT_FINI is not in code"),
        (27, 8, "DT_INIT_ARRAY is out of range"),
        (28, 8, "DT_FINI_ARRAY is out of range"),
        (33, 8, "DT_PREINIT_ARRAY is out of range"),
    ];
    for (tag, value, text) in cases {
        let mut sample = Sample::new();
        sample.set(*tag, *value);
        assert!(sample.fault().starts_with(text), "{tag}: {} is not {text}", sample.fault());
    }
    let mut sample = Sample::new();
    sample.set(7, RELOCATIONS).set(8, 25);
    assert!(sample.fault().starts_with("relocation table is out of range"));
    let mut sample = Sample::new();
    sample.set(25, 0x2004).set(27, 8);
    assert!(sample.fault().starts_with("DT_INIT_ARRAY is out of range"));
    let mut sample = Sample::new();
    sample.dynamic.pop();
    assert_eq!(sample.fault(), "dynamic section has no end");
}

#[test]
fn relr_words_stand_for_up_to_63_addresses() {
    let read = |words: &[u64]| {
        let table: Vec<U64<Le>> = words.iter().map(|word| U64::new(Le, *word)).collect();
        relr_addresses(&table).collect::<Vec<u64>>()
    };
    assert_eq!(read(&[]), []);
    assert_eq!(read(&[0x1000]), [0x1000]);
    assert_eq!(read(&[0x1000, 0b1011]), [0x1000, 0x1008, 0x1018]);
    assert_eq!(read(&[0x1000, 1, 0b11, 0x3000]), [0x1000, 0x1008 + 63 * 8, 0x3000]);
    assert_eq!(read(&[0x1000, 1 << 63 | 1]), [0x1000, 0x1008 + 62 * 8]);
    assert_eq!(read(&[u64::MAX - 1, u64::MAX]).len(), 64);
}

#[test]
fn kinds_of_both_cpus() {
    use object::elf::RelocationType;
    let of = |machine, number| Kind::of(machine, RelocationType(number));
    assert_eq!(of(Machine::X86_64, 7), Kind::Slot);
    assert_eq!(of(Machine::X86_64, 2), Kind::Unknown(2));
    assert_eq!(of(Machine::X86_64, 18), Kind::Tls);
    assert_eq!(of(Machine::Aarch64, 1026), Kind::Absolute);
    assert_eq!(of(Machine::Aarch64, 7), Kind::Unknown(7));
}

proptest! {
    #[test]
    fn no_bytes_make_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), good in 0_usize..64) {
        // Random bytes alone would all fail at the magic.
        let mut start = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0\x01\0\0\0".to_vec();
        start.truncate(good);
        start.extend(&bytes);
        let _ = Header::parse(&start, 1 << 20);
        for size in [56, 112, 336] {
            let _ = bytes.get(..size).map(|table| Layout::parse(table, 1 << 20, 4096).map(|_| ()));
        }
    }

    #[test]
    fn no_tables_make_a_panic(
        changes in proptest::collection::vec((0x100_usize..0x480, any::<u8>()), 0..24),
        entries in proptest::collection::vec((0_i64..40, 0_u64..0x3000), 0..4),
        gnu in any::<bool>(),
    ) {
        let mut sample = if gnu { Sample::new().gnu() } else { Sample::new() };
        for (at, byte) in changes {
            sample.bytes[at] = byte;
        }
        for (tag, value) in entries {
            sample.dynamic.insert(0, (tag, value));
        }
        sample.parse(|dynamic| {
            if let Ok(dynamic) = dynamic {
                for name in [&b"alpha"[..], b"beta", b"gamma", b""] {
                    let _ = dynamic.symbols.find(&Name::new(name)).map(|symbol| dynamic.symbols.name(symbol));
                }
                let _ = dynamic.symbols.at(0x1010);
                let _ = relr_addresses(dynamic.relr).take(1 << 20).last();
                for relocation in dynamic.relocations.iter().chain(dynamic.plt) {
                    let _ = dynamic.symbols.get(Kind::read(relocation).0);
                }
            }
        });
    }
}
