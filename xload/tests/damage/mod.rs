//! Damage for ELF files: at the numbers that a loader reads, with the values that hurt.

use std::ops::Range;
use std::time::Duration;
use std::vec;
use std::vec::Vec;

/// xorshift64* (Vigna 2016).
#[derive(Clone, Debug)]
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 33) as usize % limit
    }

    fn of<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())].clone()
    }
}

/// The seed and how long to go on beyond the usual: `FUZZ_SEED`, `FUZZ_SECONDS`, which `./x fuzz` sets.
pub fn effort() -> (u64, Duration) {
    let number = |name| std::env::var(name).ok().and_then(|value| value.parse().ok());
    let seed = number("FUZZ_SEED").filter(|seed| *seed != 0).unwrap_or(0x9e37_79b9_7f4a_7c15);
    (seed, Duration::from_secs(number("FUZZ_SECONDS").unwrap_or(0)))
}

/// Bytes that replace those at a place of a file.
#[derive(Clone, Debug)]
pub struct Patch {
    pub at: usize,
    pub bytes: Vec<u8>,
}

/// A good file and the places of its numbers, by what they belong to.
pub struct Sample {
    pub bytes: Vec<u8>,
    groups: Vec<Vec<Range<usize>>>,
    /// The addresses of initialisers: other ones are other code, of which the loader knows nothing.
    #[allow(dead_code, reason = "not every test compares hosts")]
    pub initialisers: Range<usize>,
}

fn number(bytes: &[u8], place: &Range<usize>) -> u64 {
    bytes[place.clone()].iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Numbers of these widths, one behind the other, in each of `count` records at `start`.
fn records(start: usize, count: usize, widths: &[usize]) -> Vec<Range<usize>> {
    let mut at = start;
    let mut places = Vec::new();
    for width in std::iter::repeat_n(widths, count).flatten() {
        places.push(at..at + width);
        at += width;
    }
    places
}

const FILE_HEADER: &[usize] = &[2, 2, 4, 8, 8, 8, 4, 2, 2, 2, 2, 2, 2];
const PROGRAM_HEADER: &[usize] = &[4, 4, 8, 8, 8, 8, 8, 8];
const SYMBOL: &[usize] = &[4, 1, 1, 2, 8, 8];
const RELOCATION: &[usize] = &[8, 4, 4, 8];

impl Sample {
    /// Of a file as our toolchain makes it: what is not written lies at its address.
    pub fn new(bytes: Vec<u8>) -> Self {
        let word = |at: usize| number(&bytes, &(at..at + 8)) as usize;
        let headers = (0..bytes[56].into()).map(|index| word(32) + 56 * index);
        let dynamic = headers.clone().find(|at| bytes[*at] == 2).map_or(0, |at| word(at + 8));
        let count = (0..).take_while(|index| word(dynamic + 16 * index) != 0).count();
        let entry = |tag: u64| (0..count).map(|index| dynamic + 16 * index).find(|at| word(*at) as u64 == tag);
        let value = |tag| entry(tag).map_or(0, |at| word(at + 8));
        let (symbols, strings, hash) = (value(6), value(5), value(0x6fff_fef5));
        // The tables follow each other: the next one ends the one before.
        let end = |start: usize| [symbols, strings, hash, value(7)].into_iter().filter(|at| *at > start).min();
        let symbol_count = end(symbols).map_or(0, |end| (end - symbols) / 24);
        let hash_words = end(hash).map_or(0, |end| (end - hash) / 4);
        let groups = vec![
            records(16, 1, FILE_HEADER),
            headers.flat_map(|at| records(at, 1, PROGRAM_HEADER)).collect(),
            records(dynamic, count + 1, &[8, 8]),
            records(value(36), value(35) / 8, &[8]),
            records(value(7), value(8) / 24, RELOCATION),
            records(value(23), value(2) / 24, RELOCATION),
            records(symbols, symbol_count, SYMBOL),
            records(hash, hash_words, &[4]),
            records(value(25), value(27) / 8, &[8]),
        ];
        let initialisers = value(25)..value(25) + value(27);
        Self { groups: groups.into_iter().filter(|group| !group.is_empty()).collect(), initialisers, bytes }
    }

    /// One number that is wrong.
    pub fn patch(&self, random: &mut Random) -> Patch {
        let place = random.of(&random.clone().of(&self.groups));
        let (old, file_bytes) = (number(&self.bytes, &place), self.bytes.len() as u64);
        let bit = 1 << random.below(8 * place.len());
        let any = random.next();
        let wrong = [
            0,
            1,
            8,
            old ^ bit,
            old ^ bit,
            old.wrapping_add(1),
            old.wrapping_sub(1),
            old.wrapping_add(8),
            old.wrapping_add(0x1000),
            old.wrapping_neg(),
            file_bytes,
            64 << 40,
            1 << 47,
            u64::MAX,
            u64::MAX - 7,
            u64::MAX >> 1,
            any,
            any % file_bytes,
        ];
        let bytes = random.of(&wrong).to_le_bytes()[..place.len()].to_vec();
        Patch { at: place.start, bytes }
    }

    /// The file with these changes.
    #[allow(dead_code, reason = "not every test writes whole files")]
    pub fn with(&self, patches: &[Patch]) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        for patch in patches {
            bytes[patch.at..patch.at + patch.bytes.len()].copy_from_slice(&patch.bytes);
        }
        bytes
    }
}
