//! The dynamic section: where everything else lies.

use alloc::vec::Vec;

use object::elf::{
    DF_1_NODELETE, DF_SYMBOLIC, DF_TEXTREL, DT_FINI, DT_FINI_ARRAY, DT_FINI_ARRAYSZ, DT_FLAGS, DT_FLAGS_1, DT_GNU_HASH,
    DT_HASH, DT_INIT, DT_INIT_ARRAY, DT_INIT_ARRAYSZ, DT_JMPREL, DT_NEEDED, DT_NULL, DT_PLTREL, DT_PLTRELSZ,
    DT_PREINIT_ARRAY, DT_PREINIT_ARRAYSZ, DT_RELA, DT_RELAENT, DT_RELASZ, DT_RELR, DT_RELRENT, DT_RELRSZ, DT_RELSZ,
    DT_RPATH, DT_RUNPATH, DT_SONAME, DT_STRSZ, DT_STRTAB, DT_SYMBOLIC, DT_SYMENT, DT_SYMTAB, DT_TEXTREL, Dyn64,
    DynamicTag, Sym64,
};
use object::pod::{Pod, slice_from_all_bytes, slice_from_bytes};
use object::{LittleEndian as Le, U64};

use super::{Fault, Image, Layout, Rela, Result, Symbols};

/// A table of words in the file's memory, checked to lie in one segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Address of the first word.
    pub address: u64,
    /// Number of words.
    pub count: u64,
}

/// What the dynamic section says, all of it checked.
#[derive(Clone, Debug)]
pub struct Dynamic<'a> {
    /// DT_NEEDED in order.
    pub needed: Vec<&'a [u8]>,
    /// DT_SONAME.
    pub soname: Option<&'a [u8]>,
    /// DT_RUNPATH.
    pub runpath: Option<&'a [u8]>,
    /// DT_RPATH, which counts where there is no DT_RUNPATH.
    pub rpath: Option<&'a [u8]>,
    /// The symbols.
    pub symbols: Symbols<'a>,
    /// DT_RELA.
    pub relocations: &'a [Rela],
    /// DT_JMPREL.
    pub plt: &'a [Rela],
    /// DT_RELR.
    pub relr: &'a [U64<Le>],
    /// DT_INIT, in code.
    pub init: Option<u64>,
    /// DT_FINI, in code.
    pub fini: Option<u64>,
    /// DT_PREINIT_ARRAY.
    pub preinit_array: Table,
    /// DT_INIT_ARRAY.
    pub init_array: Table,
    /// DT_FINI_ARRAY.
    pub fini_array: Table,
    /// Own definitions come before those of others (-Bsymbolic).
    pub symbolic: bool,
    /// Stays loaded.
    pub no_delete: bool,
}

/// The entries that occur once; the last one counts.
struct Entries<'d>(&'d [Dyn64<Le>]);

impl Entries<'_> {
    fn get(&self, tag: DynamicTag) -> Option<u64> {
        self.0.iter().rev().find(|entry| entry.d_tag.get(Le) == tag).map(|entry| entry.d_val.get(Le))
    }

    fn is(&self, tag: DynamicTag, value: u64, fault: &'static str) -> Result<()> {
        match self.get(tag) {
            Some(found) if found != value => Err(Fault::with(fault, found)),
            _ => Ok(()),
        }
    }

    /// A table of `T` in memory that nobody writes.
    fn table<'a, T: Pod>(
        &self,
        image: &Image<'a>,
        (start, size): (DynamicTag, DynamicTag),
        fault: &'static str,
    ) -> Result<&'a [T]> {
        let bytes = self.get(size).unwrap_or(0);
        if bytes == 0 {
            return Ok(&[]);
        }
        let address = self.get(start).ok_or(Fault::new(fault))?;
        let found = image.bytes(address, bytes).ok_or(Fault::with(fault, address))?;
        slice_from_all_bytes(found).map_err(|()| Fault::with(fault, address))
    }

    /// A table of function pointers, which relocations fill.
    fn array(&self, layout: &Layout, start: DynamicTag, size: DynamicTag, fault: &'static str) -> Result<Table> {
        let bytes = self.get(size).unwrap_or(0);
        if bytes == 0 {
            return Ok(Table::default());
        }
        let address = self.get(start).ok_or(Fault::new(fault))?;
        if !bytes.is_multiple_of(8)
            || !address.is_multiple_of(8)
            || !layout.segment(address, bytes).is_some_and(|s| s.readable)
        {
            return Err(Fault::with(fault, address));
        }
        Ok(Table { address, count: bytes / 8 })
    }

    fn code(&self, layout: &Layout, tag: DynamicTag, fault: &'static str) -> Result<Option<u64>> {
        match self.get(tag) {
            None | Some(0) => Ok(None),
            Some(address) if layout.is_code(address) => Ok(Some(address)),
            Some(address) => Err(Fault::with(fault, address)),
        }
    }
}

