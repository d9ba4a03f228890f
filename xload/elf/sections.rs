//! What lies in a file for other tools than the loader: its sections, and all of its symbols.

use object::LittleEndian as Le;
use object::elf::{
    FileHeader64, SHF_COMPRESSED, SHN_UNDEF, SHT_NOBITS, STT_FUNC, STT_GNU_IFUNC, SectionHeader64, Sym64,
};
use object::pod::{from_bytes, slice_from_bytes};

/// The sections of a whole file.
pub struct Sections<'f> {
    file: &'f [u8],
    headers: &'f [SectionHeader64<Le>],
    names: &'f [u8],
}

impl<'f> Sections<'f> {
    /// Finds the sections; `None` where there are none.
    #[must_use]
    pub fn parse(file: &'f [u8]) -> Option<Self> {
        let (header, _) = from_bytes::<FileHeader64<Le>>(file).ok()?;
        let table = file.get(usize::try_from(header.e_shoff.get(Le)).ok()?..)?;
        let (headers, _) = slice_from_bytes(table, header.e_shnum.get(Le).into()).ok()?;
        let found = Self { file, headers, names: &[] };
        let names = found.bytes(headers.get(usize::from(header.e_shstrndx.get(Le).0))?)?;
        Some(Self { names, ..found })
    }

    fn bytes(&self, header: &SectionHeader64<Le>) -> Option<&'f [u8]> {
        if header.sh_type.get(Le) == SHT_NOBITS || header.sh_flags.get(Le).0 & SHF_COMPRESSED.0 != 0 {
            return None;
        }
        let tail = self.file.get(usize::try_from(header.sh_offset.get(Le)).ok()?..)?;
        tail.get(..usize::try_from(header.sh_size.get(Le)).ok()?)
    }

    /// The bytes of the section of this name.
    #[must_use]
    pub fn get(&self, name: &[u8]) -> Option<&'f [u8]> {
        let is_it = |header: &&SectionHeader64<Le>| string(self.names, header.sh_name.get(Le)) == Some(name);
        self.bytes(self.headers.iter().find(is_it)?)
    }

    /// The function in whose code the address lies, by `.symtab`: its name and where it begins.
    #[must_use]
    pub fn function_at(&self, address: u64) -> Option<(&'f [u8], u64)> {
        let table = self.get(b".symtab")?;
        let (symbols, _) = slice_from_bytes::<Sym64<Le>>(table, table.len() / size_of::<Sym64<Le>>()).ok()?;
        let covers = |symbol: &&Sym64<Le>| {
            matches!(symbol.st_type(), STT_FUNC | STT_GNU_IFUNC)
                && symbol.st_shndx.get(Le) != SHN_UNDEF
                && address.checked_sub(symbol.st_value.get(Le)).is_some_and(|at| at < symbol.st_size.get(Le))
        };
        let found = symbols.iter().filter(covers).max_by_key(|symbol| symbol.st_value.get(Le))?;
        Some((string(self.get(b".strtab")?, found.st_name.get(Le))?, found.st_value.get(Le)))
    }
}

/// The string at this offset of a table.
fn string(table: &[u8], offset: u32) -> Option<&[u8]> {
    let tail = table.get(offset as usize..)?;
    tail.get(..tail.iter().position(|byte| *byte == 0)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_functions_of_this_program_are_found() {
        let file = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let sections = Sections::parse(&file).unwrap();
        assert!(sections.get(b".text").is_some_and(|text| text.len() > 1000));
        assert_eq!(sections.get(b".bss"), None);
        assert_eq!(sections.get(b".text."), None);
        let (table, names) = (sections.get(b".symtab").unwrap(), sections.get(b".strtab").unwrap());
        let (symbols, _) = slice_from_bytes::<Sym64<Le>>(table, table.len() / size_of::<Sym64<Le>>()).unwrap();
        let main = symbols.iter().find(|symbol| string(names, symbol.st_name.get(Le)) == Some(b"main")).unwrap();
        let (start, bytes) = (main.st_value.get(Le), main.st_size.get(Le));
        assert_eq!(sections.function_at(start), Some((&b"main"[..], start)));
        assert_eq!(sections.function_at(start + bytes - 1), Some((&b"main"[..], start)));
        assert_ne!(sections.function_at(start + bytes).map(|(_, start)| start), Some(start));
        assert_eq!(sections.function_at(u64::MAX), None);
    }

    #[test]
    fn damaged_files_have_no_sections() {
        let file = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        for length in [0, 1, 63, 64, 4096, file.len() / 2, file.len() - 1] {
            // Whatever is found of it, nothing panics.
            if let Some(sections) = Sections::parse(&file[..length]) {
                let _ = (sections.get(b".symtab"), sections.function_at(0x1000));
            }
        }
    }
}
