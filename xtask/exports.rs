//! What libc.so exports: what its sources mark.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::Result;
use distx_toolchain::tools;

use crate::run;

/// The names that an archive defines for others. Rust's own helpers (`memcpy`, some of the mathematical functions) and the
/// functions of the C part are hidden.
pub fn of_archive(archive: &Path) -> Result<BTreeSet<String>> {
    let mut readelf = Command::new(tools::llvm("llvm-readelf")?);
    let text = run::output(readelf.args(["--symbols", "--wide"]).arg(archive))?;
    Ok(text.lines().filter_map(exported).map(String::from).collect())
}

/// The name in a line of llvm-readelf: `number: value size type binding visibility section name`.
fn exported(line: &str) -> Option<&str> {
    let words: Vec<_> = line.split_whitespace().collect();
    let [.., "GLOBAL" | "WEAK", "DEFAULT", section, name] = words[..] else { return None };
    // Names of Rust itself, and what the C part calls by a name of its own.
    let is_inner = ["_ZN", "_R", "xlibc_"].iter().any(|start| name.starts_with(start));
    (section != "UND" && !is_inner).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_undefined_and_inner_names_are_not_exported() {
        let line = |rest: &str| format!("   12: 0000000000000000    24 FUNC    {rest}");
        assert_eq!(exported(&line("GLOBAL DEFAULT     7 strlen")), Some("strlen"));
        assert_eq!(exported(&line("WEAK   DEFAULT     7 environ")), Some("environ"));
        for rest in [
            "WEAK   HIDDEN      7 memcpy",
            "LOCAL  DEFAULT     7 strlen",
            "GLOBAL DEFAULT   UND xload_host",
            "GLOBAL DEFAULT     7 xlibc_once_enter",
            "GLOBAL DEFAULT     7 _ZN5xlibc2rt5start5START17h0e9c58f74c5483a8E",
        ] {
            assert_eq!(exported(&line(rest)), None, "{rest}");
        }
        assert_eq!(exported("   Num:    Value          Size Type    Bind   Vis       Ndx Name"), None);
    }
}