impl<'a> Dynamic<'a> {
    /// Reads the dynamic section `section` of the file with this layout; `image` has the parts that are not written.
    pub fn parse(section: &[u8], layout: &Layout, image: &Image<'a>) -> Result<Self> {
        let count = section.len() / size_of::<Dyn64<Le>>();
        let (entries, _) = slice_from_bytes::<Dyn64<Le>>(section, count)
            .map_err(|()| Fault::new("dynamic section is out of range"))?;
        let used = entries
            .iter()
            .position(|entry| entry.d_tag.get(Le) == DT_NULL)
            .ok_or(Fault::new("dynamic section has no end"))?;
        let entries = Entries(entries.get(..used).unwrap_or_default());

        entries.is(DT_SYMENT, size_of::<Sym64<Le>>() as u64, "wrong size of a symbol")?;
        entries.is(DT_RELAENT, size_of::<Rela>() as u64, "wrong size of a relocation")?;
        entries.is(DT_RELRENT, 8, "wrong size of a RELR word")?;
        entries.is(DT_RELSZ, 0, "relocations without addend (DT_REL) are not supported")?;
        entries.is(DT_PLTREL, DT_RELA.0 as u64, "wrong type of PLT relocations")?;
        let flags = entries.get(DT_FLAGS).unwrap_or(0);
        let flags_1 = entries.get(DT_FLAGS_1).unwrap_or(0);
        if entries.get(DT_TEXTREL).is_some() || flags & DF_TEXTREL.0 != 0 {
            return Err(Fault::new("relocations in code are not supported: compile with -fPIC"));
        }

        let strings = entries.table(image, (DT_STRTAB, DT_STRSZ), "string table is out of range")?;
        if strings.last().is_some_and(|byte| *byte != 0) {
            return Err(Fault::new("string table does not end with NUL"));
        }
        let mut symbols = Symbols::new(strings);
        if let Some(address) = entries.get(DT_SYMTAB) {
            symbols = symbols.with_table(image, address)?;
        }
        if let Some(address) = entries.get(DT_GNU_HASH) {
            symbols = symbols.with_gnu_hash(image, address)?;
        } else if let Some(address) = entries.get(DT_HASH) {
            symbols = symbols.with_sysv_hash(image, address)?;
        }
        let string = |tag| entries.get(tag).map(|offset| symbols.string(offset)).transpose();
        let mut needed = Vec::new();
        for entry in entries.0.iter().filter(|entry| entry.d_tag.get(Le) == DT_NEEDED) {
            needed.push(symbols.string(entry.d_val.get(Le))?);
        }
        Ok(Self {
            needed,
            soname: string(DT_SONAME)?.filter(|name| !name.is_empty()),
            runpath: string(DT_RUNPATH)?,
            rpath: string(DT_RPATH)?,
            symbols,
            relocations: entries.table(image, (DT_RELA, DT_RELASZ), "relocation table is out of range")?,
            plt: entries.table(image, (DT_JMPREL, DT_PLTRELSZ), "PLT relocation table is out of range")?,
            relr: entries.table(image, (DT_RELR, DT_RELRSZ), "RELR table is out of range")?,
            init: entries.code(layout, DT_INIT, "DT_INIT is not in code")?,
            fini: entries.code(layout, DT_FINI, "DT_FINI is not in code")?,
            preinit_array: entries.array(
                layout,
                DT_PREINIT_ARRAY,
                DT_PREINIT_ARRAYSZ,
                "DT_PREINIT_ARRAY is out of range",
            )?,
            init_array: entries.array(layout, DT_INIT_ARRAY, DT_INIT_ARRAYSZ, "DT_INIT_ARRAY is out of range")?,
            fini_array: entries.array(layout, DT_FINI_ARRAY, DT_FINI_ARRAYSZ, "DT_FINI_ARRAY is out of range")?,
            symbolic: entries.get(DT_SYMBOLIC).is_some() || flags & DF_SYMBOLIC.0 != 0,
            no_delete: flags_1 & DF_1_NODELETE.0 != 0,
        })
    }
}
