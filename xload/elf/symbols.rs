//! The dynamic symbol table and its hash tables.

use core::cell::Cell;

use object::elf::{
    SHN_ABS, SHN_UNDEF, STB_GLOBAL, STB_GNU_UNIQUE, STB_LOCAL, STB_WEAK, STT_COMMON, STT_FUNC, STT_GNU_IFUNC,
    STT_NOTYPE, STT_OBJECT, STT_TLS, STV_DEFAULT, STV_PROTECTED, Sym64,
};
use object::pod::slice_from_bytes;
use object::{LittleEndian as Le, U32, U64};

use super::{Fault, Image, Result};

/// A name to look for, with its hashes.
#[derive(Clone, Debug)]
pub struct Name<'n> {
    /// The name without a NUL.
    pub bytes: &'n [u8],
    gnu: u32,
    sysv: Cell<Option<u32>>,
}

impl<'n> Name<'n> {
    /// The name, hashed.
    #[must_use]
    pub fn new(bytes: &'n [u8]) -> Self {
        let gnu = bytes.iter().fold(5381_u32, |hash, byte| hash.wrapping_mul(33).wrapping_add((*byte).into()));
        Self { bytes, gnu, sysv: Cell::new(None) }
    }

    /// The hash of the System V ABI, which few files still need.
    fn sysv(&self) -> u32 {
        if let Some(hash) = self.sysv.get() {
            return hash;
        }
        let hash = self.bytes.iter().fold(0_u32, |hash, byte| {
            let hash = (hash << 4).wrapping_add((*byte).into());
            (hash ^ (hash >> 24 & 0xf0)) & 0x0fff_ffff
        });
        self.sysv.set(Some(hash));
        hash
    }
}

/// One symbol.
#[derive(Clone, Copy, Debug)]
pub struct Symbol<'a>(&'a Sym64<Le>);

impl Symbol<'_> {
    /// st_value: an address in the file unless [`Symbol::is_absolute`].
    #[must_use]
    pub fn value(&self) -> u64 {
        self.0.st_value.get(Le)
    }
    /// st_size.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.0.st_size.get(Le)
    }
    /// Not moved with the file.
    #[must_use]
    pub fn is_absolute(&self) -> bool {
        self.0.st_shndx.get(Le) == SHN_ABS
    }
    /// The value is a function that gives the address.
    #[must_use]
    pub fn is_indirect(&self) -> bool {
        self.0.st_type() == STT_GNU_IFUNC
    }
    /// Something to call.
    #[must_use]
    pub fn is_function(&self) -> bool {
        matches!(self.0.st_type(), STT_FUNC | STT_GNU_IFUNC)
    }
    /// In native thread-local storage.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.0.st_type() == STT_TLS
    }
    /// May stay undefined.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        self.0.st_bind() == STB_WEAK
    }
    /// One in the process: its file is never unloaded.
    #[must_use]
    pub fn is_unique(&self) -> bool {
        self.0.st_bind() == STB_GNU_UNIQUE
    }
    /// Defined here, and references from here mean this definition.
    #[must_use]
    pub fn binds_here(&self) -> bool {
        let local = self.0.st_bind() == STB_LOCAL;
        self.is_defined() && (local || self.0.st_other.visibility() != STV_DEFAULT)
    }
    fn is_defined(&self) -> bool {
        self.0.st_shndx.get(Le) != SHN_UNDEF
    }
    /// Other files can mean this definition.
    fn is_export(&self) -> bool {
        self.is_defined()
            && matches!(self.0.st_bind(), STB_GLOBAL | STB_WEAK | STB_GNU_UNIQUE)
            && matches!(self.0.st_type(), STT_NOTYPE | STT_OBJECT | STT_FUNC | STT_COMMON | STT_TLS | STT_GNU_IFUNC)
            && matches!(self.0.st_other.visibility(), STV_DEFAULT | STV_PROTECTED)
    }
}

/// How names are found.
#[derive(Clone, Copy, Debug)]
enum Hash<'a> {
    /// DT_GNU_HASH.
    Gnu { first: u32, shift: u32, bloom: &'a [U64<Le>], buckets: &'a [U32<Le>], chain: &'a [U32<Le>] },
    /// DT_HASH.
    SysV { buckets: &'a [U32<Le>], chain: &'a [U32<Le>] },
    /// No table: nothing is exported.
    None,
}

/// The dynamic symbols of a file.
#[derive(Clone, Copy, Debug)]
pub struct Symbols<'a> {
    /// Reaches to the end of its segment: the file does not say how many there are.
    table: &'a [Sym64<Le>],
    /// Ends with a NUL.
    strings: &'a [u8],
    hash: Hash<'a>,
}

impl<'a> Symbols<'a> {
    /// A file without symbols, with the strings of its dynamic section.
    pub(super) fn new(strings: &'a [u8]) -> Self {
        Self { table: &[], strings, hash: Hash::None }
    }

    /// Takes the table at `address`.
    pub(super) fn with_table(mut self, image: &Image<'a>, address: u64) -> Result<Self> {
        self.table = image.values(address).ok_or(Fault::with("symbol table is out of range", address))?;
        Ok(self)
    }

