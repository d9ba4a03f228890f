//! The facts in `conformance-tests/abi/*.tsv`: names, numbers and types of the Linux musl ABI, and the list of exports.

use super::serves::{self, Absent};
use crate::clang::Cpu;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

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

/// A value that may differ between the CPUs.
#[derive(Clone, Debug)]
pub struct PerCpu {
    x86_64: String,
    aarch64: String,
}

impl PerCpu {
    fn new(x86_64: &str, aarch64: &str) -> Self {
        let aarch64 = if aarch64 == "=" { x86_64 } else { aarch64 };
        Self { x86_64: x86_64.to_owned(), aarch64: aarch64.to_owned() }
    }

    /// The value, `None` where the name does not exist.
    pub fn get(&self, cpu: Cpu) -> Option<&str> {
        let text = match cpu {
            Cpu::X86_64 => &self.x86_64,
            Cpu::Aarch64 => &self.aarch64,
        };
        (text != "-").then_some(text.as_str())
    }
}

/// A name of a header.
#[derive(Clone, Debug)]
pub struct Name {
    /// The name itself.
    pub name: String,
    /// Headers that show it.
    pub headers: Vec<String>,
    /// Where it is visible: `all`, a class, or configurations by comma.
    pub visible: String,
}

impl Name {
    fn new(name: &str, headers: &str, visible: &str) -> Self {
        let headers = if headers == "-" { Vec::new() } else { headers.split(',').map(str::to_owned).collect() };
        Self { name: name.to_owned(), headers, visible: visible.to_owned() }
    }

    /// Is it in this header?
    pub fn is_in(&self, header: &str) -> bool {
        self.headers.iter().any(|one| one == header)
    }
}

/// A macro or enumerator with a value.
#[derive(Clone, Debug)]
pub struct Constant {
    /// Where it is.
    pub name: Name,
    /// C type, or `pointer`, `string`; two by `|` where the CPUs differ.
    pub kind: String,
    /// Number, text, or the bits of a double.
    pub value: PerCpu,
}

/// A struct or union on one CPU.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Name in C.
    pub name: String,
    /// Headers that define it.
    pub headers: Vec<String>,
    /// CPU, `None` for both.
    pub cpu: Option<Cpu>,
    /// Bytes.
    pub size: u64,
    /// Bytes.
    pub align: u64,
    /// Designator, offset, size (`None`: flexible).
    pub members: Vec<(String, u64, Option<u64>)>,
}

/// A function or object that libc.so exports.
#[derive(Clone, Debug)]
pub struct Signature {
    /// Where it is declared; no header: nowhere.
    pub name: Name,
    /// Otherwise a function.
    pub object: bool,
    /// A function that does not return.
    pub noreturn: bool,
    /// Size of an object.
    pub size: u64,
    /// `return | parameters`, or the type of an object.
    pub text: PerCpu,
}

/// All facts.
pub struct Facts {
    /// What libc.so exports, by `exports.txt`.
    pub exports: BTreeSet<String>,
    /// Macros and enumerators with values.
    pub constants: Vec<Constant>,
    /// Other macros: the name and its CPU (`None`: both).
    pub macros: Vec<(Name, Option<Cpu>)>,
    /// Structs and unions.
    pub records: Vec<Record>,
    /// Typedefs with the type behind them.
    pub types: Vec<(Name, PerCpu)>,
    /// Functions and objects that are exported.
    pub signatures: Vec<Signature>,
    /// Functions whose Rust type is another one than the header's: name and that type.
    pub rust_functions: BTreeMap<String, String>,
    /// What no header has, as it serves functions that are not exported; the other tables are without it.
    pub absent: Vec<Absent>,
}

impl Facts {
    /// Reads the tables; `root` is the top of the project.
    pub fn read(root: &Path) -> Result<Self, String> {
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
        let macros = table(&folder, "macros.tsv")?
            .iter()
            .map(|row| (Name::new(&row[0], &row[1], &row[2]), cpu(&row[3])))
            .collect();
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
        let rust_functions =
            table(&folder, "rust-side.tsv")?.iter().map(|row| (row[0].clone(), row[1].clone())).collect();
        let mut facts = Self {
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

    /// Whether C has a typedef of this name.
    pub fn has_type(&self, name: &str) -> bool {
        self.types.iter().any(|(one, _)| one.name == name)
    }
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
