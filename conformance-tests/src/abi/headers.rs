//! Every header compiles alone, twice in a row, in every dialect, without a warning.

use crate::clang::{Clang, Cpu, Dialect, EVERYTHING};
use std::path::Path;

/// C without GNU names, C with them, and C++.
const DIALECTS: [Dialect<'static>; 7] = [
    Dialect { standard: "c11", arguments: &[] },
    Dialect { standard: "c11", arguments: &["-D_POSIX_C_SOURCE=200809L"] },
    Dialect { standard: "c23", arguments: &[] },
    Dialect { standard: "gnu23", arguments: &["-D_GNU_SOURCE"] },
    EVERYTHING,
    Dialect { standard: "c++17", arguments: &[] },
    Dialect { standard: "c++20", arguments: &["-D_LARGEFILE64_SOURCE"] },
];

/// The public headers, sorted; `bits/` is reached through them only.
pub fn public(include: &Path) -> Result<Vec<String>, String> {
    let mut names = Vec::new();
    let mut folders = vec![include.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for entry in entries {
            let path = entry.map_err(|error| error.to_string())?.path();
            let name = path.strip_prefix(include).map_err(|error| error.to_string())?.to_string_lossy().into_owned();
            if path.is_dir() {
                if name != "bits" {
                    folders.push(path);
                }
            } else if name.ends_with(".h") {
                names.push(name);
            }
        }
    }
    names.sort();
    Ok(names)
}

/// All headers in one source.
pub fn include_all(include: &Path) -> Result<String, String> {
    Ok(public(include)?.iter().map(|name| format!("#include <{name}>\n")).collect())
}

/// Compiles the header alone, in every dialect and for both CPUs.
pub fn compiles_alone(clang: &Clang, header: &str) -> Result<(), String> {
    let source = format!("#include <{header}>\n#include <{header}>\nextern int a_translation_unit_is_not_empty;\n");
    for cpu in Cpu::ALL {
        for dialect in DIALECTS {
            clang.accepts(cpu, dialect, &source)?;
        }
    }
    Ok(())
}

/// Compiles all headers together, forwards and backwards: none depends on what came before.
pub fn compile_together(clang: &Clang) -> Result<(), String> {
    let forwards = include_all(clang.include())?;
    let backwards: String = forwards.lines().rev().map(|line| format!("{line}\n")).collect();
    for cpu in Cpu::ALL {
        for dialect in DIALECTS {
            for order in [&forwards, &backwards] {
                clang.accepts(cpu, dialect, order)?;
            }
        }
    }
    Ok(())
}
