//! The facts in `conformance-tests/abi/*.tsv`: names, numbers and types of the Linux musl ABI, and the list of exports.

use crate::clang::Cpu;
use std::collections::{BTreeMap, BTreeSet};

/// A value that may differ between the CPUs.
#[derive(Clone, Debug)]
pub struct PerCpu {
    x86_64: String,
    aarch64: String,
}

impl PerCpu {
    /// Both values; `=`: the same on aarch64, `-`: none.
    pub fn new(x86_64: &str, aarch64: &str) -> Self {
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
    /// With the headers by comma, `-` for none.
    pub fn new(name: &str, headers: &str, visible: &str) -> Self {
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

/// A name that no header may have.
#[derive(Clone, Debug)]
pub enum Absent {
    /// A macro or enumerator.
    Macro(String),
    /// `struct NAME`.
    Record(Name),
    /// A typedef.
    Type(Name),
    /// A header.
    Header(String),
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
    /// Whether C has a typedef of this name.
    pub fn has_type(&self, name: &str) -> bool {
        self.types.iter().any(|(one, _)| one.name == name)
    }
}