    /// Takes the GNU hash table at `address`.
    pub(super) fn with_gnu_hash(mut self, image: &Image<'a>, address: u64) -> Result<Self> {
        let fault = Fault::with("GNU hash table is out of range", address);
        let bytes = image.tail(address).ok_or(fault)?;
        let (head, rest) = slice_from_bytes::<U32<Le>>(bytes, 4).map_err(|()| fault)?;
        let &[bucket_count, first, bloom_count, shift] = head else { return Err(fault) };
        let (bucket_count, bloom_count) = (bucket_count.get(Le), bloom_count.get(Le));
        if bucket_count == 0 || !bloom_count.is_power_of_two() || shift.get(Le) >= u32::BITS {
            return Err(Fault::with("GNU hash table is malformed", address));
        }
        let (bloom, rest) = slice_from_bytes(rest, bloom_count as usize).map_err(|()| fault)?;
        let (buckets, rest) = slice_from_bytes(rest, bucket_count as usize).map_err(|()| fault)?;
        let (chain, _) = slice_from_bytes(rest, rest.len() / 4).map_err(|()| fault)?;
        self.hash = Hash::Gnu { first: first.get(Le), shift: shift.get(Le), bloom, buckets, chain };
        Ok(self)
    }

    /// Takes the System V hash table at `address`.
    pub(super) fn with_sysv_hash(mut self, image: &Image<'a>, address: u64) -> Result<Self> {
        let fault = Fault::with("hash table is out of range", address);
        let bytes = image.tail(address).ok_or(fault)?;
        let (head, rest) = slice_from_bytes::<U32<Le>>(bytes, 2).map_err(|()| fault)?;
        let &[bucket_count, chain_count] = head else { return Err(fault) };
        if bucket_count.get(Le) == 0 {
            return Err(Fault::with("hash table is malformed", address));
        }
        let (buckets, rest) = slice_from_bytes(rest, bucket_count.get(Le) as usize).map_err(|()| fault)?;
        let (chain, _) = slice_from_bytes(rest, chain_count.get(Le) as usize).map_err(|()| fault)?;
        self.hash = Hash::SysV { buckets, chain };
        Ok(self)
    }

    /// The string at this offset of the string table.
    pub(super) fn string(&self, offset: u64) -> Result<&'a [u8]> {
        usize::try_from(offset)
            .ok()
            .and_then(|offset| self.strings.get(offset..))
            .and_then(|tail| tail.get(..tail.iter().position(|byte| *byte == 0)?))
            .ok_or(Fault::with("name is outside the string table", offset))
    }

    /// The symbol with this number.
    pub fn get(&self, index: u32) -> Result<Symbol<'a>> {
        self.table
            .get(index as usize)
            .map(Symbol)
            .ok_or(Fault::with("symbol is outside the symbol table", index.into()))
    }

    /// The name of a symbol.
    pub fn name(&self, symbol: Symbol<'_>) -> Result<&'a [u8]> {
        self.string(symbol.0.st_name.get(Le).into())
    }

    /// The exported symbol of this name.
    #[must_use]
    pub fn find(&self, name: &Name<'_>) -> Option<Symbol<'a>> {
        match self.hash {
            Hash::Gnu { first, shift, bloom, buckets, chain } => {
                let hash = name.gnu;
                let word = bloom.get((hash / 64) as usize & (bloom.len() - 1))?.get(Le);
                if word >> (hash % 64) & word >> ((hash >> shift) % 64) & 1 == 0 {
                    return None;
                }
                let index = buckets.get((hash as usize).checked_rem(buckets.len())?)?.get(Le);
                let start = index.checked_sub(first)? as usize;
                for (index, entry) in (index..).zip(chain.get(start..)?) {
                    let entry = entry.get(Le);
                    if (entry ^ hash) >> 1 == 0
                        && let Some(symbol) = self.export(index, name.bytes)
                    {
                        return Some(symbol);
                    }
                    if entry & 1 != 0 {
                        break;
                    }
                }
                None
            }
            Hash::SysV { buckets, chain } => {
                let mut index = buckets.get((name.sysv() as usize).checked_rem(buckets.len())?)?.get(Le);
                // A chain is no longer than the table: more steps mean a loop.
                for _ in 0..chain.len() {
                    if index == 0 {
                        break;
                    }
                    if let Some(symbol) = self.export(index, name.bytes) {
                        return Some(symbol);
                    }
                    index = chain.get(index as usize)?.get(Le);
                }
                None
            }
            Hash::None => None,
        }
    }

    /// The symbol with this number, if it is an export of this name.
    fn export(&self, index: u32, name: &[u8]) -> Option<Symbol<'a>> {
        let symbol = Symbol(self.table.get(index as usize)?);
        let tail = self.strings.get(symbol.0.st_name.get(Le) as usize..)?.strip_prefix(name)?;
        (tail.first() == Some(&0) && symbol.is_export()).then_some(symbol)
    }

    /// The symbol in whose bytes `address` lies, else the nearest one before it that has no size.
    #[must_use]
    pub fn at(&self, address: u64) -> Option<Symbol<'a>> {
        let mut best: Option<Symbol<'a>> = None;
        for symbol in self.table.iter().take(self.count()).map(Symbol) {
            let covers = address
                .checked_sub(symbol.value())
                .is_some_and(|distance| distance < symbol.bytes() || symbol.bytes() == 0);
            if symbol.is_export() && !symbol.is_absolute() && !symbol.is_tls() && covers {
                let rank = |s: &Symbol<'_>| (s.bytes() != 0, s.value());
                if best.is_none_or(|best| rank(&best) < rank(&symbol)) {
                    best = Some(symbol);
                }
            }
        }
        best
    }

    /// Symbols in the table, as far as the hash table tells.
    fn count(&self) -> usize {
        match self.hash {
            Hash::Gnu { first, buckets, chain, .. } => {
                let last = buckets.iter().map(|bucket| bucket.get(Le)).max().unwrap_or(0);
                let Some(start) = last.checked_sub(first) else { return first as usize };
                let rest = chain.get(start as usize..).unwrap_or_default();
                let length = rest.iter().position(|entry| entry.get(Le) & 1 != 0).map_or(0, |last| last + 1);
                last as usize + length
            }
            Hash::SysV { chain, .. } => chain.len(),
            Hash::None => 0,
        }
    }
}
