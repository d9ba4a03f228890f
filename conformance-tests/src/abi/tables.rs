//! Reads the facts of `conformance-tests/abi/`.

use super::facts::{Constant, Facts, Name, PerCpu, Record, Signature};
use super::serves;
use crate::clang::Cpu;
use std::collections::BTreeSet;
use std::path::Path;

/// Reads the tables; `root` is the top of the project.
pub fn read(root: &Path) -> Result<Facts, String> {
    let folder = root.join("conformance-tests/abi");
    let exports: BTreeSet<String> = table(&folder, "exports.txt")?.into_iter().flatten().collect();
    let constants = table(&folder, "constants.tsv")?
        .iter()
        .map(|row| Constant {
            name: Name::new(&row[0], &row[1], &row[2]),
            kind: row[3].clone(),
            value: PerCpu::new(&row[4], &row[5]),
        })
        .collect();
    let macros =
        table(&folder, "macros.tsv")?.iter().map(|row| (Name::new(&row[0], &row[1], &row[2]), cpu(&row[3]))).collect();
    let types = table(&folder, "types.tsv")?
        .iter()
        .map(|row| (Name::new(&row[0], &row[1], "all"), PerCpu::new(&row[2], &row[3])))
        .collect();
    let signatures = table(&folder, "signatures.tsv")?
        .iter()
        .filter(|row| exports.contains(&row[0]))
        .map(|row| Signature {
            name: Name::new(&row[0], &row[2], &row[3]),
            object: row[1] == "object",
            noreturn: row[4] == "noreturn",
            size: row[4].parse().unwrap_or(0),
            text: PerCpu::new(&row[5], &row[6]),
        })
        .collect();
    let rust_functions = table(&folder, "rust-side.tsv")?.iter().map(|row| (row[0].clone(), row[1].clone())).collect();
    let mut facts = Facts {
        exports,
        constants,
        macros,
        records: records(&folder)?,
        types,
        signatures,
        rust_functions,
        absent: Vec::new(),
    };
    serves::withhold(&mut facts, &table(&folder, "serves.tsv")?)?;
    Ok(facts)
}

/// Reads a table: fields by tab, `#` comments left out.
fn table(folder: &Path, name: &str) -> Result<Vec<Vec<String>>, String> {
    let path = folder.join(name);
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split('\t').map(str::to_owned).collect())
        .collect())
}

fn cpu(text: &str) -> Option<Cpu> {
    Cpu::ALL.into_iter().find(|cpu| cpu.name() == text)
}

fn records(folder: &Path) -> Result<Vec<Record>, String> {
    let mut records: Vec<Record> = Vec::new();
    let number = |text: &str| text.parse::<u64>().map_err(|error| format!("layouts.tsv: {text}: {error}"));
    for row in table(folder, "layouts.tsv")? {
        if row[0].is_empty() {
            let size = if row[3] == "-" { None } else { Some(number(&row[3])?) };
            let record = records.last_mut().ok_or("layouts.tsv: a member before any record")?;
            record.members.push((row[1].clone(), number(&row[2])?, size));
        } else {
            let headers = row[1].split(',').map(str::to_owned).collect();
            let (size, align) = (number(&row[3])?, number(&row[4])?);
            records.push(Record { name: row[0].clone(), headers, cpu: cpu(&row[2]), size, align, ..Record::default() });
        }
    }
    Ok(records)
}
