//! What gdb reads by itself when it loads a library: the file of the library's name with `-gdb.py` behind it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::{packages, sources};

/// `$tls("name")`, beside libc.so.
pub fn for_libc(folder: &Path) -> Result<()> {
    packages::text(&folder.join("libc.so-gdb.py"), include_str!("gdb/libc.py"))
}

/// LLVM's printers for the types of libc++, beside the library.
pub fn for_libcxx(folder: &Path) -> Result<()> {
    let script = folder.join("libc++.so.1-gdb.py");
    let end = include_str!("gdb/libcxx.py");
    // To check the source package takes a while.
    if fs::read_to_string(&script).is_ok_and(|old| old.ends_with(end)) {
        return Ok(());
    }
    let printers = sources::llvm()?.join("libcxx/utils/gdb/libcxx/printers.py");
    let text = fs::read_to_string(&printers).with_context(|| format!("cannot read {}", printers.display()))?;
    packages::text(&script, &(text + end))
}
