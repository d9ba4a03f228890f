//! What the headers declare is what the library exports.

use super::facts::Facts;
use super::headers::include_all;
use crate::clang::{Clang, Cpu, Dialect, EVERYTHING};
use serde_json::Value;
use std::collections::BTreeSet;

/// Compares the functions and objects that the headers declare with `exports.txt`.
pub fn equal_declarations(clang: &Clang, facts: &Facts) -> Result<(), String> {
    let mut declared = BTreeSet::new();
    // gets() shows in old dialects only.
    for dialect in [EVERYTHING, Dialect { standard: "c99", arguments: &[] }] {
        declared.extend(declarations(clang, dialect)?);
    }
    let undeclared = facts.signatures.iter().filter(|one| one.name.headers.is_empty()).map(|one| &one.name.name);
    let undeclared: BTreeSet<&String> = undeclared.collect();
    let known: BTreeSet<&String> = facts.signatures.iter().map(|one| &one.name.name).collect();
    let mut wrong = Vec::new();
    for name in &facts.exports {
        if !known.contains(name) {
            wrong.push(format!("{name}: exported, but signatures.tsv does not know it"));
        }
        if !undeclared.contains(name) && !declared.contains(name) {
            wrong.push(format!("{name}: exported, but no header declares it"));
        }
    }
    wrong.extend(declared.difference(&facts.exports).map(|name| format!("{name}: declared, but not exported")));
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// Functions and objects with external linkage.
fn declarations(clang: &Clang, dialect: Dialect) -> Result<Vec<String>, String> {
    let source = include_all(clang.include())?;
    let tree = clang.run(Cpu::X86_64, dialect, &["-fsyntax-only", "-Xclang", "-ast-dump=json"], &source)?;
    let tree: Value = serde_json::from_slice(&tree).map_err(|error| error.to_string())?;
    let declarations = tree["inner"].as_array().ok_or("the syntax tree is empty")?;
    Ok(declarations
        .iter()
        .filter(|one| one["kind"] == "FunctionDecl" || one["kind"] == "VarDecl")
        .filter(|one| one["isImplicit"] != true && one["storageClass"] != "static")
        .filter_map(|one| one["name"].as_str())
        .map(str::to_owned)
        .collect())
}
