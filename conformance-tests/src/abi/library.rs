//! The built libc.so exports what `exports.txt` lists, each name with its kind and size.

use super::facts::Facts;
use object::read::elf::{ElfFile64, FileHeader, Sym};
use object::{Endianness, elf};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Compares the dynamic symbols of `library` with `exports.txt`.
pub fn check_library(library: &Path, facts: &Facts) -> Result<(), String> {
    let symbols = exported(library)?;
    let mut wrong = Vec::new();
    for signature in &facts.signatures {
        let name = &signature.name.name;
        let Some(&(kind, size)) = symbols.get(name) else { continue };
        if signature.object {
            if kind != elf::STT_OBJECT {
                wrong.push(format!("{name}: not an object (symbol type {kind:?})"));
            } else if size != signature.size {
                wrong.push(format!("{name}: {size} bytes, not {}", signature.size));
            }
        } else if kind != elf::STT_FUNC {
            wrong.push(format!("{name}: not a function (symbol type {kind:?})"));
        }
    }
    let exported: BTreeSet<String> = symbols.into_keys().collect();
    for (names, but) in [
        (&facts.exports - &exported, "listed, but not exported"),
        (&exported - &facts.exports, "exported, but not listed"),
    ] {
        wrong.extend(names.iter().map(|name| format!("{name}: {but} (`./x abi` writes exports.txt)")));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

type Symbols = BTreeMap<String, (elf::SymbolType, u64)>;

/// Name, type and size of each dynamic symbol that is defined.
fn exported(library: &Path) -> Result<Symbols, String> {
    let in_file = |error: &dyn std::fmt::Display| format!("{}: {error}", library.display());
    let data = std::fs::read(library).map_err(|error| in_file(&error))?;
    let file = ElfFile64::<Endianness>::parse(&*data).map_err(|error| in_file(&error))?;
    let endian = file.elf_header().endian().map_err(|error| in_file(&error))?;
    let table = file.elf_dynamic_symbol_table();
    let mut symbols = Symbols::new();
    for symbol in table.symbols() {
        if symbol.is_definition(endian, table.strings()) {
            let name = table.symbol_name(endian, symbol).map_err(|error| in_file(&error))?;
            let name = String::from_utf8_lossy(name).into_owned();
            symbols.insert(name, (symbol.st_type(), symbol.st_size(endian)));
        }
    }
    Ok(symbols)
}
